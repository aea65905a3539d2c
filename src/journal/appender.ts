// Appends to the capture: begins a new segment when the one that grows has its share, removes the oldest when more is
// there than is kept, stops before the disk is full or where it fails, and goes on when it can again. What cannot be
// written is never half there: the file ends with a whole block. It runs in the journal's worker.

import type { BatchRecord } from "./batch.ts";
import type { CaptureFile } from "./capture_files.ts";
import { type RecordedListener, recordedListener } from "./comment.ts";
import { diskReason } from "./disk_reason.ts";
import { freeBytes, identityOf, isThere, leastWords, lockNewCapture, openCapture, readerOf } from "./file.ts";
import type { KeyLogging } from "./key_logging.ts";
import { SECRETS_HEADER } from "./pcapng.ts";
import type { FromWorker } from "./protocol.ts";
import { notRecorded } from "./records.ts";
import type { SecretsSink } from "./secrets.ts";
import { type OlderSegment, segmentPath } from "./segment_files.ts";
import { JournalWriter } from "./writer.ts";

/** The free space is looked at before each so many bytes, and at least each so many ms. */
const CHECK_BYTES = 16 * 1024 * 1024;
const CHECK_MS = 500;
/** The key log is looked at so often, ms, and before each batch. */
const LOOK_MS = 50;
/** What goes by time, and whether recording can go on, is looked at so often, ms. */
const TICK_MS = 500;
/** A segment has this part of what is kept … */
const SHARES = 8;
/** … but at least so many bytes. */
const LEAST_SHARE = 64 * 1024;
/** So much of a torn end is put back where no section could be begun in its place: more than is written at once. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** It goes on with so much more free than it stopped at, bytes, or more where that is more. */
const LEAST_ROOM = 1024 * 1024;

/** What is appended to, and what bounds it. */
export interface AppenderOptions {
  /** The file of the newest segment. */
  readonly path: string;
  readonly application: string;
  /** Recording stops when less than so many bytes are free. */
  readonly minFree: number;
  /** How much is kept of the capture, null without that limit: bytes of all its files, ms. */
  readonly keepBytes: number | null;
  readonly keepMs: number | null;
  /** How much of each Direction of a Connection is recorded, bytes. */
  readonly captureLimit: number | null;
  readonly keys: KeyLogging | null;
  readonly post: (message: FromWorker) => void;
}

/** Where appending begins. */
export interface Beginning {
  /** The newest segment, open, and its length without a torn end. */
  readonly file: Deno.FsFile;
  readonly number: number;
  readonly base: number;
  readonly length: number;
  readonly older: readonly OlderSegment[];
  readonly lastConnection: number;
  readonly listeners: readonly RecordedListener[];
}

/** See above. */
export class Appender implements SecretsSink {
  readonly #options: AppenderOptions;
  readonly #writer: JournalWriter;
  readonly #older: OlderSegment[];
  readonly #beginning: Beginning;
  #file: Deno.FsFile;
  #number: number;
  /** Where the newest segment begins in the capture. */
  #base: number;
  /** How long it is, and how long with whole blocks that are all there. */
  #length: number;
  #whole: number;
  /** When it was begun, ms since the epoch, and how long it was when all that was open had been carried over. */
  #begunAt = 0;
  #begun = 0;
  #sinceCheck = 0;
  #checkedAt = 0;
  #failure: unknown = null;
  #stopped = false;
  /** The segment that grows has its share, and the next could not be begun. */
  #isStuck = false;
  #lookTimer: ReturnType<typeof setInterval> | undefined;
  #tickTimer: ReturnType<typeof setInterval> | undefined;
  /** Where blocks of secrets begin that were appended before the first look. */
  readonly #appended: number[] = [];

  constructor(options: AppenderOptions, beginning: Beginning) {
    this.#options = options;
    this.#writer = new JournalWriter((bytes) => this.#append(bytes), options.captureLimit ?? Infinity);
    this.#file = beginning.file;
    this.#number = beginning.number;
    this.#base = beginning.base;
    this.#length = this.#whole = beginning.length;
    this.#older = [...beginning.older];
    this.#beginning = beginning;
  }

  /** The position behind all that is recorded. */
  get position(): number {
    return this.#base + this.#length;
  }

  /** The files of the capture, oldest first. */
  get files(): CaptureFile[] {
    const { path } = this.#options;
    const older = this.#older.map(({ path, base, length }) => ({ path, later: null, base, length }));
    const newest = { path, later: segmentPath(path, this.#number), base: this.#base, length: null };
    return [...older, newest];
  }

  /**
   * Cuts a torn end off and begins the section of this run. Returns where secrets for earlier ones were appended. Throws
   * what the disk says; the file then is as it was.
   */
  begin(at: number): readonly number[] {
    const before = new Kept(this.#file, this.#length);
    try {
      return this.#beginSection(at);
    } catch (error) {
      before.restore();
      throw error;
    }
  }

  #beginSection(at: number): readonly number[] {
    const { application, keys } = this.#options;
    // First of all: a section with the rest of an old packet behind it would be damage, and no torn end.
    if (this.#file.statSync().size > this.#length) this.#file.truncateSync(this.#length);
    this.#file.seekSync(this.#length, Deno.SeekMode.Start);
    // Only the section that a file begins with says where it belongs.
    if (this.#length === 0) this.#number = this.#freeNumber(this.#number);
    this.#writer.beginSegment(application, { at, ...this.#length === 0 && this.#place() }, false);
    keys?.begin(this);
    this.#writer.flush();
    if (this.#failure !== null) throw this.#failure;
    this.#whole = this.#begun = this.#length;
    this.#begunAt = at;
    this.#tickTimer = setInterval(() => this.#tick(Date.now()), TICK_MS);
    if (keys) this.#lookTimer = setInterval(() => this.#look(), LOOK_MS);
    return this.#appended.splice(0);
  }

  /** Appends a block with these lines; returns where they begin in the capture. */
  append(lines: Uint8Array): number {
    this.#writer.flush();
    const start = this.position;
    this.#writer.secrets(lines);
    if (this.#lookTimer === undefined) this.#appended.push(start);
    return start + SECRETS_HEADER;
  }

  /** Replaces bytes of the capture. Those of an older segment that is not there any more are left. */
  replace(position: number, bytes: Uint8Array): void {
    if (this.#stopped || this.#failure !== null) return;
    if (position >= this.#base) {
      writeAt(this.#file, position - this.#base, bytes);
      this.#file.seekSync(this.#length, Deno.SeekMode.Start);
      return;
    }
    const older = this.#older.findLast(({ base }) => base <= position);
    if (!older) return;
    using file = Deno.openSync(older.path, { write: true });
    writeAt(file, position - older.base, bytes);
  }

  /** Appends the records of a batch, or only counts them where recording has stopped. */
  batch(records: Iterable<BatchRecord>): void {
    const now = Date.now();
    if (this.#sinceCheck >= CHECK_BYTES || now - this.#checkedAt >= CHECK_MS) this.checkSpace(now);
    this.#guard(now, () => {
      if (!this.#stopped) this.#options.keys?.read();
      for (const record of records) {
        if (!this.#stopped) this.#options.keys?.before(record);
        this.#writer.record(record);
        // Where that stops recording, what follows in the batch is counted all the same.
        if (this.#isFull(this.#length + this.#writer.waiting)) this.#guard(now, () => this.#rotate(now));
      }
    });
  }

  /** Begins a new segment, unless there is nothing in this one. */
  rotate(): void {
    const now = Date.now();
    if (!this.#stopped && this.#length > this.#begun) this.#guard(now, () => this.#rotate(now));
  }

  /** Removes the segments that lie wholly before this position. */
  dropBefore(position: number): void {
    const before = this.#older.length;
    this.#guard(Date.now(), () => {
      while (this.#older.length > 0 && this.#older[0].base + this.#older[0].length <= position) {
        this.#dropOldest();
      }
    });
    if (this.#older.length < before) this.#tellFiles();
  }

  close(): void {
    clearInterval(this.#lookTimer);
    clearInterval(this.#tickTimer);
    const isBegun = this.#tickTimer !== undefined;
    // What came since the last look belongs to what is recorded, too.
    if (isBegun && !this.#stopped) this.#guard(Date.now(), () => this.#options.keys?.look());
    this.#options.keys?.close();
    this.#file.close();
  }

  /** Stops where too little is free on the file's disk, or the file is not there any more. */
  checkSpace(now: number): void {
    if (this.#stopped) return;
    this.#sinceCheck = 0;
    this.#checkedAt = now;
    const lack = this.#lack(this.#options.minFree) ??
      (this.#isThere() ? null : `${this.#options.path} is gone`);
    if (lack !== null) this.stop(lack, now);
  }

  /** Stops, after ending the Connections that are open in the record, which learns no more of them for now. */
  stop(cause: string, at: number): void {
    if (this.#stopped) return;
    const reason = `Recording stopped: ${cause}`;
    this.#failure = null;
    this.#cut();
    this.#writer.endAll(notRecorded(reason), at);
    this.#writer.flush();
    // Where there is no room for the ends either, whoever is told the reason ends them.
    if (this.#failure === null) this.#whole = this.#length;
    else this.#cut();
    this.#failure = null;
    this.#stopped = true;
    this.#options.post({ type: "stopped", reason, position: this.position });
  }

  /** What is missing to record, in words; null where nothing is. */
  #lack(least: number): string | null {
    const { path, minFree } = this.#options;
    try {
      if (freeBytes(path) >= least) return null;
    } catch (error) {
      return `cannot see how much is free on the disk of ${path}: ${diskReason(error)}`;
    }
    return `less than ${leastWords(minFree)} is free on the disk of ${path}`;
  }

  /** Whether the file that is written to is the one that others find by its name. */
  #isThere(): boolean {
    try {
      const [own, named] = [identityOf(this.#file.statSync()), identityOf(Deno.statSync(this.#options.path))];
      return own === null || own === named;
    } catch {
      return false;
    }
  }

  #tick(now: number): void {
    if (this.#stopped) return this.#resume(now);
    const { keepMs } = this.#options;
    if (keepMs === null) return;
    if (now - this.#begunAt >= keepMs / SHARES) this.rotate();
    const old = this.#older.filter(({ until }) => until < now - keepMs).at(-1);
    if (old) this.dropBefore(old.base + old.length);
  }

  /** Goes on recording, where that can be done again. */
  #resume(now: number): void {
    const { minFree, application, keys } = this.#options;
    // A little more than it stopped at, so that it does not stop again at once.
    const more = Math.min(CHECK_BYTES, Math.max(LEAST_ROOM, minFree / 8));
    if (this.#lack(minFree + more) !== null) return;
    const [file, number, base] = [this.#file, this.#number, this.#base];
    try {
      if (!this.#isThere()) this.#beginAgain(now);
      else {
        this.#cut();
        if (this.#isStuck) this.#beginNext(now);
      }
      this.#stopped = false;
      this.#writer.beginSegment(application, { at: now, ...this.#length === 0 && this.#place() }, true);
      keys?.room();
      this.#writer.carry(now);
      this.#writer.flush();
      if (this.#failure !== null) throw this.#failure;
    } catch {
      // As before: it is tried again.
      this.#failure = null;
      this.#stopped = true;
      if (this.#file !== file) {
        // It would be taken for somebody else's the next time.
        tryTruncate(this.#file);
        this.#file.close();
        [this.#file, this.#number, this.#base] = [file, number, base];
        this.#older.pop();
        this.#length = this.#whole = file.statSync().size;
      } else this.#cut();
      return;
    }
    if (this.#file !== file) file.close();
    this.#whole = this.#begun = this.#length;
    this.#begunAt = now;
    this.#checkedAt = 0;
    this.#tellFiles();
    this.#options.post({ type: "resumed", position: this.position });
  }

  /** The file was taken away: a new one goes on with the capture. */
  #beginAgain(now: number): void {
    const { path } = this.#options;
    const file = openCapture(path);
    if (file.statSync().size > 0) {
      file.close();
      throw new Error("another file has its name");
    }
    lockNewCapture(file);
    this.#isStuck = false;
    // Whoever has it open can still read it.
    const gone = { path: segmentPath(path, this.#number), number: this.#number, base: this.#base };
    this.#older.push({ ...gone, length: this.#length, until: now });
    this.#goOnIn(file);
  }

  /** Ends the segment that grows, and begins the next. Throws Error, in words. */
  #rotate(now: number): void {
    this.#writer.flush();
    if (this.#failure !== null || this.#stopped) return;
    this.#whole = this.#length;
    const before = this.#file;
    this.#beginNext(now);
    before.close();
    const { application, keys } = this.#options;
    this.#writer.beginSegment(application, { at: now, ...this.#place() }, true);
    keys?.room();
    this.#writer.carry(now);
    this.#writer.flush();
    this.#begun = this.#length;
    this.#begunAt = now;
    this.#dropForSize();
    this.#tellFiles();
  }

  /** Puts the segment that grows away under its later name, and opens the next. Throws Error, in words. */
  #beginNext(now: number): void {
    const { path } = this.#options;
    const later = segmentPath(path, this.#number);
    const ended = { path: later, number: this.#number, base: this.#base, length: this.#length, until: now };
    this.#isStuck = true;
    try {
      // Its name was free when it was begun.
      if (isThere(later)) throw new Error(`${later} is another file`);
      Deno.renameSync(path, later);
      const file = openCapture(path);
      lockNewCapture(file);
      this.#older.push(ended);
      this.#goOnIn(file);
    } catch (error) {
      throw new Error(`cannot begin the next file of the capture: ${diskReason(error)}`, { cause: error });
    }
    this.#isStuck = false;
  }

  #goOnIn(file: Deno.FsFile): void {
    this.#file = file;
    this.#base = this.position;
    this.#number = this.#freeNumber(this.#number + 1);
    this.#length = this.#whole = 0;
  }

  /** The first number from this one on whose name no file has: it may be somebody's who does not want to lose it. */
  #freeNumber(number: number): number {
    while (isThere(segmentPath(this.#options.path, number))) number++;
    return number;
  }

  /** What a segment says of itself and of what was before it. */
  #place() {
    const { lastConnection, listeners } = this.#beginning;
    const last = Math.max(lastConnection, this.#writer.lastConnection);
    const known = new Map(listeners.map((listener) => [listener.id, listener]));
    for (const opened of this.#writer.listeners) {
      known.set(opened.listener, { ...known.get(opened.listener), ...recordedListener(opened) });
    }
    return {
      ...this.#number > 1 && { segment: this.#number },
      ...this.#base > 0 && { base: this.#base },
      ...last > 0 && { lastConnection: last },
      ...known.size > 0 && { listeners: [...known.values()] },
    };
  }

  /** Whether the segment has its share; what is carried over may be more than that. */
  #isFull(length: number): boolean {
    return length >= this.#share && length >= this.#begun + LEAST_SHARE && !this.#stopped &&
      this.#failure === null;
  }

  get #share(): number {
    const { keepBytes } = this.#options;
    return keepBytes === null ? Infinity : Math.max(LEAST_SHARE, Math.floor(keepBytes / SHARES));
  }

  /** Leaves so much room that the segment which has begun may have its share. */
  #dropForSize(): void {
    const most = (this.#options.keepBytes ?? Infinity) - Math.max(this.#share, this.#begun + LEAST_SHARE);
    while (this.#older.length > 0 && this.#base - this.#older[0].base > most) this.#dropOldest();
  }

  #dropOldest(): void {
    const { path } = this.#older[0];
    try {
      Deno.removeSync(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) {
        throw new Error(`cannot remove ${path}: ${diskReason(error)}`, { cause: error });
      }
    }
    this.#older.shift();
  }

  #tellFiles(): void {
    this.#options.post({ type: "files", files: this.files });
  }

  #look(): void {
    if (this.#stopped) return;
    const before = this.position;
    this.#guard(Date.now(), () => this.#options.keys?.look());
    if (this.position !== before) this.#options.post({ type: "grown", position: this.position });
  }

  /** Runs `write` and makes sure that the file ends with a whole block, also when the disk fails. */
  #guard(at: number, write: () => void): void {
    const { path } = this.#options;
    try {
      write();
      this.#writer.flush();
    } catch (error) {
      // What has a cause says already what could not be done.
      if (error instanceof Error && error.cause !== undefined) this.stop(error.message, at);
      else this.#failure = error;
    }
    if (this.#stopped) return;
    if (this.#failure !== null) this.stop(`cannot write to ${path}: ${diskReason(this.#failure)}`, at);
    else this.#whole = this.#length;
  }

  /** Cuts off what is not whole. Where even that fails, the next run does it. */
  #cut(): void {
    try {
      if (this.#length > this.#whole || this.#file.statSync().size > this.#whole) {
        this.#file.truncateSync(this.#whole);
      }
      this.#file.seekSync(this.#whole, Deno.SeekMode.Start);
    } catch {
      // The reader takes nothing behind the last whole block.
    }
    this.#length = this.#whole;
  }

  /** Once something could not be written, nothing is until that is looked at. */
  #append(bytes: Uint8Array): void {
    if (this.#stopped || this.#failure !== null) return;
    try {
      for (let from = 0; from < bytes.length;) {
        from += this.#file.writeSync(from ? bytes.subarray(from) : bytes);
      }
    } catch (error) {
      this.#failure = error;
      return;
    }
    this.#length += bytes.length;
    this.#sinceCheck += bytes.length;
  }
}

/** What a file is from some offset on, to have it so again. */
class Kept {
  readonly #end: Uint8Array;
  readonly #times: readonly [Date, Date] | null;

  constructor(private readonly file: Deno.FsFile, private readonly offset: number) {
    const { size, atime, mtime } = file.statSync();
    this.#times = atime && mtime && [atime, mtime];
    const end = new Uint8Array(Math.min(size - offset, KEPT_BYTES));
    this.#end = end.subarray(0, readerOf(file)(offset, end));
  }

  /** As far as the disk lets it. */
  restore(): void {
    try {
      this.file.truncateSync(this.offset);
      writeAt(this.file, this.offset, this.#end);
      if (this.#times) this.file.utimeSync(...this.#times);
    } catch {
      // What failed first is what is told; the reader takes nothing behind the last whole block.
    }
  }
}

function writeAt(file: Deno.FsFile, offset: number, bytes: Uint8Array): void {
  file.seekSync(offset, Deno.SeekMode.Start);
  for (let from = 0; from < bytes.length;) from += file.writeSync(bytes.subarray(from));
}

function tryTruncate(file: Deno.FsFile): void {
  try {
    file.truncateSync(0);
  } catch {
    // Then it stays, and is in the way until somebody removes it.
  }
}
