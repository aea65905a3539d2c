// What a forward proxy answers by itself, because there is no target that would: the tunnel is open, or why not. Plain
// text, and the connection ends with it.

import { formatAddress } from "../address.ts";
import type { Address } from "../model.ts";
import type { DialError } from "./dial.ts";

const REASONS: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  502: "Bad Gateway",
  504: "Gateway Timeout",
  508: "Loop Detected",
};

const encoder = new TextEncoder();

/** The answer to CONNECT once the target is reached (RFC 9110, 9.3.6). */
export const TUNNEL_OPEN: Uint8Array = encoder.encode("HTTP/1.1 200 Connection established\r\n\r\n");

/** Says of a target that was not reached, or with which TLS did not come about, why. */
export function failureAnswer({ how, message }: DialError, to: Address, method: string | null): Uint8Array {
  const name = formatAddress(to);
  const text = message.includes(name) ? message : `${name} was not reached: ${message}`;
  return ownAnswer(how === "timeout" ? 504 : 502, `${text}.`.replace(/\.\.$/, "."), method);
}

/** Says in words why a request has no answer from its target; to HEAD without the words (RFC 9110, 9.3.2). */
export function ownAnswer(status: number, text: string, method: string | null): Uint8Array {
  const body = encoder.encode(`tcpmon: ${text}\n`);
  const head = `HTTP/1.1 ${status} ${REASONS[status]}\r\nContent-Type: text/plain; charset=utf-8\r\n` +
    `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
  const bytes = new Uint8Array([...encoder.encode(head), ...body]);
  return method === "HEAD" ? bytes.subarray(0, bytes.length - body.length) : bytes;
}
