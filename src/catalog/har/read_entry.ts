// An entry of a HAR file as its parts, whoever has written it: what is missing or odd is left out, and only what no
// request can do without must be there. Pure.

/** A header line. */
export interface Field {
  readonly name: string;
  readonly value: string;
}

/** One side of an entry. */
export interface Side {
  /** As it was on the wire, where the file says so; otherwise null. */
  readonly startLine: string | null;
  readonly version: string;
  readonly headers: readonly Field[];
  readonly trailers: readonly Field[];
  /** The body without codings; null where there was none, or it is not in the file. */
  readonly body: Uint8Array | null;
  /** How many bytes the body had that is not in the file; 0 where it is there. */
  readonly missing: number;
}

/** An entry. */
export interface Entry {
  readonly method: string;
  readonly url: string;
  readonly request: Side;
  /** null where there was none. */
  readonly response: (Side & { readonly status: number; readonly reason: string }) | null;
  /** Heads of interim responses. */
  readonly interim: readonly { readonly startLine: string; readonly headers: readonly Field[] }[];
  /** When it began, ms since the epoch; NaN where that is not said. */
  readonly started: number;
  /** ms; `connect` is null where there was none, and has what was before the first byte was sent. */
  readonly connect: number | null;
  readonly send: number;
  readonly wait: number;
  readonly receive: number;
  /** Which connection, as the file names it; null where it does not. */
  readonly connection: string | null;
  /** The server's IP address; null where it is not said. */
  readonly server: string | null;
  /** Why it has failed, in words; null where it has not. */
  readonly error: string | null;
  /** What tcpmon has said of its connection, and of it. */
  readonly own: Own;
}

/** What tcpmon adds to an entry. */
export interface Own {
  readonly connection: Json;
  readonly exchange: Json;
}

/** An object of JSON. */
export type Json = { readonly [name: string]: unknown };

const encoder = new TextEncoder();
const NONE: Json = {};

/** Reads an entry. Throws SyntaxError, in words, where it cannot be one. */
export function readEntry(value: unknown): Entry {
  const entry = objectOf(value);
  const request = objectOf(entry.request);
  const response = objectOf(entry.response);
  const method = textOf(request.method);
  const url = textOf(request.url);
  if (method === null || /[\s\0]/.test(method) || method === "") {
    throw new SyntaxError("its request has no method");
  }
  if (url === null) throw new SyntaxError("its request has no url");
  const timings = objectOf(entry.timings);
  const before = [timings.blocked, timings.dns, timings.connect].filter(isDuration);
  const status = typeof response.status === "number" ? Math.trunc(response.status) : 0;
  const hasAnswer = status >= 100 && status <= 999;
  const error = textOf(response._error) ?? (hasAnswer ? null : "the HAR file has no response to it");
  return {
    method,
    url,
    request: { ...sideOf(request), ...requestBody(request, objectOf(request.postData)) },
    response: hasAnswer
      ? {
        ...sideOf(response),
        ...responseBody(objectOf(response.content), method, status),
        status,
        reason: textOf(response.statusText)?.replace(/[\r\n]+/g, " ") ?? "",
      }
      : null,
    interim: listOf(response._interim).map(objectOf).flatMap((head) => {
      const startLine = lineOf(head.startLine);
      return startLine === null ? [] : [{ startLine, headers: fieldsOf(head.headers) }];
    }),
    started: Date.parse(textOf(entry.startedDateTime) ?? ""),
    connect: before.length === 0 ? null : before.reduce((sum, ms) => sum + ms, 0),
    send: duration(timings.send),
    wait: duration(timings.wait),
    receive: duration(timings.receive),
    connection: textOf(entry.connection) ??
      (typeof entry.connection === "number" ? String(entry.connection) : null),
    server: addressOf(textOf(entry.serverIPAddress)),
    error,
    own: { connection: objectOf(entry._connection), exchange: objectOf(entry._tcpmon) },
  };
}

function sideOf(side: Json): Pick<Side, "startLine" | "version" | "headers" | "trailers"> {
  return {
    startLine: lineOf(objectOf(side._message).startLine),
    version: /^http\/1\.[01]$/i.test(textOf(side.httpVersion) ?? "")
      ? textOf(side.httpVersion)!.toUpperCase()
      : "HTTP/1.1",
    headers: fieldsOf(side.headers),
    trailers: fieldsOf(side._trailers),
  };
}

function requestBody(request: Json, postData: Json): Pick<Side, "body" | "missing"> {
  const size = typeof request.bodySize === "number" ? request.bodySize : 0;
  const encoding = postData._encoding ?? postData.encoding;
  const text = textOf(postData.text);
  if (text !== null && (text !== "" || size <= 0)) return { body: bytesOf(text, encoding), missing: 0 };
  const params = listOf(postData.params).map(objectOf);
  const isForm = /^application\/x-www-form-urlencoded/i.test(textOf(postData.mimeType) ?? "");
  if (isForm && params.length > 0) return { body: encoder.encode(params.map(pairOf).join("&")), missing: 0 };
  return { body: null, missing: plausible(size) };
}

/** Browsers give the parameters of forms as they came, or decoded: what is encoded is not encoded again. */
function pairOf({ name, value }: Json): string {
  const part = (text: unknown) => {
    const given = textOf(text) ?? "";
    return /^[\w.*+%-]*$/.test(given) ? given : encodeURIComponent(given).replaceAll("%20", "+");
  };
  return `${part(name)}=${part(value)}`;
}

function responseBody(content: Json, method: string, status: number): Pick<Side, "body" | "missing"> {
  if (method === "HEAD" || status === 204 || status === 304 || status < 200) {
    return { body: null, missing: 0 };
  }
  const size = typeof content.size === "number" ? content.size : 0;
  const text = textOf(content.text);
  if (text === null || (text === "" && size > 0)) return { body: null, missing: plausible(size) };
  return { body: bytesOf(text, content.encoding), missing: 0 };
}

function bytesOf(text: string, encoding: unknown): Uint8Array {
  if (typeof encoding !== "string" || encoding.toLowerCase() !== "base64") return encoder.encode(text);
  try {
    return Uint8Array.from(atob(text.replace(/\s/g, "")), (char) => char.charCodeAt(0));
  } catch {
    throw new SyntaxError("its base64 is damaged");
  }
}

function fieldsOf(value: unknown): Field[] {
  return listOf(value).map(objectOf).flatMap(({ name, value }) => {
    const given = textOf(name);
    // The pseudo-header fields of HTTP/2 stand for the start line.
    if (given === null || (given.startsWith(":") && given !== ":authority")) return [];
    const named = given === ":authority" ? "Host" : given.replace(/[\r\n\0:]/g, "_");
    // Some programs put several lines into one value.
    return (textOf(value) ?? "").split(/[\r\n]+/).map((line) => ({
      name: named,
      value: line.replaceAll("\0", ""),
    }));
  });
}

/** The IP address in what browsers say; null where it is none. */
function addressOf(text: string | null): string | null {
  const address = text?.replace(/^\[|\]$/g, "").replace(/%.*$/, "") ?? "";
  const isIpv4 = /^(?:\d{1,3}\.){3}\d{1,3}$/.test(address);
  return isIpv4 || (address.includes(":") && /^[0-9a-f:.]+$/i.test(address)) ? address : null;
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as Json : NONE;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A text of one line. */
function lineOf(value: unknown): string | null {
  const text = textOf(value);
  return text === null || /[\r\n]/.test(text) ? null : text;
}

function isDuration(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < 1e10;
}

function duration(value: unknown): number {
  return isDuration(value) ? value : 0;
}

/** Nobody has bodies beyond a tebibyte. */
function plausible(size: number): number {
  return Number.isSafeInteger(size) && size > 0 && size < 2 ** 40 ? size : 0;
}
