// The live feed: numbers what changes, keeps the latest numbers, and gives each client what it lacks. No
// client has a queue. All read the same ring by their own position; whoever has fallen out of it, by being
// away or by not reading, gets a fresh snapshot. So memory is bounded however slow or many the clients are.
// It knows nothing of HTTP: event_stream.ts puts it on the wire.

import { randomBytes } from "node:crypto";
import { Ticks } from "../catalog/ticks.ts";
import type { Catalog, CatalogChange, Counts } from "../catalog/types.ts";
import type { Control } from "./control.ts";
import type { Delta, Exchange, OpenedCapture, Recording, Snapshot } from "./types.ts";

/** At most ten deltas a second, also where timers are as late as Ticks bear. */
export const DELTA_EVERY_MS = 102;
/** So many deltas are kept for clients that come back … */
export const RING_DELTAS = 512;
/** … in so many characters of JSON at most. */
export const RING_CHARS = 8_000_000;
/** More Exchanges than this are not in one delta. */
const MOST_EXCHANGES = 200;
/** Of more notices than this within one delta, the latest are told. */
const MOST_NOTICES = 10;
/** No Exchanges, as JSON. */
const NO_ROWS = "[]";
/** Without a client for so long, nothing is kept for one to come back to. */
const FORGET_AFTER_MS = 60_000;

/** A numbered event, ready to be sent. `number` is the position after it. */
export interface FeedEvent {
  readonly name: "snapshot" | "delta";
  readonly number: number;
  readonly json: string;
}

/** What the feed takes news from. */
export interface FeedSources {
  readonly catalog: Pick<Catalog, "overview" | "onChange">;
  readonly control: Pick<
    Control,
    "listeners" | "recording" | "captures" | "configFile" | "tlsLack" | "onChange"
  >;
  readonly version: string;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** DELTA_EVERY_MS unless given. */
  readonly deltaEveryMs?: number;
}

/** Turns changes into numbered deltas. */
export class Feed {
  /** Tells the numbers of one run of the program from those of another. */
  readonly run = randomBytes(6).toString("base64url");
  readonly #sources: FeedSources;
  readonly #now: () => number;
  readonly #ticks: Ticks;
  readonly #unsubscribe: readonly (() => void)[];
  readonly #waiting = new Set<() => void>();

  #ring: FeedEvent[] = [];
  #ringChars = 0;
  /** Of the latest delta. */
  #number = 0;
  #clients = 0;
  #forgetAt = 0;
  #ended = false;

  #pending: CatalogChange | null = null;
  #notices: string[] = [];
  #isDue = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #behind: Pick<Recording, "behindMs" | "behindBytes"> = { behindMs: 0 };
  #dropped: CatalogChange["dropped"];
  #sentListeners = "";
  #sentRecording = "";
  #sentCaptures = "[]";

  constructor(sources: FeedSources) {
    this.#sources = sources;
    this.#now = sources.now ?? (() => performance.now());
    this.#ticks = new Ticks(sources.deltaEveryMs ?? DELTA_EVERY_MS);
    this.#sentListeners = JSON.stringify(sources.control.listeners());
    this.#sentRecording = JSON.stringify(this.recording());
    this.#unsubscribe = [
      sources.catalog.onChange((change) => {
        const { behindMs, behindBytes = 0 } = change;
        this.#behind = { behindMs, ...behindBytes > 0 && { behindBytes } };
        this.#dropped = change.dropped ?? this.#dropped;
        this.#pending = this.#pending === null ? change : merge(this.#pending, change);
        this.#schedule();
      }),
      sources.control.onChange(({ notice }) => {
        if (notice !== undefined) this.#notices = [...this.#notices.slice(1 - MOST_NOTICES), notice];
        this.#schedule();
      }),
    ];
  }

  /** True once `end` was called. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What is being kept, and how far behind the catalog last said it is. */
  recording(): Recording {
    const dropped = this.#dropped ? { dropped: this.#dropped } : {};
    return { ...this.#sources.control.recording(), ...dropped, ...this.#behind };
  }

  /** Whether a client at `number` of this run can go on from there. */
  holds(number: number): boolean {
    const oldest = this.#number - this.#ring.length;
    return number >= oldest && number <= this.#number;
  }

  /** The delta after `number`, which the feed `holds`; null while there is none. */
  after(number: number): FeedEvent | null {
    return this.#ring[number - (this.#number - this.#ring.length)] ?? null;
  }

  /**
   * Everything a client needs to begin. Its number is taken before the rows are: a delta that comes meanwhile
   * is given afterwards too, and a row that is given twice does no harm.
   */
  async snapshot(): Promise<FeedEvent> {
    const number = this.#number;
    const { exchanges, counts } = await this.#sources.catalog.overview();
    const snapshot: Snapshot = {
      version: this.#sources.version,
      listeners: this.#sources.control.listeners(),
      configFile: this.#sources.control.configFile,
      tlsLack: this.#sources.control.tlsLack,
      counts,
      recording: this.recording(),
      captures: this.#captures(),
      exchanges: exchanges.slice(0, MOST_EXCHANGES),
    };
    return { name: "snapshot", number, json: JSON.stringify(snapshot) };
  }

  /** Counts a client in; the returned function counts it out. */
  join(): () => void {
    this.#clients++;
    let joined = true;
    return () => {
      if (!joined) return;
      joined = false;
      this.#clients--;
      this.#forgetAt = this.#now() + FORGET_AFTER_MS;
    };
  }

  /** Calls `wake` once, at the next delta or at the end; the returned function calls it off. */
  wait(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => void this.#waiting.delete(wake);
  }

  /** The program ends: no more deltas, and every client is woken to be told. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#wake();
  }

  /** At once where that may be, so that nothing on the relay's thread comes first; what is told together is one delta. */
  #schedule(): void {
    if (this.#isDue || this.#ended) return;
    this.#isDue = true;
    const wait = this.#ticks.wait(this.#now());
    if (wait === 0) queueMicrotask(() => this.#flush());
    else this.#timer = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    this.#isDue = false;
    if (this.#ended) return;
    const { rows, delta } = this.#takeDelta();
    if (rows === NO_ROWS && Object.keys(delta).length === 0) return;
    const now = this.#now();
    this.#ticks.told(now);
    this.#number++;
    if (this.#clients === 0 && now >= this.#forgetAt) {
      // Nobody looks: making JSON would only take time from the relay.
      this.#ring = [];
      this.#ringChars = 0;
      return;
    }
    const event: FeedEvent = { name: "delta", number: this.#number, json: deltaJson(rows, delta) };
    this.#ring.push(event);
    this.#ringChars += event.json.length;
    while (this.#ring.length > RING_DELTAS || (this.#ringChars > RING_CHARS && this.#ring.length > 1)) {
      this.#ringChars -= this.#ring.shift()!.json.length;
    }
    this.#wake();
  }

  /** What is new since the last time: the Exchanges as JSON, which the index has made of them, and the rest. */
  #takeDelta(): { readonly rows: string; readonly delta: Omit<Delta, "exchanges"> } {
    const delta: { -readonly [name in keyof Delta]: Delta[name] } = {};
    const change = this.#pending;
    const rows = change?.exchangesJson ?? (change === null ? NO_ROWS : JSON.stringify(change.exchanges));
    if (change !== null) {
      if (change.more) delta.more = true;
      if (Object.keys(change.counts).length > 0) delta.counts = change.counts;
    }
    const [listeners, recording] = [this.#sources.control.listeners(), this.recording()];
    const [listenersJson, recordingJson] = [JSON.stringify(listeners), JSON.stringify(recording)];
    if (listenersJson !== this.#sentListeners) delta.listeners = listeners;
    if (recordingJson !== this.#sentRecording) delta.recording = recording;
    const captures = this.#captures();
    const capturesJson = JSON.stringify(captures);
    if (capturesJson !== this.#sentCaptures) delta.captures = captures;
    this.#sentCaptures = capturesJson;
    if (this.#notices.length > 0) delta.notice = this.#notices.join("\n");
    [this.#sentListeners, this.#sentRecording] = [listenersJson, recordingJson];
    [this.#pending, this.#notices] = [null, []];
    return { rows, delta };
  }

  #captures(): readonly OpenedCapture[] {
    return this.#sources.control.captures?.() ?? [];
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }
}

/** The delta with these Exchanges. */
function deltaJson(rows: string, delta: Omit<Delta, "exchanges">): string {
  const rest = JSON.stringify(delta);
  if (rows === NO_ROWS) return rest;
  return rest === "{}" ? `{"exchanges":${rows}}` : `{"exchanges":${rows},${rest.slice(1)}`;
}

/** Ids grow in the order in which rows come, which is the table's: e9, e10. */
function numberOf({ id }: Exchange): number {
  return Number(id.slice(1));
}

/** Both changes as one: of an Exchange that is in both, as it is in the later. */
function merge(earlier: CatalogChange, later: CatalogChange): CatalogChange {
  const byId = new Map<string, Exchange>();
  for (const exchange of [...later.exchanges, ...earlier.exchanges]) {
    if (!byId.has(exchange.id)) byId.set(exchange.id, exchange);
  }
  const exchanges = [...byId.values()].sort((a, b) => numberOf(b) - numberOf(a));
  const counts: Record<string, Counts> = { ...earlier.counts, ...later.counts };
  return {
    exchanges: exchanges.slice(0, MOST_EXCHANGES),
    more: earlier.more || later.more || exchanges.length > MOST_EXCHANGES,
    counts,
    behindMs: later.behindMs,
    completed: [],
  };
}
