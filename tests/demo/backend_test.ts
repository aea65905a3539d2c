// The sample back end, asked by clients that it does not share a line with: fetch, and bytes over a plain socket.

import assert from "node:assert/strict";
import { gunzipSync, inflateSync } from "node:zlib";
import { SaxesParser } from "saxes";
import type { Backend } from "../../src/demo/backend.ts";
import { startBackend } from "../../src/demo/backend.ts";
import { soapCall } from "../../src/demo/quotes.ts";

async function withBackend(test: (backend: Backend, url: string) => Promise<void>): Promise<void> {
  const backend = startBackend();
  try {
    await test(backend, `http://127.0.0.1:${backend.http.port}`);
  } finally {
    await backend.stop();
  }
}

/** Sends `text`, and gives all that comes until the server ends: ask with "Connection: close". */
async function exchange(port: number, text: string): Promise<Uint8Array> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(text));
  return new Uint8Array(await new Response(conn.readable).arrayBuffer());
}

async function exchangeText(port: number, text: string): Promise<string> {
  return new TextDecoder().decode(await exchange(port, text));
}

function assertWellFormed(xml: string): void {
  const parser = new SaxesParser({ xmlns: true });
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(xml).close();
}

Deno.test("backend answers every path with its status and media type", () =>
  withBackend(async (_backend, url) => {
    const form = { method: "POST", body: new URLSearchParams({ user: "ada", password: "correct" }) };
    const wrong = { method: "POST", body: new URLSearchParams({ user: "ada", password: "wrong" }) };
    const soap = { method: "POST", body: soapCall("GOOG") };
    const cases: [path: string, init: RequestInit, status: number, type: string][] = [
      ["/", {}, 200, "text/plain; charset=utf-8"],
      ["/orders", {}, 200, "application/json; charset=utf-8"],
      ["/orders?status=open&limit=3", {}, 200, "application/json; charset=utf-8"],
      ["/orders/A-20931", {}, 200, "application/json; charset=utf-8"],
      ["/orders/A-20931", { method: "PUT", body: '{"revision":6}' }, 409, "application/json; charset=utf-8"],
      ["/orders/A-20931", { method: "PUT", body: '{"revision":7}' }, 200, "application/json; charset=utf-8"],
      ["/orders/A-20931", { method: "PUT", body: "{}" }, 400, "application/json; charset=utf-8"],
      ["/orders/A-20931", { method: "DELETE" }, 405, "text/plain; charset=utf-8"],
      ["/nothing", {}, 404, "application/json; charset=utf-8"],
      ["/login", form, 303, "text/plain; charset=utf-8"],
      ["/login", wrong, 401, "application/json; charset=utf-8"],
      ["/exports/orders.csv", {}, 200, "text/csv; charset=utf-8"],
      ["/orders/stream", {}, 200, "application/x-ndjson"],
      ["/prices.png", {}, 200, "image/png"],
      ["/axis/services/StockQuote?wsdl", {}, 200, "text/xml;charset=utf-8"],
      ["/axis/services/StockQuote", soap, 200, "text/xml;charset=utf-8"],
      [
        "/axis/services/StockQuote",
        { method: "POST", body: soapCall("GOGG") },
        500,
        "text/xml;charset=utf-8",
      ],
    ];
    for (const [path, init, status, type] of cases) {
      const answer = await fetch(url + path, { redirect: "manual", ...init });
      const body = await answer.text();
      assert.deepEqual(
        [answer.status, answer.headers.get("content-type")],
        [status, type],
        `${path}: ${body}`,
      );
      if (type.startsWith("application/json")) JSON.parse(body);
      if (type.startsWith("text/xml")) assertWellFormed(body);
    }
  }));

Deno.test("backend keeps numbers that a double cannot hold", () =>
  withBackend(async (_backend, url) => {
    const orders = await (await fetch(`${url}/orders`)).text();
    const order = await (await fetch(`${url}/orders/A-20931`)).text();
    assert.match(orders, /"total":18446744073709551615\b/);
    assert.match(order, /"number":90071992547409931\b/);
  }));

Deno.test("backend answers getQuote with the symbol's quote, and an unknown symbol with a SOAP fault", () =>
  withBackend(async (_backend, url) => {
    const ask = async (symbol: string) => {
      const answer = await fetch(`${url}/axis/services/StockQuote`, {
        method: "POST",
        body: soapCall(symbol),
      });
      return await answer.text();
    };
    assert.match(
      await ask("GOOG"),
      /<q:quote symbol="GOOG" exchange="XNAS"><q:price currency="EUR">141\.80</,
    );
    assert.match(await ask("GOGG"), /<faultstring>unknown symbol GOGG<\/faultstring>/);
  }));

Deno.test("backend describes the SOAP service at the address it was asked at", () =>
  withBackend(async (_backend, url) => {
    const description = await (await fetch(`${url}/axis/services/StockQuote?wsdl`)).text();
    assert.ok(
      description.includes(`<soap:address location="${url}/axis/services/StockQuote"/>`),
      description,
    );
  }));

Deno.test("backend sends a SOAP answer gzip-coded and chunked to who accepts gzip", () =>
  withBackend(async (backend) => {
    const call = soapCall("NESN");
    const bytes = await exchange(
      backend.http.port,
      `POST /axis/services/StockQuote HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n` +
        `Content-Length: ${new TextEncoder().encode(call).length}\r\n\r\n${call}`,
    );
    const text = new TextDecoder("latin1").decode(bytes);
    const bodyStart = text.indexOf("\r\n\r\n") + 4;
    assert.match(text.slice(0, bodyStart), /\r\nContent-Encoding: gzip\r\n/);
    assert.match(text.slice(0, bodyStart), /\r\nTransfer-Encoding: chunked\r\n/);
    const size = Number.parseInt(text.slice(bodyStart), 16);
    const chunkStart = text.indexOf("\r\n", bodyStart) + 2;
    assert.equal(text.slice(chunkStart + size), "\r\n0\r\n\r\n");
    const envelope = new TextDecoder().decode(gunzipSync(bytes.subarray(chunkStart, chunkStart + size)));
    assert.match(envelope, /<q:name>Nestlé S\.A\.<\/q:name>/);
  }));

Deno.test("backend exports orders gzip-coded with a Content-Length", () =>
  withBackend(async (backend) => {
    const request = "GET /exports/orders.csv HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const bytes = await exchange(backend.http.port, request);
    const text = new TextDecoder("latin1").decode(bytes);
    const bodyStart = text.indexOf("\r\n\r\n") + 4;
    assert.equal(Number(/\r\nContent-Length: (\d+)\r\n/.exec(text)?.[1]), bytes.length - bodyStart);
    assert.equal(gunzipSync(bytes.subarray(bodyStart)).toString().split("\r\n").length, 5002);
  }));

Deno.test("backend streams chunks with extensions and ends them with a trailer", () =>
  withBackend(async (backend) => {
    const request = "GET /orders/stream HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    const text = await exchangeText(backend.http.port, request);
    assert.match(text, /\r\nTrailer: X-Orders\r\n/);
    const sizes = [...text.matchAll(/^([0-9a-f]+);order=(\d)\r\n(.*)\n\r\n/gm)];
    assert.deepEqual(sizes.map(([, size, , line]) => Number.parseInt(size, 16) - line.length), [
      1,
      1,
      1,
      1,
      1,
      1,
    ]);
    assert.deepEqual(sizes.map(([, , order]) => order), ["1", "2", "3", "4", "5", "6"]);
    assert.ok(text.endsWith("\r\n0\r\nX-Orders: 6\r\n\r\n"), text.slice(-60));
  }));

Deno.test("backend leaves the body out for HEAD and goes on with the connection", () =>
  withBackend(async (backend) => {
    const text = await exchangeText(
      backend.http.port,
      "HEAD /orders/A-20931 HTTP/1.1\r\nHost: x\r\n\r\nHEAD /orders/stream HTTP/1.1\r\nHost: x\r\n\r\n" +
        "GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    const heads = text.split("\r\n\r\n");
    assert.deepEqual(heads.slice(0, 3).map((head) => head.split("\r\n")[0]), [
      "HTTP/1.1 200 OK",
      "HTTP/1.1 200 OK",
      "HTTP/1.1 404 Not Found",
    ]);
    assert.equal(heads.length, 4);
  }));

Deno.test("backend reads a chunked request after a 100 Continue", () =>
  withBackend(async (backend) => {
    const text = await exchangeText(
      backend.http.port,
      "PUT /orders/A-20931 HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n" +
        'Connection: close\r\n\r\n8;a=b\r\n{"revisi\r\n6\r\non":6}\r\n0\r\n\r\n',
    );
    assert.match(text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 409 Conflict\r\n/);
  }));

Deno.test("backend refuses what it cannot read, and closes", () =>
  withBackend(async (backend) => {
    const cases = [
      ["hello\r\n", "400"],
      ["GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"],
      ["PUT / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "413"],
      ["PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "400"],
    ];
    for (const [request, status] of cases) {
      const text = await exchangeText(backend.http.port, request);
      assert.equal(text.split(" ")[1], status, request);
    }
  }));

Deno.test("backend draws a PNG of the size that its header says", () =>
  withBackend(async (_backend, url) => {
    const file = new Uint8Array(await (await fetch(`${url}/prices.png`)).arrayBuffer());
    const view = new DataView(file.buffer);
    assert.deepEqual([...file.subarray(0, 8)], [137, 80, 78, 71, 13, 10, 26, 10]);
    const [width, height] = [view.getUint32(16), view.getUint32(20)];
    const length = view.getUint32(33);
    assert.equal(new TextDecoder().decode(file.subarray(37, 41)), "IDAT");
    assert.equal(inflateSync(file.subarray(41, 41 + length)).length, height * (1 + width * 3));
  }));

Deno.test("backend ends a slow answer and a stream of events when it is stopped", async () => {
  const backend = startBackend();
  const slow = exchangeText(backend.http.port, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
  using events = await Deno.connect({ hostname: "127.0.0.1", port: backend.http.port });
  await events.write(new TextEncoder().encode("GET /orders/events HTTP/1.1\r\nHost: x\r\n\r\n"));
  const lines = events.readable.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  while (!seen.includes("\n\n")) seen += (await lines.read()).value;
  assert.match(seen, /\r\nContent-Type: text\/event-stream\r\n[^]*\nevent: price\ndata: \{"symbol":"GOOG"/);
  await backend.stop();
  assert.equal(await slow, "");
  assert.equal((await lines.read()).done, true);
});

Deno.test("backend's mail server speaks first, takes a letter and says goodbye", () =>
  withBackend(async (backend) => {
    using conn = await Deno.connect({ hostname: "127.0.0.1", port: backend.mail.port });
    const reader = conn.readable.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    const until = async (ending: RegExp) => {
      while (!ending.test(seen)) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`ended after ${JSON.stringify(seen)}`);
        seen += value;
      }
      seen = "";
    };
    const say = (line: string) => conn.write(new TextEncoder().encode(`${line}\r\n`));
    await until(/^220 mail\.example\.org ESMTP ready\r\n$/);
    const turns: [line: string, answer: RegExp][] = [
      ["EHLO me", /^250-[^]*\r\n250 HELP\r\n$/],
      ["nonsense", /^500 [^\r]*\r\n$/],
      ["mail from:<a@example.org>", /^250 [^\r]*\r\n$/],
      ["DATA", /^354 [^\r]*\r\n$/],
      ["Subject: x\r\n\r\ntext\r\n.", /^250 2\.0\.0 3 lines accepted[^\r]*\r\n$/],
      ["QUIT", /^221 [^\r]*\r\n$/],
    ];
    for (const [line, answer] of turns) {
      await say(line);
      await until(answer);
    }
    assert.equal((await reader.read()).done, true);
  }));
