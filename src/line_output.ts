// Writes lines to an output that may be slow or gone, without ever making its caller wait or fail.
// What waits is bounded; what had to be left out is told in a line of its own once there is room again.

/** Where the lines go: `Deno.stdout`, say. */
export interface Output {
  write(bytes: Uint8Array): Promise<number>;
}

/** At most so many bytes wait for the output. */
const MOST_WAITING = 16 * 1024 * 1024;

/** A bounded queue of lines before an output. */
export class LineOutput {
  #waiting: string[] = [];
  #size = 0;
  #lost = 0;
  #gone = false;
  #writing: Promise<void> | null = null;

  /** `lostLine` makes the line that says how many were left out. */
  constructor(
    private readonly output: Output,
    private readonly lostLine: (count: number) => string,
    private readonly mostWaiting = MOST_WAITING,
    /** Called once when nothing more can be written, with the reason. */
    private readonly onGone: (error: unknown) => void = () => {},
  ) {}

  /** Takes a line, without its line end. Returns at once and never throws. */
  readonly line = (text: string): void => {
    if (this.#gone) return;
    if (this.#size + text.length > this.mostWaiting) {
      this.#lost++;
      return;
    }
    this.#waiting.push(text);
    this.#size += text.length;
    this.#writing ??= this.#write();
  };

  /**
   * Writes a line that is given in pieces, at the speed of the output, after those that wait. Lines that are taken
   * meanwhile stand behind it. One at a time. Throws what making a piece throws, with the line ended by then.
   */
  async long(pieces: AsyncIterable<Uint8Array>): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#gone) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#writing = promise;
    try {
      for await (const piece of pieces) {
        await this.#put(piece);
        if (this.#gone) break;
      }
    } finally {
      resolve();
      this.#writing = this.#waiting.length > 0 ? this.#write() : null;
    }
  }

  /** Resolves when all lines are written, the output is gone, or `ms` are over. */
  async flush(ms: number): Promise<void> {
    if (!this.#writing) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([this.#writing, promise]);
    clearTimeout(timer);
  }

  async #write(): Promise<void> {
    // Lines of one turn of the event loop go out together.
    await Promise.resolve();
    while (this.#waiting.length > 0 && !this.#gone) {
      const lines = this.#waiting;
      this.#waiting = [];
      this.#size = 0;
      if (this.#lost > 0) {
        lines.push(this.lostLine(this.#lost));
        this.#lost = 0;
      }
      await this.#put(new TextEncoder().encode(lines.join("\n") + "\n"));
    }
    this.#writing = null;
  }

  async #put(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) at += await this.output.write(bytes.subarray(at));
    } catch (error) {
      // Whoever read it has gone, or its disk is full; the program goes on without.
      this.#gone = true;
      this.#waiting = [];
      this.onGone(error);
    }
  }
}
