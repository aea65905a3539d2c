// Made-up exchanges for the fixture: the newest are an ordinary day of a shop, the others its health checks.

import type { Exchange, ExchangeDetail, MessageDetail } from "../../src/ui/types.ts";

type Made = Partial<Exchange> & { readonly at: string; readonly port: number };

/** From the newest on. `at` is the time of day, `port` the client's. */
const DAY: readonly Made[] = [
  {
    at: "10:24:58.114",
    port: 51822,
    method: "GET",
    url: "/orders?status=open&limit=50",
    summary: "",
    responseBytes: 6400,
    elapsedMs: 12,
    firstByteMs: 9,
  },
  { at: "10:24:57.640", port: 51830, requestBytes: 993, responseBytes: 608, elapsedMs: 36, firstByteMs: 34 },
  {
    at: "10:24:55.003",
    port: 51822,
    method: "PUT",
    url: "/orders/A-20931",
    summary: "",
    status: 409,
    requestBytes: 612,
    responseBytes: 188,
    elapsedMs: 21,
  },
  {
    at: "10:24:52.377",
    port: 51840,
    state: "failed",
    method: null,
    url: null,
    status: null,
    summary: "",
    fault: "shop.example.org:80 refused the connection",
    requestBytes: 0,
    responseBytes: 0,
    elapsedMs: 3,
    firstByteMs: null,
  },
  {
    at: "10:24:44.853",
    port: 51822,
    method: "GET",
    url: "/orders/A-20931",
    summary: "",
    status: 503,
    requestBytes: 198,
    responseBytes: 327,
    elapsedMs: 5020,
    firstByteMs: 5018,
  },
  {
    at: "10:24:44.206",
    port: 51833,
    method: "GET",
    url: "/exports/orders-2025.csv.gz",
    summary: "csv, gzip",
    requestBytes: 222,
    responseBytes: 48_200_000,
    elapsedMs: 3910,
    firstByteMs: 4,
  },
  { at: "10:24:41.318", port: 51810 },
  {
    at: "10:24:41.275",
    port: 51810,
    status: 500,
    summary: "getQuote, fault Server: unknown symbol GOGG",
    responseBytes: 742,
    elapsedMs: 18,
    firstByteMs: 16,
  },
  {
    at: "10:24:39.950",
    port: 51804,
    protocol: "tcp",
    method: null,
    url: "QUIT\r\n",
    status: null,
    summary: "turn 3",
    requestBytes: 6,
    responseBytes: 15,
    elapsedMs: 1,
    firstByteMs: 1,
  },
  {
    at: "10:24:39.902",
    port: 51804,
    protocol: "tcp",
    method: null,
    url: "EHLO build-7.example.org\r\n",
    status: null,
    summary: "turn 2",
    requestBytes: 26,
    responseBytes: 143,
    elapsedMs: 6,
    firstByteMs: 4,
  },
  {
    at: "10:24:39.848",
    port: 51804,
    protocol: "tcp",
    method: null,
    url: "← 220 mail.example.org ESMTP ready\r\n",
    status: null,
    summary: "turn 1, server first",
    requestBytes: 0,
    responseBytes: 34,
    elapsedMs: 52,
    firstByteMs: 50,
  },
  {
    at: "10:24:16.020",
    port: 51799,
    state: "open",
    method: "GET",
    url: "/orders/events",
    summary: "text/event-stream",
    requestBytes: 187,
    responseBytes: 18_200,
    elapsedMs: 42_100,
    firstByteMs: 20,
  },
  {
    at: "10:24:15.771",
    port: 51790,
    method: "GET",
    url: "/favicon.ico",
    summary: "",
    status: 404,
    elapsedMs: 4,
  },
  {
    at: "10:24:12.660",
    port: 51790,
    method: "POST",
    url: "/login",
    summary: "form",
    status: 302,
    elapsedMs: 88,
  },
  {
    at: "10:23:51.470",
    port: 51752,
    method: "POST",
    url: "/orders/A-20888/notes",
    summary: "multipart, 2 parts, recorded to 1 MB",
    status: 201,
    requestBytes: 2_100_000,
    responseBytes: 98,
    elapsedMs: 412,
    firstByteMs: 60,
  },
  {
    at: "10:23:48.002",
    port: 51752,
    method: "OPTIONS",
    url: "/orders",
    summary: "",
    status: 204,
    elapsedMs: 0.4,
    firstByteMs: 0.3,
  },
];

/** The row with this ordinal, of `total`. */
export function rowOf(listener: string, ordinal: number, total: number): Exchange {
  const day = total > 100 && ordinal >= total - DAY.length ? DAY[total - 1 - ordinal] : undefined;
  const { at, port, ...made }: Made = day ?? health(ordinal);
  return {
    id: `${listener}-e${ordinal}`,
    listener,
    connection: `c${port}`,
    protocol: "http",
    state: "done",
    started: day?.state === "open"
      ? new Date(Date.now() - 42_100).toISOString()
      : new Date(`2026-03-04T${at}`).toISOString(),
    firstByteMs: 38,
    elapsedMs: 41,
    client: `127.0.0.1:${port}`,
    target: "shop.example.org:80",
    method: "POST",
    url: "/axis/services/StockQuote",
    status: 200,
    summary: "getQuote",
    requestBytes: 1014,
    responseBytes: 617,
    tls: null,
    resendOf: null,
    leadsAway: null,
    fault: null,
    ...made,
  };
}

function health(ordinal: number): Made {
  const seconds = ordinal % 36_000;
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  return {
    at: `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}.${
      String(ordinal % 1000).padStart(3, "0")
    }`,
    port: 40_000 + ordinal % 7,
    method: "GET",
    url: `/health?n=${ordinal}`,
    summary: "",
    requestBytes: 180,
    responseBytes: 92,
    elapsedMs: 2,
    firstByteMs: 1,
  };
}

/** A row in full. */
export function detailOf(row: Exchange): ExchangeDetail {
  const request = message(row, row.requestBytes, `${row.method} ${row.url} HTTP/1.1`, [
    ["Host", "shop.example.org"],
    ["Content-Type", "text/xml; charset=utf-8"],
    ["SOAPAction", '"http://quotes.example.org/getQuote"'],
    ["User-Agent", "Axis/1.4"],
    ["Content-Length", "758"],
  ]);
  const response = message(row, row.responseBytes, `HTTP/1.1 ${row.status} OK`, [
    ["Date", "Wed, 04 Mar 2026 10:24:41 GMT"],
    ["Server", "Apache-Coyote/1.1"],
    ["Content-Type", "text/xml;charset=utf-8"],
  ]);
  return { ...row, request, response, interim: [] };
}

/** The text of a body. */
export function bodyOf(side: "request" | "response"): string {
  const inside = side === "request"
    ? '    <q:getQuote xmlns:q="http://quotes.example.org/">\n      <q:symbol>GOOG</q:symbol>\n    </q:getQuote>'
    : '    <q:getQuoteResponse xmlns:q="http://quotes.example.org/">\n      <q:price>141.80</q:price>\n    </q:getQuoteResponse>';
  return '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">\n' +
    `  <soapenv:Body>\n${inside}\n  </soapenv:Body>\n</soapenv:Envelope>`;
}

function message(
  row: Exchange,
  bytes: number,
  startLine: string,
  headers: readonly (readonly [string, string])[],
): MessageDetail | null {
  if (bytes === 0) return null;
  const isHttp = row.protocol === "http";
  return {
    bytes,
    headBytes: isHttp ? Math.min(256, bytes) : 0,
    state: row.state === "open" ? "open" : "done",
    started: row.started,
    ended: row.started,
    startLine: isHttp ? startLine : null,
    version: isHttp ? "HTTP/1.1" : null,
    reason: startLine.startsWith("HTTP/") ? "OK" : null,
    headers: isHttp ? headers.map(([name, value]) => ({ name, value })) : [],
    trailers: [],
    framing: "length",
    contentLength: Math.max(0, bytes - 256),
    bodyBytes: Math.max(0, bytes - 256),
    chunks: 0,
    contentCoding: [],
    mediaType: isHttp ? "text/xml" : null,
    auto: isHttp ? "xml" : "text",
    faults: [],
    sentStartLine: null,
    edits: [],
    notes: [],
  };
}
