// What is looked for: the tree that the text in the filter box is read into (parse.ts). Types only. The page, the
// catalog and the command line share it; it can be sent to a worker as it is.

/** What can be filtered. */
export type FilteredTable = "exchange" | "connection";

/** The sides of an Exchange. */
export type Side = "request" | "response";

/** What is looked for in texts and bytes. */
export type Sought =
  /** These characters; letters match in either case. */
  | { readonly is: "text"; readonly text: string }
  /** A regular expression as in JavaScript: `source` and `flags` of a RegExp, which can be made of them. */
  | { readonly is: "regex"; readonly source: string; readonly flags: string }
  /** Exactly these bytes. */
  | { readonly is: "bytes"; readonly bytes: Uint8Array };

/** How a value is compared with the one that is given. */
export type Operator = "=" | "<" | "<=" | ">" | ">=";

/** Columns that hold text. `url` is what `path:` looks in. */
export type TextColumn = "client" | "target" | "url" | "method" | "state" | "protocol" | "id";

/** Columns that hold a number: sizes in bytes, times in ms. */
export type NumberColumn = "status" | "elapsed" | "firstByte" | "requestBytes" | "responseBytes";

/** What an Exchange can be (`is:`), besides its states. */
export type Quality = "resent" | "cut" | "rewritten" | "tls" | "decrypted";

/** What an Exchange can have (`has:`). */
export type Possession = "fault" | "body" | "request" | "response";

/** A time: so many ms ago, or by the local clock. */
export type Moment =
  | { readonly ago: number }
  /** `date` absent: today. `month` from 1. */
  | {
    readonly date?: { readonly year: number; readonly month: number; readonly day: number };
    readonly hour: number;
    readonly minute: number;
    readonly second: number;
  };

/** One thing that is so of an Exchange, or is not. `side` null: of either side. */
export type Test =
  /** Free text: in what the table shows, in heads and in decoded bodies. */
  | { readonly by: "anywhere"; readonly sought: Sought }
  | { readonly by: "column"; readonly column: TextColumn; readonly sought: Sought }
  /** The column is exactly this; letters match in either case. */
  | { readonly by: "equals"; readonly column: TextColumn; readonly value: string }
  | {
    readonly by: "number";
    readonly column: NumberColumn;
    readonly operator: Operator;
    readonly value: number;
  }
  /** `4xx`: 400 to 499. */
  | { readonly by: "statusClass"; readonly first: number }
  /** When it began. `on` is all of the day that the moment is in. */
  | { readonly by: "began"; readonly when: "since" | "before" | "on"; readonly moment: Moment }
  | { readonly by: "is"; readonly quality: Quality; readonly side: Side | null }
  | { readonly by: "has"; readonly possession: Possession; readonly side: Side | null }
  /** The server: in the target, in an absolute URL, or in the Host field. */
  | { readonly by: "host"; readonly sought: Sought }
  /** In the body without its codings. */
  | { readonly by: "body"; readonly sought: Sought; readonly side: Side | null }
  /** A header line with that name (`*` at its end: that begins so), and with `value` in its value unless null. */
  | {
    readonly by: "header";
    readonly name: string;
    readonly value: Sought | null;
    readonly side: Side | null;
  }
  /** In all bytes as they were on the wire, head and body. */
  | { readonly by: "bytes"; readonly sought: Sought; readonly side: Side | null };

/** A test, and where in the text it stands (UTF-16 positions), a "-" before it not included. */
export interface Term {
  readonly is: "term";
  readonly test: Test;
  readonly from: number;
  readonly to: number;
}

/** A filter. */
export type Query =
  | { readonly is: "everything" }
  | { readonly is: "and" | "or"; readonly of: readonly Query[] }
  | { readonly is: "not"; readonly of: Query }
  | Term;

/** What is wrong with a text that is no filter, in words for the user, and where (UTF-16 positions). */
export interface QueryError {
  readonly message: string;
  readonly from: number;
  readonly to: number;
}
