// What redacting takes and gives: rules, heads, bodies, and the list of what was masked. Types only.

/** Where a rule looks: the field by whose name a value is found; "text" finds by a pattern instead. */
export type RuleKind = "header" | "cookie" | "query" | "json" | "xml" | "text";

/** What is to be kept out of an export. */
export interface RedactRule {
  readonly kind: RuleKind;
  /** The field's name, in which "*" stands for any characters; for "json" also a path; for "text" the pattern. */
  readonly name: string;
  /** Whether the field is left out, name and all, instead of its value being masked. Never for "text". */
  readonly omit: boolean;
}

/** What was masked under one name, over all that a Redactor has seen. Holds names and numbers, never a value. */
export interface Masked {
  /** "header", "cookie", "query or form field", "JSON", "XML", "text", "address", "same value elsewhere", "doubt", "limit". */
  readonly where: string;
  /** The field's name as it came; for "text" which rule; for "doubt" what could not be read, for "limit" what was not done, in words. */
  readonly name: string;
  readonly count: number;
  /** True where it was left out rather than masked. */
  readonly omitted: boolean;
}

/** A header line: ISO-8859-1 text, one character a byte. */
export interface HeadField {
  readonly name: string;
  readonly value: string;
}

/** The head of a Message, and its trailers. */
export interface RedactableHead {
  /** "GET /orders?token=1 HTTP/1.1" as it came; null in a turn. */
  readonly startLine: string | null;
  readonly headers: readonly HeadField[];
  readonly trailers: readonly HeadField[];
}

/** What is known of a body before its bytes come. They come without transfer coding and content coding. */
export interface BodyFacts {
  /** The Content-Type as it came; null where there is none, and in a turn. */
  readonly contentType: string | null;
  /** True for a turn of a protocol without messages: its bytes keep their length, except where JSON or XML is masked. */
  readonly isTurn?: boolean;
  /** Codings that could not be removed. Where there are any, nothing can be found in the body: all of it is masked. */
  readonly codedAs?: readonly string[];
}

/** Masks one body that comes in pieces; however it is cut, the outcome is the same. */
export interface BodyRedaction {
  /** True once what was given differs from what came. */
  readonly changed: boolean;
  /** Takes what comes next, gives what can be told of the redacted body so far. */
  receive(piece: Uint8Array): Uint8Array;
  /** Bytes are missing here, so that what follows cannot be told: all of it is masked. */
  lost(): Uint8Array;
  /** No more comes. Gives the rest. */
  end(): Uint8Array;
}

/** A Message that is whole in memory: its head, and its body without codings. */
export interface RedactableMessage extends RedactableHead, Omit<BodyFacts, "contentType"> {
  /** Taken from the header lines unless given. */
  readonly contentType?: string | null;
  readonly body: Uint8Array;
}

/** What became of it. */
export interface RedactedMessage extends RedactableHead {
  readonly body: Uint8Array;
  /** False where nothing was masked: the Message may then be exported as it came, with its codings. */
  readonly changed: boolean;
  /**
   * The Message as bytes: where something was masked, the body as it is now, without codings, under a head whose
   * framing fields say so; empty where nothing was.
   */
  readonly bytes: Uint8Array;
  /** What was done to the framing, in words: "Content-Encoding: gzip was removed". */
  readonly notes: readonly string[];
  /** What was masked in this Message. */
  readonly masked: readonly Masked[];
}
