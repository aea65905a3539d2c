// Listens to the program's feed, as the page does: how many Exchanges are indexed, and how far decoding is behind.

/** What it was told. */
export class FeedWatch {
  total = 0;
  /** At most so far: ms, and bytes. */
  mostBehindMs = 0;
  mostBehindBytes = 0;
  behindMs = 0;
  #stream: ReadableStreamDefaultReader<string> | null = null;
  #reading: Promise<void> = Promise.resolve();
  #wake: () => void = () => {};

  /** Begins to listen. */
  static async begin(api: string, token: string): Promise<FeedWatch> {
    const watch = new FeedWatch();
    const headers = { Authorization: `Bearer ${token}` };
    const { body } = await fetch(`${api}/events`, { headers });
    watch.#stream = body!.pipeThrough(new TextDecoderStream()).getReader();
    watch.#reading = watch.#read(watch.#stream);
    return watch;
  }

  /** Resolves when so many are indexed and decoding is level; false after `ms`. */
  async level(total: number, ms: number): Promise<boolean> {
    for (const until = performance.now() + ms; this.total < total || this.behindMs > 0;) {
      const left = until - performance.now();
      if (left <= 0) return false;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = setTimeout(resolve, left);
      await promise;
      clearTimeout(timer);
    }
    return true;
  }

  async stop(): Promise<void> {
    await this.#stream?.cancel();
    await this.#reading;
  }

  async #read(stream: ReadableStreamDefaultReader<string>): Promise<void> {
    let rest = "";
    for (;;) {
      const { value, done } = await stream.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop()!;
      for (const line of lines) if (line.startsWith("data: ")) this.#take(JSON.parse(line.slice(6)));
      this.#wake();
    }
  }

  #take({ counts, recording }: {
    readonly counts?: Readonly<Record<string, { readonly total: number }>>;
    readonly recording?: { readonly behindMs: number; readonly behindBytes?: number };
  }): void {
    if (counts) this.total = Object.values(counts).reduce((sum, { total }) => sum + total, 0);
    if (!recording) return;
    const { behindMs, behindBytes = 0 } = recording;
    this.behindMs = behindMs;
    this.mostBehindMs = Math.max(this.mostBehindMs, behindMs);
    this.mostBehindBytes = Math.max(this.mostBehindBytes, behindBytes);
  }
}
