/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
// The journal's worker: appends what the recorder hands over to the capture file, and does nothing else.
// It stops recording, and says so, before the disk is full; the relay goes on either way.

import { BATCH, readBatch } from "./batch.ts";
import { freeBytes, readHeld } from "./file.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";
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
    const now = Date.now();
    if (this.#sinceCheck >= CHECK_BYTES || now - this.#checkedAt >= CHECK_MS) this.checkSpace(now);
    if (this.#stopped) return;
    this.#guard(() => {
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
    if (this.#stopped || freeBytes(this.path) >= this.minFree) return;
    const amount = this.minFree >= 1 << 30 ? `${this.minFree / (1 << 30)} GiB` : `${this.minFree} B`;
    this.#stop(`Recording stopped: less than ${amount} is free on the disk of ${this.path}`, now);
  }

  /** Runs `write` and makes sure that the file ends with a whole block, also when the disk fails. */
  #guard(write: () => void): void {
    try {
      write();
      this.#writer.flush();
      this.#whole = this.bytes;
    } catch (error) {
      this.#stopped = true;
      this.file.truncateSync(this.#whole);
      this.bytes = this.#whole;
      const reason = error instanceof Error ? error.message : String(error);
      post({ type: "stopped", reason: `Recording stopped: cannot write to ${this.path}: ${reason}` });
    }
  }

  /** Ends the Connections that are open in the record, which will learn no more of them, and stops. */
  #stop(reason: string, at: number): void {
    this.#guard(() => this.#writer.endAll(reason, at));
    if (this.#stopped) return;
    this.#stopped = true;
    post({ type: "stopped", reason });
  }

  #append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length;) from += this.file.writeSync(from ? bytes.subarray(from) : bytes);
    this.bytes += bytes.length;
    this.#sinceCheck += bytes.length;
  }
}

const memories: SharedArrayBuffer[] = [];
let appender: Appender | null = null;

function post(message: FromWorker): void {
  self.postMessage(message);
}

function open(message: ToWorker & { type: "open" }): void {
  let file: Deno.FsFile | null = null;
  try {
    file = Deno.openSync(message.file, { read: true, write: true, create: true, mode: 0o600 });
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
    post({ type: "refused", error: error instanceof Error ? error.message : String(error) });
    return;
  }
  appender.checkSpace(message.at);
}

self.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case "open":
      open(data);
      break;
    case "memory":
      memories[data.batch] = data.memory;
      break;
    case "batch":
      appender?.batch(memories[data.batch], data.length);
      post({ type: "done", batch: data.batch, bytes: appender?.bytes ?? 0 });
      break;
    case "close":
      appender?.close();
      post({ type: "closed" });
      self.close();
      break;
  }
};
