// Several captures in one index: each has a number, 0 being the one that is recorded to or that was opened first, and
// spans of its own for positions, Connections and Exchanges, so that one number says whose it is.

import { CONNECTIONS, POSITIONS } from "./capture_files.ts";

/** The highest number of a capture: positions have 53 bits. */
export const LAST_SOURCE = 127;

/** Whose position this is. */
export function sourceOfPosition(position: number): number {
  return Math.floor(position / POSITIONS);
}

/** Whose Connection or Exchange this is, by its number. */
export function sourceOfNumber(number: number): number {
  return Math.floor(number / CONNECTIONS);
}
