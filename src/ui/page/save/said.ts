// What the menus and the foot say of saving. Pure.

import { size } from "../pane/words.ts";
import type { Saving } from "./saving.ts";

/** What becomes of a file with the same name. */
export function whereWords(canAsk: boolean, asks: boolean): string {
  return canAsk && asks
    ? "The browser asks where, and before it replaces a file."
    : "A download: where the name is taken, the browser takes another.";
}

/** "Saved 3 exchanges as tcpmon-8081.txt" */
export function savingWords({ what, name, state }: Pick<Saving, "what" | "name" | "state">): string {
  if (state === "going") return `Saving ${what} as ${name}`;
  return state === "saved"
    ? `Saved ${what} as ${name}`
    : `Gave ${what} to the browser’s downloads as ${name}`;
}

/** "12.3 MB so far", "14.2 MB"; empty where the browser counts. */
export function savedSize({ bytes, state }: Pick<Saving, "bytes" | "state">): string {
  if (state === "handed") return "";
  return state === "going" ? `${size(bytes)} so far` : size(bytes);
}
