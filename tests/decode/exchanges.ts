// Exchanges and Messages as a decoder gives them, from the little that a test is about.

import {
  BODY_PREFIX,
  type DecodedExchange,
  type Direction,
  type Header,
  type Message,
} from "../../src/decode/types.ts";

/** What a test says about a Message. Text stands for bytes, one character each. */
export interface Sketch {
  readonly direction?: Direction;
  readonly status?: number;
  /** "Content-Type: text/xml"; a head without any unless given. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Length of the body, when it is longer than what is given of it. */
  readonly bodyBytes?: number;
  readonly state?: Message["state"];
}

/** A Message; one with a head when headers or a status are given. */
export function message(sketch: Sketch): Message {
  const {
    direction = "upstream",
    status = null,
    headers,
    body = "",
    bodyBytes = body.length,
    state = "done",
  } = sketch;
  const bytes = Uint8Array.from(body, (character) => character.charCodeAt(0));
  const hasHead = headers !== undefined || status !== null;
  return {
    direction,
    start: 0,
    bodyStart: 0,
    end: bodyBytes,
    state,
    startedAt: 0,
    endedAt: 0,
    http: hasHead
      ? {
        version: "HTTP/1.1",
        method: status === null ? "POST" : null,
        target: status === null ? "/" : null,
        status,
        reason: status === null ? null : "",
        headers: (headers ?? []).map(header),
        framing: "length",
        contentLength: bodyBytes,
        trailers: [],
      }
      : null,
    bodyBytes,
    bodyPrefix: bytes.subarray(0, BODY_PREFIX),
    chunks: 0,
    faults: [],
  };
}

/** An Exchange, HTTP unless given otherwise. */
export function exchange(parts: Partial<DecodedExchange>): DecodedExchange {
  return {
    ordinal: 0,
    protocol: "http",
    tunnel: null,
    request: null,
    response: null,
    interim: [],
    state: "done",
    seen: null,
    ...parts,
  };
}

function header(line: string): Header {
  const colon = line.indexOf(":");
  return { name: line.slice(0, colon), value: line.slice(colon + 1).trim(), offset: 0 };
}
