// How many hits there are, in words. Pure.

import { count } from "./words.ts";

/** What is known of the hits. `listed` of the `total` can be gone through; `current` counts from 0, -1 is none. */
export interface HitCount {
  readonly total: number;
  readonly listed: number;
  readonly current: number;
  /** False while there may be more. */
  readonly isComplete: boolean;
  /** True until what is typed was answered. */
  readonly isSearching: boolean;
}

/** "3 of 5"; empty where nothing is looked for, or not yet answered. */
export function hitsText(
  text: string,
  { total, listed, current, isComplete, isSearching }: HitCount,
): string {
  if (text === "") return "";
  if (total === 0) return isSearching ? "" : isComplete ? "none" : "none so far";
  const more = isComplete ? "" : " so far";
  const most = total > listed ? `, the first ${count(listed)} are marked` : "";
  return `${count(current + 1)} of ${count(total)}${more}${most}`;
}
