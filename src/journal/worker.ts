/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The journal's worker: appends what the recorder hands over to the capture file, and does nothing else.
// It stops recording, and says so, before the disk is full; the relay goes on either way.

import { BATCH, readBatch } from "./batch.ts";
import { diskReason } from "./disk_reason.ts";
import { freeBytes, lockCapture, openCapture, readHeld } from "./file.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { notRecorded } from "./records.ts";
import { KeyLogging } from "./key_logging.ts";
import { SECRETS_HEADER } from "./pcapng.ts";
import type { SecretsSink } from "./secrets.ts";
import { JournalWriter } from "./writer.ts";

/** The free space is looked at before each so many bytes, and at least each so many ms. */
const CHECK_BYTES = 16 * BATCH;
const CHECK_MS = 500;
/** The key log is looked at so often, ms, and before each batch. */
const LOOK_MS = 50;

class Appender implements SecretsSink {
  readonly #writer = new JournalWriter((bytes) => this.#append(bytes));
  #sinceCheck = 0;
  #checkedAt = 0;
  #stopped = false;
  #whole: number;
  #lookTimer: ReturnType<typeof setInterval> | undefined;
  /** Where blocks of secrets begin that were appended before the first look. */
  readonly #appended: number[] = [];

  constructor(
    private readonly file: Deno.FsFile,
    private readonly path: string,
    private readonly minFree: number,
    public bytes: number,
    private readonly keys: KeyLogging | null,
  ) {
    this.#whole = bytes;
  }

  /** Begins a section of the file. Returns where secrets for earlier ones were appended. Throws what the disk says. */
  begin(application: string, at: number): readonly number[] {
    this.#writer.begin(application, at);
    this.keys?.begin(this);
    this.#writer.flush();
    this.#whole = this.bytes;
    if (this.keys) this.#lookTimer = setInterval(() => this.#look(), LOOK_MS);
    return this.#appended.splice(0);
  }

  /** Appends a block with these lines; returns where they begin in the file. */
  append(lines: Uint8Array): number {
    this.#writer.flush();
    const start = this.bytes;
    this.#writer.secrets(lines);
    if (this.#lookTimer === undefined) this.#appended.push(start);
    return start + SECRETS_HEADER;
  }

  /** Replaces bytes of the file. */
  replace(position: number, bytes: Uint8Array): void {
    this.file.seekSync(position, Deno.SeekMode.Start);
    for (let from = 0; from < bytes.length;) from += this.file.writeSync(bytes.subarray(from));
    this.file.seekSync(this.bytes, Deno.SeekMode.Start);
  }

  /** Appends the records of a batch, or gives them up where recording has stopped. */
  batch(memory: SharedArrayBuffer, length: number): void {
    if (this.#stopped) return;
    const now = Date.now();
    if (this.#sinceCheck >= CHECK_BYTES || now - this.#checkedAt >= CHECK_MS) this.checkSpace(now);
    if (this.#stopped) return;
    this.#guard(now, () => {
      this.keys?.read();
      for (const record of readBatch(memory, length)) {
        this.keys?.before(record);
        this.#writer.record(record);
      }
    });
  }

  close(): void {
    clearInterval(this.#lookTimer);
    // What came since the last look belongs to what is recorded, too.
    if (!this.#stopped) this.#guard(Date.now(), () => this.keys?.look());
    this.keys?.close();
    this.file.close();
  }

  /** Stops where too little is free on the file's disk. */
  checkSpace(now: number): void {
    this.#sinceCheck = 0;
    this.#checkedAt = now;
    let free: number;
    try {
      free = freeBytes(this.path);
    } catch (error) {
      this.stop(`cannot see how much is free on the disk of ${this.path}: ${diskReason(error)}`, now);
      return;
    }
    if (free >= this.minFree) return;
    const amount = this.minFree >= 1 << 30 ? `${this.minFree / (1 << 30)} GiB` : `${this.minFree} B`;
    this.stop(`less than ${amount} is free on the disk of ${this.path}`, now);
  }

  /** Stops, after ending the Connections that are open in the record, which will learn no more of them. */
  stop(cause: string, at: number): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const reason = `Recording stopped: ${cause}`;
    try {
      this.#cut();
      this.#writer.endAll(notRecorded(reason), at);
      this.#writer.flush();
      this.#whole = this.bytes;
    } catch {
      // There is no room for the ends either: whoever is told the reason ends them.
      this.#cut();
    }
    post({ type: "stopped", reason, bytes: this.bytes });
  }

  #look(): void {
    if (this.#stopped) return;
    const before = this.bytes;
    this.#guard(Date.now(), () => this.keys?.look());
    if (this.bytes !== before) post({ type: "grown", bytes: this.bytes });
  }

  /** Runs `write` and makes sure that the file ends with a whole block, also when the disk fails. */
  #guard(at: number, write: () => void): void {
    try {
      write();
      this.#writer.flush();
      this.#whole = this.bytes;
    } catch (error) {
      this.stop(`cannot write to ${this.path}: ${diskReason(error)}`, at);
    }
  }

  /** Cuts off what is not whole. Where even that fails, the next run does it. */
  #cut(): void {
    try {
      if (this.bytes > this.#whole || this.file.statSync().size > this.#whole) {
        this.file.truncateSync(this.#whole);
        this.file.seekSync(this.#whole, Deno.SeekMode.Start);
      }
    } catch {
      // The reader takes nothing behind the last whole block.
    }
    this.bytes = this.#whole;
  }

  #append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) from += this.file.writeSync(from ? bytes.subarray(from) : bytes);
    this.bytes += bytes.length;
    this.#sinceCheck += bytes.length;
  }
}

const memories = new Map<number, SharedArrayBuffer>();
let appender: Appender | null = null;

function post(message: FromWorker): void {
  self.postMessage(message);
}

async function open(message: ToWorker & { type: "open" }): Promise<void> {
  let file: Deno.FsFile | null = null;
  let keys: KeyLogging | null = null;
  const notices: FromWorker[] = [];
  try {
    if (message.keyLog !== null) {
      keys = new KeyLogging(message.keyLog, (text) => {
        // The first word is whether the file could be opened.
        if (appender === null) notices.push({ type: "notice", text });
        else post({ type: "notice", text });
      });
    }
  } catch (error) {
    post({ type: "refused", error: diskReason(error), of: "key log" });
    return;
  }
  try {
    file = openCapture(message.file);
    await lockCapture(file);
    const held = readHeld(file, keys ? (connection, bytes) => keys?.held(connection, bytes) : undefined);
    file.truncateSync(held.bytes);
    file.seekSync(held.bytes, Deno.SeekMode.Start);
    const opened = new Appender(file, message.file, message.minFree, held.bytes, keys);
    const secrets = opened.begin(message.application, message.at);
    freeBytes(message.file);
    appender = opened;
    post({ type: "opened", held: { ...held, bytes: opened.bytes, secrets: [...held.secrets, ...secrets] } });
    for (const notice of notices) post(notice);
  } catch (error) {
    file?.close();
    keys?.close();
    post({ type: "refused", error: diskReason(error), of: "capture" });
    return;
  }
  appender.checkSpace(message.at);
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  try {
    obey(data);
  } catch (error) {
    appender?.stop(`the journal failed: ${diskReason(error)}`, Date.now());
  }
};

function obey(data: ToWorker): void {
  switch (data.type) {
    case "open":
      open(data);
      break;
    case "memory":
      memories.set(data.batch, data.memory);
      break;
    case "forget":
      memories.delete(data.batch);
      break;
    case "batch":
      appender?.batch(memories.get(data.batch)!, data.length);
      post({ type: "done", batch: data.batch, bytes: appender?.bytes ?? 0 });
      break;
    case "close":
      appender?.close();
      post({ type: "closed" });
      self.close();
      break;
  }
}
