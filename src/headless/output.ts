// Where a command writes what it finds: the standard output, at the speed at which that is read, until nobody reads it.

import { diskReason } from "../journal/disk_reason.ts";

/** The standard output, say. */
export interface Sink {
  write(bytes: Uint8Array): Promise<number>;
}

const encoder = new TextEncoder();

/** Takes text and bytes in order. */
export class Output {
  #gone = false;

  constructor(private readonly sink: Sink) {}

  /** Whether whoever read it has gone, as `head` does when it has enough: nothing more needs to be written. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Writes lines, and waits until they are taken. Throws Error, in words for the user. */
  async lines(lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.bytes(encoder.encode(`${lines.join("\n")}\n`));
  }

  /** Writes bytes, and waits until they are taken. Throws Error, in words for the user. */
  async bytes(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length && !this.#gone;) at += await this.sink.write(bytes.subarray(at));
    } catch (error) {
      this.#gone = true;
      if (error instanceof Deno.errors.BrokenPipe) return;
      throw new Error(`Cannot print: ${diskReason(error)}. Send it elsewhere.`, { cause: error });
    }
  }
}
