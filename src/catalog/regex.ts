// Tries a regular expression on lines in a worker that can be ended: some expressions take longer than anyone
// can wait on some texts, and nothing in their own thread can stop them.

import type { Borrowed } from "./borrowed_workers.ts";

/** So long the lines of one block may take, and all of them together, in ms. */
const BLOCK_MS = 2000;
const ALL_MS = 30_000;

/** Asks `regex_worker.ts`. */
export class LineRegex {
  readonly #expression: RegExp;
  #port: MessagePort | null = null;
  #left = ALL_MS;

  /** `worker` is ended with it. */
  constructor(expression: RegExp, private readonly worker: Borrowed) {
    this.#expression = expression;
  }

  /**
   * All places in the lines, flat: index of the line, from, to, and so on. Null where it took too long; nothing
   * may be asked afterwards. Rejects with the signal's reason once that is aborted.
   */
  async find(lines: readonly string[], signal?: AbortSignal): Promise<Uint32Array | null> {
    if (this.#port === null) {
      this.#port = await unless(signal, this.worker.port);
      // That the worker has begun is waited for apart, so that it is not taken for a slow expression.
      await this.#ask(this.#port, this.#expression, Infinity, signal);
    }
    const began = performance.now();
    const places = await this.#ask(this.#port, lines, Math.min(BLOCK_MS, this.#left), signal);
    this.#left -= performance.now() - began;
    return places;
  }

  close(): void {
    this.worker.end();
  }

  /** The worker's answer; null where there is none within so many ms. */
  async #ask(
    port: MessagePort,
    question: RegExp | readonly string[],
    within: number,
    signal?: AbortSignal,
  ): Promise<Uint32Array | null> {
    const { promise, resolve } = Promise.withResolvers<Uint32Array | null>();
    const timer = within === Infinity ? undefined : setTimeout(() => resolve(null), within);
    port.onmessage = ({ data }: MessageEvent<Uint32Array>) => resolve(data);
    port.postMessage(question);
    try {
      return await unless(signal, Promise.race([promise, this.worker.failed]));
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What comes of `promise`; rejects with the signal's reason once that is aborted. */
async function unless<T>(signal: AbortSignal | undefined, promise: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal?.reason);
  signal?.addEventListener("abort", abort);
  try {
    signal?.throwIfAborted();
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}
