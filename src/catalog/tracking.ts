// What the index keeps in memory: of Connections that are open, and of Exchanges that may still change.

import type { Address, Direction, EndedBy, Exchange, How, Opened, Secured, TlsFacts } from "../model.ts";
import type { DecodedExchange, Decoder, Message } from "../decode/types.ts";
import { Decrypting } from "../decode/keylog/decrypting.ts";
import { formatAddress } from "../address.ts";
import type { CarriedTls } from "../journal/records.ts";
import { clearBefore } from "./clear_before.ts";
import { GrowingRun } from "./extents.ts";
import { type ConnectionRow, type ExchangeRow, type StoredConnection, timeText } from "./rows.ts";

/** A Connection that is open. */
export class TrackedConnection {
  readonly id: number;
  readonly listener: string;
  readonly listen: string | null;
  readonly client: string;
  readonly target: string;
  /** The target's address. */
  readonly to: Address;
  readonly rewrites: boolean;
  readonly rebuilt: string | null;
  /** The Exchanges that its requests were sent again from, in the order of the requests. */
  readonly resendOf: readonly (string | null)[];
  /** How many requests have begun. */
  requests = 0;
  readonly runs: Readonly<Record<Direction, GrowingRun>> = {
    upstream: new GrowingRun(),
    downstream: new GrowingRun(),
  };
  /**
   * The segments of the capture that have bytes of each Direction: the offset of the first of these bytes and where the
   * segment begins, alternating.
   */
  readonly segments: Readonly<Record<Direction, number[]>> = { upstream: [], downstream: [] };
  /** Where the segment begins that has the latest of what was recorded of it. */
  position = 0;
  /** How many bytes were recorded before recording was cut; null where it was not. */
  readonly cut: Record<Direction, number | null> = { upstream: null, downstream: null };
  /** The same of what was decrypted; null until something was. */
  decryptedRuns: Readonly<Record<Direction, GrowingRun>> | null = null;
  /** Directions that have ended. */
  readonly ended: Record<Direction, boolean> = { upstream: false, downstream: false };
  /** The Exchanges that may still change, and those that ended in this slice. */
  readonly exchanges = new Map<DecodedExchange, TrackedExchange>();
  /** The one that began last; null while there is none. */
  latest: TrackedExchange | null = null;
  /** Whether it may stand in the table. */
  stored = false;
  place = -1;
  state: ConnectionRow["state"] = "open";
  targetAddress: string | null = null;
  via: string | null = null;
  dialMs: number | null = null;
  endedAt: number | null = null;
  endedBy: EndedBy | null = null;
  how: How | null = null;
  passedOn: ConnectionRow["passed_on"] = null;
  error: string | null = null;
  note: string | null = null;
  /** Whether an end, the first one, came while a Message was due whose end its protocol tells. */
  endedWithin = false;
  /** What was agreed on with each side. */
  readonly tls: Record<"client" | "target", TlsFacts | null> = { client: null, target: null };

  constructor(opened: Opened, readonly openedAt: number, readonly decoder: Decoder) {
    this.id = opened.connection;
    this.listener = opened.listener;
    // Port 0 is the Sender's, which has no Listener.
    this.listen = opened.listen.port === 0 ? null : formatAddress(opened.listen);
    this.client = opened.origin ?? formatAddress(opened.client);
    this.target = formatAddress(opened.target);
    this.to = opened.target;
    this.rewrites = opened.rewrites ?? false;
    this.rebuilt = opened.rebuilt ?? null;
    this.resendOf = opened.resendOf ?? [];
    this.addNote(opened.remark);
  }

  /** Its Decoder, where that decrypts. */
  get decrypting(): Decrypting | null {
    return this.decoder instanceof Decrypting ? this.decoder : null;
  }

  /** What else is to be known of it, in words. */
  addNote(text: string | undefined): void {
    if (text !== undefined) this.note = this.note === null ? text : `${this.note}. ${text}`;
  }

  /** TLS has begun on a leg; `at` is in ms since the epoch. */
  secured(
    { leg, version, cipher, alpn, serverName, peer, trust, untrusted }: Omit<Secured, "connection">,
    at: number,
  ): void {
    const agreed = { version, cipher, alpn, serverName, peer, trust, untrusted };
    const { upstream, downstream } = this.runs;
    const come = { upstream: upstream.end, downstream: downstream.end };
    this.tls[leg] = { ...agreed, at: timeText(at), ...clearBefore(leg, come, this.tls.target) };
  }

  /** The next bytes of a Direction lie in the segment that begins at `position`. */
  inSegment(direction: Direction, position: number): void {
    const segments = this.segments[direction];
    if (segments.at(-1) === position) return;
    segments.push(this.runs[direction].end, position);
  }

  /** Where the segment begins that has the byte at `offset` of a Direction. */
  segmentOf(direction: Direction, offset: number): number {
    const segments = this.segments[direction];
    for (let at = segments.length - 2; at >= 0; at -= 2) {
      if (segments[at] <= offset) return segments[at + 1];
    }
    return segments[1] ?? this.position;
  }

  get storedRow(): StoredConnection {
    const { upstream, downstream } = this.runs;
    return {
      id: this.id,
      listener: this.listener,
      listen: this.listen,
      state: this.state,
      client: this.client,
      target: this.target,
      target_address: this.targetAddress,
      via: this.via,
      rewrites: Number(this.rewrites),
      rebuilt: this.rebuilt,
      opened: this.openedAt,
      ended: this.endedAt,
      dial_ms: this.dialMs,
      ended_by: this.endedBy,
      how: this.how,
      passed_on: this.passedOn,
      error: this.error,
      note: this.note,
      client_tls: textOf(this.tls.client),
      target_tls: textOf(this.tls.target),
      decryption: this.decrypting?.words ?? null,
      upstream_bytes: upstream.end,
      downstream_bytes: downstream.end,
      upstream_cut: this.cut.upstream,
      downstream_cut: this.cut.downstream,
      position: this.position,
      upstream_start: upstream.start,
      upstream_run: upstream.encode(),
      downstream_start: downstream.start,
      downstream_run: downstream.encode(),
    };
  }
}

/** What is known of TLS that was begun in a segment before. */
export function carriedFacts({ at, leg: _, ...facts }: CarriedTls): TlsFacts {
  return { ...facts, at: timeText(at) };
}

function textOf(facts: TlsFacts | null): string | null {
  return facts === null ? null : JSON.stringify(facts);
}

/** An Exchange that may still change, or that ended in this slice. */
export class TrackedExchange {
  /** As it stands in the table and in the counts; null until it does. */
  stored: ExchangeRow["state"] | null = null;
  /** Where the segment of the capture begins that has its first byte; null until it is written first. */
  position: number | null = null;
  /** That its beginning is not kept any more. */
  lacksBeginning = false;
  /** The user removed it, or it was withdrawn: it is not written again. */
  removed = false;
  place = -1;
  /** It waits to be written among those that are over. */
  isOver = false;
  /** Why it failed, in words, where the decoder cannot know. */
  reason: string | null = null;

  constructor(
    readonly id: number,
    readonly connection: TrackedConnection,
    /** Null for a Connection that failed before anything was exchanged. */
    readonly decoded: DecodedExchange | null,
    /** The Exchange that it was sent again from. */
    readonly resendOf: string | null,
    /** Whether it was encrypted, and is decrypted with a key log. */
    readonly decrypted: boolean,
  ) {}

  /** The legs on which it went inside TLS: those on which that had begun before its first byte. */
  get tls(): Exchange["tls"] {
    if (this.decrypted) return "decrypted";
    const first = this.decoded?.request ?? this.decoded?.response ?? null;
    const client = isInside(this.connection.tls.client, first);
    const target = isInside(this.connection.tls.target, first);
    return client && target ? "both" : client ? "client" : target ? "target" : null;
  }

  /** See `position`, as it is known now. */
  get segment(): number {
    const { connection, decoded, decrypted } = this;
    if (decrypted || decoded === null) return connection.position;
    const { request, interim, response } = decoded;
    let first = Infinity;
    const look = ({ direction, start }: Message) => {
      first = Math.min(first, connection.segmentOf(direction, start));
    };
    if (request !== null) look(request);
    interim.forEach(look);
    if (response !== null) look(response);
    return first === Infinity ? connection.position : first;
  }

  /** Which of its Messages recording has cut. */
  get cut(): ExchangeRow["cut"] {
    const { decoded, connection: { cut } } = this;
    if (cut.upstream === null && cut.downstream === null) return null;
    const isCut = (message: Message | null | undefined) => {
      const end = message ? cut[message.direction] : null;
      return end !== null && message!.end > end;
    };
    const [request, response] = [isCut(decoded?.request), isCut(decoded?.response)];
    return request && response ? "both" : request ? "request" : response ? "response" : null;
  }

  get state(): ExchangeRow["state"] {
    return this.reason !== null ? "failed" : this.decoded!.state;
  }

  /** True when nothing of it will change. One that has failed may still receive the rest of its request. */
  get settled(): boolean {
    const { decoded } = this;
    if (!decoded) return true;
    return this.state !== "open" && decoded.request?.state !== "open" && decoded.response?.state !== "open";
  }
}

/** Whether a Message was sent after TLS had begun. */
function isInside(facts: TlsFacts | null, message: Message | null): boolean {
  if (facts === null || message === null) return facts !== null;
  return message.start >= (message.direction === "upstream" ? facts.upstreamFrom : facts.downstreamFrom);
}
