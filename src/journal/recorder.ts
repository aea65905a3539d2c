// The main thread's half of the journal: an Observer that copies what the relay tells it into batches of shared
// memory and hands them to the worker that appends them to the file. It never parses, formats or touches a disk.
// At most QUEUE bytes wait for the disk; beyond that `behind` asks the relay to wait, and nothing is dropped.

import type {
  Closed,
  Connected,
  Direction,
  Failed,
  Observer,
  Opened,
  Recording,
  SideEnded,
} from "../model.ts";
import { ABRUPT, BATCH, BatchWriter, Kind, MORE } from "./batch.ts";
import { commentFor } from "./comment.ts";
import type { FromWorker, Held, ToWorker } from "./protocol.ts";

/** How many bytes may wait between relay and disk. */
const QUEUE = 64 * BATCH;
/** What was relayed is handed to the worker at most so many ms later. */
const FLUSH_MS = 20;

/** Where to record. */
export interface RecorderOptions {
  /** The pcapng file: made when it is not there, continued when it is. */
  readonly file: string;
  /** True when the file is removed at exit. */
  readonly temporary: boolean;
  /** Name and version of the program, for the file. */
  readonly application: string;
  /** Recording stops when less than so many bytes are free on the file's disk; 1 GiB unless given. */
  readonly minFree?: number;
}

/** Records Connections into one capture file. */
export class Recorder implements Observer {
  /** Called with the file's size when more of it is written. */
  onWritten: (bytes: number) => void = () => {};
  /** Called when recording has stopped, with the reason in words. */
  onStopped: (reason: string) => void = () => {};

  readonly #batches: BatchWriter[] = [];
  /** Indexes of batches that are not in use; the latest returned is taken first, because its memory is warm. */
  readonly #free: number[] = [];
  #current = -1;
  #waiting = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #room: { readonly promise: Promise<void>; readonly resolve: () => void } | null = null;
  #drained: (() => void) | null = null;
  #closed: (() => void) | null = null;
  #bytes: number;
  #stopped: string | null = null;

  private constructor(
    private readonly worker: Worker,
    private readonly options: RecorderOptions,
    /** What the capture already held when it was opened. */
    readonly held: Held,
  ) {
    this.#bytes = held.bytes;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#answer(data);
  }

  /** Opens the capture. Throws Error, in words for the user, where it cannot be made or continued. */
  static async open(options: RecorderOptions): Promise<Recorder> {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: "journal" });
    const answer = new Promise<FromWorker>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
    const { file, application, minFree = 1 << 30 } = options;
    worker.postMessage({ type: "open", file, application, at: now(), minFree } satisfies ToWorker);
    const first = await answer;
    if (first.type === "opened") return new Recorder(worker, options, first.held);
    worker.terminate();
    const reason = first.type === "refused" ? first.error : "the journal did not start";
    throw new Error(`Cannot record to ${file}: ${reason}. Give another file with --capture.`);
  }

  /** What is being kept; `behindMs` is not known here and is 0. */
  get recording(): Recording {
    const { file, temporary } = this.options;
    return { file, temporary, bytes: this.#bytes, stopped: this.#stopped, behindMs: 0 };
  }

  opened(event: Opened): void {
    this.#event(Kind.opened, event.connection, 0, () => commentFor({ event: "opened", ...event }));
  }

  connected(event: Connected): void {
    this.#event(Kind.connected, event.connection, 0, () => commentFor({ event: "connected", ...event }));
  }

  ended(event: SideEnded): void {
    const kind = event.by === "client" ? Kind.clientEnded : Kind.targetEnded;
    const plain = event.how === "end" && event.passedOn === "end";
    // A FIN says all there is to say of an orderly end that was passed on.
    const body = () => plain ? NOTHING : commentFor({ event: "ended", ...event });
    this.#event(kind, event.connection, event.how === "end" ? 0 : ABRUPT, body);
  }

  closed(event: Closed): void {
    const flags = event.how === "end" ? 0 : ABRUPT;
    this.#event(Kind.closed, event.connection, flags, () => commentFor({ event: "closed", ...event }));
  }

  failed(event: Failed): void {
    this.#event(Kind.failed, event.connection, ABRUPT, () => commentFor({ event: "failed", ...event }));
  }

  chunk(connection: number, direction: Direction, bytes: Uint8Array): void {
    if (this.#stopped !== null) return;
    const at = now();
    const kind = direction === "upstream" ? Kind.upstream : Kind.downstream;
    for (let from = 0; from < bytes.length;) {
      const batch = this.#batchWithRoom(1);
      const to = Math.min(bytes.length, from + batch.room);
      const piece = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
      batch.append(kind, connection, at, to < bytes.length ? MORE : 0, piece);
      from = to;
    }
  }

  behind(): Promise<void> | undefined {
    if (this.#waiting < QUEUE) return undefined;
    this.#room ??= Promise.withResolvers<void>();
    return this.#room.promise;
  }

  /** Resolves when everything told so far is in the file (or recording has stopped). */
  async flush(): Promise<void> {
    this.#flush();
    if (this.#waiting === 0) return;
    await new Promise<void>((resolve) => {
      const before = this.#drained;
      this.#drained = () => {
        before?.();
        resolve();
      };
    });
  }

  /** Flushes and closes the file. */
  async close(): Promise<void> {
    await this.flush();
    await new Promise<void>((resolve) => {
      this.#closed = resolve;
      this.#post({ type: "close" });
    });
    this.worker.terminate();
  }

  #event(kind: Kind, connection: number, flags: number, comment: () => Uint8Array): void {
    if (this.#stopped !== null) return;
    const body = comment();
    this.#batchWithRoom(body.length).append(kind, connection, now(), flags, body);
  }

  /** The current batch, or a new one where the current has not so much room. */
  #batchWithRoom(room: number): BatchWriter {
    if (this.#current >= 0 && this.#batches[this.#current].room < room) this.#flush();
    if (this.#current < 0) {
      this.#current = this.#free.pop() ?? this.#allocate();
      this.#timer = setTimeout(this.#flush, FLUSH_MS);
    }
    return this.#batches[this.#current];
  }

  #allocate(): number {
    const memory = new SharedArrayBuffer(BATCH);
    const batch = this.#batches.push(new BatchWriter(memory)) - 1;
    this.#post({ type: "memory", batch, memory });
    return batch;
  }

  readonly #flush = (): void => {
    if (this.#current < 0) return;
    clearTimeout(this.#timer);
    const batch = this.#current;
    this.#current = -1;
    this.#waiting += BATCH;
    this.#post({ type: "batch", batch, length: this.#batches[batch].length });
  };

  #answer(message: FromWorker): void {
    if (message.type === "done") {
      this.#waiting -= BATCH;
      this.#batches[message.batch].length = 0;
      this.#free.push(message.batch);
      if (message.bytes !== this.#bytes) {
        this.#bytes = message.bytes;
        this.onWritten(message.bytes);
      }
      if (this.#waiting < QUEUE) {
        this.#room?.resolve();
        this.#room = null;
      }
      if (this.#waiting === 0) {
        this.#drained?.();
        this.#drained = null;
      }
    } else if (message.type === "stopped") {
      this.#stopped = message.reason;
      this.onStopped(message.reason);
    } else if (message.type === "closed") {
      this.#closed?.();
    }
  }

  #post(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}

const NOTHING = new Uint8Array(0);

function now(): number {
  return performance.timeOrigin + performance.now();
}
