// TCP segments of one recorded Connection: IP and TCP headers with right sequence numbers (RFC 9293, RFC 791,
// RFC 8200), as if they had been captured between the client and the Listener. TCP checksums are left 0, as with
// checksum offloading. Knows nothing of pcapng or files.

import type { Address } from "../model.ts";
import { addressBytes } from "./ip.ts";

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

/** The most bytes of payload that a segment may carry so that an IPv4 packet is not over 65,535. */
export const MAX_PAYLOAD = 65_495;

/** After so many bytes without an answer the receiver acknowledges, so that a reader sees no overrun window. */
const ACK_EVERY = 256 * 1024 * 1024;

/** Options of a SYN: maximum segment size 65,495, no-operation, window scale 14 (RFC 7323). */
const SYN_OPTIONS = [0x02, 0x04, 0xff, 0xd7, 0x01, 0x03, 0x03, 0x0e];

/** The longest header: IPv6 and TCP with the options of a SYN. */
const LONGEST = 40 + 20 + SYN_OPTIONS.length;

/** Makes the headers of one Connection's segments, in the order they are recorded. */
export class Segments {
  readonly #client = new Side();
  readonly #server = new Side();
  #ipLength = 20;

  /**
   * Begins with a Connection, as often as there is another. `number` tells Connections with equal ends
   * apart: it is in the IPv4 identification or the IPv6 flow label.
   */
  begin(number: number, client: Address, server: Address): void {
    const from = addressBytes(client.host);
    const to = addressBytes(server.host);
    const wide = from.length === 16 || to.length === 16;
    const source = wide ? widen(from) : from;
    const destination = wide ? widen(to) : to;
    this.#ipLength = wide ? 40 : 20;
    // Initial sequence numbers differ from Connection to Connection, so that a port used again is a new stream.
    const first = Math.imul(number, 0x9e3779b1) >>> 0;
    this.#client.begin(number, source, client.port, destination, server.port, first);
    this.#server.begin(number, destination, server.port, source, client.port, Math.imul(first, 31) >>> 0);
  }

  /**
   * The header of the next segment from the client (`fromClient`) or the server; SYN and FIN count as one byte.
   * The result is valid until the next call for the same side.
   */
  header(fromClient: boolean, flags: number, payload: number): Uint8Array {
    const [from, to] = fromClient ? [this.#client, this.#server] : [this.#server, this.#client];
    const options = flags & SYN ? SYN_OPTIONS.length : 0;
    const { view } = from;
    const tcp = this.#ipLength;
    if (tcp === 20) {
      view.setUint16(2, 20 + 20 + options + payload);
      view.setUint16(10, 0);
      view.setUint16(10, headerChecksum(view));
    } else {
      view.setUint16(4, 20 + options + payload);
    }
    view.setUint32(tcp + 4, from.next);
    view.setUint32(tcp + 8, flags & ACK ? to.next : 0);
    view.setUint8(tcp + 12, (5 + options / 4) << 4);
    view.setUint8(tcp + 13, flags);
    from.next = (from.next + payload + (flags & (SYN | FIN) ? 1 : 0)) >>> 0;
    from.unacknowledged += payload;
    if (flags & ACK) to.unacknowledged = 0;
    return from.header.subarray(0, tcp + 20 + options);
  }

  /**
   * Changes the window that one side announces, by a byte and back: an acknowledgement of nothing new would otherwise
   * count as a duplicate, the sign of a lost segment (RFC 5681, 2).
   */
  changeWindow(fromClient: boolean): void {
    const { view } = fromClient ? this.#client : this.#server;
    const at = this.#ipLength + 14;
    view.setUint16(at, view.getUint16(at) ^ 1);
  }

  /** True when the other side should acknowledge before more is recorded from this one. */
  needsAcknowledgement(fromClient: boolean): boolean {
    return (fromClient ? this.#client : this.#server).unacknowledged >= ACK_EVERY;
  }
}

/** One side of a Connection. */
class Side {
  /** IP and TCP header, filled but for lengths, numbers and flags. */
  readonly header = new Uint8Array(LONGEST);
  readonly view = new DataView(this.header.buffer);
  /** Next sequence number. */
  next = 0;
  /** Bytes sent since the other side last acknowledged. */
  unacknowledged = 0;

  begin(
    number: number,
    from: Uint8Array,
    fromPort: number,
    to: Uint8Array,
    toPort: number,
    first: number,
  ): void {
    const { header, view } = this;
    const wide = from.length === 16;
    const ip = wide ? 40 : 20;
    header.fill(0);
    if (wide) {
      view.setUint32(0, (0x6 << 28) | (number & 0xfffff));
      header[6] = 6; // next header: TCP
      header[7] = 64; // hop limit
      header.set(from, 8);
      header.set(to, 24);
    } else {
      header[0] = 0x45;
      view.setUint16(4, number & 0xffff);
      view.setUint16(6, 0x4000); // do not fragment
      header[8] = 64; // time to live
      header[9] = 6; // protocol: TCP
      header.set(from, 12);
      header.set(to, 16);
    }
    view.setUint16(ip, fromPort);
    view.setUint16(ip + 2, toPort);
    view.setUint16(ip + 14, 0xffff); // window
    header.set(SYN_OPTIONS, ip + 20);
    this.next = first;
    this.unacknowledged = 0;
  }
}

/** An IPv4 address as an IPv4-mapped IPv6 address (RFC 4291, 2.5.5.2). */
function widen(address: Uint8Array): Uint8Array {
  if (address.length === 16) return address;
  const wide = new Uint8Array(16);
  wide.fill(0xff, 10, 12);
  wide.set(address, 12);
  return wide;
}

/** The IPv4 header checksum (RFC 791, 3.1) over the first 20 bytes, whose checksum field is 0. */
function headerChecksum(view: DataView): number {
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += view.getUint16(at);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~(sum + (sum >>> 16)) & 0xffff;
}
