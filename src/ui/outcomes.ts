// How exports ended, for whoever began one and does not read its bytes himself, as a page does whose browser saves
// them. Kept under a key that the asker chose, for the latest few.

import type { ExportOutcome } from "../catalog/types.ts";

/** So many keys are known at a time; the oldest goes first. */
const MOST_KEYS = 16;

/** Outcomes by key. */
export class Outcomes {
  readonly #known = new Map<string, PromiseWithResolvers<ExportOutcome>>();

  /** The outcome of the export that has this key, or will have it. */
  of(key: string): Promise<ExportOutcome> {
    return this.#entry(key).promise;
  }

  /** The export with this key was begun. */
  begun(key: string, outcome: Promise<ExportOutcome>): void {
    outcome.then(this.#entry(key).resolve, () => this.#entry(key).resolve(NONE));
  }

  #entry(key: string): PromiseWithResolvers<ExportOutcome> {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const entry = Promise.withResolvers<ExportOutcome>();
    this.#known.set(key, entry);
    for (const oldest of [...this.#known.keys()].slice(0, -MOST_KEYS)) {
      this.#known.get(oldest)?.resolve(NONE);
      this.#known.delete(oldest);
    }
    return entry;
  }
}

const NONE: ExportOutcome = { complete: false, masked: [] };
