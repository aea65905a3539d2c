// Reads a Journal back: pcapng blocks → the records they were made from. Works on a file that still grows: what is
// not whole yet is asked for again later. Large payloads are not read unless somebody asks for them.
// It knows nothing of how the bytes are got; a function reads them.

import type { Direction } from "../model.ts";
import { eventOf, recordOf } from "./comment.ts";
import {
  BYTE_ORDER_MAGIC,
  commentOf,
  DECRYPTION_SECRETS,
  ENHANCED_PACKET,
  OPTION_COMMENT,
  PACKET_HEADER,
  padded,
  secretsIn,
  SECTION_HEADER,
} from "./pcapng.ts";
import type { ChunkRecord, JournalRecord, RecordSource } from "./records.ts";
import { FIN, PSH } from "./segments.ts";

/** How much is read at once where packets are small, and where they are large. */
const WIDE = 256 * 1024;
const NARROW = 512;
/** From this size on a block counts as large. */
const LARGE = 16 * 1024;
/** The longest block that is taken for one; longer means that the file is damaged. */
const MAX_BLOCK = 16 * 1024 * 1024;
/**
 * The same for one with a packet, which has 65,535 bytes at most, and a comment of as many: where the file ends within
 * it, what is there of it is cut off before the capture goes on.
 */
const MAX_PACKET_BLOCK = 132 * 1024;

interface End {
  readonly connection: number;
  readonly direction: Direction;
  readonly tag: number;
}

/** Reads the records of one Journal from its beginning. */
export class JournalReader implements RecordSource {
  /** Everything before this position in the file has been read. */
  position: number;
  /** Whether something went before it was read. */
  hasSkipped = false;
  readonly #read: (position: number, into: Uint8Array) => number;
  readonly #after: (position: number) => number | null;
  readonly #window = new Uint8Array(WIDE);
  readonly #view = new DataView(this.#window.buffer);
  #windowStart = 0;
  #windowEnd = 0;
  #payload = new Uint8Array(0);
  #lastBlock = 0;
  /** Where the first section begins; -1 where it was read before. */
  #begin: number;
  /** When the latest packet was recorded. */
  #at: number;
  #sections: number;
  /** How far it was to be read, and whether nothing comes behind that. */
  #limit = 0;
  #finished = false;
  /** By both ends of a Connection, seen from the sender. */
  readonly #ends = new Map<string, End>();
  readonly #keys = new Map<number, readonly [string, string]>();

  /**
   * `read` fills `into` from `position` as far as there is something, not beyond the file that it is in, and returns how
   * many bytes. It is read
   * from the beginning of a file, or from a position where no Connection was open; `at` is then when what stands before
   * was recorded, otherwise 0. `after` says where the next file begins, where there is nothing at a position because the
   * file that had it is gone.
   */
  constructor(
    read: (position: number, into: Uint8Array) => number,
    from: { readonly position: number; readonly at: number } = { position: 0, at: 0 },
    after: (position: number) => number | null = () => null,
  ) {
    this.#read = read;
    this.#after = after;
    this.#begin = from.at === 0 ? from.position : -1;
    this.position = from.position;
    this.#at = from.at;
    this.#sections = from.at === 0 ? 0 : 1;
  }

  finish(): void {
    this.#finished = true;
  }

  get leftOut(): number {
    return this.#finished ? Math.max(0, this.#limit - this.position) : 0;
  }

  get notes(): readonly string[] {
    const { leftOut } = this;
    return leftOut === 0
      ? []
      : [`The file ends within a block: its last ${leftOut.toLocaleString("en")} bytes are left out`];
  }

  /** Goes on with the file that begins at `position`, where those before it are gone. */
  jump(position: number): void {
    this.hasSkipped ||= position > this.position;
    this.#begin = this.position = position;
    this.#lastBlock = 0;
  }

  /**
   * The next record that lies wholly before `limit`, or null. Throws Error where the file is not a Journal of
   * tcpmon or is damaged.
   */
  next(limit: number): JournalRecord | null {
    if (limit > this.#limit) {
      this.#limit = limit;
      this.#finished = false;
    }
    for (;;) {
      const start = this.position;
      if (start + 12 > limit) return null;
      if (!this.#has(start, 8)) {
        const next = this.#after(start);
        if (next === null || next + 12 > limit) return null;
        this.jump(next);
        continue;
      }
      const at = start - this.#windowStart;
      const type = this.#view.getUint32(at, true);
      const length = this.#view.getUint32(at + 4, true);
      if (start === this.#begin && type !== SECTION_HEADER) throw new Error("not a pcapng file");
      const most = type === ENHANCED_PACKET ? MAX_PACKET_BLOCK : MAX_BLOCK;
      if (length < 12 || length % 4 !== 0 || length > most) {
        throw new Error(`damaged at byte ${start}: a block says that it is ${length} bytes long`);
      }
      if (start + length > limit) return null;
      if (type === ENHANCED_PACKET && length < PACKET_HEADER + 4 + 40) throw damaged(start);
      let record: JournalRecord | null = null;
      if (type === ENHANCED_PACKET) {
        if (!this.#has(start, Math.min(length, 160))) return null;
        record = this.#packet(start, length);
      } else if (type === SECTION_HEADER) {
        if (!this.#has(start, length)) return null;
        record = this.#section(start, length);
      } else if (type === DECRYPTION_SECRETS) {
        record = this.#secrets(start, length);
      }
      this.position = start + length;
      this.#lastBlock = length;
      if (record) return record;
    }
  }

  /** The lines of a key log in the block at `position`, whatever `next` has read; null where there is none. */
  secretsAt(position: number): Uint8Array | null {
    const header = new Uint8Array(8);
    if (this.#read(position, header) < header.length) return null;
    const view = new DataView(header.buffer);
    const length = view.getUint32(4, true);
    if (view.getUint32(0, true) !== DECRYPTION_SECRETS || length < 12 || length > MAX_BLOCK) return null;
    const block = new Uint8Array(length);
    return this.#read(position, block) < length ? null : secretsIn(block);
  }

  /** The bytes of a chunk that `next` has just given; valid until the next call. */
  payload(chunk: ChunkRecord): Uint8Array {
    const offset = chunk.position - this.#windowStart;
    if (offset >= 0 && chunk.position + chunk.length <= this.#windowEnd) {
      return this.#window.subarray(offset, offset + chunk.length);
    }
    if (this.#payload.length < chunk.length) this.#payload = new Uint8Array(Math.max(chunk.length, 65_536));
    const into = this.#payload.subarray(0, chunk.length);
    const count = this.#read(chunk.position, into);
    if (count < chunk.length) {
      throw new Error(`the file ends at byte ${chunk.position + count}, within a packet`);
    }
    return into;
  }

  /** Makes sure that `length` bytes from `start` on are in the window. */
  #has(start: number, length: number): boolean {
    if (start >= this.#windowStart && start + length <= this.#windowEnd) return true;
    const size = Math.max(length, this.#lastBlock >= LARGE ? NARROW : WIDE);
    if (size > this.#window.length) throw new Error(`damaged at byte ${start}: a block is too long`);
    this.#windowStart = start;
    this.#windowEnd = start + this.#read(start, this.#window.subarray(0, size));
    return start + length <= this.#windowEnd;
  }

  #section(start: number, length: number): JournalRecord | null {
    const at = start - this.#windowStart;
    if (this.#view.getUint32(at + 8, true) !== BYTE_ORDER_MAGIC) throw new Error("not written by tcpmon");
    const comment = commentOf(this.#window.subarray(at + 24, at + length - 4));
    const began = comment && eventOf(comment);
    if (length < 28 || began === null || began === "damaged" || began.event !== "began") {
      throw new Error("not written by tcpmon");
    }
    this.#sections++;
    if (began.carried !== undefined) {
      return { kind: "segment", at: began.at, position: start, carried: began.carried };
    }
    this.#ends.clear();
    this.#keys.clear();
    return this.#sections === 1 ? null : { kind: "continued", at: began.at };
  }

  /** It may be too long for the window, where another program wrote it. Secrets of other kinds are passed over. */
  #secrets(start: number, length: number): JournalRecord | null {
    const block = new Uint8Array(length);
    if (this.#read(start, block) < length) throw new Error(`the file ends within the block at byte ${start}`);
    const lines = secretsIn(block);
    return lines && { kind: "secrets", at: this.#at, lines, position: start };
  }

  #packet(start: number, blockLength: number): JournalRecord | null {
    const view = this.#view;
    const block = start - this.#windowStart;
    const packetLength = view.getUint32(block + 20, true);
    const room = blockLength - PACKET_HEADER - 4;
    if (packetLength > room || padded(packetLength) > room) throw damaged(start);
    const ip = block + PACKET_HEADER;
    const wide = view.getUint8(ip) >> 4 === 6;
    const tcp = ip + (wide ? 40 : 20);
    if (packetLength < tcp - ip + 20) throw damaged(start);
    const headers = tcp - ip + (view.getUint8(tcp + 12) >> 4) * 4;
    const flags = view.getUint8(tcp + 13);
    const size = packetLength - headers;
    const missing = view.getUint32(block + 24, true) - packetLength;
    if (headers < tcp - ip + 20 || size < 0) throw damaged(start);
    const time = (view.getUint32(block + 12, true) * 0x1_0000_0000 + view.getUint32(block + 16, true)) / 1e6;
    this.#at = time;

    if (missing > 0) {
      const end = this.#ends.get(this.#key(ip, tcp, wide));
      if (!end || end.tag !== tagOf(view, ip, wide)) return null;
      const { connection, direction } = end;
      return { kind: "gap", at: time, connection, direction, length: missing };
    }
    if (size > 0) {
      const end = this.#ends.get(this.#key(ip, tcp, wide));
      if (!end || end.tag !== tagOf(view, ip, wide)) return null;
      return {
        kind: "chunk",
        at: time,
        connection: end.connection,
        direction: end.direction,
        position: start + PACKET_HEADER + headers,
        length: size,
        last: (flags & PSH) !== 0,
      };
    }
    if (blockLength > PACKET_HEADER + padded(packetLength) + 4) {
      if (!this.#has(start, blockLength)) throw new Error(`the file ends within the block at byte ${start}`);
      const from = start - this.#windowStart + PACKET_HEADER + padded(packetLength);
      if (view.getUint16(from, true) === OPTION_COMMENT) {
        return this.#event(
          this.#window.subarray(from, start - this.#windowStart + blockLength - 4),
          time,
          start,
        );
      }
    }
    if (flags & FIN) {
      const end = this.#ends.get(this.#key(ip, tcp, wide));
      if (!end || end.tag !== tagOf(view, ip, wide)) return null;
      const by = end.direction === "upstream" ? "client" : "target";
      return { kind: "ended", at: time, connection: end.connection, by, how: "end", passedOn: "end" };
    }
    return null;
  }

  #event(options: Uint8Array, at: number, start: number): JournalRecord | null {
    const comment = commentOf(options);
    const record = comment && recordOf(comment, at);
    if (record === "damaged") throw damaged(start);
    if (record === null) return null;
    if (record.kind === "opened" || record.kind === "carried") {
      const ip = start - this.#windowStart + PACKET_HEADER;
      const wide = this.#view.getUint8(ip) >> 4 === 6;
      const tag = tagOf(this.#view, ip, wide);
      const tcp = ip + (wide ? 40 : 20);
      const keys = [this.#key(ip, tcp, wide), this.#key(ip, tcp, wide, true)] as const;
      this.#ends.set(keys[0], { connection: record.connection, direction: "upstream", tag });
      this.#ends.set(keys[1], { connection: record.connection, direction: "downstream", tag });
      this.#keys.set(record.connection, keys);
    } else if (record.kind === "closed" || record.kind === "failed") {
      for (const key of this.#keys.get(record.connection) ?? []) {
        if (this.#ends.get(key)?.connection === record.connection) this.#ends.delete(key);
      }
      this.#keys.delete(record.connection);
    }
    return record;
  }

  /** Both ends of a packet as a map key; `turned` for the other Direction. */
  #key(ip: number, tcp: number, wide: boolean, turned = false): string {
    const view = this.#view;
    const size = wide ? 16 : 4;
    const first = ip + (wide ? 8 : 12);
    let from = "";
    let to = "";
    for (let word = 0; word < size; word += 2) {
      from += String.fromCharCode(view.getUint16(first + word));
      to += String.fromCharCode(view.getUint16(first + size + word));
    }
    from += String.fromCharCode(view.getUint16(tcp));
    to += String.fromCharCode(view.getUint16(tcp + 2));
    return turned ? to + from : from + to;
  }
}

function damaged(position: number): Error {
  return new Error(`damaged at byte ${position}: a packet is not as tcpmon writes it`);
}

/** The number that tells Connections with equal ends apart (see `Segments`). */
function tagOf(view: DataView, ip: number, wide: boolean): number {
  return wide ? view.getUint32(ip) & 0xfffff : view.getUint16(ip + 4);
}
