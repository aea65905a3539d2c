// Messages as they grow: made empty, extended by bytes that were seen or passed over, with the first of them kept.

import { BODY_PREFIX } from "./types.ts";
import { addFault } from "./faults.ts";
import { fillGap, gapFault } from "./gap.ts";
import type { Direction, Message } from "./types.ts";
import { NO_BYTES } from "./octets.ts";

/** A Message of which nothing is known but where and when it begins. */
export function newMessage(direction: Direction, start: number, at: number): Message {
  return {
    direction,
    start,
    bodyStart: start,
    end: start,
    state: "open",
    startedAt: at,
    endedAt: at,
    http: null,
    bodyBytes: 0,
    bodyPrefix: NO_BYTES,
    chunks: 0,
    faults: [],
  };
}

/** Counts bytes of the body and keeps a copy of those that belong to its prefix. */
export function addBody(message: Message, bytes: Uint8Array, from: number, to: number): void {
  const kept = message.bodyPrefix.length;
  message.bodyBytes += to - from;
  if (kept >= BODY_PREFIX) return;
  const length = Math.min(BODY_PREFIX, kept + to - from);
  if (kept === 0) {
    message.bodyPrefix = bytes.slice(from, from + length);
    return;
  }
  // The prefix is a window on a buffer that has room to grow: a body that comes byte by byte is not copied each time.
  let room = new Uint8Array(message.bodyPrefix.buffer);
  if (room.length < length) {
    room = new Uint8Array(Math.min(BODY_PREFIX, Math.max(2 * length, 256)));
    room.set(message.bodyPrefix);
  }
  room.set(bytes.subarray(from, from + length - kept), kept);
  message.bodyPrefix = room.subarray(0, length);
}

/** Counts bytes that are missing from the body, with what stands for them in its prefix, and a fault; `offset` is theirs. */
export function addGap(message: Message, length: number, offset: number): void {
  const { faults } = message;
  const last = faults.at(-1);
  // What is missing in one piece may be told in several.
  if (last && last.text === gapFault(offset - last.offset)) {
    faults[faults.length - 1] = { offset: last.offset, text: gapFault(offset + length - last.offset) };
  } else addFault(faults, offset, gapFault(length));
  const filler = new Uint8Array(Math.min(length, BODY_PREFIX));
  fillGap(length, 0, filler);
  addBody(message, filler, 0, filler.length);
  message.bodyBytes += length - filler.length;
}

/** True when bytes of the body need not be seen any more: the prefix is full. */
export function prefixIsFull(message: Message): boolean {
  return message.bodyPrefix.length >= BODY_PREFIX;
}
