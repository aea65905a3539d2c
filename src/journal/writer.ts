// Turns records into pcapng: each Connection as TCP over IP, what pcapng has no field for as comments.
// It gives bytes to a sink in the order of the file. It knows nothing of threads, files or clocks.

import { ABRUPT, type BatchRecord, Kind, MORE } from "./batch.ts";
import type { Address, Direction, Opened } from "../model.ts";
import { Carried } from "./carrying.ts";
import { type Began, commentFor } from "./comment.ts";
import { OpeningReader } from "./opening_text.ts";
import {
  commentLength,
  PACKET_HEADER,
  packetHeader,
  padded,
  putComment,
  secretsBlock,
  sectionStart,
} from "./pcapng.ts";
import type { CutRecord } from "./records.ts";
import { ACK, FIN, MAX_PAYLOAD, PSH, RST, Segments, SYN } from "./segments.ts";

const OUT = 256 * 1024;
/** Payloads from this size on go to the sink as they are, without being copied first. */
const DIRECT = 8 * 1024;
/** So many Tracks are kept at most to be used again, about 2 kB each. */
const MOST_SPARE = 1_000;
/** More than the longest headers of a packet, and what follows its payload. */
const FRAME = 128;

/** What is known of a Connection that is open. Its memory is used again for another: making it costs more than filling it. */
class Track {
  readonly segments = new Segments();
  readonly carried = new Carried();
  upstreamBytes = 0;
  downstreamBytes = 0;
  reset = false;
  clientEndedLast = true;

  begin(connection: number, at: number, client: Address, local: Address, opened: Uint8Array): void {
    this.segments.begin(connection, client, local);
    this.carried.begin(at, opened);
    this.upstreamBytes = this.downstreamBytes = 0;
    this.reset = false;
    this.clientEndedLast = true;
  }
}

/** Writes one section of a Journal. */
export class JournalWriter {
  readonly #out = new Uint8Array(OUT);
  readonly #view = new DataView(this.#out.buffer);
  readonly #tracks = new Map<number, Track>();
  /** Tracks of Connections that are over, to be used again. */
  readonly #spare: Track[] = [];
  readonly #openings = new OpeningReader();
  /** What was opened last of each Listener. */
  readonly #listeners = new Map<string, Opened>();
  /** The highest number of a Connection so far. */
  lastConnection = 0;
  #used = 0;

  /**
   * `sink` must take all the bytes before it returns, and never throws; they are only valid during the call. Of each
   * Direction of a Connection the first `limit` bytes are written, and what follows them as packets without payload.
   */
  constructor(private readonly sink: (bytes: Uint8Array) => void, private readonly limit = Infinity) {}

  /** The latest Connection of each Listener. */
  get listeners(): readonly Opened[] {
    return [...this.#listeners.values()];
  }

  /** How many bytes wait to be given to the sink. */
  get waiting(): number {
    return this.#used;
  }

  /** Begins a section. `at` is in ms since the epoch; `notes` are said in its header, for people. */
  begin(application: string, at: number, notes: readonly string[] = []): void {
    this.#begin(application, { at }, notes);
  }

  /** Begins a section of a capture in segments, with what that says; where it `goesOn` with what is open, `carry` follows. */
  beginSegment(application: string, began: Omit<Began, "event" | "carried">, goesOn: boolean): void {
    this.#begin(application, { ...began, ...goesOn && { carried: this.#tracks.size } }, []);
  }

  /** Appends what is known of the Connections that are open, so that the section can be read without those before it. */
  carry(at: number): void {
    for (const track of this.#tracks.values()) {
      track.segments.changeWindow(true);
      this.#packet(track, true, ACK, at, track.carried.comment(track));
    }
  }

  /** Appends a record. Records of Connections that are not open, but for `opened`, are left out. */
  record(record: BatchRecord): void {
    const { kind, connection, at, flags, body } = record;
    if (kind === Kind.opened) return this.#opened(connection, at, body);
    const track = this.#tracks.get(connection);
    if (!track) return;
    const abrupt = (flags & ABRUPT) !== 0;
    switch (kind) {
      case Kind.upstream:
        track.upstreamBytes += body.length;
        if (track.upstreamBytes > this.limit) this.#cut(connection, track, true, at, body);
        else this.#chunk(track, true, at, body, (flags & MORE) === 0);
        break;
      case Kind.downstream:
        track.downstreamBytes += body.length;
        if (track.downstreamBytes > this.limit) this.#cut(connection, track, false, at, body);
        else this.#chunk(track, false, at, body, (flags & MORE) === 0);
        break;
      case Kind.connected:
        track.carried.tell(kind, at, body, track);
        this.#packet(track, false, SYN | ACK, at, body);
        this.#packet(track, true, ACK, at);
        break;
      case Kind.upstreamEdited:
      case Kind.downstreamEdited:
        // The acknowledgement of what came: it says nothing new to other programs, and holds the comment.
        track.segments.changeWindow(kind === Kind.downstreamEdited);
        this.#packet(track, kind === Kind.downstreamEdited, ACK, at, body);
        break;
      case Kind.clientSecured:
      case Kind.targetSecured:
        // Likewise; what follows it is plaintext.
        track.carried.tell(kind, at, body, track);
        track.segments.changeWindow(kind === Kind.targetSecured);
        this.#packet(track, kind === Kind.targetSecured, ACK, at, body);
        break;
      case Kind.clientEnded:
      case Kind.targetEnded:
        track.carried.tell(kind, at, body, track);
        track.reset ||= abrupt;
        track.clientEndedLast = kind === Kind.clientEnded;
        this.#packet(track, track.clientEndedLast, (abrupt ? RST : FIN) | ACK, at, body);
        break;
      case Kind.closed:
        this.#over(connection, track);
        if (abrupt || track.reset) this.#packet(track, false, RST | ACK, at, body);
        else this.#packet(track, !track.clientEndedLast, ACK, at, body);
        break;
      case Kind.failed:
        this.#over(connection, track);
        this.#packet(track, false, RST | ACK, at, body);
        break;
    }
  }

  /** Appends that `length` bytes of a Direction came which are not there (see `GapRecord`). */
  gap(connection: number, direction: Direction, at: number, length: number): void {
    const track = this.#tracks.get(connection);
    if (!track) return;
    const fromClient = direction === "upstream";
    if (fromClient) track.upstreamBytes += length;
    else track.downstreamBytes += length;
    this.#missing(track, fromClient, at, length);
  }

  /** Appends that nothing of a Direction is there from `offset` on (see `CutRecord`). */
  cut({ connection, direction, offset, at }: Omit<CutRecord, "kind">): void {
    const track = this.#tracks.get(connection);
    if (!track) return;
    const fromClient = direction === "upstream";
    if (fromClient) track.carried.upstreamCut = offset;
    else track.carried.downstreamCut = offset;
    track.segments.changeWindow(fromClient);
    this.#packet(track, fromClient, ACK, at, commentFor({ event: "cut", connection, direction, offset }));
  }

  /** Appends lines of a TLS key log, and gives everything written so far to the sink. */
  secrets(lines: Uint8Array): void {
    this.flush();
    this.sink(secretsBlock(lines));
  }

  /**
   * Records all open Connections as ended by the monitor, because nothing more of them is recorded. They are carried
   * over all the same where that is possible again.
   */
  endAll(error: string, at: number): void {
    for (const [connection, track] of this.#tracks) {
      const { upstreamBytes, downstreamBytes } = track;
      const end = { endedBy: "monitor", how: "stopped", error, upstreamBytes, downstreamBytes } as const;
      this.#packet(track, false, RST | ACK, at, commentFor({ event: "closed", connection, ...end }));
    }
  }

  /** Gives everything written so far to the sink. */
  flush(): void {
    if (this.#used === 0) return;
    const used = this.#used;
    this.#used = 0;
    this.sink(this.#out.subarray(0, used));
  }

  #begin(application: string, began: Omit<Began, "event">, notes: readonly string[]): void {
    const start = sectionStart(application, commentFor({ event: "began", ...began }), notes);
    this.flush();
    this.sink(start);
  }

  #opened(connection: number, at: number, comment: Uint8Array): void {
    const { client, local, whole } = this.#openings.read(comment);
    this.lastConnection = Math.max(this.lastConnection, connection);
    // What tcpmon sent itself may have gone elsewhere than its listener's clients do.
    if (whole !== null && whole.origin === undefined) {
      const route = whole.route ?? this.#listeners.get(whole.listener)?.route;
      this.#listeners.set(whole.listener, route ? { ...whole, route } : whole);
    }
    const track = this.#spare.pop() ?? new Track();
    track.begin(connection, at, client, local, comment);
    this.#tracks.set(connection, track);
    this.#packet(track, true, SYN, at, comment);
  }

  /** Nothing more is recorded of a Connection but what is being written. */
  #over(connection: number, track: Track): void {
    this.#tracks.delete(connection);
    if (this.#spare.length < MOST_SPARE) this.#spare.push(track);
  }

  #chunk(track: Track, fromClient: boolean, at: number, bytes: Uint8Array, last: boolean): void {
    for (let from = 0; from < bytes.length; from += MAX_PAYLOAD) {
      const to = Math.min(from + MAX_PAYLOAD, bytes.length);
      if (track.segments.needsAcknowledgement(fromClient)) this.#packet(track, !fromClient, ACK, at);
      const flags = last && to === bytes.length ? ACK | PSH : ACK;
      const header = track.segments.header(fromClient, flags, to - from);
      const length = this.#packetStart(header, at, to - from, 0);
      const payload = bytes.subarray(from, to);
      if (payload.length >= DIRECT) {
        this.flush();
        this.sink(payload);
      } else {
        this.#room(payload.length + FRAME);
        this.#out.set(payload, this.#used);
        this.#used += payload.length;
      }
      const padding = padded(header.length + payload.length) - header.length - payload.length;
      this.#out.fill(0, this.#used, this.#used + padding);
      this.#used += padding;
      this.#packetEnd(length);
    }
  }

  /** Bytes that are beyond the limit, or the last before it. */
  #cut(connection: number, track: Track, fromClient: boolean, at: number, bytes: Uint8Array): void {
    const { carried, segments } = track;
    const end = fromClient ? track.upstreamBytes : track.downstreamBytes;
    const kept = Math.max(0, this.limit - (end - bytes.length));
    if (kept > 0) this.#chunk(track, fromClient, at, bytes.subarray(0, kept), true);
    if ((fromClient ? carried.upstreamCut : carried.downstreamCut) === null) {
      const offset = this.limit;
      if (fromClient) carried.upstreamCut = offset;
      else carried.downstreamCut = offset;
      const direction = fromClient ? "upstream" : "downstream";
      segments.changeWindow(fromClient);
      const comment = commentFor({ event: "cut", connection, direction, offset });
      this.#packet(track, fromClient, ACK, at, comment);
    }
    this.#missing(track, fromClient, at, bytes.length - kept);
  }

  /** Packets whose payload is not written. */
  #missing(track: Track, fromClient: boolean, at: number, length: number): void {
    for (let left = length; left > 0; left -= MAX_PAYLOAD) {
      if (track.segments.needsAcknowledgement(fromClient)) this.#packet(track, !fromClient, ACK, at);
      const missing = Math.min(left, MAX_PAYLOAD);
      const header = track.segments.header(fromClient, ACK, missing);
      this.#packetEnd(this.#packetStart(header, at, 0, 0, missing));
    }
  }

  /** A packet without payload: its headers are a multiple of 4 bytes long and need no padding. */
  #packet(track: Track, fromClient: boolean, flags: number, at: number, comment?: Uint8Array): void {
    const options = comment?.length ? commentLength(comment.length) : 0;
    const header = track.segments.header(fromClient, flags, 0);
    this.#room(FRAME + options);
    const length = this.#packetStart(header, at, 0, options);
    if (comment?.length) putComment(this.#out, this.#view, this.#used, comment);
    this.#used += options;
    this.#packetEnd(length);
  }

  /** `missing` bytes of payload were on the network, and are not written. */
  #packetStart(header: Uint8Array, at: number, payload: number, options: number, missing = 0): number {
    this.#room(FRAME);
    const packet = header.length + payload;
    const length = packetHeader(this.#view, this.#used, at, packet, options, packet + missing);
    this.#out.set(header, this.#used + PACKET_HEADER);
    this.#used += PACKET_HEADER + header.length;
    return length;
  }

  #packetEnd(blockLength: number): void {
    this.#view.setUint32(this.#used, blockLength, true);
    this.#used += 4;
  }

  #room(bytes: number): void {
    if (this.#used + bytes > OUT) this.flush();
  }
}
