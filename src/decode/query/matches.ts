// Whether a filter holds of one Exchange that is at hand with its contents, without an index: for those who look at each
// as it comes. What the catalog answers from its columns (condition.ts there) is the same here. Pure.

import type { Exchange } from "../../model.ts";
import { findCharset } from "../charset.ts";
import { latin1 } from "../octets.ts";
import type { Header } from "../types.ts";
import type { Verdict } from "./evaluate.ts";
import { type Latin1, TextWindow } from "./finder.ts";
import { Judging, type ShownColumns } from "./judging.ts";
import type { NumberColumn, Operator, Query, Side, Sought, Test } from "./types.ts";
import { dayAround, instantOf } from "./values.ts";

/** One side of an Exchange. */
export interface ShownMessage {
  /** As they came: the head, and all bytes with it. */
  readonly head: Uint8Array;
  readonly wire: Uint8Array;
  /** Without transfer coding and content coding. */
  readonly body: Uint8Array;
  readonly contentType: string | null;
  readonly trailers: readonly Header[];
  /** Whether it ended before it was complete, and whether something else was passed on. */
  readonly isCut: boolean;
  readonly isRewritten: boolean;
}

/** An Exchange and its contents. */
export interface ShownExchange {
  readonly exchange: Exchange;
  /** Null where there is none. */
  readonly request: ShownMessage | null;
  readonly response: ShownMessage | null;
}

const SIDES: readonly Side[] = ["request", "response"];

/**
 * Whether `query` holds of an Exchange at the time `now`, ms since the epoch. An expression may take for ever on some
 * texts: whoever must not wait for that asks the catalog.
 */
export function matchesQuery(
  query: Query,
  shown: ShownExchange,
  now: number,
  toLatin1: Latin1 = (bytes) => latin1(bytes, 0, bytes.length),
): boolean {
  const { exchange } = shown;
  const judging = new Judging(query, toLatin1);
  let verdict = judging.begin(judging.terms.map(({ test }) => columnVerdict(test, shown, now)));
  verdict ??= judging.columns(columnsOf(exchange));
  for (const side of SIDES) {
    const message = shown[side];
    if (verdict !== null || message === null) continue;
    const { head, wire, body, trailers, contentType } = message;
    const window = (bytes: Uint8Array, encoding: string | null) =>
      new TextWindow(bytes, encoding, true, true, toLatin1);
    if (head.length > 0) judging.head(side, head, window(head, "utf-8"), trailers);
    if (judging.wants(side, "body")) {
      judging.window(side, "body", window(body, findCharset(contentType, body.subarray(0, 1024)).encoding));
    }
    if (judging.wants(side, "wire")) judging.window(side, "wire", window(wire, null));
    verdict = judging.verdict();
  }
  return verdict ?? judging.end();
}

function columnsOf(exchange: Exchange): ShownColumns {
  const { client, target, method, url, status, summary, fault, state } = exchange;
  return { client, target, method, url, status, summary, fault, state };
}

/** What is told without contents; null where they decide. */
function columnVerdict(test: Test, { exchange, request, response }: ShownExchange, now: number): Verdict {
  const sides = { request, response };
  const ofSides = (side: Side | null, is: (message: ShownMessage) => boolean) =>
    SIDES.some((one) => (side ?? one) === one && sides[one] !== null && is(sides[one]));
  switch (test.by) {
    case "anywhere":
      return Object.values(columnsOf(exchange)).some((value) => holds(value, test.sought)) || null;
    case "host": {
      const authority = /:\/\/([^/]*)/.exec(exchange.url ?? "")?.[1] ?? "";
      return holds(exchange.target, test.sought) || holds(authority, test.sought) || null;
    }
    case "body":
    case "header":
    case "bytes":
      return null;
    case "column":
      return test.sought.is === "text" ? holds(exchange[test.column], test.sought) : null;
    case "equals":
      return exchange[test.column]?.toLowerCase() === test.value.toLowerCase();
    case "number":
      return compares(numberOf(exchange, test.column), test.operator, test.value);
    case "statusClass":
      return exchange.status !== null && Math.floor(exchange.status / 100) * 100 === test.first;
    case "began": {
      const at = Date.parse(exchange.started);
      if (test.when === "since") return at >= instantOf(test.moment, now);
      if (test.when === "before") return at < instantOf(test.moment, now);
      const [from, to] = dayAround(test.moment, now);
      return at >= from && at < to;
    }
    case "is":
      switch (test.quality) {
        case "resent":
          return exchange.resendOf !== null;
        case "tls":
          return exchange.tls !== null || exchange.protocol === "tls";
        case "decrypted":
          return exchange.tls === "decrypted";
        case "cut":
          return ofSides(test.side, ({ isCut }) => isCut);
        case "rewritten":
          return ofSides(test.side, ({ isRewritten }) => isRewritten);
      }
      break;
    case "has":
      switch (test.possession) {
        case "fault":
          return exchange.fault !== null;
        case "body":
          return ofSides(test.side, ({ body }) => body.length > 0);
        case "request":
          return request !== null;
        case "response":
          return response !== null;
      }
  }
}

function holds(value: string | number | null, sought: Sought): boolean {
  return value !== null && sought.is === "text" &&
    String(value).toLowerCase().includes(sought.text.toLowerCase());
}

function numberOf(exchange: Exchange, column: NumberColumn): number | null {
  switch (column) {
    case "status":
      return exchange.status;
    case "elapsed":
      return exchange.elapsedMs;
    case "firstByte":
      return exchange.firstByteMs;
    case "requestBytes":
      return exchange.requestBytes;
    case "responseBytes":
      return exchange.responseBytes;
  }
}

function compares(value: number | null, operator: Operator, given: number): boolean {
  if (value === null) return false;
  switch (operator) {
    case "=":
      return value === given;
    case "<":
      return value < given;
    case "<=":
      return value <= given;
    case ">":
      return value > given;
    case ">=":
      return value >= given;
  }
}
