// A capture that comes through a pipe, as `tcpdump -w -` writes one: it is kept in a file of the temporary folder as it
// comes, because whoever reads captures reads them by position. What is compressed with gzip is unpacked on the way.
// It never leaves its disk with less than recording would. Knows nothing of what is in a capture.

import { join } from "node:path";
import { KIND_BYTES } from "./capture_kind.ts";
import { diskReason } from "./disk_reason.ts";
import { diskBytes, freeBytes, leastFree, leastWords } from "./file.ts";
import { gunzipped } from "./foreign/gunzipped.ts";
import { SECTION_HEADER } from "./pcapng.ts";

/** What the user gives in place of a file's name, and how it is named to him. */
export const PIPED = "-";
export const PIPED_NAME = "standard input";

/** The free space is looked at after so many bytes. */
const LOOK_BYTES = 16 * 1024 * 1024;
/** A pcap file's header is so long. */
const PCAP_HEADER = 24;

/** See above. */
export class PipedInput {
  /** The file that what comes is kept in. */
  readonly path: string;
  /** Resolves when nothing more comes: to what is to be known of that, in words, null where it is nothing. */
  readonly over: Promise<string | null>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #stopped = false;
  #enough = () => {};

  private constructor(input: ReadableStream<Uint8Array>, folder: string) {
    this.path = join(folder, "standard-input");
    this.#reader = input.getReader();
    this.over = this.#copy();
  }

  /**
   * Begins to read `input`; resolves when so much is there that it can be told what it is, or all of it. Throws Error,
   * in words for the user, where it cannot be kept in `folder`. Once `ended` resolves, nothing more is read.
   */
  static async begin(
    input: ReadableStream<Uint8Array>,
    folder: string,
    ended: Promise<unknown>,
  ): Promise<PipedInput> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const piped = new PipedInput(input, folder);
    piped.#enough = resolve;
    ended.then(() => piped.stop());
    await Promise.race([promise, piped.over]);
    return piped;
  }

  /** Nothing more is read: whoever writes it is told so by the system. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#reader.cancel().catch(() => {});
    await this.over.catch(() => {});
  }

  async #copy(): Promise<string | null> {
    const first = await this.#first();
    const isPacked = first[0] === 0x1f && first[1] === 0x8b;
    const all = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => {
        if (first.length > 0) controller.enqueue(first);
      },
      pull: async (controller) => {
        const { value, done } = await this.#reader.read();
        if (done) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      },
      cancel: () => this.#reader.cancel(),
    });
    const plain: ReadableStream<Uint8Array> = isPacked ? ReadableStream.from(gunzipped(all)) : all;
    return await this.#keep(plain.getReader(), isPacked);
  }

  /** At least two bytes of it, where it has so many. */
  async #first(): Promise<Uint8Array<ArrayBuffer>> {
    let first = new Uint8Array(0);
    while (first.length < 2) {
      const { value, done } = await this.#reader.read();
      if (done) break;
      first = new Uint8Array([...first, ...value]);
    }
    return first;
  }

  async #keep(reader: ReadableStreamDefaultReader<Uint8Array>, isPacked: boolean): Promise<string | null> {
    using file = await Deno.open(this.path, { write: true, createNew: true, mode: 0o600 });
    const head = new Uint8Array(KIND_BYTES);
    const least = leastFree(diskBytes(this.path));
    let [length, looked] = [0, -LOOK_BYTES];
    for (;;) {
      const read = await reader.read().catch((error: unknown) => ({ error }));
      if ("error" in read) {
        if (this.#stopped) return null;
        return isPacked
          ? "Its compressed data is damaged or ends early. What follows is not shown"
          : `It cannot be read further: ${diskReason(read.error)}`;
      }
      if (read.done) return null;
      const { value } = read;
      try {
        if (length + value.length - looked >= LOOK_BYTES) {
          looked = length;
          if (freeBytes(this.path) < least) throw new Error(noRoom(least));
        }
        for (let at = 0; at < value.length;) at += await file.write(value.subarray(at));
      } catch (error) {
        await reader.cancel().catch(() => {});
        return `It is not read further: ${diskReason(error)}`;
      }
      if (length < KIND_BYTES) head.set(value.subarray(0, KIND_BYTES - length), length);
      length += value.length;
      if (isEnough(head.subarray(0, Math.min(length, KIND_BYTES)))) this.#enough();
    }
  }
}

function noRoom(least: number): string {
  return `less than ${leastWords(least)} would be free on the disk of the temporary folder`;
}

/** Whether it can be told from this beginning what it is, and it can be read from now on. JSON is read as a whole. */
function isEnough(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (view.getUint32(0) === SECTION_HEADER) {
    if (head.length < 12) return false;
    const length = view.getUint32(4, view.getUint8(8) === 0x4d);
    return head.length >= Math.min(length, KIND_BYTES);
  }
  const isText = head.every((byte) => byte === 9 || byte === 10 || byte === 13 || byte >= 32);
  return !isText && head.length >= PCAP_HEADER;
}
