// What the dialog says of what is masked. Pure.

import type { Masked, MaskedPreview } from "../../types.ts";
import { count, counted } from "../pane/words.ts";

/** One line of the list: "Authorization", "header", "12". */
export interface MaskedRow {
  readonly name: string;
  readonly where: string;
  readonly count: string;
}

/** The list: first what was not done, then the most. */
export function maskedRows(masked: readonly Masked[]): MaskedRow[] {
  const rank = ({ where, count }: Masked) => where === "limit" ? Infinity : count;
  return [...masked].sort((a, b) => rank(b) - rank(a)).map(({ where, name, count: times, omitted }) => ({
    name: name === "" ? "without a name" : name,
    where: WORDS[where] ?? `${where}${omitted ? ", left out" : ""}`,
    count: where === "limit" ? "" : count(times),
  }));
}

const WORDS: Readonly<Record<string, string>> = {
  doubt: "masked, for it cannot be read",
  limit: "look for them yourself",
};

/** How many values there are in a list. */
export function valuesIn(masked: readonly Masked[]): number {
  return masked.reduce((sum, { count }) => sum + count, 0);
}

/** "41 values would be masked in the first 100 of 1,234 exchanges" */
export function previewWords({ exchanges, count: all, masked }: MaskedPreview): string {
  const values = valuesIn(masked);
  const would = values === 0 ? "Nothing would be masked" : `${counted(values, "value")} would be masked`;
  const among = exchanges < all
    ? `the first ${count(exchanges)} of ${counted(all, "exchange")}`
    : counted(all, "exchange");
  return `${would} in ${among}`;
}

/** "41 values were masked" */
export function outcomeWords(masked: readonly Masked[]): string {
  const values = valuesIn(masked);
  return values === 0
    ? "Nothing was masked: what the rules name is not in it."
    : `${counted(values, "value")} ${values === 1 ? "was" : "were"} masked.`;
}
