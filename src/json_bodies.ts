// The lines of `--json-bodies`: Exchanges with both Messages whole, one after the other, however large they are. What
// waits is only which they are; their bytes are read from the capture when their turn comes.

import type { Catalog } from "./catalog/types.ts";
import type { LineOutput } from "./line_output.ts";
import type { Exchange } from "./model.ts";

/** So many Exchanges wait for their lines at most, … */
const MOST_WAITING = 100_000;
/** … and so many are asked for at once. */
const AT_ONCE = 500;
/** How the lines begin that tell of Connections: those are told by lines of their own, when they open and close. */
const OF_CONNECTION = new TextEncoder().encode('{"event":"connection"');
const LINE_END = 10;

/** Writes whole Exchanges to `output`. */
export class WholeExchanges {
  #waiting: string[] = [];
  #lost = 0;
  #working: Promise<void> | null = null;

  constructor(
    private readonly catalog: Pick<Catalog, "export">,
    private readonly output: Pick<LineOutput, "line" | "long">,
    private readonly application: string,
    /** Makes the line that says how many were left out. */
    private readonly lostLine: (count: number) => string,
    private readonly failed: (error: Error) => void,
  ) {}

  /** Takes Exchanges that are complete. */
  completed(exchanges: readonly Exchange[]): void {
    const room = Math.max(0, MOST_WAITING - this.#waiting.length);
    this.#waiting.push(...exchanges.slice(0, room).map(({ id }) => id));
    this.#lost += Math.max(0, exchanges.length - room);
    if (this.#waiting.length > 0) this.#working ??= this.#work();
  }

  /** Resolves when all that was taken is written. */
  async done(): Promise<void> {
    await this.#working;
  }

  async #work(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const ids = this.#waiting.splice(0, AT_ONCE);
        const { application } = this;
        const { stream } = await this.catalog.export({ format: "ndjson", ids, application });
        await this.output.long(withoutConnections(stream));
        if (this.#lost > 0) this.output.line(this.lostLine(this.#lost));
        this.#lost = 0;
      }
    } catch (error) {
      this.failed(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#working = null;
    }
  }
}

/** The lines of an export but for those of Connections. */
async function* withoutConnections(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  /** The beginning of a line, as long as it may be one of those; null once that is known. */
  let start: number[] | null = [];
  let skips = false;
  for await (const bytes of stream) {
    for (let at = 0; at < bytes.length;) {
      if (start !== null) {
        const byte = bytes[at++];
        start.push(byte);
        if (byte !== OF_CONNECTION[start.length - 1]) yield Uint8Array.from(start);
        else if (start.length < OF_CONNECTION.length) continue;
        else skips = true;
        start = null;
        continue;
      }
      const end = bytes.indexOf(LINE_END, at);
      const next = end < 0 ? bytes.length : end + 1;
      if (!skips) yield bytes.subarray(at, next);
      at = next;
      if (end < 0) break;
      start = [];
      skips = false;
    }
  }
}
