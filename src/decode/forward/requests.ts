// The requests of one client of an HTTP proxy, as they come: where each goes, what is changed in its head, and where it
// ends, so that the next one may go elsewhere. Sans-io.
//
//   head ──empty line──▶ body ──its end──▶ head …        CONNECT, bytes that are no HTTP, a length in doubt ──▶ rest

import type { Address } from "../../model.ts";
import { Chunked } from "../chunked.ts";
import { followRequestLine, headEnd, isRequestLine, MAX_HEAD, NO, START } from "../detect.ts";
import { frame } from "../framing.ts";
import { readHead } from "../head.ts";
import { CR, Gathered, LF } from "../octets.ts";
import type { Edit } from "../rewrite/mod.ts";
import type { Fault } from "../types.ts";
import { headEdits } from "./head_edits.ts";
import { destinationOf, type Refused } from "./target.ts";

/** A request whose head is whole. */
export interface ForwardRequest {
  /** Its head as it was received, with empty lines before it; or all that came, where that is no head. */
  readonly head: Uint8Array;
  /** Null where the bytes are no request. */
  readonly method: string | null;
  /** Where it goes; null where the proxy refuses it. */
  readonly to: Address | null;
  readonly refused: Refused | null;
  /** What follows is a tunnel, once the client has its answer. */
  readonly isTunnel: boolean;
  /** What follows may be another protocol: that is for the response to say (RFC 9110, 7.8). */
  readonly asksUpgrade: boolean;
  /** What is changed in it; offsets are from the first byte of `head`. */
  readonly edits: readonly Edit[];
}

/** Reads one client. */
export class ForwardRequests {
  /** Where the client is. In "rest" nothing is told apart any more. */
  place: "head" | "body" | "rest" = "head";
  readonly #gathered = new Gathered();
  /** Of the head: where its first line begins, and how far that has been followed. */
  #start = 0;
  #line = START;
  #followed = 0;
  #isLine = false;
  /** Where the line begins that came last. */
  #lastLine = 0;
  #left = 0;
  #chunked: Chunked | null = null;

  /** What there is of a head that is not whole. */
  get partial(): Uint8Array {
    return this.#gathered.bytes.slice(0, this.#gathered.length);
  }

  /** How many bytes of a body may be read at once without reading bytes of the next request. */
  get left(): number {
    return this.#left;
  }

  /** In "head": takes bytes, and gives the request and how many bytes were taken once its head is whole. */
  head(bytes: Uint8Array): { readonly request: ForwardRequest; readonly taken: number } | null {
    const gathered = this.#gathered;
    const before = gathered.length;
    gathered.append(bytes, 0, bytes.length);
    const refused = this.#judgeLine();
    if (refused !== null) return { request: this.#foreign(refused), taken: bytes.length };
    const end = this.#isLine ? this.#headEnd(before) : -1;
    if (end === -1) {
      if (gathered.length <= MAX_HEAD) return null;
      const text = "The head of the request is longer than 1 MiB.";
      return { request: this.#foreign({ status: 431, text }), taken: bytes.length };
    }
    const head = gathered.bytes.slice(0, end);
    gathered.clear();
    const request = this.#whole(head, this.#start);
    this.#start = this.#followed = this.#lastLine = 0;
    this.#line = START;
    this.#isLine = false;
    return { request, taken: end - before };
  }

  /** In "body": how many of these bytes belong to it. What is left over begins the next head. */
  body(bytes: Uint8Array): number {
    let taken = 0;
    if (this.#chunked !== null) {
      while (taken < bytes.length && !this.#chunked.ended) taken = this.#chunked.read(bytes, taken, 0);
      if (this.#chunked.broken) {
        this.place = "rest";
        return bytes.length;
      }
      if (this.#chunked.ended) this.#next();
      return taken;
    }
    taken = Math.min(bytes.length, this.#left);
    this.#left -= taken;
    if (this.#left === 0) this.#next();
    return taken;
  }

  #next(): void {
    this.#chunked = null;
    this.place = "head";
  }

  /** Follows the first line as far as it has come; why it is none, or null. */
  #judgeLine(): Refused | null {
    if (this.#isLine) return null;
    const { bytes, length } = this.#gathered;
    // Empty lines before a request do not count (RFC 9112, 2.2).
    if (this.#followed === this.#start) {
      while (this.#start < length && (bytes[this.#start] === CR || bytes[this.#start] === LF)) this.#start++;
      this.#followed = this.#start;
    }
    const lf = bytes.subarray(0, length).indexOf(LF, this.#followed);
    if (lf === -1) {
      this.#line = followRequestLine(this.#line, bytes, this.#followed, length);
      this.#followed = length;
      return this.#line === NO ? foreign(bytes, this.#start) : null;
    }
    this.#isLine = isRequestLine(bytes, this.#start, lf);
    return this.#isLine ? null : foreign(bytes, this.#start);
  }

  /** Where the head ends, when the bytes from `before` on are new; -1 where it has not. Looks at no line twice. */
  #headEnd(before: number): number {
    const { bytes, length } = this.#gathered;
    const lastLf = bytes.subarray(before, length).lastIndexOf(LF);
    if (lastLf === -1) return -1;
    const end = headEnd(bytes, Math.max(this.#start, this.#lastLine), length);
    this.#lastLine = before + lastLf + 1;
    return end;
  }

  #foreign(refused: Refused): ForwardRequest {
    const head = this.partial;
    this.#gathered.clear();
    this.place = "rest";
    return { head, method: null, to: null, refused, isTunnel: false, asksUpgrade: false, edits: [] };
  }

  #whole(head: Uint8Array, start: number): ForwardRequest {
    const parsed = readHead(head, start, head.length, start, "request", []);
    const method = parsed.method ?? "";
    const faults: Fault[] = [];
    frame(parsed, null, faults);
    const destination = destinationOf(method, parsed.target ?? "");
    const isRefused = "status" in destination;
    const isTunnel = !isRefused && method === "CONNECT";
    // Where a body ends must be certain to both who read it; otherwise all that comes goes where this goes.
    const inDoubt = faults.length > 0 || parsed.framing === "until-close";
    if (isRefused || isTunnel || inDoubt) this.place = "rest";
    else this.#beginBody(parsed.framing === "chunked", parsed.contentLength ?? 0);
    return {
      head,
      method,
      to: isRefused ? null : destination.to,
      refused: isRefused ? destination : null,
      isTunnel,
      asksUpgrade: parsed.headers.some(({ name }) => name.toLowerCase() === "upgrade"),
      edits: isRefused || isTunnel ? [] : headEdits(head, start, start, parsed, destination),
    };
  }

  #beginBody(isChunked: boolean, length: number): void {
    this.#chunked = isChunked ? new Chunked([], []) : null;
    this.#left = isChunked ? Infinity : length;
    this.place = this.#left === 0 ? "head" : "body";
  }
}

function foreign(bytes: Uint8Array, start: number): Refused {
  // A TLS record that begins a handshake (RFC 8446, 5.1).
  if (bytes[start] === 0x16) {
    return {
      status: 400,
      text: "This port is an HTTP proxy without TLS: set it as an http:// proxy, or add --listen-tls.",
    };
  }
  return { status: 400, text: "These bytes are not an HTTP request, and this port is an HTTP proxy." };
}
