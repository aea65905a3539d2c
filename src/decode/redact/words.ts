// What was masked, in words, for where an export has room for them and for whoever made it.

import type { Masked } from "./types.ts";

/** "header Authorization, 12 times": one line for each name, what was masked before what was left out. */
export function maskedLines(masked: readonly Masked[]): string[] {
  const words = ({ where, name, count }: Masked) => {
    if (where === "limit") return name;
    const times = count === 1 ? "once" : `${count} times`;
    return `${where === "doubt" ? `not readable: ${name}` : `${where} ${name}`}, ${times}`;
  };
  const lines = (omitted: boolean, before: string) =>
    masked.filter((one) => one.omitted === omitted).map((one) => `${before}${words(one)}`);
  return [...lines(false, ""), ...lines(true, "left out: ")];
}

/** The same in one sentence, with what it means. */
export function maskedSentence(masked: readonly Masked[]): string {
  return masked.length === 0
    ? "Nothing was masked: what the rules name is not in it."
    : `Masked for this export: ${maskedLines(masked).join("; ")}.`;
}
