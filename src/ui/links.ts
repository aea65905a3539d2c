// What was asked with too many words for an address, kept under a short key: the latest few.

import { randomBytes } from "node:crypto";
import { Refusal } from "./refusal.ts";

/** So many links are good at a time; the oldest goes first. */
const MOST_LINKS = 8;

/** Questions by key. */
export class Links<Asked> {
  readonly #asked = new Map<string, Asked>();

  /** Keeps a question; returns its key. */
  leave(asked: Asked): string {
    const key = randomBytes(12).toString("base64url");
    this.#asked.set(key, asked);
    for (const oldest of [...this.#asked.keys()].slice(0, -MOST_LINKS)) this.#asked.delete(oldest);
    return key;
  }

  /** The question of a key; refused where it is not known any more. */
  take(key: string): Asked {
    const asked = this.#asked.get(key);
    if (asked !== undefined) return asked;
    throw new Refusal(400, "Cannot save those: this link is not good any more. Save them again.", "linked");
  }
}
