// The lines of `--json` that say how far decoding is behind what was recorded: once a second while that is more than a
// second, and once when it has caught up. Times come from outside.

import type { CatalogChange } from "./catalog/types.ts";
import type { WriteLine } from "./json_lines.ts";

/** Decoding is late when it is behind by more, ms; nothing is said before. */
const LATE_MS = 1_000;
/** The time from one line to the next, ms. */
const EVERY_MS = 1_000;

/** See above. */
export class DecodingLines {
  #saidAt = -Infinity;
  #isLate = false;

  constructor(private readonly write: WriteLine) {}

  /** What the catalog told at the time `now`, ms. */
  told({ behindMs, behindBytes = 0 }: Pick<CatalogChange, "behindMs" | "behindBytes">, now: number): void {
    const caughtUp = behindMs === 0 && this.#isLate;
    if (!caughtUp && (behindMs <= LATE_MS || now - this.#saidAt < EVERY_MS)) return;
    this.#isLate = !caughtUp;
    this.#saidAt = now;
    this.write(JSON.stringify({ event: "decoding", behindMs: Math.round(behindMs), behindBytes }));
  }
}
