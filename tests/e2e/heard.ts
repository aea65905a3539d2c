// Targets for the tests of sending: they keep every byte of every connection. One answers HTTP, numbering its answers, and
// one speaks first, as mail servers do.

const encoder = new TextEncoder();

/** Bytes as text, one character a byte. */
export function octetsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** Accepts connections on a free port of loopback until it is ended. */
class Heard {
  /** What each connection has sent so far, one character a byte, in the order they came. */
  readonly heard: string[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>;

  constructor(
    private readonly serve: (conn: Deno.TcpConn, note: (bytes: Uint8Array) => void) => Promise<void>,
  ) {
    this.#serving = this.#accept();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** "127.0.0.1:43271" */
  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  async end(): Promise<void> {
    this.#listener.close();
    for (const conn of this.#open) conn.close();
    await this.#serving;
  }

  async #accept(): Promise<void> {
    const serving: Promise<void>[] = [];
    for await (const conn of this.#listener) {
      const at = this.heard.push("") - 1;
      this.#open.add(conn);
      const note = (bytes: Uint8Array) => {
        this.heard[at] += octetsOf(bytes);
      };
      serving.push(
        this.serve(conn, note).catch(() => {}).finally(() => {
          if (this.#open.delete(conn)) conn.close();
        }),
      );
    }
    await Promise.all(serving);
  }
}

/** Answers each connection once its first head is there, and hears it to its end. */
export function httpTarget(): Heard {
  let answers = 0;
  return new Heard(async (conn, note) => {
    let text = "";
    let answered = 0;
    for await (const bytes of pieces(conn)) {
      note(bytes);
      text += octetsOf(bytes);
      const heads = text.match(/^[A-Z]+ \S+ HTTP\/1\.[01]\r?$/gm)?.length ?? 0;
      for (; answered < heads && /\r?\n\r?\n/.test(text); answered++) {
        const body =
          `<?xml version="1.0"?><answer><number>${++answers}</number><name>Börse</name><same>always</same></answer>`;
        await write(
          conn,
          `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nX-Number: ${answers}\r\nX-Same: yes\r\n`,
        );
        await write(conn, `Content-Length: ${encoder.encode(body).length}\r\n\r\n${body}`);
      }
    }
  });
}

/** Greets, and answers each line; a line that comes before the one before was answered is answered with "503 wait". */
export function lineTarget(): Heard {
  return new Heard(async (conn, note) => {
    await write(conn, "220 ready\r\n");
    let rest = "";
    let number = 0;
    for await (const bytes of pieces(conn)) {
      note(bytes);
      rest += octetsOf(bytes);
      const lines = rest.split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        number++;
        const echo = lines.length > 1 ? "503 wait" : `250 ${number} ${line.trimEnd()}`;
        await writeAll(conn, Uint8Array.from(`${echo}\r\n`, (char) => char.charCodeAt(0)));
      }
    }
  });
}

async function* pieces(conn: Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const length = await conn.read(buffer);
    if (length === null) return;
    yield buffer.slice(0, length);
  }
}

async function write(conn: Deno.TcpConn, text: string): Promise<void> {
  await writeAll(conn, encoder.encode(text));
}

async function writeAll(conn: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}
