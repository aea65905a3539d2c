// The HTTP/1.1 side of the sample back end, written over plain TCP so that every byte of the framing is chosen here:
// lengths, chunks with extensions and trailers, codings, the spelling of header names.
// Knows no paths: a Site answers. Reads only as much of HTTP as the demo's clients and curl send.

import { TcpServer } from "./tcp_server.ts";
import type { Wire } from "./wire.ts";
import { pause } from "./wire.ts";

/** A request with its body; header names are in lower case. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** Answers one request; it must send exactly one response through `reply`. */
export type Site = (request: HttpRequest, reply: Reply) => Promise<void>;

/** Field lines of a response, in the order and spelling in which they are sent. */
export type FieldLines = Readonly<Record<string, string>>;

const LARGEST_BODY = 64 * 1024 * 1024;

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  303: "See Other",
  400: "Bad Request",
  401: "Unauthorized",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  500: "Internal Server Error",
};

/** Starts an HTTP server that answers with `site`. */
export function serveHttp(site: Site): TcpServer {
  return new TcpServer(async (wire, signal) => {
    for (;;) {
      const request = await readRequest(wire);
      if (request === null) return;
      const keep = keepsAlive(request);
      if (typeof request === "number") {
        return await new Reply(wire, signal, "", false).send(request, TEXT, `${REASONS[request]}\n`);
      }
      await site(request, new Reply(wire, signal, request.method, keep));
      if (!keep) return;
    }
  });
}

/** Media type of plain text. */
export const TEXT: FieldLines = { "Content-Type": "text/plain; charset=utf-8" };

/** One response. Either `send` it whole, or send its `head` and then `write` what follows, already framed. */
export class Reply {
  constructor(
    private readonly wire: Wire,
    private readonly signal: AbortSignal,
    private readonly method: string,
    private readonly keep: boolean,
  ) {}

  /** A whole response with its Content-Length; without its body where HEAD was asked for (RFC 9110, 9.3.2). */
  async send(status: number, fields: FieldLines, body: string | Uint8Array): Promise<void> {
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    await this.head(status, { ...fields, "Content-Length": String(bytes.length) });
    await this.write(bytes);
  }

  /** A whole response in the chunked coding (RFC 9112, 7.1), in one chunk. */
  async sendChunked(status: number, fields: FieldLines, body: Uint8Array): Promise<void> {
    await this.head(status, { ...fields, "Transfer-Encoding": "chunked" });
    await this.chunk(body);
    await this.lastChunk();
  }

  /** Only the head. */
  async head(status: number, fields: FieldLines): Promise<void> {
    const lines = [`HTTP/1.1 ${status} ${REASONS[status]}`, `Date: ${new Date().toUTCString()}`];
    lines.push("Server: Apache-Coyote/1.1");
    for (const [name, value] of Object.entries(fields)) lines.push(`${name}: ${value}`);
    if (!this.keep) lines.push("Connection: close");
    await this.wire.send(lines.join("\r\n") + "\r\n\r\n");
  }

  /** One chunk; `extension` begins with ";" (RFC 9112, 7.1.1). */
  async chunk(data: string | Uint8Array, extension = ""): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    await this.write(concat(`${bytes.length.toString(16)}${extension}\r\n`, bytes, "\r\n"));
  }

  /** The end of the chunked coding, with trailer fields (RFC 9112, 7.1.2). */
  async lastChunk(trailers: FieldLines = {}): Promise<void> {
    const lines = Object.entries(trailers).map(([name, value]) => `${name}: ${value}\r\n`);
    await this.write(`0\r\n${lines.join("")}\r\n`);
  }

  /** Bytes of the body, as they are to stand on the wire; nothing for HEAD. */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.method !== "HEAD") await this.wire.send(data);
  }

  /** Waits, as a slow server does; rejects when the server is stopped. */
  async pause(ms: number): Promise<void> {
    await pause(ms, this.signal);
  }
}

/** The next request; null at the end of the connection; a status where it cannot be read. */
async function readRequest(wire: Wire): Promise<HttpRequest | number | null> {
  const startLine = await wire.line();
  if (startLine === null) return null;
  const [method, target, version] = startLine.split(" ");
  if (version === undefined || !version.startsWith("HTTP/1.")) return 400;
  const headers = await readFields(wire);
  if (version === "HTTP/1.0" && !headers.has("connection")) headers.set("connection", "close");
  const length = Number(headers.get("content-length") ?? 0);
  if (!Number.isInteger(length) || length < 0) return 400;
  if (length > LARGEST_BODY) return 413;
  if (headers.get("expect")?.toLowerCase() === "100-continue") {
    await wire.send("HTTP/1.1 100 Continue\r\n\r\n");
  }
  const chunked = headers.get("transfer-encoding")?.toLowerCase() === "chunked";
  const body = chunked ? await readChunks(wire) : await wire.exactly(length);
  if (body === null) return 400;
  const [path, query = ""] = target.split("?", 2);
  return { method, path, query, headers, body };
}

/** Field lines up to the empty line; names in lower case, the last of two with one name counts. */
export async function readFields(wire: Wire): Promise<Map<string, string>> {
  const fields = new Map<string, string>();
  for (;;) {
    const line = await wire.line();
    if (line === null || line === "") return fields;
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
}

/** A chunked body with its coding removed (RFC 9112, 7.1.3); null where a chunk's size cannot be read. */
export async function readChunks(wire: Wire): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const size = Number.parseInt(await wire.line() ?? "", 16);
    if (Number.isNaN(size) || size < 0 || (total += size) > LARGEST_BODY) return null;
    if (size === 0) break;
    parts.push(await wire.exactly(size));
    await wire.line();
  }
  await readFields(wire);
  return concat(...parts);
}

function keepsAlive(request: HttpRequest | number): boolean {
  return typeof request !== "number" && request.headers.get("connection")?.toLowerCase() !== "close";
}

function concat(...parts: (string | Uint8Array)[]): Uint8Array {
  const all = parts.map((part) => typeof part === "string" ? new TextEncoder().encode(part) : part);
  const joined = new Uint8Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
