// pcap files (draft-ietf-opsawg-pcap): both byte orders, microseconds and nanoseconds, and the form of old Linux kernels
// with more in a packet's header (Kuznetzov's). Knows nothing of what is in a packet.

import { Damage } from "./damage.ts";
import { LONGEST, newPacket, type Packet, type PacketSource } from "./packets.ts";
import type { Window } from "./window.ts";

const FILE_HEADER = 24;
/** What is taken for a packet where the file is damaged: no longer than this, and captured so near to the one before, s. */
const LONGEST_FOUND = 256 * 1024;
const NEAR_S = 7 * 86_400;
/** An odd packet is taken for one where so many follow one another. */
const FOLLOWING = 4;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;

/** Whether a file whose first four bytes are these is one, and in which byte order. */
function magicOf(view: DataView, at: number): { readonly magic: number; readonly little: boolean } | null {
  for (const little of [true, false]) {
    const magic = view.getUint32(at, little);
    if (magic === MICROSECONDS || magic === NANOSECONDS || magic === MODIFIED) return { magic, little };
  }
  return null;
}

/** Reads one. */
export class PcapPackets implements PacketSource {
  position = 0;
  readonly damage: Damage;
  readonly #packet = newPacket();
  /** It is no pcap file. */
  #isOther = false;
  #little = true;
  /** How long a packet's header is; 0 before that of the file was read. */
  #header = 0;
  #perMs = 1e3;

  /** Where the latest packet's header begins, and when that was captured, seconds since the epoch. */
  #latest = 0;
  #seconds = 0;

  constructor(private readonly window: Window) {
    this.damage = new Damage(window);
  }

  next(limit: number): Packet | null {
    if (this.#isOther || (this.#header === 0 && !this.#begin(limit))) return null;
    if (this.damage.isOpen) {
      const position = this.damage.resume(limit, this.#lengthAt);
      if (position === null) return null;
      this.position = position;
    }
    const { position, window } = this;
    if (position + this.#header > limit || !window.has(position, this.#header)) return null;
    const { view } = window;
    const at = window.at(position);
    const length = view.getUint32(at + 8, this.#little);
    if (length > LONGEST) {
      // The packet before may have said a wrong length.
      this.damage.begin(position, `a packet says that it is ${length} bytes long`, this.#latest + 1);
      return this.next(limit);
    }
    const isOdd = this.#isOdd(at);
    if (isOdd && !this.#isFollowed(position, limit)) {
      this.damage.begin(position, "no packet is there, and none follows", this.#latest + 1);
      return this.next(limit);
    }
    if (position + this.#header + length > limit) return null;
    this.#latest = position;
    // Zeros are no time.
    if (!isOdd || length > 0) this.#seconds = view.getUint32(at, this.#little);
    const packet = this.#packet;
    packet.at = view.getUint32(at, this.#little) * 1e3 + view.getUint32(at + 4, this.#little) / this.#perMs;
    packet.position = position + this.#header;
    packet.length = length;
    packet.original = Math.max(length, view.getUint32(at + 12, this.#little));
    this.position = packet.position + length;
    window.latest = length;
    return packet;
  }

  /** Whether a header in the window is unlike those of most files. */
  #isOdd(at: number): boolean {
    const word = (offset: number) => this.window.view.getUint32(at + offset, this.#little);
    const isFar = this.#latest > 0 && Math.abs(word(0) - this.#seconds) > NEAR_S;
    if (word(8) > LONGEST_FOUND || word(12) > LONGEST) return true;
    return isFar || word(4) >= this.#perMs * 1e3 || word(12) < word(8) || word(8) === 0;
  }

  /** Whether what stands behind a packet may be packets, too, as far as the file goes. */
  #isFollowed(position: number, limit: number): boolean {
    const { window } = this;
    for (let count = 0, at = position; count < FOLLOWING; count++) {
      if (at + this.#header > limit) return true;
      if (!window.has(at, this.#header)) return false;
      const [length, original] = [8, 12].map((word) =>
        window.view.getUint32(window.at(at) + word, this.#little)
      );
      if (Math.max(length, original) > LONGEST) return false;
      at += this.#header + length;
      if (at > limit) return count > 0 || length <= LONGEST_FOUND;
    }
    return true;
  }

  /** See Length: by times that are near the latest one, and lengths that fit one another. */
  readonly #lengthAt = (position: number, limit: number): number | null => {
    const { window } = this;
    if (position + this.#header > limit || !window.has(position, this.#header)) return null;
    const at = window.at(position);
    const word = (offset: number) => window.view.getUint32(at + offset, this.#little);
    const length = word(8);
    if (length === 0 || length > LONGEST_FOUND || word(12) < length || word(12) > LONGEST) return null;
    if (word(4) >= this.#perMs * 1e3 || Math.abs(word(0) - this.#seconds) > NEAR_S) return null;
    return position + this.#header + length <= limit ? this.#header + length : null;
  };

  #begin(limit: number): boolean {
    const { window, position } = this;
    if (position + FILE_HEADER > limit || !window.has(position, FILE_HEADER)) return false;
    const found = magicOf(window.view, window.at(position));
    if (found === null) {
      this.#isOther = true;
      return false;
    }
    this.#little = found.little;
    this.#perMs = found.magic === NANOSECONDS ? 1e6 : 1e3;
    this.#header = found.magic === MODIFIED ? 24 : 16;
    // Above these bits stands how many bytes of a frame are its check sequence.
    this.#packet.link = window.view.getUint32(window.at(position) + 20, found.little) & 0xffff;
    this.position += FILE_HEADER;
    return true;
  }
}
