/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The journal's worker: appends what the recorder hands over to the capture file, and does nothing else.
// It stops recording, and says so, before the disk is full; the relay goes on either way.

import { BATCH, readBatch } from "./batch.ts";
import { diskReason } from "./disk_reason.ts";
import { freeBytes, lockCapture, openCapture, readHeld } from "./file.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
import { notRecorded } from "./records.ts";
import { JournalWriter } from "./writer.ts";

/** The free space is looked at before each so many bytes, and at least each so many ms. */
const CHECK_BYTES = 16 * BATCH;
const CHECK_MS = 500;

class Appender {
  readonly #writer = new JournalWriter((bytes) => this.#append(bytes));
  #sinceCheck = 0;
  #checkedAt = 0;
  #stopped = false;
  #whole: number;

  constructor(
    private readonly file: Deno.FsFile,
    private readonly path: string,
    private readonly minFree: number,
    public bytes: number,
  ) {
    this.#whole = bytes;
  }

  /** Begins a section of the file. Throws what the disk says. */
  begin(application: string, at: number): void {
    this.#writer.begin(application, at);
    this.#writer.flush();
    this.#whole = this.bytes;
  }

  /** Appends the records of a batch, or gives them up where recording has stopped. */
  batch(memory: SharedArrayBuffer, length: number): void {
    if (this.#stopped) return;
    const now = Date.now();
    if (this.#sinceCheck >= CHECK_BYTES || now - this.#checkedAt >= CHECK_MS) this.checkSpace(now);
    if (this.#stopped) return;
    this.#guard(now, () => {
      for (const record of readBatch(memory, length)) this.#writer.record(record);
    });
  }

  close(): void {
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
  try {
    file = openCapture(message.file);
    await lockCapture(file);
    const held = readHeld(file);
    file.truncateSync(held.bytes);
    file.seekSync(held.bytes, Deno.SeekMode.Start);
    const opened = new Appender(file, message.file, message.minFree, held.bytes);
    opened.begin(message.application, message.at);
    freeBytes(message.file);
    appender = opened;
    post({ type: "opened", held: { ...held, bytes: opened.bytes } });
  } catch (error) {
    file?.close();
    post({ type: "refused", error: diskReason(error) });
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
