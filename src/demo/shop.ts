// What the sample back end answers over HTTP: orders as JSON, a SOAP service, a form, an export, a stream, an image.
// One table of paths; each entry shows one thing that a monitor has to cope with.

import { gzipSync } from "node:zlib";
import type { HttpRequest, Reply, Site } from "./http_server.ts";
import { TEXT } from "./http_server.ts";
import { answerSoap, wsdl } from "./quotes.ts";
import { pricePicture } from "./picture.ts";

const JSON_TYPE = { "Content-Type": "application/json; charset=utf-8" };
const XML_TYPE = { "Content-Type": "text/xml;charset=utf-8" };

/** The revision that /orders/A-20931 is at; a PUT with another one is a conflict. */
const CURRENT_REVISION = 7;

/** How many events /orders/events sends, and how far apart. */
const EVENTS = 60;
const EVENT_PAUSE_MS = 2000;

const PATHS: Readonly<Record<string, Readonly<Record<string, Site>>>> = {
  "/": { GET: overview },
  "/axis/services/StockQuote": { GET: describeQuotes, POST: quote },
  "/orders": { GET: listOrders },
  "/orders/A-20931": { GET: oneOrder, PUT: changeOrder },
  "/orders/stream": { GET: streamOrders },
  "/orders/events": { GET: tellEvents },
  "/exports/orders.csv": { GET: exportOrders },
  "/login": { POST: login },
  "/slow": { GET: slow },
  "/prices.png": { GET: picture },
};

/** Answers a request of the sample shop: 404 for another path, 405 for another method. */
export async function shop(request: HttpRequest, reply: Reply): Promise<void> {
  const methods = PATHS[request.path];
  if (methods === undefined) {
    return await reply.send(404, JSON_TYPE, json({ error: `no ${request.path} here` }));
  }
  const site = methods[request.method === "HEAD" ? "GET" : request.method];
  if (site !== undefined) return await site(request, reply);
  const allowed = { ...TEXT, Allow: Object.keys(methods).join(", ") };
  await reply.send(405, allowed, `${request.path} answers ${allowed.Allow}.\n`);
}

async function overview(_request: HttpRequest, reply: Reply): Promise<void> {
  const lines = Object.entries(PATHS).map(([path, methods]) =>
    `${Object.keys(methods).join(", ").padEnd(9)} ${path}`
  );
  await reply.send(200, TEXT, `The sample shop answers\n\n${lines.join("\n")}\n`);
}

async function describeQuotes(request: HttpRequest, reply: Reply): Promise<void> {
  await reply.send(
    200,
    XML_TYPE,
    wsdl(`http://${request.headers.get("host") ?? "localhost"}${request.path}`),
  );
}

/** Chunked, and gzip-coded for who accepts it, as servers of this kind do. */
async function quote(request: HttpRequest, reply: Reply): Promise<void> {
  const { status, envelope } = answerSoap(new TextDecoder().decode(request.body), new Date());
  await reply.pause(status === 200 ? 30 : 12);
  const session = { "Set-Cookie": "JSESSIONID=8F2C6E0A51B74D; Path=/axis; HttpOnly" };
  if (!request.headers.get("accept-encoding")?.includes("gzip")) {
    return await reply.send(status, { ...XML_TYPE, ...session }, envelope);
  }
  await reply.sendChunked(status, { ...XML_TYPE, "Content-Encoding": "gzip", ...session }, gzipped(envelope));
}

async function listOrders(request: HttpRequest, reply: Reply): Promise<void> {
  const limit = Number(new URLSearchParams(request.query).get("limit") ?? 50);
  const count = Number.isInteger(limit) && limit > 0 && limit <= 1000 ? limit : 50;
  await reply.send(
    200,
    JSON_TYPE,
    `{"orders":[${orders(count).join(",")}],"total":18446744073709551615,"next":null}`,
  );
}

async function oneOrder(_request: HttpRequest, reply: Reply): Promise<void> {
  const order = `{"id":"A-20931","revision":${CURRENT_REVISION},"customer":{"number":90071992547409931,` +
    `"name":"Łucja Ødegård","note":"rings \\"twice\\"\\n\\u2713 paid"},"lines":[{"sku":"QT-7","count":3,` +
    `"price":19.90},{"sku":"QT-11","count":1,"price":1.0E+2}],"tags":[],"gift":null,"shipped":false}`;
  await reply.send(200, { ...JSON_TYPE, ETag: `"${CURRENT_REVISION}"` }, order);
}

async function changeOrder(request: HttpRequest, reply: Reply): Promise<void> {
  const revision = Number(/"revision"\s*:\s*(\d+)/.exec(new TextDecoder().decode(request.body))?.[1]);
  if (Number.isNaN(revision)) {
    return await reply.send(400, JSON_TYPE, json({ error: "no revision in the request" }));
  }
  if (revision === CURRENT_REVISION) return await reply.send(200, JSON_TYPE, request.body);
  const error = `revision ${revision} is not the current one`;
  await reply.send(409, JSON_TYPE, json({ error, id: "A-20931", current: CURRENT_REVISION }));
}

async function login(request: HttpRequest, reply: Reply): Promise<void> {
  const form = new URLSearchParams(new TextDecoder().decode(request.body));
  if (!form.get("user") || form.get("password") === "wrong") {
    return await reply.send(401, JSON_TYPE, json({ error: "user or password is wrong" }));
  }
  await reply.send(
    303,
    { ...TEXT, Location: "/orders", "Set-Cookie": "shop=c2Vzc2lvbg; HttpOnly" },
    "Logged in.\n",
  );
}

/** gzip-coded with its Content-Length. */
async function exportOrders(_request: HttpRequest, reply: Reply): Promise<void> {
  const lines = ["id;customer;total;currency"];
  for (let n = 0; n < 5000; n++) lines.push(`A-${30931 - n};${1000 + (n * 7919) % 9000};${price(n)};EUR`);
  const name = { "Content-Disposition": 'attachment; filename="orders.csv"' };
  const coded = { "Content-Type": "text/csv; charset=utf-8", "Content-Encoding": "gzip", ...name };
  await reply.send(200, coded, gzipped(lines.join("\r\n") + "\r\n"));
}

/** Chunks with extensions, one at a time, and trailers at their end. */
async function streamOrders(request: HttpRequest, reply: Reply): Promise<void> {
  const fields = {
    "Content-Type": "application/x-ndjson",
    "Transfer-Encoding": "chunked",
    Trailer: "X-Orders",
  };
  await reply.head(200, fields);
  if (request.method === "HEAD") return;
  const sent = orders(6);
  for (const [n, order] of sent.entries()) {
    await reply.chunk(`${order}\n`, `;order=${n + 1}`);
    await reply.pause(60);
  }
  await reply.lastChunk({ "X-Orders": String(sent.length) });
}

/** Server-Sent Events, until the client leaves or all have been told. */
async function tellEvents(request: HttpRequest, reply: Reply): Promise<void> {
  await reply.head(200, {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "Transfer-Encoding": "chunked",
  });
  if (request.method === "HEAD") return;
  for (let n = 1; n <= EVENTS; n++) {
    await reply.chunk(`id: ${n}\nevent: price\ndata: {"symbol":"GOOG","price":${price(n)}}\n\n`);
    await reply.pause(EVENT_PAUSE_MS);
  }
  await reply.lastChunk();
}

async function slow(_request: HttpRequest, reply: Reply): Promise<void> {
  await reply.pause(3000);
  await reply.send(200, JSON_TYPE, json({ waited: "3 s" }));
}

async function picture(_request: HttpRequest, reply: Reply): Promise<void> {
  await reply.send(200, { "Content-Type": "image/png", "Cache-Control": "no-store" }, pricePicture());
}

function orders(count: number): string[] {
  const all: string[] = [];
  for (let n = 0; n < count; n++) {
    all.push(
      `{"id":"A-${20931 - n}","status":"${n % 3 === 0 ? "open" : "paid"}","total":${
        price(n)
      },"currency":"EUR"}`,
    );
  }
  return all;
}

/** A price with two digits after the point, the same for the same number. */
function price(n: number): string {
  return ((n * 6151) % 20000 / 100 + 5).toFixed(2);
}

function gzipped(text: string): Uint8Array {
  return new Uint8Array(gzipSync(text));
}

function json(value: unknown): string {
  return JSON.stringify(value);
}
