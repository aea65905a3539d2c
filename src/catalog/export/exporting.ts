// Exports, as the program's thread has them: a worker of their own, which is there while there are some, and streams
// that are taken from it.

import type { ExportQuestions, Places } from "../questions.ts";
import { Remote } from "../remote.ts";
import { exchangeNumber } from "../rows.ts";
import type { Catalog } from "../types.ts";
import type { Masked } from "../../decode/redact/mod.ts";
import type {
  BegunExport,
  Exported,
  ExportOutcome,
  ExportQuery,
  ExportTask,
  MaskedPreview,
} from "./types.ts";

/** So many rows are listed at once where a filter says which. */
const ROWS = 1_000;
/** The worker goes so long after its last export, ms. */
const IDLE_MS = 5_000;

/** Begins exports of one capture. */
export class Exporting {
  #worker: Promise<Remote<ExportQuestions>> | null = null;
  #running = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** `list` gives the rows that match a filter. */
  constructor(private readonly places: Places, private readonly list: Catalog["exchanges"]) {}

  /** Begins one. Throws RangeError for a query that makes no sense. */
  async begin(query: ExportQuery, signal?: AbortSignal): Promise<Exported> {
    const task = await this.#task(query, signal);
    this.#running++;
    clearTimeout(this.#idle);
    try {
      const worker = await (this.#worker ??= this.#start());
      const { stream: number, ...begun } = await worker.ask("begin", task, signal);
      const { promise: outcome, resolve } = Promise.withResolvers<ExportOutcome>();
      const masks = (query.redact ?? []).length > 0;
      return { ...begun, stream: this.#stream(worker, number, masks, resolve), outcome };
    } catch (error) {
      this.#over();
      throw error;
    }
  }

  /** What it would mask in the first `most` Exchanges. */
  async preview(query: ExportQuery, most: number, signal?: AbortSignal): Promise<MaskedPreview> {
    const task = await this.#task(query, signal);
    this.#running++;
    clearTimeout(this.#idle);
    try {
      return await (await (this.#worker ??= this.#start())).ask("preview", { task, most }, signal);
    } finally {
      this.#over();
    }
  }

  async #task({ ids, q, ...task }: ExportQuery, signal?: AbortSignal): Promise<ExportTask> {
    const numbers = ids !== undefined
      ? numbersOf(ids)
      : q === undefined || q.trim() === ""
      ? null
      : await this.#matching({ ...task, q }, signal);
    return { ...task, numbers };
  }

  /** Ends all exports; their streams fail. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = await this.#worker?.catch(() => null);
    this.#worker = null;
    await worker?.ask("close", null).catch(() => {});
    worker?.end();
  }

  #stream(
    worker: Remote<ExportQuestions>,
    number: BegunExport["stream"],
    masks: boolean,
    ended: (outcome: ExportOutcome) => void,
  ): ReadableStream<Uint8Array> {
    const nothing: readonly Masked[] = [];
    let isOver = false;
    /** False where it was over before: what was asked for then may still come, or fail. */
    const over = () => {
      if (isOver) return false;
      isOver = true;
      this.#over();
      return true;
    };
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const piece = await worker.ask("take", number);
          if (isOver) return;
          if (piece) return controller.enqueue(piece);
        } catch (error) {
          if (!over()) return;
          worker.say("drop", number);
          ended({ complete: false, masked: nothing });
          throw error;
        }
        const masked = masks ? await worker.ask("masked", number).catch(() => nothing) : nothing;
        if (!over()) return;
        controller.close();
        ended({ complete: true, masked });
      },
      cancel: () => {
        if (!over()) return;
        worker.say("drop", number);
        ended({ complete: false, masked: nothing });
      },
    }, { highWaterMark: 0 });
  }

  async #start(): Promise<Remote<ExportQuestions>> {
    const worker = new Remote<ExportQuestions>(
      new URL("../export_worker.ts", import.meta.url),
      "export",
      () => {},
      // Only the exports of this worker fail with it.
      () => this.#worker = null,
    );
    try {
      await worker.ask("open", this.places);
      return worker;
    } catch (error) {
      this.#worker = null;
      worker.end();
      throw error;
    }
  }

  #over(): void {
    if (--this.#running === 0 && this.#worker !== null) {
      this.#idle = setTimeout(() => void this.close(), IDLE_MS);
    }
  }

  /** The numbers of all Exchanges that match, oldest first. */
  async #matching({ listener, q }: ExportQuery, signal?: AbortSignal): Promise<Float64Array> {
    const numbers: number[] = [];
    let before: string | undefined;
    do {
      const { exchanges, next } = await this.list({ listener, q, before, limit: ROWS, whole: true }, signal);
      for (const { id } of exchanges) numbers.push(exchangeNumber(id) ?? 0);
      before = next ?? undefined;
    } while (before !== undefined);
    return Float64Array.from(numbers).reverse();
  }
}

function numbersOf(ids: readonly string[]): Float64Array {
  const numbers = new Set(ids.map((id) => {
    const number = exchangeNumber(id);
    if (number !== null) return number;
    throw new RangeError(`Cannot export ${JSON.stringify(id.slice(0, 80))}: it is no exchange's id.`);
  }));
  return Float64Array.from(numbers).sort();
}
