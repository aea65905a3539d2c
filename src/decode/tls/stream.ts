// One Direction of a TLS connection as far as it can be read without keys (RFC 8446, 5.1; RFC 5246, 6.2.1): its records,
// the handshake messages that lie in them, alerts, and how much is encrypted. Bytes come in pieces, cut anywhere. Its
// state is plain data, so that whoever lays it out can go on from any place. It never throws for what a peer sent.

import { isPlain } from "./plain_records.ts";
import { handshakeName, RECORD, recordName } from "./names.ts";

/** Longer handshake messages are passed over (RFC 8446, 4 allows 16 MiB; certificates have a few kB). */
export const LONGEST_MESSAGE = 64 * 1024;
/** RFC 5246, 6.2.3: no record may be longer. */
const LONGEST_RECORD = 2 ** 14 + 2048;
const HEADER = 5;

/** A record as its header says. `offset` is that of the header in the Direction's bytes. */
export interface RecordHead {
  readonly type: number;
  readonly version: number;
  readonly length: number;
  readonly offset: number;
}

/** A handshake message, whole: its header of four bytes and what follows. */
export interface HandshakeMessage {
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Where its bytes lie: from which of them on, and at which offset. A new entry for each record. */
  readonly places: readonly (readonly [at: number, offset: number])[];
}

/** What was found, in order. */
export type TlsEvent =
  /** A record that can be read; what is in it follows. */
  | { readonly kind: "record"; readonly head: RecordHead }
  | { readonly kind: "handshake"; readonly message: HandshakeMessage }
  | { readonly kind: "alert"; readonly level: number; readonly description: number; readonly offset: number }
  | { readonly kind: "cipher-change"; readonly offset: number }
  | { readonly kind: "heartbeat"; readonly bytes: Uint8Array; readonly offset: number }
  /** A record that is encrypted, when all of it is there. */
  | { readonly kind: "encrypted"; readonly head: RecordHead }
  /** A ClientHello of SSL 2.0, with its header of two bytes. */
  | { readonly kind: "hello2"; readonly bytes: Uint8Array; readonly offset: number }
  | { readonly kind: "fault"; readonly offset: number; readonly text: string }
  /** From here on this is no TLS; `start` are its first bytes, five at most. Nothing follows. */
  | { readonly kind: "foreign"; readonly offset: number; readonly start: Uint8Array };

/** Everything that is remembered between two pieces. */
export interface TlsStreamState {
  offset: number;
  /** The record that is being read, the bytes there are of it if it must be seen, and how many are to come. */
  record: RecordHead | null;
  gathered: Uint8Array;
  left: number;
  /** A handshake message that is not whole, where its bytes lie, and how many are passed over because it is too long. */
  message: Uint8Array;
  places: (readonly [number, number])[];
  passing: number;
  /** What follows is encrypted. */
  isProtected: boolean;
  isForeign: boolean;
}

const NONE: readonly TlsEvent[] = Object.freeze([]);
const NO_BYTES = new Uint8Array(0);

/** See above. */
export class TlsStream {
  readonly #state: TlsStreamState;

  /** `state` is what `snapshot` gave. */
  constructor(state?: TlsStreamState) {
    this.#state = state === undefined
      ? {
        offset: 0,
        record: null,
        gathered: NO_BYTES,
        left: HEADER,
        message: NO_BYTES,
        places: [],
        passing: 0,
        isProtected: false,
        isForeign: false,
      }
      : { ...state, places: [...state.places] };
  }

  /** All that is needed to go on from here, as plain data. */
  snapshot(): TlsStreamState {
    return { ...this.#state, places: [...this.#state.places] };
  }

  /** How many bytes there have been. */
  get offset(): number {
    return this.#state.offset;
  }

  /** True when a record has begun and its end has not come. */
  get isInRecord(): boolean {
    const { record, gathered, isForeign } = this.#state;
    return !isForeign && (record !== null || gathered.length > 0);
  }

  /** How many of the bytes that come next need not be seen. */
  skippable(): number {
    const { record, isForeign, left } = this.#state;
    if (isForeign) return Infinity;
    return record !== null && record.type === RECORD.data ? left : 0;
  }

  /** Passes over bytes, see `skippable`. */
  skip(length: number): readonly TlsEvent[] {
    const state = this.#state;
    state.offset += length;
    if (state.isForeign) return NONE;
    state.left -= length;
    return state.left === 0 ? this.#endRecord() : NONE;
  }

  /** Passes over bytes that nobody has. Unless all of them were encrypted data of one record, nothing can be told of what follows. */
  gap(length: number): readonly TlsEvent[] {
    const state = this.#state;
    if (state.isForeign || (state.record?.type === RECORD.data && length <= state.left)) {
      return this.skip(length);
    }
    const text = "Where records begin cannot be told any more from here on";
    const lost = fault(state.offset, text);
    state.offset += length;
    state.isForeign = true;
    return [lost];
  }

  /** The bytes that come next; they are not kept. */
  receive(bytes: Uint8Array): readonly TlsEvent[] {
    const state = this.#state;
    let found: TlsEvent[] | null = null;
    for (let at = 0; at < bytes.length;) {
      if (state.isForeign) {
        state.offset += bytes.length - at;
        break;
      }
      const length = Math.min(state.left, bytes.length - at);
      if (state.record?.type !== RECORD.data) {
        state.gathered = appended(state.gathered, bytes.subarray(at, at + length));
      }
      state.left -= length;
      state.offset += length;
      at += length;
      if (state.left === 0) {
        (found ??= []).push(...(state.record === null ? this.#head() : this.#endRecord()));
      }
    }
    return found ?? NONE;
  }

  /** Nothing more comes: what is missing, in words. */
  end(): readonly TlsEvent[] {
    const { record, gathered, message, isForeign, offset, left } = this.#state;
    if (isForeign) return NONE;
    if (record === null && gathered.length > 0) {
      if (!mayBeHead(gathered)) return [this.#foreign(gathered)];
      return [fault(offset, `The header of a record ends after ${gathered.length} B`)];
    }
    if (record !== null) {
      const there = record.length - left;
      return [fault(
        record.offset,
        `The last record is ${record.length.toLocaleString("en")} B long and ends after ${
          there.toLocaleString("en")
        } B`,
      )];
    }
    if (message.length === 0) return NONE;
    return [fault(this.#state.places[0][1], `A ${handshakeName(message[0])} message is not complete`)];
  }

  /** A header is there. */
  #head(): readonly TlsEvent[] {
    const state = this.#state;
    const bytes = state.gathered;
    const start = state.offset - bytes.length;
    // The header of SSL 2.0 has two bytes, and only a ClientHello of that time comes first (RFC 5246, E.2).
    if (start === 0 && (bytes[0] & 0x80) !== 0 && bytes[2] === 1) {
      const length = ((bytes[0] & 0x7f) << 8) + bytes[1];
      if (length > 9 && length < 1024) {
        state.record = { type: SSL2, version: 0x0002, length, offset: start };
        state.left = length + 2 - bytes.length;
        return NONE;
      }
    }
    if (!mayBeHead(bytes)) return [this.#foreign(bytes)];
    const head = {
      type: bytes[0],
      version: bytes[1] * 256 + bytes[2],
      length: bytes[3] * 256 + bytes[4],
      offset: start,
    };
    state.record = head;
    state.gathered = NO_BYTES;
    state.left = head.length;
    const tooLong = head.length > LONGEST_RECORD
      ? [
        fault(
          start,
          `A record of ${head.length.toLocaleString("en")} B is longer than may be (RFC 5246, 6.2.3)`,
        ),
      ]
      : NONE;
    return head.length === 0 ? [...tooLong, ...this.#endRecord()] : tooLong;
  }

  /** A record is whole. */
  #endRecord(): readonly TlsEvent[] {
    const state = this.#state;
    const { gathered } = state;
    const head = state.record!;
    state.record = null;
    state.gathered = NO_BYTES;
    state.left = HEADER;
    if (head.type === SSL2) return [{ kind: "hello2", bytes: gathered, offset: head.offset }];
    if (head.type === RECORD.data) state.isProtected = true;
    if (!isPlain(head, gathered, state.isProtected)) {
      return [...this.#incomplete(), { kind: "encrypted", head }];
    }
    return [{ kind: "record", head }, ...this.#content(head, gathered)];
  }

  #content(head: RecordHead, bytes: Uint8Array): readonly TlsEvent[] {
    const offset = head.offset + HEADER;
    if (head.type === RECORD.handshake) return this.#handshake(bytes, offset);
    const before = this.#incomplete();
    switch (head.type) {
      case RECORD.cipherChange:
        this.#state.isProtected = true;
        return [...before, { kind: "cipher-change", offset }];
      case RECORD.heartbeat:
        return [...before, { kind: "heartbeat", bytes, offset }];
    }
    if (bytes.length !== 2) return [...before, fault(offset, `An alert has 2 B, this ${bytes.length}`)];
    return [...before, { kind: "alert", level: bytes[0], description: bytes[1], offset }];
  }

  /** Messages may lie several in a record, and over several records. */
  #handshake(bytes: Uint8Array, offset: number): readonly TlsEvent[] {
    const state = this.#state;
    if (bytes.length === 0) return [fault(offset, "A handshake record is empty (RFC 8446, 5.1)")];
    const found: TlsEvent[] = [];
    const passed = Math.min(state.passing, bytes.length);
    state.passing -= passed;
    if (passed < bytes.length) {
      state.places.push([state.message.length, offset + passed]);
      state.message = appended(state.message, bytes.subarray(passed));
    }
    while (state.message.length >= 4) {
      const { message } = state;
      const length = 4 + message[1] * 0x10000 + message[2] * 0x100 + message[3];
      if (length > LONGEST_MESSAGE) {
        found.push(
          fault(
            state.places[0][1],
            `A ${handshakeName(message[0])} message of ${
              length.toLocaleString("en")
            } B is longer than 64 KiB, so it is not read`,
          ),
        );
        state.passing = Math.max(0, length - message.length);
      } else if (message.length < length) break;
      else {
        const { places } = state;
        const whole = message.slice(0, length);
        found.push({
          kind: "handshake",
          message: { type: message[0], bytes: whole, places: places.filter(([at]) => at < length) },
        });
      }
      state.places = placesFrom(state.places, Math.min(length, message.length));
      state.message = message.slice(length);
    }
    return found;
  }

  /** A message must not be broken off by another kind of record (RFC 8446, 5.1). */
  #incomplete(): readonly TlsEvent[] {
    const state = this.#state;
    if (state.message.length === 0) return NONE;
    const text = `A ${handshakeName(state.message[0])} message is broken off`;
    const found = fault(state.places[0][1], text);
    state.message = NO_BYTES;
    state.places = [];
    return [found];
  }

  #foreign(start: Uint8Array): TlsEvent {
    this.#state.isForeign = true;
    return { kind: "foreign", offset: this.#state.offset - start.length, start: start.slice() };
  }
}

/** Stands for a type of record where there are none: SSL 2.0. */
const SSL2 = -1;

function mayBeHead(bytes: Uint8Array): boolean {
  if (bytes.length > 0 && recordName(bytes[0]).includes(" ")) return false;
  if (bytes.length > 1 && bytes[1] !== 3) return false;
  return bytes.length < 3 || bytes[2] <= 4;
}

function fault(offset: number, text: string): TlsEvent {
  return { kind: "fault", offset, text };
}

function appended(before: Uint8Array, bytes: Uint8Array): Uint8Array {
  if (before.length === 0) return bytes.slice();
  const all = new Uint8Array(before.length + bytes.length);
  all.set(before);
  all.set(bytes, before.length);
  return all;
}

/** The places of what is left when `length` bytes are taken away. */
function placesFrom(
  places: readonly (readonly [number, number])[],
  length: number,
): (readonly [number, number])[] {
  const rest: (readonly [number, number])[] = [];
  for (const [i, [at, offset]] of places.entries()) {
    const end = places[i + 1]?.[0] ?? Infinity;
    if (end <= length) continue;
    rest.push(at >= length ? [at - length, offset] : [0, offset + length - at]);
  }
  return rest;
}

/** The offset in the Direction's bytes of byte `at` of a message. */
export function offsetIn({ places }: Pick<HandshakeMessage, "places">, at: number): number {
  const [from, offset] = places.findLast(([first]) => first <= at) ?? [0, 0];
  return offset + at - from;
}
