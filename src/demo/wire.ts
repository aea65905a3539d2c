// One TCP connection of the demo, by whichever side: reads lines and exact lengths, sends all of what it is given.
// Knows nothing of HTTP or of any other protocol.

/** A line or a head that is longer than this ends the conversation. */
const LONGEST_LINE = 64 * 1024;

/** What sockets say when the other side is not there or has gone, or when this side was closed in the middle of a read or write. */
const GONE = [
  Deno.errors.BadResource,
  Deno.errors.BrokenPipe,
  Deno.errors.ConnectionAborted,
  Deno.errors.ConnectionRefused,
  Deno.errors.ConnectionReset,
  Deno.errors.Interrupted,
  Deno.errors.NotConnected,
  Deno.errors.UnexpectedEof,
];

/** Whether `error` only says that a connection is over, or could not begin. */
export function isGone(error: unknown): boolean {
  return GONE.some((kind) => error instanceof kind) ||
    (error instanceof Error && error.name === "AbortError");
}

/** Reads and writes a connection. Not to be read, or written, from two places at once. */
export class Wire {
  readonly #conn: Deno.TcpConn;
  #unread = new Uint8Array(0);

  constructor(conn: Deno.TcpConn) {
    conn.setNoDelay(true);
    this.#conn = conn;
  }

  /** The next line as ISO-8859-1 text, without its CR LF or LF; null when the other side has ended before one began. */
  async line(): Promise<string | null> {
    let from = 0;
    for (;;) {
      const end = this.#unread.indexOf(10, from);
      if (end >= 0) {
        const text = latin1(this.#take(end + 1));
        return text.endsWith("\r\n") ? text.slice(0, -2) : text.slice(0, -1);
      }
      from = this.#unread.length;
      if (from > LONGEST_LINE) {
        throw new Deno.errors.UnexpectedEof("Cannot read a line: it is longer than 64 KiB.");
      }
      if (!await this.#more()) {
        if (from === 0) return null;
        throw new Deno.errors.UnexpectedEof("Cannot read a line: the other side ended within it.");
      }
    }
  }

  /** Exactly `length` bytes. Throws Deno.errors.UnexpectedEof when the other side ends before. */
  async exactly(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    const ready = this.#take(Math.min(length, this.#unread.length));
    bytes.set(ready);
    for (let filled = ready.length; filled < length;) {
      const more = await this.#conn.read(bytes.subarray(filled));
      if (more === null) {
        throw new Deno.errors.UnexpectedEof(`Cannot read ${length} bytes: the other side ended before.`);
      }
      filled += more;
    }
    return bytes;
  }

  /** Everything until the other side ends. */
  async rest(): Promise<Uint8Array> {
    while (await this.#more());
    return this.#take(this.#unread.length);
  }

  /** Sends all of it; text as UTF-8. */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    for (let sent = 0; sent < bytes.length;) sent += await this.#conn.write(bytes.subarray(sent));
  }

  /** Ends this side's stream; the other side may go on. */
  async end(): Promise<void> {
    await this.#conn.closeWrite();
  }

  /** Closes the connection. A read or write that is under way fails. May be called again. */
  close(): void {
    try {
      this.#conn.close();
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }

  async #more(): Promise<boolean> {
    const part = new Uint8Array(16 * 1024);
    const length = await this.#conn.read(part);
    if (length === null) return false;
    const joined = new Uint8Array(this.#unread.length + length);
    joined.set(this.#unread);
    joined.set(part.subarray(0, length), this.#unread.length);
    this.#unread = joined;
    return true;
  }

  #take(length: number): Uint8Array<ArrayBuffer> {
    const taken = this.#unread.slice(0, length);
    this.#unread = this.#unread.slice(length);
    return taken;
  }
}

/** Resolves after `ms`. Rejects with an AbortError as soon as `signal` says stop. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException("Cannot wait any longer: stopped.", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
