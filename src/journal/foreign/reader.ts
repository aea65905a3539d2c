// Reads a capture that another program made as a Journal: the packets of a pcap or pcapng file → the Connections that
// they were, with the same records as tcpmon's own; a chunk's bytes lie where its packet has them. Works on a file that
// still grows. What is not TCP is counted, and where the file is damaged it ends with what can be read; both are told.

import type { ChunkRecord, JournalRecord, RecordSource } from "../records.ts";
import { isPcap, PcapPackets } from "./pcap.ts";
import { isPcapng, PcapngPackets } from "./pcapng.ts";
import type { PacketSource, ReadAt } from "./packets.ts";
import { PassedOver } from "./passed_over.ts";
import { Reassembly } from "./reassembly.ts";
import { SegmentReader } from "./segment.ts";
import { Window } from "./window.ts";

/** What a foreign capture can be. */
export type ForeignKind = "pcap" | "pcapng" | "gzip";

/** What a file is whose first bytes, at least four, are these; null where it is none of them. */
export function foreignKind(bytes: Uint8Array): ForeignKind | null {
  if (isPcap(bytes)) return "pcap";
  if (isPcapng(bytes)) return "pcapng";
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? "gzip" : null;
}

/** How a foreign capture is read. */
export interface ForeignOptions {
  /** The Listener that its Connections are said to have come through. */
  readonly listener: string;
  /** The position of the file's first byte; 0 unless given. `read` takes positions from it on. */
  readonly base?: number;
  /** The number of its first Connection; 1 unless given. */
  readonly firstConnection?: number;
}

/** Reads the records of one capture from its beginning. */
export class ForeignReader implements RecordSource {
  readonly #base: number;
  readonly #window: Window;
  #packets: PacketSource | null = null;
  readonly #passedOver = new PassedOver();
  readonly #reassembly: Reassembly;
  readonly #segments: SegmentReader;
  /** Records that were found, and how many of them were given. */
  #found: JournalRecord[] = [];
  #given = 0;
  #at = 0;
  #damage: string | null = null;
  #finished = false;
  #limit = 0;
  #payload = new Uint8Array(0);

  constructor(private readonly read: ReadAt, { listener, base = 0, firstConnection = 1 }: ForeignOptions) {
    this.#base = base;
    this.#window = new Window(read);
    const tell = (record: JournalRecord) => {
      this.#found.push(record);
    };
    this.#reassembly = new Reassembly({ listener, read, tell }, firstConnection - 1);
    this.#segments = new SegmentReader(
      this.#window,
      this.#passedOver,
      (segment) => this.#reassembly.segment(segment),
    );
  }

  get position(): number {
    return this.#packets?.position ?? this.#base;
  }

  /** How many connections are being followed. */
  get open(): number {
    return this.#reassembly.open;
  }

  /** In words: what was passed over, and where and why reading ended before the file does. Grows. */
  get notes(): readonly string[] {
    const { fragments } = this.#segments;
    const lost = fragments.lost + (this.#finished ? fragments.waiting : 0);
    const rest = this.#finished && this.#damage === null ? this.#limit - this.position : 0;
    return [
      ...(this.#damage === null ? [] : [`The file is ${this.#damage}. What follows is not shown`]),
      ...(rest > 0
        ? [`The file ends within a packet: its last ${rest.toLocaleString("en")} bytes are left out`]
        : []),
      ...this.#passedOver.words,
      ...(lost === 0
        ? []
        : [`${lost.toLocaleString("en")} fragments of packets lack others, and were passed over`]),
    ];
  }

  next(limit: number): JournalRecord | null {
    this.#limit = Math.max(this.#limit, limit);
    for (;;) {
      if (this.#given < this.#found.length) return this.#found[this.#given++];
      if (this.#found.length > 0) {
        this.#found = [];
        this.#given = 0;
      }
      if (this.#finished || this.#damage !== null) return null;
      const packets = this.#packets ??= this.#open();
      const found = packets?.next(limit) ?? null;
      if (found === null) {
        this.#damage = packets?.damage ?? this.#damage;
        return null;
      }
      if ("lines" in found) {
        this.#found.push({ kind: "secrets", at: this.#at, lines: found.lines, position: found.position });
      } else {
        this.#at = found.at;
        this.#segments.read(found);
      }
    }
  }

  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#reassembly.finish();
  }

  payload(chunk: ChunkRecord): Uint8Array {
    const { start, end, bytes } = this.#window;
    if (chunk.position >= start && chunk.position + chunk.length <= end) {
      return bytes.subarray(chunk.position - start, chunk.position - start + chunk.length);
    }
    if (this.#payload.length < chunk.length) this.#payload = new Uint8Array(Math.max(chunk.length, 65_536));
    const into = this.#payload.subarray(0, chunk.length);
    const count = this.read(chunk.position, into);
    if (count < chunk.length) {
      throw new Error(`the file ends at byte ${chunk.position + count - this.#base}, within a packet`);
    }
    return into;
  }

  /** By what the file begins with; null while there is too little of it. */
  #open(): PacketSource | null {
    if (!this.#window.has(this.#base, 4)) return null;
    const first = this.#window.bytes.subarray(0, 4);
    const kind = foreignKind(first);
    if (kind === "pcap") return new PcapPackets(this.#window, this.#base);
    if (kind === "pcapng") return new PcapngPackets(this.#window, this.#base);
    this.#damage = kind === "gzip" ? "compressed" : "neither a pcap nor a pcapng file";
    return null;
  }
}
