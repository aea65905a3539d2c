// What decoders give: Messages, Exchanges and faults, as plain data.
// Nothing here knows sockets, clocks or files; times and offsets come from outside with the bytes.

import type { Direction, SideEnd as OwnEnd } from "../model.ts";
import type { SeenTls } from "./tls/seen.ts";

export type { Direction };

/**
 * How a side ended: as it did itself, "stopped" because the monitor ended the Connection, or "unseen" because the capture
 * does not tell.
 */
export type SideEnd = OwnEnd | "stopped" | "unseen";

/** Something that is not as its specification says. Never a reason to refuse: the bytes still show. */
export interface Fault {
  /** Offset in the Direction's stream of bytes. */
  readonly offset: number;
  /** In words: "Content-Length says 640, the client ended after 512 B". */
  readonly text: string;
}

/** How the end of a body is found (RFC 9112, 6.3). */
export type BodyFraming = "none" | "length" | "chunked" | "until-close";

/** A decoded unit with the byte range that it came from. Offsets are in the stream of its Direction. */
export interface Message {
  readonly direction: Direction;
  /** First byte. */
  readonly start: number;
  /** First byte of the body; equals `start` where there is no head (a turn). Grows only until the head is complete. */
  bodyStart: number;
  /** One past the last byte so far. */
  end: number;
  /** `open` while more may come; `done` when complete; `cut` when the connection ended before it was. */
  state: "open" | "done" | "cut";
  /** When its first and its latest byte came. */
  readonly startedAt: number;
  endedAt: number;
  /** HTTP only; null in a turn, and in bytes on an HTTP connection that are no message (with a fault). */
  http: HttpHead | null;
  /** Bytes of the body with its transfer coding (chunks) removed, so far. For a turn: all of its bytes. */
  bodyBytes: number;
  /** The first bytes of that body, at most `BODY_PREFIX`, for detection and the summary. */
  bodyPrefix: Uint8Array;
  /** Number of chunks of the chunked coding so far. */
  chunks: number;
  faults: Fault[];
}

/** At most so many bytes of a body are kept in `bodyPrefix`. */
export const BODY_PREFIX = 4096;

/** A field line, as it came. `offset` is where its name starts, in the Direction's stream. */
export interface Header {
  readonly name: string;
  readonly value: string;
  readonly offset: number;
}

/** The head of an HTTP/1.x Message (RFC 9112). Text is decoded as ISO-8859-1, one character a byte. */
export interface HttpHead {
  /** "HTTP/1.1" as it came. */
  readonly version: string;
  /** Request only, otherwise null. */
  readonly method: string | null;
  readonly target: string | null;
  /** Response only, otherwise null. */
  readonly status: number | null;
  readonly reason: string | null;
  readonly headers: readonly Header[];
  framing: BodyFraming;
  /** The length that Content-Length declares; null where it does not apply. */
  contentLength: number | null;
  trailers: Header[];
}

/** A request Message and its response Message; either may be missing. Mutable: it grows while bytes arrive. */
export interface DecodedExchange {
  /** 0, 1, 2, … within its Connection, in the order they began. */
  readonly ordinal: number;
  /** "tls" is TLS that passes through undecrypted, and takes the place of "tcp" once it is recognised. */
  protocol: "http" | "tcp" | "tls";
  /** What CONNECT asked for, "shop.example.org:443", where it passed in the tunnel; null where it did not. */
  readonly tunnel: string | null;
  request: Message | null;
  /** The final response, or the latest interim one (1xx) while the final one is not there. */
  response: Message | null;
  /** Interim responses (1xx) that came before the final one. */
  interim: Message[];
  /**
   * `done` when both Messages are; `failed` when one was cut, or when no answer came, which is then a fault of the
   * request.
   */
  state: "open" | "done" | "failed";
  /** What can be seen of TLS that passes through; null where it is none. */
  seen: SeenTls | null;
}

/** What came of feeding a decoder. What is withdrawn is to be removed before `changed` is looked at: ordinals begin again. */
export interface Changes {
  /** Exchanges that are new or have changed since the last call. */
  readonly changed: readonly DecodedExchange[];
  /** Exchanges that were given before and are withdrawn, because the first guess of the protocol was wrong. */
  readonly withdrawn: readonly DecodedExchange[];
  /** What was encrypted, where it could be decrypted; otherwise absent. */
  readonly decrypted?: Decrypted;
}

/**
 * What came of decrypting. Offsets in these Exchanges are in what each Direction has when all that is decrypted of it is
 * put together.
 */
export interface Decrypted {
  /** What was decrypted, in order. */
  readonly plain: readonly { readonly direction: Direction; readonly bytes: Uint8Array }[];
  /** What came of feeding it to a Decoder of its own, in order. */
  readonly parts: readonly Changes[];
}

/**
 * Turns one Connection's bytes into Exchanges. Sans-io: every method is synchronous, does not keep `bytes`, and
 * never throws for anything a peer sent. `at` is when the bytes were read, in ms since the epoch.
 */
export interface Decoder {
  receive(direction: Direction, bytes: Uint8Array, at: number): Changes;
  /**
   * How many of the bytes that come next in this Direction need not be looked at (the rest of a body whose length
   * is known, or any number, `Infinity`, in the middle of a turn). The caller may then call `skip` for as many or fewer of them.
   */
  skippable(direction: Direction): number;
  skip(direction: Direction, length: number, at: number): Changes;
  /**
   * `length` bytes came next in this Direction that nobody has: they count as bytes of the stream. A Message that they
   * belong to has a fault; after them, reading goes on where it can be told that a Message begins. A `length` of 0, at
   * the beginning: it is not known how many came before.
   */
  gap(direction: Direction, length: number, at: number): Changes;
  /** One side ended. To be called once for each side, also when both ended at once. */
  end(direction: Direction, how: SideEnd, at: number): Changes;
}
