// Tries a regular expression on lines in a worker that can be ended: some expressions take longer than anyone
// can wait on some texts, and nothing in their own thread can stop them.

/** So long the lines of one block may take, and all of them together, in ms. */
const BLOCK_MS = 2000;
const ALL_MS = 30_000;

/** Asks `regex_worker.ts`. */
export class LineRegex {
  readonly #worker: Worker;
  #left = ALL_MS;

  constructor(expression: RegExp) {
    this.#worker = new Worker(new URL("./regex_worker.ts", import.meta.url), {
      type: "module",
      name: "find",
    });
    this.#worker.postMessage(expression);
  }

  /**
   * All places in the lines, flat: index of the line, from, to, and so on. Null where it took too long;
   * nothing may be asked afterwards. Rejects with the signal's reason once that is aborted.
   */
  async find(lines: readonly string[], signal?: AbortSignal): Promise<Uint32Array | null> {
    const began = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<Uint32Array | null>();
    const timer = setTimeout(() => resolve(null), Math.min(BLOCK_MS, this.#left));
    const abort = () => reject(signal?.reason);
    signal?.addEventListener("abort", abort);
    this.#worker.onmessage = ({ data }: MessageEvent<Uint32Array>) => resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`The search has stopped: ${event.message}`));
    };
    this.#worker.postMessage(lines);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      this.#left -= performance.now() - began;
    }
  }

  close(): void {
    this.#worker.terminate();
  }
}
