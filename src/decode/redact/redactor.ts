// Masks in Messages what its rules name. One for an export: it remembers the values that it masked, so that they are
// masked wherever else they stand, and lists what it masked. Heads and bodies come from the Catalog, without codings.

import { latin1 } from "../octets.ts";
import { maskAddress } from "./address.ts";
import { BodyMasker } from "./body.ts";
import { embeddedIn } from "./embedded.ts";
import { Found, MASK } from "./found.ts";
import { SHORTEST_FORM } from "./form_index.ts";
import { maskHead } from "./head.ts";
import { maskLooseText } from "./loose.ts";
import { MaskedList } from "./masked_list.ts";
import { RuleSet } from "./rule_set.ts";
import type {
  BodyFacts,
  BodyRedaction,
  HeadField,
  Masked,
  RedactableHead,
  RedactableMessage,
  RedactedMessage,
  RedactRule,
} from "./types.ts";
import { octets } from "./units.ts";
import { MaskedValues, ValueMasker } from "./values.ts";
import { maskPatterns } from "./windows.ts";
import { wholeMessage } from "./whole_message.ts";

const encoder = new TextEncoder();
/** Bytes of UTF-8 for a unit of UTF-16, at most. */
const WIDEST = 3;

/** A `Redactor` that is given the one of a first pass knows all values that were masked there. */
export class Redactor {
  readonly #set: RuleSet;
  readonly #list = new MaskedList();
  readonly #values: MaskedValues;
  readonly #found: Found;
  /** For what is told a second time: it masks, and counts nothing. */
  readonly #uncounted = new MaskedList();
  readonly #again: Found;
  /** False while values are only learnt: they are not looked for then. */
  readonly #looks: boolean;

  /** `purpose` "learn": what it gives is of no use, only what it has learnt and lists of fields. */
  constructor(
    readonly rules: readonly RedactRule[],
    learnt?: Redactor,
    purpose: "mask" | "learn" = "mask",
  ) {
    this.#looks = purpose === "mask";
    this.#set = learnt === undefined ? new RuleSet(rules) : learnt.#set;
    this.#values = learnt === undefined ? new MaskedValues() : learnt.#values;
    this.#found = foundIn(this.#set, this.#list, this.#values);
    this.#again = foundIn(this.#set, this.#uncounted, this.#values);
  }

  /** What was masked so far. */
  get masked(): Masked[] {
    return this.#list.list(this.#values.full);
  }

  /** True where what it gives is of no use. */
  get onlyLearns(): boolean {
    return !this.#looks;
  }

  /** True where a body may hold what a rule names. */
  get reachesBodies(): boolean {
    return this.#set.reachesBodies;
  }

  /** The head without what is to be masked; framing fields stay (see `message` for those). */
  head(head: RedactableHead): RedactableHead {
    const embedded = embeddedIn(this.#found);
    const masked = maskHead(head, this.#found, embedded, (text) => maskPatterns(text, this.#found));
    const known = (text: string) => this.#known(text, false);
    const fields = (lines: readonly HeadField[]) =>
      lines.map(({ name, value }) => ({ name, value: known(value) }));
    return {
      startLine: masked.startLine === null ? null : known(masked.startLine),
      headers: fields(masked.headers),
      trailers: fields(masked.trailers),
    };
  }

  /** An address: the Exchange's `url`, or the beginning of a turn that stands there. Counted in its Message. */
  url(url: string): string {
    return this.words(maskAddress(url, this.#again, embeddedIn(this.#again)));
  }

  /** Words that were derived from a Message: summary, fault, note. To be called after its head and body. */
  words(text: string): string {
    const again = this.#again;
    return this.#known(maskPatterns(maskLooseText(text, again, { structured: null }), again), true);
  }

  /** To mask a body piece by piece. */
  body(facts: BodyFacts): BodyRedaction {
    return new BodyMasker(facts, this.#found, this.#looks ? this.#values : null, this.#list);
  }

  /** A whole Message. */
  message(message: RedactableMessage): RedactedMessage {
    // Once for the values alone: one may stand before the field that says that it is secret.
    const first = new Redactor(this.rules, this, "learn");
    first.#once(message);
    const own = new Redactor(this.rules, this);
    const redacted = own.#once(message);
    this.#list.take(own.#list);
    return { ...redacted, masked: own.masked };
  }

  #once(message: RedactableMessage): Omit<RedactedMessage, "masked"> {
    const contentType = message.contentType ??
      message.headers.findLast(({ name }) => name.toLowerCase() === "content-type")?.value ?? null;
    const head = this.head(message);
    const redaction = this.body({ contentType, isTurn: message.isTurn, codedAs: message.codedAs });
    const pieces = [redaction.receive(message.body), redaction.end()];
    const body = new Uint8Array(pieces[0].length + pieces[1].length);
    body.set(pieces[0]);
    body.set(pieces[1], pieces[0].length);
    return wholeMessage(message, head, body, redaction.changed);
  }

  /** Known values in text: of characters, for what is told again, or of ISO-8859-1 as heads have it. */
  #known(text: string, isCharacters: boolean): string {
    if (!this.#looks || this.#values.size === 0 || text.length < SHORTEST_FORM / WIDEST) return text;
    const bytes = isCharacters ? encoder.encode(text) : octets(text);
    if (this.#values.find(bytes, 0, bytes.length) === null) return text;
    const list = isCharacters ? this.#uncounted : this.#list;
    const masker = new ValueMasker(this.#values, octets(MASK), list);
    const parts = [masker.receive(bytes), masker.end()];
    return parts.map((part) => isCharacters ? new TextDecoder().decode(part) : latin1(part, 0, part.length))
      .join("");
  }
}

function foundIn(rules: RuleSet, list: MaskedList, values: MaskedValues): Found {
  return new Found(rules, {
    add: (where, name, omitted) => list.add(where, name, omitted),
    learn: (value, name) => values.learn(value, name),
  });
}
