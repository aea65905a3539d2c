// What a capture of another program holds, as the readers of its formats give it: packets, and secrets of TLS. Knows
// nothing of what is in a packet.

import type { Damage } from "./damage.ts";

/** Fills `into` from `position` on as far as there is something, and returns how many bytes that were. */
export type ReadAt = (position: number, into: Uint8Array) => number;

/** A packet; the object is used again for the next one. */
export interface Packet {
  /** When it was captured, ms since the epoch. */
  at: number;
  /** Its link type (https://www.tcpdump.org/linktypes.html). */
  link: number;
  /** Where its bytes begin, and how many of them there are. */
  position: number;
  length: number;
  /** How many it had on the wire. */
  original: number;
}

/** Lines of a TLS key log that the file holds, and where its block begins. */
export interface KeyLines {
  readonly lines: Uint8Array;
  readonly position: number;
}

/** Reads a file's packets from its beginning. */
export interface PacketSource {
  /** Everything before this position has been read. */
  readonly position: number;
  /** Where the file is damaged. */
  readonly damage: Damage;
  /** The next packet (see `packet`) or secrets that lie wholly before `limit`; null where there are none, or none yet. */
  next(limit: number): Packet | KeyLines | null;
}

/** The longest packet or block that is taken for one; longer means that the file is damaged. */
export const LONGEST = 16 * 1024 * 1024;

/** An empty packet. */
export function newPacket(): Packet {
  return { at: 0, link: 0, position: 0, length: 0, original: 0 };
}
