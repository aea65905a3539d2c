// Slices of work that nobody may want any more: once stopped, the work that would go on after its slice fails instead.
// Knows nothing of what the work is.

import { Slices } from "./slices.ts";

/** See above. */
export class StoppableSlices extends Slices {
  #stopped = false;

  /** Ends the work that takes turns by these, at its next pause. */
  stop(): void {
    this.#stopped = true;
  }

  /** True also once it was stopped, so that no slice is worked to its end. */
  override due(): boolean {
    return this.#stopped || super.due();
  }

  /** Rejects once it was stopped. */
  override async pause(): Promise<void> {
    if (!this.#stopped) await super.pause();
    if (this.#stopped) throw new DOMException("Nobody wants it any more.", "AbortError");
  }
}
