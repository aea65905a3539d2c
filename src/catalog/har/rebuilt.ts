// The bytes of an entry's Messages, rebuilt: header lines in the order and case of the file, and the body without
// Content-Encoding, since the file has it decoded; its length, or its chunks, are made to fit. Pure.

import { joined } from "../../decode/octets.ts";
import type { Entry, Field, Side } from "./read_entry.ts";

/** What is said of every Connection that was rebuilt. */
export const REBUILT =
  "Rebuilt from a HAR file: header lines in the order and case of the file, HTTP/2 as HTTP/1.1, " +
  "bodies without Content-Encoding and with lengths that fit. The file does not have the bytes as they were";

/** A Message as bytes. */
export interface Rebuilt {
  readonly head: Uint8Array;
  readonly body: Uint8Array;
  /** So many bytes of the body follow that are not in the file. */
  readonly missing: number;
  /** What follows them. */
  readonly tail: Uint8Array;
}

/** The server that an entry's request went to; null for addresses that are none of HTTP. */
export function serverOf(
  url: string,
): { readonly host: string; readonly port: number; readonly tls: boolean } | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port } = new URL(url);
  const tls = protocol === "https:" || protocol === "wss:";
  if (!tls && protocol !== "http:" && protocol !== "ws:") return null;
  if (hostname === "") return null;
  const host = hostname.replace(/^\[|\]$/g, "");
  return { host, port: port === "" ? (tls ? 443 : 80) : Number(port), tls };
}

/** The request. */
export function requestOf({ method, url, request }: Entry): Rebuilt {
  const [, authority, path] = /^[A-Za-z][\w+.-]*:\/\/([^/?#]*)([^#]*)/.exec(url) ?? ["", "", "/"];
  const target = method === "CONNECT" ? authority : path.startsWith("/") ? path : `/${path}`;
  const start = request.startLine ?? `${method} ${target.replace(/\s/g, "%20")} ${request.version}`;
  const hasHost = request.headers.some(({ name }) => name.toLowerCase() === "host");
  const host = authority.replace(/^.*@/, "");
  return messageOf(
    start,
    hasHost ? request.headers : [{ name: "Host", value: host }, ...request.headers],
    request,
    true,
  );
}

/** The response; `bodiless` where its status or its method lets it have none, whatever its header says. */
export function responseOf(response: NonNullable<Entry["response"]>, bodiless: boolean): Rebuilt {
  const start = response.startLine ?? `${response.version} ${response.status} ${response.reason}`;
  return messageOf(start, response.headers, response, !bodiless);
}

/** An interim response. */
export function interimOf({ startLine, headers }: Entry["interim"][number]): Uint8Array {
  return headOf(startLine, headers);
}

function messageOf(start: string, headers: readonly Field[], side: Side, frames: boolean): Rebuilt {
  const body = side.body ?? new Uint8Array(0);
  if (!frames) return { head: headOf(start, headers), body: NOTHING, missing: 0, tail: NOTHING };
  const length = body.length + side.missing;
  const isChunked = headers.some(({ name, value }) =>
    /^transfer-encoding$/i.test(name) && /(?:^|,)\s*chunked\s*$/i.test(value)
  );
  const kept = headers.filter(({ name }) => !/^content-encoding$/i.test(name));
  if (isChunked) {
    const trailers = side.trailers.map(({ name, value }) => `${name}: ${value}\r\n`).join("");
    const lines = kept.filter(({ name }) => !/^content-length$/i.test(name)).map((field) =>
      /^transfer-encoding$/i.test(field.name) ? { name: field.name, value: "chunked" } : field
    );
    return {
      head: joined([headOf(start, lines), bytesOf(length === 0 ? "" : `${length.toString(16)}\r\n`)]),
      body,
      missing: side.missing,
      tail: bytesOf(`${length === 0 ? "" : "\r\n"}0\r\n${trailers}\r\n`),
    };
  }
  let said = false;
  const lines = kept.filter(({ name }) => !/^transfer-encoding$/i.test(name)).flatMap((field) => {
    if (!/^content-length$/i.test(field.name)) return [field];
    if (said) return [];
    said = true;
    return [{ name: field.name, value: String(length) }];
  });
  // A request without a body says nothing; a response without a length would end with its connection.
  const needs = !said && (length > 0 || !/^[A-Z]/i.test(start) || start.startsWith("HTTP/"));
  return {
    head: headOf(start, needs ? [...lines, { name: "Content-Length", value: String(length) }] : lines),
    body,
    missing: side.missing,
    tail: NOTHING,
  };
}

function headOf(start: string, headers: readonly Field[]): Uint8Array {
  return bytesOf([start, ...headers.map(({ name, value }) => `${name}: ${value}`), "", ""].join("\r\n"));
}

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

/** One byte a character where that is possible, as heads are read; what a browser has decoded is UTF-8. */
function bytesOf(text: string): Uint8Array {
  // deno-lint-ignore no-control-regex -- all that are one byte
  if (!/^[\x00-\xff]*$/.test(text)) return encoder.encode(text);
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
