// A target for the tests of the panes: it answers exact bytes by the path that is asked for, one request a connection.
// What only one test needs is given to it by `answer`.
// `/wait` and `/stream` answer only as far as the test lets them; a client that sends "?" first gets bytes, not HTTP.

import { gzipSync } from "node:zlib";
import { joined } from "../../src/decode/octets.ts";

const encoder = new TextEncoder();

/** A SOAP answer, as it is before its codings. */
export const SOAP = '<?xml version="1.0" encoding="UTF-8"?>' +
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>' +
  '<q:getQuoteResponse xmlns:q="http://quotes.example.org/"><q:quote symbol="GOOG" exchange="XNAS">' +
  '<q:price currency="EUR">141.80</q:price><q:name>Börse &amp; Co</q:name><!-- no news -->' +
  "</q:quote></q:getQuoteResponse></soapenv:Body></soapenv:Envelope>";

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEklEQVR4nGNkYPj/n4GBgYEBAAwFAQHi6+7rAAAAAElFTkSuQmCC";

/** How many elements `/large` answers with, and what the one with a number looks like. */
export const LARGE = 60_000;
export const largeItem = (n: number) =>
  `<item n="${n}"><name>Widget ${n} – größer</name><price>12.50</price></item>`;

/** How many strings the one line of 10 MB has that `/one-line` answers with: "item 0" and so on. */
export const ONE_LINE = 725_000;

/** Head lines and body of each path. */
const ANSWERS: Readonly<Record<string, () => readonly [head: string, body: string | Uint8Array]>> = {
  "/soap": () => {
    const coded = new Uint8Array(gzipSync(SOAP));
    const chunks = [coded.subarray(0, 100), coded.subarray(100), new Uint8Array()];
    const parts = chunks.flatMap((
      chunk,
    ) => [encoder.encode(`${chunk.length.toString(16)}\r\n`), chunk, encoder.encode("\r\n")]);
    const head =
      "200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\nX-Quote: quote";
    return [head, joined(parts)];
  },
  "/json": () =>
    withLength(
      "409 Conflict\r\nContent-Type: application/json",
      '{"big":12345678901234567890,"list":[1,2],"text":"a\\"b"}',
    ),
  "/markup": () =>
    withLength(
      "200 OK\r\nContent-Type: text/html\r\nX-Markup: <img src=x onerror=alert(1)>",
      "<p><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\"></p>",
    ),
  "/picture": () =>
    withLength(
      "200 OK\r\nContent-Type: image/png",
      Uint8Array.from(atob(PIXEL), (char) => char.charCodeAt(0)),
    ),
  "/not-modified": () => ['304 Not Modified\r\nETag: "a"', ""],
  "/cut": () => ["200 OK\r\nContent-Type: text/plain\r\nContent-Length: 640", "only this"],
  "/wrong": () => withLength("200 OK\r\nContent-Type: text/xml", "<a>\n<b>x</c>\n</a>"),
  "/long": () =>
    withLength(
      "200 OK\r\nContent-Type: text/plain\r\nX-Long: " + "v".repeat(1_000),
      `first\n${"word ".repeat(3_000)}\nlast`,
    ),
  "/large": () => {
    const items = Array.from({ length: LARGE }, (_, n) => largeItem(n));
    return withLength(
      "200 OK\r\nContent-Type: text/xml",
      `<?xml version="1.0"?><list>${items.join("")}</list>`,
    );
  },
  "/one-line": () =>
    withLength(
      "200 OK\r\nContent-Type: application/json",
      JSON.stringify(Array.from({ length: ONE_LINE }, (_, n) => `item ${n}`)),
    ),
  "/hints": () => [
    "103 Early Hints\r\nLink: </style.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked",
    "5\r\nhello\r\n0\r\nX-Sum: 1234\r\n\r\n",
  ],
};

function withLength(head: string, body: string | Uint8Array): [string, string | Uint8Array] {
  const length = typeof body === "string" ? encoder.encode(body).length : body.length;
  return [`${head}\r\nContent-Length: ${length}`, body];
}

/** What `/bytes` and a client that begins with "?" are answered: every byte there is. */
export const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, n) => n);

/** A listening target on a free port of loopback. */
export class Target {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #open = new Set<Deno.TcpConn>();
  readonly #answers = new Map<string, readonly [head: string, body: Uint8Array | null]>();
  readonly #serving: Promise<void>;
  #streamed: { readonly conn: Deno.TcpConn; readonly finish: () => void } | null = null;

  constructor() {
    this.#serving = this.#serve();
  }

  /** "127.0.0.1:43271" */
  get address(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  /** From now on `path` is answered with these head lines and exactly this body; null: what `send` sends. */
  answer(path: string, head: string, body: Uint8Array | null): void {
    this.#answers.set(path, [head, body]);
  }

  /** Sends more of the answer to `/stream`, `/wait` or what is answered so. */
  async send(more: string | Uint8Array): Promise<void> {
    if (this.#streamed === null) return;
    await all(this.#streamed.conn, typeof more === "string" ? encoder.encode(more) : more);
  }

  /** Ends that answer. */
  finish(): void {
    this.#streamed?.finish();
    this.#streamed = null;
  }

  async end(): Promise<void> {
    this.#listener.close();
    this.finish();
    for (const conn of this.#open) this.#drop(conn);
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const answering: Promise<void>[] = [];
    for await (const conn of this.#listener) {
      this.#open.add(conn);
      answering.push(this.#answer(conn).catch(() => {}).finally(() => this.#drop(conn)));
    }
    await Promise.all(answering);
  }

  #drop(conn: Deno.TcpConn): void {
    if (!this.#open.delete(conn)) return;
    conn.close();
  }

  async #answer(conn: Deno.TcpConn): Promise<void> {
    const request = await head(conn);
    if (request.startsWith("?")) return await all(conn, EVERY_BYTE);
    const path = request.split(" ")[1];
    if (path === "/stream" || path === "/wait") {
      if (path === "/stream") {
        await all(conn, encoder.encode("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"));
      }
      return await this.#stream(conn);
    }
    const [lines, body] = this.#answers.get(path) ?? ANSWERS[path]();
    const streamed = body === null ? this.#stream(conn) : null;
    await all(conn, encoder.encode(`HTTP/1.1 ${lines}\r\n\r\n`));
    if (body === null) return await streamed!;
    await all(conn, typeof body === "string" ? encoder.encode(body) : body);
  }

  /** Leaves the rest of the answer to `send` and `finish`. */
  async #stream(conn: Deno.TcpConn): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#streamed = { conn, finish: resolve };
    await promise;
  }
}

async function head(conn: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(65_536);
  let text = "";
  while (!text.startsWith("?") && !text.includes("\r\n\r\n")) {
    const length = await conn.read(buffer);
    if (length === null) break;
    text += new TextDecoder("latin1").decode(buffer.subarray(0, length));
  }
  return text;
}

async function all(conn: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
}
