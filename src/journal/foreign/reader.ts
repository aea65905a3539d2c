// Reads a capture that another program made as a Journal: the packets of a pcap or pcapng file → the Connections that
// they were, with the same records as tcpmon's own; a chunk's bytes lie where its packet has them. Works on a file that
// still grows. What is not TCP is counted, and where the file is damaged it goes on where packets follow again; both are told.

import type { ChunkRecord, JournalRecord, RecordSource } from "../records.ts";
import { PcapPackets } from "./pcap.ts";
import { PcapngPackets } from "./pcapng.ts";
import type { PacketSource, ReadAt } from "./packets.ts";
import { PassedOver } from "./passed_over.ts";
import { Reassembly } from "./reassembly.ts";
import { SegmentReader } from "./segment.ts";
import { Window } from "./window.ts";

/** The Listener that all Connections of such a capture are said to have come through: it has none. */
export const FOREIGN = "capture";

/** Reads the records of one capture from its beginning. */
export class ForeignReader implements RecordSource {
  readonly #window: Window;
  readonly #packets: PacketSource;
  readonly #passedOver = new PassedOver();
  readonly #reassembly: Reassembly;
  readonly #segments: SegmentReader;
  /** Records that were found, and how many of them were given. */
  #found: JournalRecord[] = [];
  #given = 0;
  #at = 0;
  #finished = false;
  #limit = 0;
  #payload = new Uint8Array(0);

  constructor(kind: "pcap" | "pcapng", private readonly read: ReadAt) {
    this.#window = new Window(read);
    this.#packets = kind === "pcap" ? new PcapPackets(this.#window) : new PcapngPackets(this.#window);
    const tell = (record: JournalRecord) => {
      this.#found.push(record);
    };
    this.#reassembly = new Reassembly({ listener: FOREIGN, read, tell });
    this.#segments = new SegmentReader(
      this.#window,
      this.#passedOver,
      (segment) => this.#reassembly.segment(segment),
    );
  }

  get position(): number {
    return this.#packets.position;
  }

  /** How many connections are being followed. */
  get open(): number {
    return this.#reassembly.open;
  }

  /** In words: what was passed over, and where and why reading ended before the file does. Grows. */
  get notes(): readonly string[] {
    const { fragments } = this.#segments;
    const lost = fragments.lost + (this.#finished ? fragments.waiting : 0);
    const rest = this.leftOut;
    return [
      ...this.#packets.damage.notes,
      ...(rest > 0
        ? [`The file ends within a packet: its last ${rest.toLocaleString("en")} bytes are left out`]
        : []),
      ...this.#passedOver.words,
      ...(lost === 0
        ? []
        : [`${lost.toLocaleString("en")} fragments of packets lack others, and were passed over`]),
    ];
  }

  get leftOut(): number {
    const { damage, position } = this.#packets;
    return this.#finished && !damage.isOpen ? Math.max(0, this.#limit - position) : 0;
  }

  next(limit: number): JournalRecord | null {
    this.#limit = Math.max(this.#limit, limit);
    for (;;) {
      if (this.#given < this.#found.length) return this.#found[this.#given++];
      if (this.#found.length > 0) {
        this.#found = [];
        this.#given = 0;
      }
      const found = this.#packets.next(limit);
      if (found === null) return null;
      if ("lines" in found) {
        this.#found.push({ kind: "secrets", at: this.#at, lines: found.lines, position: found.position });
      } else {
        this.#at = found.at;
        this.#segments.read(found);
      }
    }
  }

  finish(): void {
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
      throw new Error(`the file ends at byte ${chunk.position + count}, within a packet`);
    }
    return into;
  }
}
