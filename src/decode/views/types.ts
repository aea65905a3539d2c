// What a view is: a way to lay bytes out as lines of text for reading.
// A formatter adds and removes white space between tokens and nothing else; it never refuses malformed input. Three
// change more, and say so: `form` decodes, `raw` shows control characters, and `tls` says in words what bytes mean.

/**
 * Ways to lay out a Message. `raw` is the whole Message as it was on the wire, as text; `hex` the same, in hex; `tls` the
 * same, read as records of TLS.
 */
export type ViewKind = "xml" | "json" | "form" | "tls" | "hex" | "text" | "raw";

/** Where the text is not well-formed. `line` and `column` count from 1, in the source text; `offset` in UTF-16 units from 0. */
export interface ViewFault {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
  /** In words, e.g. "</q:qoute> closes nothing". */
  readonly text: string;
}

/**
 * Formats text that comes in pieces, cut anywhere. What the calls of `receive` and `end` return, joined, is the
 * formatted text, lines divided by "\n". Time and memory per piece do not depend on what came before, except for
 * the stack of open elements.
 */
export interface Formatter {
  receive(text: string): string;
  /**
   * The same, for who wants lines: each part but the first begins one. Only the first holds line ends of its own, and
   * only where it is the only part.
   */
  receiveParts?(text: string): readonly string[];
  /** The rest. Nothing may be received afterwards. */
  end(): string;
  /** The first fault seen so far. */
  readonly fault: ViewFault | null;
  /**
   * All that is needed to go on from here, as plain data (structured clone): a formatter made from it returns, for
   * what follows, exactly what this one would.
   */
  snapshot(): unknown;
}

/** Makes formatters of one kind. `restore` takes what `snapshot` of the same kind gave. */
export interface FormatterKind {
  readonly kind: ViewKind;
  create(): Formatter;
  restore(snapshot: unknown): Formatter;
}
