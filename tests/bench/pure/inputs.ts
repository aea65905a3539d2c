// What the pure parts are given: texts and messages of chosen shapes, the same in every run.

import { randomFrom } from "../../catalog/growing_wire.ts";

const encoder = new TextEncoder();
/** Words that texts are made of. */
export const WORDS = [
  "order",
  "ship",
  "größe",
  "customer",
  "price",
  "quantity",
  "street",
  "Zürich",
  "status",
  "invoice",
];

/** Text as UTF-8. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

/** `make(0)`, `make(1)`, … one after the other, until they have about `size` characters. */
export function repeated(size: number, make: (count: number) => string): string {
  const parts: string[] = [];
  for (let count = 0, length = 0; length < size; count++) {
    parts.push(make(count));
    length += parts[count].length;
  }
  return parts.join("");
}

/** An array of records of mixed members, on one line. */
export function jsonRecords(size: number, seed = 1): string {
  const random = randomFrom(seed);
  const word = () => WORDS[random(WORDS.length)];
  const record = (id: number) =>
    `{"id":${id},"${word()}":"${word()} \\u0026 ${word()}","price":${random(1e6) / 100},` +
    `"tags":["${word()}","${word()}"],"more":{"x":null,"y":true}}`;
  return `[${repeated(size, (id) => `${id === 0 ? "" : ","}${record(id)}`)}]`;
}

/** A SOAP message of quotes with attributes and entities, on one line. */
export function soap(size: number, seed = 1): string {
  const random = randomFrom(seed);
  const quotes = repeated(
    size,
    (id) =>
      `<q:quote symbol="S${id}" exchange="XNAS"><q:price currency="EUR">${random(1e6) / 100}</q:price>` +
      `<q:name>${WORDS[random(WORDS.length)]} &amp; Söhne</q:name><q:source delayed="false"/></q:quote>`,
  );
  return '<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:q="urn:q">' +
    `<e:Body><q:quotes>${quotes}</q:quotes></e:Body></e:Envelope>`;
}

/** A request for a small thing. */
export function request(number: number): string {
  return `GET /orders/${number}?customer=4711 HTTP/1.1\r\nHost: shop.example.org\r\nUser-Agent: curl/7.88.1\r\n` +
    "Accept: application/json\r\nAccept-Encoding: gzip, br\r\nCookie: id=8f14e45f; theme=dark\r\n\r\n";
}

/** A response with a body and as many more header lines as are asked for. */
export function response(body: string, type = "application/json", headers = 0): string {
  const more = repeated(headers * 10, (count) => `X-${1000 + count}: ${count % 10}\r\n`).slice(
    0,
    headers * 11,
  );
  return `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n${more}` +
    `Content-Length: ${bytesOf(body).length}\r\n\r\n${body}`;
}

/** A response in chunks of one size. */
export function chunked(body: string, size: number): string {
  let coded = "";
  for (let at = 0; at < body.length; at += size) {
    const data = body.slice(at, at + size);
    coded += `${data.length.toString(16)}\r\n${data}\r\n`;
  }
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n${coded}0\r\n\r\n`;
}

/** Bytes in pieces of a size, as reads give them. */
export function pieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const all: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) all.push(bytes.subarray(at, at + size));
  return all;
}
