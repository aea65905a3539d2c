// What the menus and the foot say of saving. Pure.

import { size } from "../pane/words.ts";
import type { Saving } from "./saving.ts";

/** What becomes of a file with the same name. */
export function whereWords(canAsk: boolean, asks: boolean): string {
  return canAsk && asks
    ? "The browser asks where, and before it replaces a file."
    : "Goes to the browser's downloads; a file with the same name stays, and this one gets another name.";
}

/** "Saved 3 exchanges as tcpmon-8081.txt" */
export function savingWords({ what, name, state }: Pick<Saving, "what" | "name" | "state">): string {
  if (state === "going") return `Saving ${what} as ${name}`;
  // What it is called there is the browser's to say: it takes another name where that one is taken.
  return state === "saved" ? `Saved ${what} as ${name}` : `Gave ${what} to the browser’s downloads`;
}

/** "12.3 MB so far", "14.2 MB"; empty where the browser counts. */
export function savedSize({ bytes, state }: Pick<Saving, "bytes" | "state">): string {
  if (state === "handed") return "";
  return state === "going" ? `${size(bytes)} so far` : size(bytes);
}
