// A capture of many Exchanges with secrets, as clients of an API make them that have logged in: a token of its own in each,
// a cookie that stays a while, JSON of some kilobytes. Written by the Journal's own writer, always the same.

import { Kind } from "../../src/journal/batch.ts";
import { commentFor, type JournalEvent } from "../../src/journal/comment.ts";
import { JournalWriter } from "../../src/journal/writer.ts";

const CONNECTIONS = 20;
const HOST = { host: "127.0.0.1", port: 8081 };
/** So many Exchanges have the same cookie. */
const SAME_COOKIE = 50;

/** Writes `exchanges` of them to `file`; returns its length in bytes. */
export function writeSecretExchanges(file: string, exchanges: number): number {
  using handle = Deno.openSync(file, { create: true, write: true, truncate: true });
  let size = 0;
  const writer = new JournalWriter((bytes) => {
    for (let from = 0; from < bytes.length;) from += handle.writeSync(bytes.subarray(from));
    size += bytes.length;
  });
  let at = Date.UTC(2026, 0, 1);
  const encoder = new TextEncoder();
  writer.begin("tcpmon bench", at);
  const tell = (event: JournalEvent & { readonly event: "opened" }) =>
    writer.record({ kind: Kind.opened, connection: event.connection, at, flags: 0, body: commentFor(event) });
  for (let connection = 1; connection <= CONNECTIONS; connection++) {
    const client = { host: "127.0.0.1", port: 40_000 + connection };
    const target = { host: "localhost", port: 80 };
    tell({ event: "opened", connection, listener: "l1", listen: HOST, local: HOST, target, client });
  }
  for (let n = 0; n < exchanges; n++) {
    const connection = 1 + n % CONNECTIONS;
    const say = (kind: Kind, text: string) =>
      writer.record({ kind, connection, at: at += 0.5, flags: 0, body: encoder.encode(text) });
    const token = `eyJhbGciOiJIUzI1NiJ9.${noise(n, 80)}.${noise(n + 0.5, 43)}`;
    const order = JSON.stringify({ order: n, customer: `customer ${n % 97}`, password: noise(-n - 1, 12) });
    say(
      Kind.upstream,
      `POST /orders/${n}?page=${
        n % 10
      } HTTP/1.1\r\nHost: localhost:8081\r\nUser-Agent: bench/1.0\r\nAccept: */*\r\n` +
        `Authorization: Bearer ${token}\r\nCookie: theme=dark; sid=${
          noise(Math.floor(n / SAME_COOKIE) + 0.25, 32)
        }\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${encoder.encode(order).length}\r\n\r\n${order}`,
    );
    const lines = Array.from({ length: 10 + n % 30 }, (_, line) => ({
      article: `A-${n}-${line}`,
      text: "some words that say what it is",
      price: 19.99,
      link: `https://shop.example/articles/${line}?size=M&colour=blue`,
    }));
    const answer = JSON.stringify({ order: n, größe: "M", lines });
    say(
      Kind.downstream,
      `HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${encoder.encode(answer).length}\r\n\r\n${answer}`,
    );
  }
  writer.flush();
  return size;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Letters of base64url that look like chance. */
function noise(seed: number, length: number): string {
  let state = Math.imul(Math.round(seed * 4) ^ 0x9e3779b9, 0x85ebca6b) | 1;
  let text = "";
  for (let n = 0; n < length; n++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    text += LETTERS[state >>> 26];
  }
  return text;
}
