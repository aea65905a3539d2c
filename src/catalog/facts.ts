// What is kept of a Message in its Exchange's row: enough to find its bytes again and to lay them out. The head's
// text is not kept; it is read again from the journal where details are asked for.

import type { BodyFraming, Direction, Fault, Header, Message } from "../decode/types.ts";

/** A Message without its text. Offsets are in its Direction's stream of bytes, times in ms since the epoch. */
export interface StoredMessage {
  readonly direction: Direction;
  readonly start: number;
  readonly bodyStart: number;
  readonly end: number;
  readonly state: "open" | "done" | "cut";
  readonly startedAt: number;
  readonly endedAt: number;
  readonly framing: BodyFraming;
  readonly contentLength: number | null;
  /** Of the body without its transfer coding. */
  readonly bodyBytes: number;
  readonly chunks: number;
  readonly trailers: readonly Header[];
  readonly faults: readonly Fault[];
  /** Whether its bytes are in what was decrypted of the Direction (see `DecryptedStreams`), not in the capture. */
  readonly decrypted: boolean;
}

type Packed = readonly [
  Direction,
  number,
  number,
  number,
  StoredMessage["state"],
  number,
  number,
  BodyFraming,
  number | null,
  number,
  number,
  readonly Header[],
  readonly Fault[],
  // What is decrypted is rare.
  true?,
];

/** How a Message stands in a row: JSON, without names because there are two in every row. */
export function packMessage(message: Message, decrypted: boolean): string {
  const { http } = message;
  // As JSON would have it, without the arrays that it is made from: nearly every Message is of this kind.
  if (!decrypted && message.faults.length === 0 && (http === null || http.trailers.length === 0)) {
    const { direction, start, bodyStart, end, state, startedAt, endedAt, bodyBytes, chunks } = message;
    const began = String(startedAt);
    const framing = http === null ? "until-close" : http.framing;
    return `["${direction}",${start},${bodyStart},${end},"${state}",${began},${
      endedAt === startedAt ? began : endedAt
    },"${framing}",${http === null ? null : http.contentLength},${bodyBytes},${chunks},[],[]]`;
  }
  const packed: Packed = [
    message.direction,
    message.start,
    message.bodyStart,
    message.end,
    message.state,
    message.startedAt,
    message.endedAt,
    http ? http.framing : "until-close",
    http ? http.contentLength : null,
    message.bodyBytes,
    message.chunks,
    http ? http.trailers : [],
    message.faults,
  ];
  return JSON.stringify(decrypted ? [...packed, true] : packed);
}

/** The Message of a row; null where there is none. */
export function unpackMessage(text: string | null): StoredMessage | null {
  return text === null ? null : messageOf(JSON.parse(text) as Packed);
}

/** Interim responses, as a row holds them; null where there are none. */
export function packMessages(messages: readonly Message[], decrypted: boolean): string | null {
  const packed = messages.map((message) => packMessage(message, decrypted));
  return packed.length === 0 ? null : `[${packed.join(",")}]`;
}

/** The interim responses of a row. */
export function unpackMessages(text: string | null): StoredMessage[] {
  return text === null ? [] : (JSON.parse(text) as Packed[]).map(messageOf);
}

function messageOf(packed: Packed): StoredMessage {
  const [direction, start, bodyStart, end, state, startedAt, endedAt] = packed;
  const [, , , , , , , framing, contentLength, bodyBytes, chunks, trailers, faults, decrypted] = packed;
  return {
    direction,
    start,
    bodyStart,
    end,
    state,
    startedAt,
    endedAt,
    framing,
    contentLength,
    bodyBytes,
    chunks,
    trailers,
    faults,
    decrypted: decrypted ?? false,
  };
}
