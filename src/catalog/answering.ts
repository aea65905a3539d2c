// Answers questions from an index and the capture that it was made from. It knows no threads: answer_worker.ts puts
// it into one.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Connection } from "../model.ts";
import { CaptureFiles, POSITIONS } from "../journal/capture_files.ts";
import { BorrowedWorkers } from "./borrowed_workers.ts";
import { ByteStreams, type Readable } from "./byte_streams.ts";
import { CaptureBytes, type ReadAt } from "./capture_bytes.ts";
import { Details } from "./details.ts";
import { joined } from "./joined.ts";
import { Lists } from "./lists.ts";
import { Matches } from "./matches.ts";
import type { AnswerNews, AnswerPlaces, AnswerQuestions, ByteRange, OpenedBytes } from "./questions.ts";
import { CONNECTION_COLUMNS, connectionNumber, connectionOf, type ConnectionRow } from "./rows.ts";
import { Pace } from "./pace.ts";
import { filesIn } from "./schema.ts";
import { Ranks } from "./ranks.ts";
import { Searches } from "./search/searches.ts";
import { Slices } from "./slices.ts";
import { SpareTime } from "./spare_time.ts";
import type {
  ByteSource,
  ConnectionList,
  DiffQuery,
  ExchangeDetail,
  ExchangeList,
  ExchangeQuery,
  FindQuery,
  FindResult,
  ListQuery,
  MessageDiff,
  ViewPart,
  ViewQuery,
} from "./types.ts";
import { Views } from "./view.ts";

/**
 * While the journal grows fast, layouts and searches rest so long for each ms of work though there are processors to
 * spare: at a thousand requests a second the median of what the relay adds was 40 % more beside one that did not rest,
 * and with 2 the 95th percentile was half as much again as with this.
 */
const SPARE_REST = 5;

/** The answers. */
export class Answering {
  readonly #views: Views;
  readonly #lists: Lists;
  readonly #bytes: CaptureBytes;
  readonly #details: Details;
  readonly #connection: StatementSync;
  readonly #streams = new ByteStreams();
  readonly #searches: Searches;
  readonly #workers: BorrowedWorkers;
  readonly #pace: Pace;

  constructor(
    private readonly database: DatabaseSync,
    private readonly readAt: ReadAt,
    places: AnswerPlaces,
    tell: (news: AnswerNews) => void,
    readDecrypted?: ReadAt,
  ) {
    const workers = this.#workers = new BorrowedWorkers(tell);
    const written = new BigInt64Array(places.written);
    const spare = new SpareTime();
    const look = () => Number(Atomics.load(written, 0));
    this.#pace = new Pace(navigator.hardwareConcurrency, look, (now) => spare.share(now), SPARE_REST);
    // Layouts and searches of bodies go on for seconds: they leave the processor to the relay while it has much to do.
    const rest = this.#pace.rest.bind(this.#pace);
    this.#views = new Views({ folder: places.spool, findWorker: () => workers.begin("find"), rest });
    const slices = new Slices();
    const searchWorker = () => workers.begin("search");
    this.#searches = new Searches({ database, places, slices, pace: this.#pace, searchWorker });
    this.#lists = new Lists(
      database,
      new Ranks(database, slices),
      new Matches(database, slices),
      this.#searches,
    );
    this.#bytes = new CaptureBytes(database, readAt, readDecrypted);
    this.#details = new Details(database, this.#bytes, this.#views);
    this.#connection = database.prepare(
      `SELECT ${CONNECTION_COLUMNS.join(", ")} FROM connection WHERE id = ?`,
    );
  }

  /** A worker that was asked for. */
  worker(given: Parameters<AnswerQuestions["worker"]>[0]): void {
    this.#workers.given(given);
  }

  /** The files of the capture are others now. */
  files(): void {
    this.#searches.files();
  }

  overview(): ReturnType<Lists["overview"]> {
    return this.#lists.overview();
  }

  exchanges(query: ExchangeQuery, signal: AbortSignal): Promise<ExchangeList> {
    return this.#lists.exchanges(query, signal);
  }

  exchange(id: string): Promise<ExchangeDetail | null> {
    return this.#details.exchange(id);
  }

  connections(query: ListQuery, signal: AbortSignal): Promise<ConnectionList> {
    return this.#lists.connections(query, signal);
  }

  connection(id: string): Connection | null {
    const row = this.#connectionRow(id);
    return row && connectionOf(row);
  }

  /** Opens a stream, to be taken or dropped; null where there is no such source. */
  async bytes(source: ByteSource, range?: ByteRange): Promise<OpenedBytes | null> {
    const readable = await this.#readable(source);
    return readable && this.#streams.open(readable, range);
  }

  /** The next piece of a stream; null at its end. */
  take(stream: number): Uint8Array | null {
    return this.#streams.take(stream);
  }

  /** Closes a stream. */
  drop(stream: number): void {
    this.#streams.drop(stream);
  }

  async view(query: ViewQuery): Promise<ViewPart | null> {
    const message = this.#details.message(query.exchange, query.side, query.sent);
    return message && await this.#views.view(message.wire, message.facts, query);
  }

  async find(query: FindQuery, signal: AbortSignal): Promise<FindResult | null> {
    const message = this.#details.message(query.exchange, query.side, query.sent);
    return message && await this.#views.find(message.wire, message.facts, query, signal);
  }

  async diff(query: DiffQuery, signal: AbortSignal): Promise<MessageDiff | null> {
    const { exchange, with: other, side, withSide = side, sent, withSent } = query;
    const before = this.#details.message(other, withSide, withSent);
    const after = this.#details.message(exchange, side, sent);
    if (!before || !after) return null;
    const asked = { ...(sent ? { sent } : {}), ...(withSent ? { withSent } : {}) };
    const found = await this.#views.diff(before, after, query, signal);
    return { exchange, with: other, side, withSide, ...asked, ...found };
  }

  /** The difference as a text that patch reads. */
  async diffText(query: DiffQuery, signal: AbortSignal): Promise<string | null> {
    const { exchange, with: other, side, withSide = side, sent = false, withSent = false } = query;
    const before = this.#details.message(other, withSide, withSent);
    const after = this.#details.message(exchange, side, sent);
    if (!before || !after) return null;
    const named = (id: string, of: string, isSent: boolean) => `${id}/${of}${isSent ? "/sent" : ""}`;
    const names = [named(other, withSide, withSent), named(exchange, side, sent)] as const;
    return await this.#views.diffText(before, after, names, query, signal);
  }

  /** Gives up everything. */
  async close(): Promise<void> {
    this.#searches.close();
    await this.#views.close();
  }

  async #readable(source: ByteSource): Promise<Readable | null> {
    if ("capture" in source) return this.#capture(source.capture, source.to);
    if ("connection" in source) {
      const row = this.#connectionRow(source.connection);
      if (!row) return null;
      const stream = this.#bytes.stream(row.id, source.direction);
      return {
        total: source.direction === "upstream" ? row.upstream_bytes : row.downstream_bytes,
        complete: row.state !== "open",
        contentType: null,
        read: (from, into) => stream.read(from, into),
        gaps: (from, to) => stream.gaps(from, to),
        close: () => {},
      };
    }
    const message = this.#details.message(source.exchange, source.side, source.part === "sent");
    if (!message) return null;
    const { wire, facts } = message;
    if (source.part === "wire" || source.part === "sent") {
      const { length, complete } = wire.extent();
      return {
        total: length,
        complete,
        contentType: null,
        read: (from, into) => wire.read(from, into),
        gaps: (from, to) => wire.gaps?.(from, to) ?? [],
        close: () => {},
      };
    }
    const isCoded = source.part === "coded" && facts.contentCoding.length > 0;
    const body = isCoded
      ? this.#views.body({ ...wire, key: `${wire.key}/coded` }, { ...facts, contentCoding: [] })
      : this.#views.body(wire, facts);
    try {
      await body.advance(Infinity);
    } catch (error) {
      body.close();
      throw error;
    }
    const { length, complete } = body.extent();
    return {
      total: length,
      complete,
      contentType: isCoded ? null : facts.contentType,
      read: (from, into) => body.read(from, into),
      gaps: (from, to) => body.gaps?.(from, to) ?? [],
      close: () => body.close(),
    };
  }

  /** A capture as it is now, also where the oldest of its files are removed while it is read. */
  #capture(number: number, to: number): Readable | null {
    const from = number * POSITIONS;
    const list = filesIn(this.database)().filter(({ base }) => base >= from && base < from + POSITIONS);
    return list.length === 0 ? null : joined(new CaptureFiles(() => list), from + to);
  }

  #connectionRow(id: string): ConnectionRow | null {
    const number = connectionNumber(id);
    return number === null ? null : (this.#connection.get(number) as unknown as ConnectionRow ?? null);
  }
}
