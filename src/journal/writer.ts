// Turns records into pcapng: each Connection as TCP over IP, what pcapng has no field for as comments in JSON.
// It gives bytes to a sink in the order of the file. It knows nothing of threads, files or clocks.

import type { Closed, Connected, Failed, Opened, SideEnded } from "../model.ts";
import { ACK, FIN, MAX_PAYLOAD, PSH, RST, Segments, SYN } from "./segments.ts";
import { commentOptions, PACKET_HEADER, packetHeader, padded, sectionStart } from "./pcapng.ts";

/** The Observer's events but for chunks, as they stand in a batch and in comments. */
export type JournalEvent =
  | ({ readonly event: "opened" } & Opened)
  | ({ readonly event: "connected" } & Connected)
  | ({ readonly event: "ended" } & SideEnded)
  | ({ readonly event: "closed" } & Closed)
  | ({ readonly event: "failed" } & Failed);

/** Comments begin with this word; their JSON follows. */
export const COMMENT_MARK = "tcpmon ";

const OUT = 256 * 1024;
/** Payloads from this size on go to the sink as they are, without being copied first. */
const DIRECT = 8 * 1024;

interface Track {
  readonly segments: Segments;
  upstreamBytes: number;
  downstreamBytes: number;
  reset: boolean;
  lastEndedBy: "client" | "target";
}

/** Writes one section of a Journal. */
export class JournalWriter {
  readonly #out = new Uint8Array(OUT);
  readonly #view = new DataView(this.#out.buffer);
  readonly #tracks = new Map<number, Track>();
  #used = 0;

  /** `sink` must take all the bytes before it returns; they are only valid during the call. */
  constructor(private readonly sink: (bytes: Uint8Array) => void) {}

  /** Begins the section. `at` is in ms since the epoch. */
  begin(application: string, at: number): void {
    this.#put(sectionStart(application, COMMENT_MARK + JSON.stringify({ event: "began", at })));
  }

  /** Records all open Connections as ended by the monitor, because nothing more of them will be recorded. */
  endAll(error: string, at: number): void {
    for (const [connection, { upstreamBytes, downstreamBytes }] of this.#tracks) {
      const end = { endedBy: "monitor", how: "stopped", error, upstreamBytes, downstreamBytes } as const;
      this.event({ event: "closed", connection, ...end }, at);
    }
  }

  /** Records a piece of a Chunk. Pieces of Connections that are not open are left out. */
  chunk(connection: number, fromClient: boolean, at: number, bytes: Uint8Array, last: boolean): void {
    const track = this.#tracks.get(connection);
    if (!track) return;
    if (fromClient) track.upstreamBytes += bytes.length;
    else track.downstreamBytes += bytes.length;
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
        this.#room(payload.length + 8);
        this.#out.set(payload, this.#used);
        this.#used += payload.length;
      }
      this.#packetEnd(header.length + payload.length, length);
    }
  }

  /** Records an event. Events of Connections that are not open, but for `opened`, are left out. */
  event(event: JournalEvent, at: number): void {
    if (event.event === "opened") {
      const track: Track = {
        segments: new Segments(event.connection, event.client, event.local),
        upstreamBytes: 0,
        downstreamBytes: 0,
        reset: false,
        lastEndedBy: "client",
      };
      this.#tracks.set(event.connection, track);
      this.#packet(track, true, SYN, at, event);
      return;
    }
    const track = this.#tracks.get(event.connection);
    if (!track) return;
    switch (event.event) {
      case "connected":
        this.#packet(track, false, SYN | ACK, at, event);
        this.#packet(track, true, ACK, at);
        break;
      case "ended": {
        const plain = event.how === "end" && event.passedOn === "end";
        track.reset ||= event.how !== "end";
        track.lastEndedBy = event.by;
        const flags = (event.how === "end" ? FIN : RST) | ACK;
        this.#packet(track, event.by === "client", flags, at, plain ? undefined : event);
        break;
      }
      case "closed":
        this.#tracks.delete(event.connection);
        if (event.how === "end" && !track.reset) {
          this.#packet(track, track.lastEndedBy === "target", ACK, at, event);
        } else {
          this.#packet(track, false, RST | ACK, at, event);
        }
        break;
      case "failed":
        this.#tracks.delete(event.connection);
        this.#packet(track, false, RST | ACK, at, event);
        break;
    }
  }

  /** Gives everything written so far to the sink. */
  flush(): void {
    if (this.#used === 0) return;
    const used = this.#used;
    this.#used = 0;
    this.sink(this.#out.subarray(0, used));
  }

  #packet(track: Track, fromClient: boolean, flags: number, at: number, event?: JournalEvent): void {
    const options = event ? commentOptions(COMMENT_MARK + JSON.stringify(event)) : new Uint8Array(0);
    const header = track.segments.header(fromClient, flags, 0);
    const length = this.#packetStart(header, at, 0, options.length);
    // Options come behind the padding of the packet; headers alone are multiples of 4 and need none.
    this.#put(options);
    this.#packetEnd(header.length, length);
  }

  #packetStart(header: Uint8Array, at: number, payload: number, options: number): number {
    this.#room(128);
    const length = packetHeader(this.#view, this.#used, at, header.length + payload, options);
    this.#out.set(header, this.#used + PACKET_HEADER);
    this.#used += PACKET_HEADER + header.length;
    return length;
  }

  #packetEnd(packet: number, blockLength: number): void {
    this.#room(8);
    const padding = padded(packet) - packet;
    this.#out.fill(0, this.#used, this.#used + padding);
    this.#view.setUint32(this.#used + padding, blockLength, true);
    this.#used += padding + 4;
  }

  #put(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#out.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #room(bytes: number): void {
    if (this.#used + bytes > OUT) this.flush();
  }
}
