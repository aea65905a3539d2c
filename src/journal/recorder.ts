// The main thread's half of the journal: an Observer that copies what the relay tells it into batches of shared
// memory and hands them to the worker that appends them to the file. It never parses, formats or touches a disk.
// At most QUEUE bytes wait for the disk; beyond that `behind` asks the relay to wait, and nothing is dropped.

import type {
  Closed,
  Connected,
  Direction,
  Edited,
  Failed,
  Listener,
  Observer,
  Opened,
  Recording,
  Secured,
  ShownRoute,
  SideEnded,
} from "../model.ts";
import { ABRUPT, BATCH, BatchWriter, Kind, MORE, utf8Room } from "./batch.ts";
import { Clock } from "./clock.ts";
import { commentText, editedText } from "./comment.ts";
import type { CaptureFile } from "./capture_files.ts";
import { OpeningText } from "./opening_text.ts";
import { type Keep, keepWords, NO_KEEP } from "../keep.ts";
import type { FromWorker, Held, ToWorker } from "./protocol.ts";
import { beginThread } from "./thread.ts";

/** How many bytes may wait between relay and disk. */
const QUEUE = 28 * BATCH;
/** What was relayed is handed to the worker at most so many ms later … */
const FLUSH_MS = 20;
/** … or so many where more than BUSY bytes came in that time: then each batch costs the relay more than it gains. */
const BUSY_FLUSH_MS = 60;
const BUSY = BATCH / 64;
/** Of those who wait, so many go on for each batch that is done, and so many once nothing waits for the disk. */
const RELEASED = 4;
const RELEASED_WHEN_IDLE = 256;
/** So many batches are kept ready once nothing waits; the others are given back after so many ms. */
const SPARE = 8;
const GIVE_BACK_MS = 1_000;
/** Those who are left then wait so much longer, ms. */
const RELEASE_MS = 5;

/** Memory that is handed to the worker and back. */
interface Batch {
  readonly number: number;
  readonly memory: SharedArrayBuffer;
  readonly writer: BatchWriter;
}

/** Where to record. */
export interface RecorderOptions {
  /** The pcapng file: made when it is not there, continued when it is. */
  readonly file: string;
  /** True when the file is removed at exit. */
  readonly temporary: boolean;
  /** The TLS key log to follow, whose secrets are kept for the Connections that are recorded; none unless given. */
  readonly keyLog?: string;
  /** The thread to record in, where one was begun already. */
  readonly thread?: Worker;
  /** Name and version of the program, for the file. */
  readonly application: string;
  /**
   * Recording stops when less than so many bytes are free on the file's disk: unless given, 1 GiB, or the tenth part of
   * the disk where that is less.
   */
  readonly minFree?: number;
  /** How much is kept; unless given, as many bytes as are there and a quarter of what is free. */
  readonly keep?: Keep;
  /** How many bytes of each Direction of a Connection are recorded; all unless given. */
  readonly captureLimit?: number;
}

/** Records Connections into one capture file. */
export class Recorder implements Observer {
  /** Called with the position behind all that is written, when more of it is. */
  onWritten: (position: number) => void = () => {};
  /** Called when the capture has other files: one was begun, or the oldest are gone. */
  onFiles: (files: readonly CaptureFile[]) => void = () => {};
  /** Called with a sentence for the user. */
  onNotice: (text: string) => void = () => {};
  /** Called when recording has stopped, with the reason in words. */
  onStopped: (reason: string) => void = () => {};
  /** Called when it goes on after that. */
  onResumed: () => void = () => {};

  /** How much is kept. */
  readonly keep: Keep;
  /** What its bytes are a share of, in words; null where they are none. */
  readonly #share: string | null;
  readonly #clock = new Clock();
  readonly #openings = new OpeningText();
  /** Batches that are not in use; the latest returned is taken first, because its memory is warm. */
  readonly #free: Batch[] = [];
  /** Batches that were given back: what of them is not collected when the next burst comes is used before new memory. */
  readonly #resting: WeakRef<Batch>[] = [];
  /** Batches that the worker has, by their numbers. */
  readonly #handed = new Map<number, Batch>();
  #lastBatch = 0;
  /** What listeners do, as it was told the last time, and what of that is not recorded yet. */
  readonly #routeTexts = new Map<string, string>();
  readonly #untoldRoutes = new Map<string, ShownRoute>();
  /** Whether much came in the latest batch. */
  #busy = false;
  #current: Batch | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Who waits for room, in the order they came. */
  #waiters: (() => void)[] = [];
  #releaseTimer: ReturnType<typeof setTimeout> | undefined;
  #spareTimer: ReturnType<typeof setTimeout> | undefined;
  #drained: (() => void) | null = null;
  #begun: ((answer: FromWorker) => void) | null = null;
  #closed: (() => void) | null = null;
  #held: Held;
  #position: number;
  #files: readonly CaptureFile[];
  #stopped: string | null = null;
  /** The worker has failed and answers no more. */
  #dead = false;

  private constructor(
    private readonly worker: Worker,
    private readonly options: RecorderOptions,
    { held, files, keep, share }: FromWorker & { readonly type: "opened" },
  ) {
    this.#held = held;
    this.keep = keep;
    this.#share = share;
    this.#position = held.position;
    this.#files = files;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#answer(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#die(event.message);
    };
  }

  /**
   * Opens the capture, which is not changed before `begin`. Throws Error, in words for the user, where it cannot be made
   * or continued.
   */
  static async open(options: RecorderOptions): Promise<Recorder> {
    const worker = options.thread ?? beginThread();
    const answer = new Promise<FromWorker>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        resolve({ type: "refused", error: event.message, of: "capture" });
      };
    });
    const { file, application, minFree = null, keyLog = null, keep = NO_KEEP, captureLimit = null } = options;
    const open: ToWorker = { type: "open", file, application, keyLog, minFree, keep, captureLimit };
    worker.postMessage(open);
    const first = await answer;
    if (first.type === "opened") return new Recorder(worker, options, first);
    worker.terminate();
    throw refusal(file, first);
  }

  /**
   * Begins this run's section in the capture: nothing can be observed before. Throws Error as `open` does where it
   * cannot be written; it then is as it was.
   */
  async begin(): Promise<void> {
    if (this.#stopped !== null) throw new Error(this.#stopped);
    const answer = new Promise<FromWorker>((resolve) => this.#begun = resolve);
    this.#post({ type: "begin", at: Date.now() });
    const first = await answer;
    if (first.type === "begun") return;
    this.#dead = true;
    throw refusal(this.options.file, first);
  }

  /** What the capture already held when it was opened, and secrets that it lacked. */
  get held(): Held {
    return this.#held;
  }

  /** What is being kept; `behindMs` is not known here and is 0. */
  get recording(): Recording {
    const { file, temporary, captureLimit } = this.options;
    const share = this.#share === null ? "" : ` (${this.#share})`;
    return {
      file,
      temporary,
      bytes: this.#position - this.#files[0].base,
      keeps: `${keepWords(this.keep)}${share}`,
      ...captureLimit !== undefined && { captureLimit },
      stopped: this.#stopped,
      behindMs: 0,
    };
  }

  /** The position behind all that is written. */
  get position(): number {
    return this.#position;
  }

  /** The files of the capture, oldest first. */
  get files(): readonly CaptureFile[] {
    return this.#files;
  }

  /** The position at which the newest file begins. */
  get newest(): number {
    return this.#files.at(-1)!.base;
  }

  /** Begins a new file of the capture, unless there is nothing in the newest one. */
  rotate(): void {
    this.#post({ type: "rotate" });
  }

  /** Removes the files of the capture that lie wholly before this position. */
  dropBefore(position: number): void {
    this.#post({ type: "drop", before: position });
  }

  /** What listeners do now: recorded with the next Connection of each that has changed. */
  knows(listeners: readonly Listener[]): void {
    for (const { id, state: _, error: _e, suggestion: _s, since: _a, capture: _c, ...route } of listeners) {
      const text = JSON.stringify(route);
      if (this.#routeTexts.get(id) === text) continue;
      this.#routeTexts.set(id, text);
      this.#untoldRoutes.set(id, route);
    }
  }

  opened(event: Opened): void {
    const route = this.#untoldRoutes.size > 0 && event.origin === undefined
      ? this.#untoldRoutes.get(event.listener)
      : undefined;
    if (route) this.#untoldRoutes.delete(event.listener);
    const told = route ? { ...event, route } : event;
    this.#event(Kind.opened, event.connection, 0, this.#openings.of(told));
  }

  connected(event: Connected): void {
    this.#event(Kind.connected, event.connection, 0, commentText("connected", event));
  }

  edited(event: Edited): void {
    const text = commentText("edited", editedText(event));
    const kind = event.direction === "upstream" ? Kind.upstreamEdited : Kind.downstreamEdited;
    this.#event(kind, event.connection, 0, text);
  }

  secured(event: Secured): void {
    const kind = event.leg === "client" ? Kind.clientSecured : Kind.targetSecured;
    this.#event(kind, event.connection, 0, commentText("secured", event));
  }

  ended(event: SideEnded): void {
    const kind = event.by === "client" ? Kind.clientEnded : Kind.targetEnded;
    const plain = event.how === "end" && event.passedOn === "end";
    // A FIN says all there is to say of an orderly end that was passed on.
    const text = plain ? "" : commentText("ended", event);
    this.#event(kind, event.connection, event.how === "end" ? 0 : ABRUPT, text);
  }

  closed(event: Closed): void {
    const flags = event.how === "end" ? 0 : ABRUPT;
    this.#event(Kind.closed, event.connection, flags, commentText("closed", event));
  }

  failed(event: Failed): void {
    this.#event(Kind.failed, event.connection, ABRUPT, commentText("failed", event));
  }

  chunk(connection: number, direction: Direction, bytes: Uint8Array): void {
    if (this.#dead) return;
    const at = this.#clock.now();
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
    return new Promise((resolve) => this.#waiters.push(resolve));
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
  close(): Promise<void> {
    return this.#close(false);
  }

  /** Closes the file, and removes it where it was made for this and nothing was recorded. */
  discard(): Promise<void> {
    return this.#close(true);
  }

  async #close(discards: boolean): Promise<void> {
    await this.flush();
    if (!this.#dead) {
      await new Promise<void>((resolve) => {
        this.#closed = resolve;
        this.#post({ type: "close", discards });
      });
    }
    clearTimeout(this.#spareTimer);
    this.worker.terminate();
  }

  /** How many bytes of batches wait for the disk. */
  get #waiting(): number {
    return this.#handed.size * BATCH;
  }

  #event(kind: Kind, connection: number, flags: number, text: string): void {
    if (this.#dead) return;
    this.#batchWithRoom(utf8Room(text)).appendText(kind, connection, this.#clock.now(), flags, text);
  }

  /** The current batch, or a new one where the current has not so much room. */
  #batchWithRoom(room: number): BatchWriter {
    if (this.#current && this.#current.writer.room < room) this.#flush();
    if (!this.#current) {
      this.#clock.look();
      this.#current = this.#free.pop() ?? this.#allocate();
      this.#timer = setTimeout(this.#flush, this.#busy ? BUSY_FLUSH_MS : FLUSH_MS);
    }
    return this.#current.writer;
  }

  #allocate(): Batch {
    let batch: Batch | undefined;
    while (!batch && this.#resting.length > 0) batch = this.#resting.pop()!.deref();
    if (!batch) {
      const memory = new SharedArrayBuffer(BATCH);
      batch = { number: ++this.#lastBatch, memory, writer: new BatchWriter(memory) };
    }
    this.#post({ type: "memory", batch: batch.number, memory: batch.memory });
    return batch;
  }

  readonly #flush = (): void => {
    const batch = this.#current;
    if (!batch) return;
    clearTimeout(this.#timer);
    this.#current = null;
    this.#busy = batch.writer.length > BUSY;
    if (this.#dead) return;
    this.#handed.set(batch.number, batch);
    this.#post({ type: "batch", batch: batch.number, length: batch.writer.length });
  };

  #answer(message: FromWorker): void {
    if (message.type === "done") this.#done(message.batch, message.position);
    else if (message.type === "notice") this.onNotice(message.text);
    else if (message.type === "files") this.onFiles(this.#files = message.files);
    else if (message.type === "grown") this.#grow(message.position);
    else if (message.type === "stopped") this.#stop(message.reason, message.position);
    else if (message.type === "resumed") this.#resume(message.position);
    else if (message.type === "closed") this.#closed?.();
    else {
      if (message.type === "begun") this.#begins(message);
      this.#begun?.(message);
    }
  }

  #begins({ position, files, secrets }: FromWorker & { readonly type: "begun" }): void {
    this.#held = { ...this.#held, position, secrets: [...this.#held.secrets, ...secrets] };
    this.#position = position;
    this.#files = files;
  }

  #done(number: number, position: number): void {
    const batch = this.#handed.get(number)!;
    this.#handed.delete(number);
    batch.writer.length = 0;
    if (this.#free.length + this.#handed.size < QUEUE / BATCH) this.#free.push(batch);
    else this.#forget(batch);
    this.#grow(position);
    this.#release();
    if (this.#handed.size === 0 && this.#free.length > SPARE) {
      this.#spareTimer ??= setTimeout(this.#giveBack, GIVE_BACK_MS);
    }
    if (this.#handed.size === 0) this.#allDone();
  }

  /** After a burst, most of its memory is not kept. */
  readonly #giveBack = (): void => {
    this.#spareTimer = undefined;
    for (const batch of this.#free.splice(SPARE)) this.#forget(batch);
  };

  #forget(batch: Batch): void {
    this.#post({ type: "forget", batch: batch.number });
    this.#resting.push(new WeakRef(batch));
  }

  #grow(position: number): void {
    if (position === this.#position) return;
    this.#position = position;
    this.onWritten(position);
  }

  /** Lets some of those go on who wait: each may bring more than the room that it found. */
  readonly #release = (): void => {
    clearTimeout(this.#releaseTimer);
    if (this.#waiting >= QUEUE) return;
    const idle = this.#handed.size === 0;
    const count = this.#stopped !== null ? Infinity : idle ? RELEASED_WHEN_IDLE : RELEASED;
    for (const resolve of this.#waiters.splice(0, count)) resolve();
    // Nothing may be handed over that would bring the next of them a turn.
    if (idle && this.#waiters.length > 0) this.#releaseTimer = setTimeout(this.#release, RELEASE_MS);
  };

  #allDone(): void {
    this.#drained?.();
    this.#drained = null;
  }

  #stop(reason: string, position: number): void {
    if (this.#stopped !== null) return;
    this.#stopped = reason;
    this.#grow(position);
    this.onStopped(reason);
    this.#release();
  }

  #resume(position: number): void {
    this.#stopped = null;
    this.onResumed();
    this.#grow(position);
  }

  /** The worker has failed: nobody waits for it any more. */
  #die(reason: string): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#handed.clear();
    this.#stop(`Recording stopped: the journal failed: ${reason}`, this.#position);
    this.#release();
    this.#allDone();
    this.#closed?.();
    this.#begun?.({ type: "refused", error: reason, of: "capture" });
  }

  #post(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}

/** Why a capture cannot be had, in words for the user. */
function refusal(file: string, answer: FromWorker): Error {
  if (answer.type === "refused" && answer.of === "key log") return new Error(answer.error);
  const reason = answer.type === "refused" ? answer.error : "the journal did not start";
  return new Error(`Cannot record to ${file}: ${reason}. Give another file with --capture.`);
}
