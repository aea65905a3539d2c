// Looks through Exchanges by a filter that contents decide, some at a time. It keeps nothing between two times but what
// it reads with: how far the search has got is known to whoever asks. It knows no threads: search_worker.ts puts it into one.

import type { DatabaseSync } from "node:sqlite";
import { parseHead } from "../../decode/head.ts";
import type { Verdict } from "../../decode/query/evaluate.ts";
import { type Guard, TextWindow } from "../../decode/query/finder.ts";
import { Judging, type ShownColumns } from "../../decode/query/judging.ts";
import { readQuery } from "../../decode/query/mod.ts";
import { CaptureBytes, type ReadAt, type StreamOfBytes } from "../capture_bytes.ts";
import { type MessageFacts, messageFacts, TURN_FACTS } from "../content.ts";
import { type StoredMessage, unpackMessage } from "../facts.ts";
import type { Slices } from "../slices.ts";
import type { Wire } from "../wire.ts";
import type { Side } from "../wire_of_row.ts";
import { inBlocks } from "./blocks_of_file.ts";
import { testCondition } from "./condition.ts";
import { oneCharEach } from "./latin1.ts";
import { showWindows } from "./message_windows.ts";
import type { Scanned, ScanTask } from "./types.ts";

/** So many rows are read at once. */
const ROWS = 64;
/** So many streams are kept: what follows one another often went over the same Connection. */
const STREAMS = 32;
/** Longer heads are looked at as far as this. */
const LONGEST_HEAD = 1024 * 1024;
/** Exchanges of more bytes are put off, so that they keep nobody from the hits among the small. */
const LARGE = 1024 * 1024;

const SIDES: readonly Side[] = ["request", "response"];

type Row = ShownColumns & {
  readonly id: number;
  readonly connection: number;
  readonly state: "open" | "done" | "failed";
  readonly request: string | null;
  readonly response: string | null;
  readonly request_bytes: number;
  readonly response_bytes: number;
  /** What the columns say of each term. */
  readonly [term: `term${number}`]: number | null;
};

/** See above. */
export class Scan {
  readonly #bytes: CaptureBytes;
  /** By Connection and what of it; the latest used last. */
  readonly #streams = new Map<string, StreamOfBytes>();
  #judging: { readonly key: string; readonly judging: Judging } | null = null;

  constructor(
    private readonly database: DatabaseSync,
    readAt: ReadAt,
    readDecrypted: ReadAt,
    private readonly slices: Slices,
    private readonly guard: Guard,
    /** Is told which Exchange is being looked at, by its number. */
    private readonly at: (exchange: number) => void,
  ) {
    this.#bytes = new CaptureBytes(database, inBlocks(readAt), readDecrypted);
  }

  /** Goes on for about `task.forMs`, at least with one Exchange; with all that are named. Rejects with the signal's reason. */
  async go(task: ScanTask, signal: AbortSignal): Promise<Scanned> {
    const until = performance.now() + task.forMs;
    const judging = this.#judgingFor(task.q);
    const rows = this.#rows(task, judging);
    const scanned = {
      hits: [] as number[],
      open: [] as [number, number][],
      large: [] as number[],
      rows: 0,
      bytes: 0,
    };
    const reading = {
      slices: this.slices,
      signal,
      looked: (bytes: number) => {
        scanned.bytes += bytes;
      },
    };
    const tooLong = new Set(task.tooLong);
    let reached: number | null = null;
    for (const row of rows) {
      if (tooLong.has(row.id)) {
        reached = row.id;
        continue;
      }
      const size = row.request_bytes + row.response_bytes;
      this.at(row.id);
      let verdict = this.#begin(judging, row);
      if (verdict === null && size > LARGE && !("ids" in task.which)) {
        scanned.large.push(row.id);
      } else {
        verdict ??= await this.#judge(judging, row, reading);
        if (verdict) scanned.hits.push(row.id);
        if (row.state === "open") scanned.open.push([row.id, size]);
        scanned.rows++;
      }
      reached = row.id;
      if (performance.now() >= until && !("ids" in task.which)) return { ...scanned, reached, over: false };
      if (this.slices.due()) await this.slices.pause();
      signal.throwIfAborted();
    }
    return { ...scanned, reached, over: rows.length < ROWS };
  }

  #judgingFor(q: string): Judging {
    if (this.#judging?.key !== q) {
      this.#judging = { key: q, judging: new Judging(readQuery(q), oneCharEach, this.guard) };
    }
    return this.#judging.judging;
  }

  #rows({ which, listener, connection, now }: ScanTask, judging: Judging): Row[] {
    const terms = judging.terms.map(({ test }) =>
      testCondition(test, { table: "exchange", now, contents: "NULL" })
    );
    const columns = terms.map(({ sql }, index) => `, ${sql} AS term${index}`).join("");
    const [where, order, given] = "ids" in which
      ? [`id IN (${which.ids.map(() => "?").join(", ")})`, "", which.ids]
      : which.upwards
      ? ["id > ?", "ASC", [which.from]]
      : ["id < ?", "DESC", [which.from]];
    const also = (listener === undefined ? "" : " AND listener = ?") +
      (connection === undefined ? "" : " AND connection = ?");
    return this.database
      .prepare(
        "SELECT id, connection, state, client, target, method, url, status, summary, fault, request, response, " +
          `request_bytes, response_bytes${columns} FROM exchange WHERE ${where}${also} ` +
          `ORDER BY id ${order} LIMIT ${ROWS}`,
      )
      .all(
        ...terms.flatMap(({ parameters }) => parameters),
        ...given,
        ...listener === undefined ? [] : [listener],
        ...connection === undefined ? [] : [connection],
      ) as unknown as Row[];
  }

  #begin(judging: Judging, row: Row): Verdict {
    const verdicts = judging.terms.map((_, index): Verdict => {
      const known = row[`term${index}`];
      return known === null ? null : known === 1;
    });
    const verdict = judging.begin(verdicts);
    return verdict ?? judging.columns(row);
  }

  async #judge(judging: Judging, row: Row, reading: Parameters<typeof showWindows>[5]): Promise<boolean> {
    const opened = SIDES.flatMap((side) => {
      const message = unpackMessage(row[side]);
      return message ? [{ side, message, wire: this.#wire(row, side, message) }] : [];
    });
    const heads = new Map<Side, Uint8Array>();
    const headOf = (side: Side, wire: Wire) => {
      const known = heads.get(side);
      if (known) return known;
      const bytes = new Uint8Array(Math.min(LONGEST_HEAD, wire.headBytes));
      const head = bytes.subarray(0, wire.read(0, bytes));
      heads.set(side, head);
      return head;
    };
    for (const { side, message, wire } of opened) {
      if (wire.headBytes === 0 || !judging.wantsHead(side)) continue;
      const head = headOf(side, wire);
      reading.looked(head.length);
      const window = new TextWindow(head, "utf-8", true, true, oneCharEach);
      const verdict = judging.head(side, head, window, message.trailers);
      if (verdict !== null) return verdict;
    }
    for (const { side, message, wire } of opened) {
      if (message.end > message.bodyStart && judging.wants(side, "body")) {
        const facts = wire.headBytes === 0 ? TURN_FACTS : factsOf(headOf(side, wire), side, judging);
        const verdict = await showWindows(judging, side, "body", wire, facts, reading);
        if (verdict !== null) return verdict;
      }
      if (!judging.wants(side, "wire")) continue;
      const verdict = await showWindows(judging, side, "wire", wire, TURN_FACTS, reading);
      if (verdict !== null) return verdict;
    }
    return judging.end();
  }

  #stream(connection: number, direction: StoredMessage["direction"], decrypted: boolean): StreamOfBytes {
    const key = `${connection}/${direction}/${decrypted}`;
    const known = this.#streams.get(key);
    if (known) return known;
    const [oldest] = this.#streams.keys();
    if (this.#streams.size >= STREAMS) this.#streams.delete(oldest);
    const stream = decrypted
      ? this.#bytes.decrypted(connection, direction)
      : this.#bytes.stream(connection, direction);
    this.#streams.set(key, stream);
    return stream;
  }

  #wire(row: Row, side: Side, message: StoredMessage): Wire {
    const { direction, decrypted, start } = message;
    const stream = this.#stream(row.connection, direction, decrypted);
    const length = message.end - start;
    // As far as it had come when the row was read: an open one is looked at again.
    const extent = { length, complete: true };
    return {
      key: `${row.id}/${side}`,
      headBytes: message.bodyStart - start,
      framing: message.framing,
      extent: () => extent,
      read: (from, into) => {
        const wanted = Math.max(0, Math.min(into.length, length - from));
        const read = wanted === 0 ? 0 : stream.read(start + from, into.subarray(0, wanted));
        // The words of the filler were never on the wire. A Message with a gap has a fault.
        const gaps = message.faults.length === 0 ? [] : stream.gaps(start + from, start + from + read);
        for (const gap of gaps) {
          into.fill(0, Math.max(0, gap.start - start - from), Math.min(read, gap.end - start - from));
        }
        return read;
      },
    };
  }
}

/** What says how a body is to be read. */
const MATTERS = /^(?:content|transfer)-encoding[ \t]*:|utf-?(?:16|32)|iso-2022/im;

/** Most heads have nothing of it, and are not taken apart. */
function factsOf(head: Uint8Array, side: Side, judging: Judging): MessageFacts {
  if (!judging.wantsCharset(side) && !MATTERS.test(oneCharEach(head))) return PLAIN;
  return messageFacts(parseHead(head, 0, side).head.headers);
}

const PLAIN: MessageFacts = { ...TURN_FACTS, isTurn: false };
