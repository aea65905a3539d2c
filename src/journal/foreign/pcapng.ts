// pcapng files of any program (draft-ietf-opsawg-pcapng): sections in either byte order, interfaces with their link types
// and resolutions of time, packets of three kinds, secrets of TLS. Blocks of other kinds are passed over. Knows nothing
// of what is in a packet.

import {
  DECRYPTION_SECRETS,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  padded,
  SECTION_HEADER,
} from "../pcapng.ts";
import { Damage } from "./damage.ts";
import { type KeyLines, LONGEST, newPacket, type Packet, type PacketSource } from "./packets.ts";
import type { Window } from "./window.ts";

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
/** The kinds of blocks that are looked for where the file is damaged (10: secrets, 4: names, 5: statistics). */
const KINDS = [
  INTERFACE_DESCRIPTION,
  OBSOLETE_PACKET,
  SIMPLE_PACKET,
  4,
  5,
  ENHANCED_PACKET,
  DECRYPTION_SECRETS,
];
const TLS_KEY_LOG = 0x544c534b;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_TIME_OFFSET = 14;
/** Of an interface description, so much is looked at for its options. */
const OPTIONS_WINDOW = 64 * 1024;

/** An interface that packets were captured on. */
interface Interface {
  readonly link: number;
  /** At most so many bytes of a packet are there; 0 for any number. */
  readonly snap: number;
  /** Units of time in a millisecond, and what is added to times, ms. */
  readonly perMs: number;
  readonly offset: number;
}

/** Reads one. */
export class PcapngPackets implements PacketSource {
  position = 0;
  readonly damage: Damage;
  readonly #packet = newPacket();
  /** Whether a section has begun. */
  #isBegun = false;
  /** Where the end of a block is read to. */
  readonly #end = new DataView(new ArrayBuffer(4));
  #interfaces: Interface[] = [];
  #little = true;
  /** How long the latest block was; 0 before the first one. */
  #length = 0;
  /** The latest time, for packets that have none. */
  #at = 0;

  constructor(private readonly window: Window) {
    this.damage = new Damage(window);
  }

  next(limit: number): Packet | KeyLines | null {
    for (;;) {
      const { window } = this;
      if (this.damage.isOpen) {
        const position = this.damage.resume(limit, this.#lengthAt);
        if (position === null) return null;
        this.position = position;
        this.#length = 0;
      }
      const start = this.position;
      if (this.#length > 0 && !this.#endsRight(limit)) {
        if (this.damage.isOpen) continue;
        return null;
      }
      if (start + 12 > limit || !window.has(start, 12)) return null;
      const at = window.at(start);
      const isSection = window.view.getUint32(at) === SECTION_HEADER;
      if (isSection) {
        this.#little = window.view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC;
        if (!this.#little && window.view.getUint32(at + 8) !== BYTE_ORDER_MAGIC) {
          this.#damaged(start, "a section has no byte order");
          continue;
        }
      } else if (!this.#isBegun) {
        this.#damaged(start, "it does not begin with a section");
        continue;
      }
      this.#isBegun = true;
      const type = window.view.getUint32(at, this.#little);
      const length = window.view.getUint32(at + 4, this.#little);
      if (length < 12 || length % 4 !== 0 || length > LONGEST) {
        this.#damaged(start, `a block says that it is ${length} bytes long`);
        continue;
      }
      if (start + length > limit) return null;
      const found = this.#block(type, start, length);
      if (this.damage.isOpen) continue;
      this.position = start + length;
      this.#length = length;
      window.latest = length;
      if (found !== null) return found;
    }
  }

  /** A block that is well framed and says what nobody understands is passed over alone. */
  #damaged(position: number, why: string): null {
    this.damage.begin(position, why, position + 1);
    return null;
  }

  /** See Length: a block of a known kind that says its length twice. */
  readonly #lengthAt = (position: number, limit: number): number | null => {
    const { window } = this;
    if (position + 12 > limit || !window.has(position, 12)) return null;
    const at = window.at(position);
    const isSection = window.view.getUint32(at) === SECTION_HEADER;
    const little = isSection ? window.view.getUint32(at + 8, true) === BYTE_ORDER_MAGIC : this.#little;
    if (isSection && !little && window.view.getUint32(at + 8) !== BYTE_ORDER_MAGIC) return null;
    if (!isSection && !(this.#isBegun && KINDS.includes(window.view.getUint32(at, little)))) return null;
    const length = window.view.getUint32(at + 4, little);
    if (length < 12 || length % 4 !== 0 || length > LONGEST || position + length > limit) return null;
    if (window.read(position + length - 4, new Uint8Array(this.#end.buffer)) < 4) return null;
    return this.#end.getUint32(0, little) === length ? length : null;
  };

  /** Whether the latest block has its length at its end, too: otherwise it was not a block. */
  #endsRight(limit: number): boolean {
    const { window, position } = this;
    // Together with what comes next, so that the window moves once.
    if (!(position + 12 <= limit && window.has(position - 4, 16)) && !window.has(position - 4, 4)) {
      return false;
    }
    if (window.view.getUint32(window.at(position - 4), this.#little) === this.#length) return true;
    this.#damaged(position - this.#length, "a block does not end where it says");
    return false;
  }

  #block(type: number, start: number, length: number): Packet | KeyLines | null {
    switch (type) {
      case SECTION_HEADER:
        if (length < 28) return this.#damaged(start, "the header of a section is too short");
        this.#interfaces = [];
        return null;
      case INTERFACE_DESCRIPTION:
        return this.#interface(start, length);
      case ENHANCED_PACKET:
      case OBSOLETE_PACKET:
        return this.#timed(type, start, length);
      case SIMPLE_PACKET:
        return this.#simple(start, length);
      case DECRYPTION_SECRETS:
        return this.#secrets(start, length);
    }
    return null;
  }

  #interface(start: number, length: number): null {
    const { window } = this;
    const seen = Math.min(length - 4, OPTIONS_WINDOW);
    if (length < 20 || !window.has(start, seen)) {
      return this.#damaged(start, "the description of an interface is too short");
    }
    const { view } = window;
    const from = window.at(start);
    let perMs = 1e3;
    let offset = 0;
    for (let at = from + 16; at + 4 <= from + seen;) {
      const code = view.getUint16(at, this.#little);
      const size = view.getUint16(at + 2, this.#little);
      if (code === 0 || at + 4 + size > from + seen) break;
      if (code === OPTION_TIME_RESOLUTION && size >= 1) {
        const value = view.getUint8(at + 4);
        perMs = (value & 0x80 ? 2 ** (value & 0x7f) : 10 ** value) / 1e3;
      } else if (code === OPTION_TIME_OFFSET && size >= 8) {
        offset = Number(view.getBigInt64(at + 4, this.#little)) * 1e3;
      }
      at += 4 + padded(size);
    }
    this.#interfaces.push({
      link: view.getUint16(from + 8, this.#little),
      snap: view.getUint32(from + 12, this.#little),
      perMs,
      offset,
    });
    return null;
  }

  #timed(type: number, start: number, length: number): Packet | null {
    const { window } = this;
    if (length < 32 || !window.has(start, 28)) return this.#damaged(start, "a packet is too short");
    const { view } = window;
    const at = window.at(start);
    const number = type === ENHANCED_PACKET
      ? view.getUint32(at + 8, this.#little)
      : view.getUint16(at + 8, this.#little);
    const on = this.#interfaces[number];
    if (on === undefined) {
      return this.#damaged(start, `a packet is of interface ${number}, which is not described`);
    }
    const captured = view.getUint32(at + 20, this.#little);
    if (padded(captured) > length - 32) return this.#damaged(start, "a packet is longer than its block");
    const ticks = view.getUint32(at + 12, this.#little) * 0x1_0000_0000 +
      view.getUint32(at + 16, this.#little);
    this.#at = ticks / on.perMs + on.offset;
    return this.#give(on.link, start + 28, captured, view.getUint32(at + 24, this.#little));
  }

  #simple(start: number, length: number): Packet | null {
    const { window } = this;
    const on = this.#interfaces[0];
    if (on === undefined) return this.#damaged(start, "a packet is of an interface that is not described");
    if (length < 16 || !window.has(start, 12)) return this.#damaged(start, "a packet is too short");
    const original = window.view.getUint32(window.at(start) + 8, this.#little);
    const captured = Math.min(original, on.snap === 0 ? Infinity : on.snap, length - 16);
    return this.#give(on.link, start + 12, captured, original);
  }

  #give(link: number, position: number, length: number, original: number): Packet {
    const packet = this.#packet;
    packet.at = this.#at;
    packet.link = link;
    packet.position = position;
    packet.length = length;
    packet.original = Math.max(length, original);
    return packet;
  }

  /** Secrets of other kinds are passed over. */
  #secrets(start: number, length: number): KeyLines | null {
    const { window } = this;
    if (length < 20 || !window.has(start, 16)) return null;
    const at = window.at(start);
    const size = window.view.getUint32(at + 12, this.#little);
    if (window.view.getUint32(at + 8, this.#little) !== TLS_KEY_LOG || size > length - 20 || size > LONGEST) {
      return null;
    }
    const lines = new Uint8Array(size);
    window.read(start + 16, lines);
    return { lines, position: start };
  }
}
