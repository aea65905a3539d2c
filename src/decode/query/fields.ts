// The fields of the filter language, for all who explain it: what each takes, what it does, examples. The completion,
// the page's explanation, the API's description and docs/search.md are made of this; parse.ts reads what is typed by it.

import type { FilteredTable } from "./types.ts";

/** What stands after a field's colon, which decides how it is read. */
export type Takes =
  | "text"
  | "status"
  | "method"
  | "time"
  | "size"
  | "moment"
  | "day"
  | "choice"
  | "header"
  | "bytes"
  | "id";

/** A field. */
export interface Field {
  /** As it is typed, without the colon. */
  readonly name: string;
  readonly takes: Takes;
  /** What is missing where nothing stands after the colon: "A number". */
  readonly needs: string;
  /** What it does, one sentence. */
  readonly help: string;
  /** Whole terms that can be typed as they are. */
  readonly examples: readonly string[];
  /** All that can stand after the colon, where that is a choice, each with what it means. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Whether `request.` or `response.` can stand before its name. */
  readonly sided: boolean;
  readonly tables: readonly FilteredTable[];
  /** Whether contents must be read for it: it is found newest first, with progress. */
  readonly searches: boolean;
}

const EXCHANGE = ["exchange"] as const;
const BOTH = ["exchange", "connection"] as const;
const plain = { sided: false, searches: false } as const;

/** All of them, in the order in which they are explained. */
export const FIELDS: readonly Field[] = [
  {
    name: "client",
    takes: "text",
    needs: "An address",
    help: "Text in the client's address.",
    examples: ["client:127.0.0.1", "client:50123"],
    ...plain,
    tables: BOTH,
  },
  {
    name: "target",
    takes: "text",
    needs: "An address",
    help: "Text in the target's address.",
    examples: ["target:localhost:8080"],
    ...plain,
    tables: BOTH,
  },
  {
    name: "status",
    takes: "status",
    needs: "A number",
    help: "The status: a number, a class, or a comparison.",
    examples: ["status:404", "status:4xx", "status:>=500"],
    ...plain,
    tables: EXCHANGE,
  },
  {
    name: "method",
    takes: "method",
    needs: "A method",
    help: "The request's method.",
    examples: ["method:POST"],
    ...plain,
    tables: EXCHANGE,
  },
  {
    name: "protocol",
    takes: "choice",
    needs: "A protocol",
    help: "The protocol.",
    examples: ["protocol:http"],
    choices: {
      http: "HTTP/1.x",
      tcp: "turns of a protocol that is not decoded",
      tls: "TLS that passes through",
    },
    ...plain,
    tables: EXCHANGE,
  },
  {
    name: "path",
    takes: "text",
    needs: "A path",
    help: "Text in the URL. An expression there begins with ^.",
    examples: ["path:/orders", "path:/^\\/orders\\/\\d+$/"],
    ...plain,
    tables: EXCHANGE,
  },
  {
    name: "host",
    takes: "text",
    needs: "A name",
    help: "Text in the server's name: in the target, the URL or the Host field.",
    examples: ["host:shop.example.org"],
    sided: false,
    searches: true,
    tables: EXCHANGE,
  },
  {
    name: "state",
    takes: "choice",
    needs: "A state",
    help: "The state.",
    examples: ["state:failed"],
    choices: { open: "under way", done: "complete", failed: "it failed" },
    ...plain,
    tables: EXCHANGE,
  },
  {
    name: "state",
    takes: "choice",
    needs: "A state",
    help: "The state.",
    examples: ["state:closed"],
    choices: { open: "still there", closed: "ended", failed: "the target was not reached" },
    ...plain,
    tables: ["connection"],
  },
  {
    name: "time",
    takes: "time",
    needs: "A time",
    help: "From the first byte to the last: ms, s or min.",
    examples: ["time:>500ms", "time:<=2s"],
    ...plain,
    tables: EXCHANGE,
  },
  {
    name: "wait",
    takes: "time",
    needs: "A time",
    help: "From the request's first byte to the response's.",
    examples: ["wait:>1s"],
    ...plain,
    tables: EXCHANGE,
  },
  {
    name: "size",
    takes: "size",
    needs: "A size",
    help: "Size of the response on the wire: B, kB, MB or GB. Of the request: request.size:",
    examples: ["size:>1MB", "request.size:>10kB"],
    sided: true,
    searches: false,
    tables: EXCHANGE,
  },
  {
    name: "is",
    takes: "choice",
    needs: "A property",
    help: "What it is.",
    examples: ["is:resent", "is:cut"],
    choices: {
      resent: "sent again from here",
      cut: "one side ended early, or was not recorded whole",
      rewritten: "something else was passed on than came",
      tls: "it went inside TLS",
      decrypted: "decrypted with a key log",
      open: "under way",
      done: "complete",
      failed: "it failed",
    },
    sided: true,
    searches: false,
    tables: EXCHANGE,
  },
  {
    name: "has",
    takes: "choice",
    needs: "A property",
    help: "What it has.",
    examples: ["has:fault", "request.has:body"],
    choices: {
      fault: "something is wrong with it",
      body: "a body that is not empty",
      request: "a request",
      response: "a response",
    },
    sided: true,
    searches: false,
    tables: EXCHANGE,
  },
  {
    name: "since",
    takes: "moment",
    needs: "A time",
    help: "Began at that time or later: so long ago, a time of today, or a date.",
    examples: ["since:10min", "since:14:03", "since:2026-11-27T08:00"],
    ...plain,
    tables: BOTH,
  },
  {
    name: "before",
    takes: "moment",
    needs: "A time",
    help: "Began before that time.",
    examples: ["before:14:03", "before:2h"],
    ...plain,
    tables: BOTH,
  },
  {
    name: "on",
    takes: "day",
    needs: "A day",
    help: "Began on that day.",
    examples: ["on:today", "on:2026-11-27"],
    ...plain,
    tables: BOTH,
  },
  {
    name: "id",
    takes: "id",
    needs: "An id",
    help: "The one with this id.",
    examples: ["id:e12"],
    ...plain,
    tables: EXCHANGE,
  },
  {
    name: "body",
    takes: "text",
    needs: "A text",
    help: "Text in a body, without its codings.",
    examples: ["body:tracking", 'response.body:"not found"', "body:/order-\\d+/i"],
    sided: true,
    searches: true,
    tables: EXCHANGE,
  },
  {
    name: "header",
    takes: "header",
    needs: "A name",
    help: "A header line with that name, and with that text in its value.",
    examples: ["header:soapaction", "header:content-type=json", "response.header:x-*"],
    sided: true,
    searches: true,
    tables: EXCHANGE,
  },
  {
    name: "bytes",
    takes: "bytes",
    needs: "Bytes in hexadecimal",
    help: "Bytes as they were on the wire, in hexadecimal.",
    examples: ['bytes:"de ad be ef"', "request.bytes:0d0a"],
    sided: true,
    searches: true,
    tables: EXCHANGE,
  },
];

/** The fields of a table. */
export function fieldsOf(table: FilteredTable): Field[] {
  return FIELDS.filter(({ tables }) => tables.includes(table));
}

/** What else there is to the language, in the order in which it is explained. */
export const SYNTAX: readonly { readonly form: string; readonly help: string }[] = [
  { form: "word", help: "Text in what the table shows, in heads and in decoded bodies." },
  { form: '"two words"', help: "Text with spaces, or that would mean something else." },
  { form: "a b", help: "Both must hold; “and” between them says the same." },
  { form: "a or b", help: "One of them must hold." },
  { form: "-a", help: "It must not hold; “not a” says the same." },
  { form: "(a or b) c", help: "Parentheses say what belongs together." },
  { form: "/order-\\d+/i", help: "A regular expression; i: letters match in either case." },
];
