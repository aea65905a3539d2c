// LDAP's StartTLS (RFC 4511, 4.14): an extended request by its OID, and the response to it. Messages are BER (RFC 4511,
// 5.1), of which no more is read than their lengths and, of short ones, those two.

import type { Direction } from "../types.ts";
import type { ProtocolWatch, Upgrade, WatchState } from "./types.ts";

const SEQUENCE = 0x30, INTEGER = 0x02, ENUMERATED = 0x0a;
const EXTENDED_REQUEST = 0x77, EXTENDED_RESPONSE = 0x78, REQUEST_NAME = 0x80;
/** Requests after which nobody asks for TLS: bind, modify, add, delete, modify DN, and unbind. */
const TOO_LATE = [0x60, 0x66, 0x68, 0x4a, 0x6c, 0x42];
const START_TLS = "1.3.6.1.4.1.1466.20037";
/** So much of a message is looked at. */
const LOOKED_AT = 512;

/** Watches LDAP. */
export class Ldap implements ProtocolWatch {
  state: WatchState = "open";
  asked: Upgrade | null = null;
  #id = "";
  readonly #messages: Readonly<Record<Direction, MessageReader>> = {
    upstream: new MessageReader(),
    downstream: new MessageReader(),
  };

  receive(direction: Direction, bytes: Uint8Array): number {
    const messages = this.#messages[direction];
    let at = 0;
    while (at < bytes.length && this.state === "open") {
      if (direction === "upstream" && this.asked !== null) return at;
      at = messages.read(bytes, at);
      if (messages.isWrong) this.state = "never";
      else if (messages.isWhole) {
        const message = messages.take();
        if (message !== null) this.#judge(direction, message);
        else this.state = "never";
      }
    }
    return this.state === "never" ? bytes.length : at;
  }

  #judge(direction: Direction, { id, operation, content }: LdapMessage): void {
    if (direction === "upstream") {
      if (TOO_LATE.includes(operation)) this.state = "never";
      else if (operation === EXTENDED_REQUEST && nameOf(content) === START_TLS) {
        this.#id = id;
        this.asked = { protocol: "LDAP", command: "StartTLS" };
      }
    } else if (this.asked !== null && operation === EXTENDED_RESPONSE && id === this.#id) {
      const result = element(content, 0);
      // 0: success (RFC 4511, 4.1.9).
      if (result?.tag === ENUMERATED && result.content.every((byte) => byte === 0)) this.state = "begun";
      else this.asked = null;
    }
  }
}

interface LdapMessage {
  /** Its number, as bytes. */
  readonly id: string;
  readonly operation: number;
  /** Of the operation; cut where the message is long. */
  readonly content: Uint8Array;
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly end: number;
}

/** Divides one Direction into messages; of each it keeps the beginning. */
class MessageReader {
  /** These are no messages of LDAP. */
  isWrong = false;
  /** One has come whole; see `take`. */
  isWhole = false;
  #kept: number[] = [];
  /** Bytes of the message that have come, and those that there are; 0 until its length is known. */
  #come = 0;
  #length = 0;

  /** Reads from `from` to the end of a message, or of the bytes; gives how far it has got. */
  read(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && !this.isWhole && !this.isWrong) {
      if (this.#length > 0 && this.#come >= LOOKED_AT) {
        const skipped = Math.min(bytes.length - at, this.#length - this.#come);
        this.#come += skipped;
        at += skipped;
      } else {
        this.#kept.push(bytes[at++]);
        this.#come++;
        if (this.#length === 0) this.#readLength();
      }
      this.isWhole = this.#length > 0 && this.#come === this.#length;
    }
    return at;
  }

  /** The message that has come whole; null where it is none of LDAP. */
  take(): LdapMessage | null {
    const bytes = Uint8Array.from(this.#kept);
    this.#kept = [];
    this.#come = this.#length = 0;
    this.isWhole = false;
    const sequence = element(bytes, 0);
    const id = sequence && element(sequence.content, 0);
    if (!id || id.tag !== INTEGER || id.content.length > 4) return null;
    const operation = element(sequence.content, id.end);
    if (!operation) return null;
    return { id: id.content.join(), operation: operation.tag, content: operation.content };
  }

  #readLength(): void {
    const [tag, first, ...more] = this.#kept;
    if (tag !== SEQUENCE) this.isWrong = true;
    else if (first === undefined) return;
    else if (first < 0x80) this.#length = 2 + first;
    else if (first === 0x80 || first > 0x84) this.isWrong = true;
    else if (more.length === first - 0x80) {
      this.#length = 2 + more.length + more.reduce((length, byte) => length * 256 + byte, 0);
    }
  }
}

/** The BER element at `from`, as far as it is there; null where none can begin. */
function element(bytes: Uint8Array, from: number): Element | null {
  if (bytes.length < from + 2) return null;
  const [tag, first] = bytes.subarray(from, from + 2);
  let [at, length] = [from + 2, first];
  if (first > 0x84 || first === 0x80) return null;
  if (first > 0x80) {
    const count = first - 0x80;
    length = bytes.subarray(at, at + count).reduce((sum, byte) => sum * 256 + byte, 0);
    at += count;
  }
  return { tag, content: bytes.subarray(at, at + length), end: at + length };
}

function nameOf(request: Uint8Array): string | null {
  const name = element(request, 0);
  return name?.tag === REQUEST_NAME ? String.fromCharCode(...name.content) : null;
}
