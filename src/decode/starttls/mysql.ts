// MySQL's SSLRequest (MySQL's protocol documentation, "Connection Phase"): the server greets with what it is capable of,
// and a client begins with the half of its answer that asks for TLS, behind which TLS follows at once, unasked.

import type { Direction } from "../types.ts";
import type { ProtocolWatch, Upgrade, WatchState } from "./types.ts";

/** A packet's length in three bytes, low first, and its number. */
const HEADER = 4;
const REQUEST_BYTES = 32;
const PROTOCOL_10 = 10;
/** CLIENT_SSL is bit 11: this one of the second byte of the capabilities. */
const SSL = 0x08;
/** Behind the version's text and its end, the second byte of the server's capabilities: an id, 8 bytes, a filler before. */
const CAPABILITIES_BEHIND = 4 + 8 + 1 + 1;
/** No greeting is longer. */
const MAX_GREETING = 1024;

/** Watches MySQL and MariaDB. */
export class MySql implements ProtocolWatch {
  state: WatchState = "open";
  asked: Upgrade | null = null;
  readonly #greeting: number[] = [];
  #isGreeted = false;
  readonly #request: number[] = [];

  receive(direction: Direction, bytes: Uint8Array): number {
    let at = 0;
    for (; at < bytes.length && this.state === "open"; at++) {
      if (direction === "downstream") this.#greet(bytes[at]);
      else this.#ask(bytes[at]);
    }
    return this.state === "never" ? bytes.length : at;
  }

  #greet(byte: number): void {
    const greeting = this.#greeting;
    greeting.push(byte);
    const length = lengthOf(greeting);
    if (greeting.length <= HEADER) return;
    if (this.#isGreeted || length > MAX_GREETING || greeting[3] !== 0 || greeting[HEADER] !== PROTOCOL_10) {
      this.state = "never";
    } else if (greeting.length === HEADER + length) {
      const version = greeting.indexOf(0, HEADER);
      const capabilities = version === -1 ? 0 : greeting[version + 1 + CAPABILITIES_BEHIND] ?? 0;
      if ((capabilities & SSL) === 0) this.state = "never";
      this.#isGreeted = true;
    }
  }

  #ask(byte: number): void {
    const request = this.#request;
    request.push(byte);
    const isRequest = this.#isGreeted &&
      (request.length < HEADER || (lengthOf(request) === REQUEST_BYTES && request[3] === 1)) &&
      (request.length < HEADER + 2 || (request[HEADER + 1] & SSL) !== 0);
    if (!isRequest) this.state = "never";
    else if (request.length === HEADER + REQUEST_BYTES) {
      this.asked = { protocol: "MySQL", command: "SSLRequest" };
      this.state = "begun";
    }
  }
}

function lengthOf(packet: readonly number[]): number {
  return packet[0] + (packet[1] ?? 0) * 0x100 + (packet[2] ?? 0) * 0x10000;
}
