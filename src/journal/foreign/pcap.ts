// pcap files (draft-ietf-opsawg-pcap): both byte orders, microseconds and nanoseconds, and the form of old Linux kernels
// with more in a packet's header (Kuznetzov's). Knows nothing of what is in a packet.

import { LONGEST, newPacket, type Packet, type PacketSource } from "./packets.ts";
import type { Window } from "./window.ts";

const FILE_HEADER = 24;
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
  damage: string | null = null;
  readonly #packet = newPacket();
  #little = true;
  /** How long a packet's header is; 0 before that of the file was read. */
  #header = 0;
  #perMs = 1e3;

  constructor(private readonly window: Window) {}

  next(limit: number): Packet | null {
    if (this.damage !== null || (this.#header === 0 && !this.#begin(limit))) return null;
    const { position, window } = this;
    if (position + this.#header > limit || !window.has(position, this.#header)) return null;
    const { view } = window;
    const at = window.at(position);
    const length = view.getUint32(at + 8, this.#little);
    if (length > LONGEST) {
      this.damage = `damaged at byte ${position}: a packet says that it is ${length} bytes long`;
      return null;
    }
    if (position + this.#header + length > limit) return null;
    const packet = this.#packet;
    packet.at = view.getUint32(at, this.#little) * 1e3 + view.getUint32(at + 4, this.#little) / this.#perMs;
    packet.position = position + this.#header;
    packet.length = length;
    packet.original = Math.max(length, view.getUint32(at + 12, this.#little));
    this.position = packet.position + length;
    window.latest = length;
    return packet;
  }

  #begin(limit: number): boolean {
    const { window, position } = this;
    if (position + FILE_HEADER > limit || !window.has(position, FILE_HEADER)) return false;
    const found = magicOf(window.view, window.at(position));
    if (found === null) {
      this.damage = "no pcap file";
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
