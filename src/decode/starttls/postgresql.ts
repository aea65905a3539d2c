// PostgreSQL's SSLRequest and GSSENCRequest (PostgreSQL's manual, "Message Flow": SSL and GSSAPI session encryption): eight
// bytes with which a client begins, and one byte that answers them.

import type { Direction } from "../types.ts";
import type { ProtocolWatch, Upgrade, WatchState } from "./types.ts";

/** Length 8, and the code 1234 5679 for TLS; 1234 5680 for GSSAPI. */
const REQUEST = [0, 0, 0, 8, 0x04, 0xd2, 0x16];
const FOR_TLS = 0x2f;
const FOR_GSS = 0x30;
const [S, N] = [0x53, 0x4e];

/** Watches PostgreSQL. */
export class PostgreSql implements ProtocolWatch {
  state: WatchState = "open";
  asked: Upgrade | null = null;
  /** How much of a request has come. */
  #matched = 0;
  #forGss = false;

  receive(direction: Direction, bytes: Uint8Array): number {
    let at = 0;
    for (; at < bytes.length && this.state === "open"; at++) {
      if (direction === "downstream") this.#answer(bytes[at]);
      else if (this.asked !== null || this.#forGss) return at;
      else this.#request(bytes[at]);
    }
    return this.state === "never" ? bytes.length : at;
  }

  #request(byte: number): void {
    const at = this.#matched++;
    if (at < REQUEST.length) {
      if (byte !== REQUEST[at]) this.state = "never";
      return;
    }
    this.#matched = 0;
    if (byte === FOR_TLS) this.asked = { protocol: "PostgreSQL", command: "SSLRequest" };
    else if (byte === FOR_GSS) this.#forGss = true;
    else this.state = "never";
  }

  /** A refusal leaves the client to ask again, or to go on as it is; anything else is an error, or encrypted by GSSAPI. */
  #answer(byte: number): void {
    if (byte === S && this.asked !== null) this.state = "begun";
    else if (byte !== N || (this.asked === null && !this.#forGss)) this.state = "never";
    else {
      this.asked = null;
      this.#forGss = false;
    }
  }
}
