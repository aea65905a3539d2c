// Faults: what is not as its specification says, in words, with the place. A Message keeps a bounded number of them,
// so that a peer that does one thing wrong a million times costs no more than one that does it fifty times.

import type { Fault } from "./types.ts";

/** At most so many faults are kept for one Message. */
export const MAX_FAULTS = 50;

/** Adds a fault, unless there are `MAX_FAULTS` already; the last of them says that more followed. */
export function addFault(faults: Fault[], offset: number, text: string): void {
  if (faults.length < MAX_FAULTS - 1) faults.push({ offset, text });
  else if (faults.length < MAX_FAULTS) {
    faults.push({ offset, text: "More faults follow that are not listed" });
  }
}
