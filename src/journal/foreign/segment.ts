// The TCP segment within a captured packet: through IPv4 and IPv6, their options, extension headers and fragments, to
// the numbers of its header and where its data lies in the file. Checksums are not looked at: with offloading, what is
// captured on the sending machine has none. It reads no data.

import { Fragments, type Piece } from "./fragments.ts";
import { networkIn } from "./link.ts";
import type { Packet } from "./packets.ts";
import type { PassedOver } from "./passed_over.ts";
import type { Window } from "./window.ts";

/** A segment, or a part of the data of one; the object is used again for the next. */
export interface Segment {
  /** When it was captured, ms since the epoch. */
  at: number;
  /** Both ends, the sender's first: of each address and port (see `endOf`). */
  ends: string;
  seq: number;
  ack: number;
  flags: number;
  /** Where its data lies, how much it is, and how much of that the capture has. */
  position: number;
  length: number;
  has: number;
}

/** So much of a packet is looked at: no headers are longer. */
const HEADERS = 512;
const TCP = 6;
/** IPv6 extension headers that have their length in their second byte: RFC 8200, 4.3, 4.4, 4.6; RFC 6275; RFC 7401. */
const EXTENSIONS: readonly number[] = [0, 43, 60, 135, 139];
const AUTHENTICATION = 51;
const FRAGMENT = 44;
const LONGEST_TCP_HEADER = 60;
const FIN = 0x01;
const SYN = 0x02;

/** Reads the segments of packets. */
export class SegmentReader {
  readonly fragments = new Fragments();
  readonly #segment: Segment = { at: 0, ends: "", seq: 0, ack: 0, flags: 0, position: 0, length: 0, has: 0 };
  readonly #header = new DataView(new ArrayBuffer(LONGEST_TCP_HEADER));

  /** `take` is given each segment. */
  constructor(
    private readonly window: Window,
    private readonly passedOver: PassedOver,
    private readonly take: (segment: Segment) => void,
  ) {}

  /** Reads a packet that lies wholly in the file. */
  read(packet: Packet): void {
    const { window, passedOver } = this;
    const seen = Math.min(packet.length, HEADERS);
    if (!window.has(packet.position, seen)) return passedOver.count("that the file does not hold");
    const at = window.at(packet.position);
    const network = networkIn(window.view, packet.link, at, at + seen);
    if (network.version === 4) this.#ipv4(packet, network.at, at + seen);
    else if (network.version === 6) this.#ipv6(packet, network.at, at + seen);
    else if (network.type === -1) passedOver.link(packet.link);
    else if (network.type === -2) passedOver.count(CUT);
    else passedOver.network(network.type);
  }

  #ipv4(packet: Packet, ip: number, seenEnd: number): void {
    const { window: { view }, passedOver } = this;
    if (ip + 20 > seenEnd) return passedOver.count(CUT);
    const header = (view.getUint8(ip) & 0xf) * 4;
    if (header < 20) return passedOver.count(WRONG);
    // With segmentation offload the length may be left out.
    const length = this.#within(packet, ip, view.getUint16(ip + 2));
    if (length < header) return passedOver.count(WRONG);
    const protocol = view.getUint8(ip + 9);
    if (protocol !== TCP) return passedOver.transport(protocol);
    const fragment = view.getUint16(ip + 6) & 0x3fff;
    const ends = this.#addresses(ip + 12, 2);
    if (fragment === 0) return this.#tcp(packet, ends, ip + header, length - header, seenEnd);
    const id = String.fromCharCode(view.getUint16(ip + 4));
    this.#fragment(
      packet,
      ends,
      id,
      ip + header,
      length - header,
      (fragment & 0x1fff) * 8,
      fragment < 0x2000,
    );
  }

  #ipv6(packet: Packet, ip: number, seenEnd: number): void {
    const { window: { view }, passedOver } = this;
    if (ip + 40 > seenEnd) return passedOver.count(CUT);
    const payload = view.getUint16(ip + 4);
    const length = this.#within(packet, ip, payload === 0 ? 0 : payload + 40);
    const ends = this.#addresses(ip + 8, 8);
    let next = view.getUint8(ip + 6);
    let at = ip + 40;
    while (next !== TCP) {
      const isExtension = EXTENSIONS.includes(next) || next === AUTHENTICATION || next === FRAGMENT;
      if (!isExtension) return passedOver.transport(next);
      if (at + 8 > seenEnd) return passedOver.count(CUT);
      const size = next === FRAGMENT
        ? 8
        : next === AUTHENTICATION
        ? (view.getUint8(at + 1) + 2) * 4
        : (view.getUint8(at + 1) + 1) * 8;
      if (next === FRAGMENT) {
        const field = view.getUint16(at + 2);
        // A fragment that is alone is none (RFC 6946).
        if ((field & 0xfff9) !== 0) {
          const inner = view.getUint8(at);
          if (inner !== TCP) return passedOver.count("that are fragments of other protocols");
          const id = String.fromCharCode(view.getUint16(at + 4), view.getUint16(at + 6));
          const rest = length - (at + 8 - ip);
          return this.#fragment(packet, ends, id, at + 8, rest, field & 0xfff8, (field & 1) === 0);
        }
      }
      next = view.getUint8(at);
      at += size;
    }
    this.#tcp(packet, ends, at, length - (at - ip), seenEnd);
  }

  /** How long an IP packet is that says `said`: no longer than what was captured on the wire. */
  #within(packet: Packet, ip: number, said: number): number {
    const room = packet.original - (ip - this.window.at(packet.position));
    return said === 0 ? room : Math.min(said, room);
  }

  #fragment(
    packet: Packet,
    ends: string,
    id: string,
    at: number,
    length: number,
    offset: number,
    isLast: boolean,
  ): void {
    const { window, passedOver } = this;
    const position = window.start + at;
    if (length <= 0) return passedOver.count(WRONG);
    if (position + length > packet.position + packet.length) {
      return passedOver.count("that are fragments and cut off");
    }
    const pieces = this.fragments.take(ends + id, offset, { position, length }, isLast);
    if (pieces !== null) this.#whole(packet.at, ends, pieces);
  }

  /** A segment whose packet came in fragments. */
  #whole(at: number, ends: string, pieces: readonly Piece[]): void {
    const header = this.#header;
    const bytes = new Uint8Array(header.buffer);
    let filled = 0;
    let length = 0;
    for (const piece of pieces) {
      const part = bytes.subarray(filled, filled + Math.min(piece.length, bytes.length - filled));
      if (part.length > 0) filled += this.window.read(piece.position, part);
      length += piece.length;
    }
    const size = filled < 20 ? 0 : (header.getUint8(12) >> 4) * 4;
    if (size < 20 || size > length) return this.passedOver.count(WRONG);
    const segment = this.#numbers(header, 0, at, ends);
    const { flags } = segment;
    let skip = size;
    let seq = segment.seq;
    // Each piece is told as a segment of its own; the stream begins with the first, and ends with the last.
    const parts = pieces.flatMap((piece) => {
      const skipped = Math.min(skip, piece.length);
      skip -= skipped;
      return skipped === piece.length
        ? []
        : [{ position: piece.position + skipped, length: piece.length - skipped }];
    });
    if (parts.length === 0) parts.push({ position: 0, length: 0 });
    for (const [i, part] of parts.entries()) {
      segment.seq = seq >>> 0;
      segment.flags = (i === 0 ? flags : flags & ~SYN) & (i === parts.length - 1 ? ~0 : ~FIN);
      segment.position = part.position;
      segment.length = segment.has = part.length;
      seq += part.length + (i === 0 && flags & SYN ? 1 : 0);
      this.take(segment);
    }
  }

  #tcp(packet: Packet, ends: string, tcp: number, length: number, seenEnd: number): void {
    const { window: { view, start }, passedOver } = this;
    if (tcp + 20 > seenEnd) return passedOver.count(CUT);
    const header = (view.getUint8(tcp + 12) >> 4) * 4;
    if (header < 20 || header > length) return passedOver.count(WRONG);
    const segment = this.#numbers(view, tcp, packet.at, ends);
    segment.position = start + tcp + header;
    segment.length = length - header;
    segment.has = Math.max(0, Math.min(segment.length, packet.position + packet.length - segment.position));
    this.take(segment);
  }

  #numbers(view: DataView, tcp: number, at: number, addresses: string): Segment {
    const segment = this.#segment;
    const half = addresses.length / 2;
    segment.at = at;
    segment.ends = addresses.slice(0, half) + String.fromCharCode(view.getUint16(tcp)) +
      addresses.slice(half) + String.fromCharCode(view.getUint16(tcp + 2));
    segment.seq = view.getUint32(tcp + 4);
    segment.ack = view.getUint32(tcp + 8);
    segment.flags = view.getUint8(tcp + 13);
    return segment;
  }

  /** Both addresses, a character for two bytes. */
  #addresses(at: number, words: number): string {
    const { view } = this.window;
    let text = "";
    for (let word = 0; word < 2 * words; word++) text += String.fromCharCode(view.getUint16(at + 2 * word));
    return text;
  }
}

const CUT = "that are cut off in their headers";
const WRONG = "whose headers make no sense";
