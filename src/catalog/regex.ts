// Tries a regular expression on lines in a worker that can be ended: some expressions take longer than anyone
// can wait on some texts, and nothing in their own thread can stop them.

/** So long the lines of one block may take, and all of them together, in ms. */
const BLOCK_MS = 2000;
const ALL_MS = 30_000;

/** Asks `regex_worker.ts`. */
export class LineRegex {
  readonly #worker: Worker;
  readonly #expression: RegExp;
  #begun = false;
  #left = ALL_MS;

  constructor(expression: RegExp) {
    this.#expression = expression;
    this.#worker = new Worker(new URL("./regex_worker.ts", import.meta.url), {
      type: "module",
      name: "find",
    });
  }

  /**
   * All places in the lines, flat: index of the line, from, to, and so on. Null where it took too long; nothing
   * may be asked afterwards. Rejects with the signal's reason once that is aborted.
   */
  async find(lines: readonly string[], signal?: AbortSignal): Promise<Uint32Array | null> {
    // That the worker has begun is waited for apart, so that it is not taken for a slow expression.
    if (!this.#begun) await this.#ask(this.#expression, Infinity, signal);
    this.#begun = true;
    const began = performance.now();
    const places = await this.#ask(lines, Math.min(BLOCK_MS, this.#left), signal);
    this.#left -= performance.now() - began;
    return places;
  }

  close(): void {
    this.#worker.terminate();
  }

  /** The worker's answer; null where there is none within so many ms. */
  async #ask(
    question: RegExp | readonly string[],
    within: number,
    signal?: AbortSignal,
  ): Promise<Uint32Array | null> {
    const { promise, resolve, reject } = Promise.withResolvers<Uint32Array | null>();
    const timer = within === Infinity ? undefined : setTimeout(() => resolve(null), within);
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort);
    this.#worker.onmessage = ({ data }: MessageEvent<Uint32Array>) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`The search has stopped: ${event.message}`));
    };
    this.#worker.postMessage(question);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }
}
