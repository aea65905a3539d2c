// How far a search through contents has got, in words. Pure.

import type { SearchProgress } from "../../types.ts";
import { count, counted, size } from "../pane/words.ts";

/** "14 hits, 4,120 of 10,000 searched". */
export function searchWords({ searched, total }: SearchProgress, hits: number): string {
  return `${counted(hits, "hit")}, ${count(searched)} of ${count(total)} searched`;
}

/** The same with all that is known: "Searched 4,120 of 10,000 exchanges, 312.4 MB read, 14 hits so far". */
export function searchSentence({ searched, total, bytes }: SearchProgress, hits: number): string {
  return `Searched ${count(searched)} of ${counted(total, "exchange")}, ${size(bytes)} read, ` +
    `${counted(hits, "hit")} so far`;
}
