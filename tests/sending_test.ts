// Sending on real sockets through the whole program: again, edited, turn by turn, and the Sender's own.

import assert from "node:assert/strict";
import type { MessageDiff } from "../src/catalog/types.ts";
import type { Connection, Exchange } from "../src/model.ts";
import { httpServer, Monitor, ok } from "./monitor.ts";
import type { Dialer } from "../src/relay/dial.ts";
import { OwnClients } from "../src/relay/own_clients.ts";
import { Sending } from "../src/sending.ts";
import { TlsFiles } from "../src/tls_files.ts";
import { readAll, readSome, server, Transcript, write } from "./relay/transcript.ts";
import { FakeCatalog } from "./ui/fakes.ts";

const GET = "GET /orders?id=1 HTTP/1.1\r\nhost: shop\r\nX-Odd:  value \r\n\r\n";

function post(body: string, type = "text/plain; charset=utf-8"): string {
  const length = new TextEncoder().encode(body).length;
  return `POST /quotes HTTP/1.1\r\nHost: shop\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${body}`;
}

/** UTF-8 as one character a byte, as servers here keep it. */
function wire(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

Deno.test("resend: as it was, straight to the target, byte for byte, as a new exchange of the same listener", async () => {
  const target = httpServer();
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(GET);
  const sent = await monitor.resend(first.id);
  assert.deepEqual([sent.resendOf, sent.client, sent.listener, sent.target, sent.method, sent.url], [
    first.id,
    "tcpmon",
    "l1",
    first.target,
    "GET",
    "/orders?id=1",
  ]);
  const done = await monitor.done(sent.id);
  assert.deepEqual([done.state, done.status, done.resendOf], ["done", 200, first.id]);
  assert.deepEqual(target.requests.map(({ head }) => head), [GET, GET]);
  assert.equal(await monitor.bytes(`/exchanges/${sent.id}/request`), GET);
  const connection = await monitor.over(sent.connection);
  assert.deepEqual([connection.client, connection.endedBy, connection.how, connection.error], [
    "tcpmon",
    "client",
    "end",
    null,
  ]);
  assert.equal(connection.listen, monitor.program.listeners()[0].listen);
  assert.equal(connection.upstreamBytes, GET.length);
  await monitor.stop();
  await target.close();
  assert.deepEqual(target.ends.sort(), ["end", "end"]);
});

Deno.test("resend: the answer is 201 while the exchange is open", async () => {
  const may = Promise.withResolvers<void>();
  const target = httpServer(async (conn, request) => {
    if (target.requests.length === 2) await may.promise;
    return await ok(conn, request);
  });
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(GET);
  const sent = await monitor.resend(first.id);
  assert.deepEqual([sent.state, sent.status], ["open", null]);
  const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges?listener=l1");
  assert.deepEqual(exchanges.map(({ id, resendOf }) => [id, resendOf]), [[sent.id, first.id], [
    first.id,
    null,
  ]]);
  may.resolve();
  assert.equal((await monitor.done(sent.id)).state, "done");
  await monitor.stop();
  await target.close();
});

Deno.test("resend: through the listener it is recorded once, as any client's, and linked", async () => {
  const target = httpServer();
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(post("é€"));
  const sent = await monitor.resend(first.id, { through: "listener" });
  assert.deepEqual([sent.resendOf, sent.client, sent.listener], [first.id, "tcpmon", "l1"]);
  assert.equal((await monitor.done(sent.id)).state, "done");
  await monitor.over(sent.connection);
  const { total } = await monitor.json<{ total: number }>("GET", "/exchanges");
  assert.equal(total, 2);
  assert.deepEqual(target.requests[1], target.requests[0]);
  assert.equal(target.requests[1].body, wire("é€"));
  // Other clients that come at the same time are not taken for it.
  const [again, other] = await Promise.all([
    monitor.resend(first.id, { through: "listener" }),
    monitor.record(GET),
  ]);
  assert.equal(again.resendOf, first.id);
  assert.deepEqual([other.resendOf, other.client === "tcpmon"], [null, false]);
  await monitor.over(again.connection);
  await monitor.stop();
  await target.close();
});

Deno.test("resend: many at once through one listener are each linked to their own", async () => {
  const target = httpServer();
  await using monitor = await Monitor.start(target.address);
  const origins = [];
  for (let i = 0; i < 4; i++) origins.push(await monitor.record(post(`number ${i}`)));
  const all = origins.flatMap((origin) => Array(5).fill(origin) as Exchange[]);
  const sent = await Promise.all(
    all.map(({ id }, i) => monitor.resend(id, { through: i % 2 ? "listener" : "target" })),
  );
  assert.equal(new Set(sent.map(({ id }) => id)).size, 20);
  for (const [at, { id, resendOf }] of sent.entries()) {
    assert.equal(resendOf, all[at].id);
    assert.equal((await monitor.done(id)).state, "done");
    assert.ok(
      (await monitor.bytes(`/exchanges/${id}/request`)).endsWith(`number ${origins.indexOf(all[at])}`),
    );
  }
  await monitor.stop();
  await target.close();
});

/** What is sent instead, and what the server gets. */
const EDITS: readonly [name: string, settings: unknown, head: RegExp, body: string][] = [
  [
    "a text with é€",
    { request: post("").replace("Length: 0", "Length: 1") + "é€" },
    /Content-Length: 5\r\n/,
    wire("é€"),
  ],
  [
    "bytes as base64",
    { request: { base64: btoa("PATCH / HTTP/1.1\r\nContent-Length: 3\r\n\r\n\x00\xff\x80") } },
    /^PATCH \/ HTTP\/1\.1\r\nContent-Length: 3\r\n\r\n$/,
    "\x00\xff\x80",
  ],
  [
    "a head without an end",
    { request: "DELETE /x HTTP/1.1\r\nHost: h" },
    /^DELETE \/x HTTP\/1\.1\r\nHost: h\r\n\r\n$/,
    "",
  ],
  [
    "a length that is wanted wrong",
    { request: "PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\nabcd", fixContentLength: false },
    /Content-Length: 2\r\n/,
    "ab",
  ],
  [
    "a body with empty lines",
    { request: "PUT / HTTP/1.1\r\nContent-Length: 1\r\n\r\na\r\n\r\nb\n\nc" },
    /Content-Length: 9\r\n/,
    "a\r\n\r\nb\n\nc",
  ],
  [
    "a chunked body",
    { request: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n" },
    /chunked/,
    "3\r\nabc\r\n0\r\n\r\n",
  ],
];

Deno.test("resend: an edited request is sent, and the record it came from stays", async () => {
  const target = httpServer();
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(GET);
  for (const [name, settings, head, body] of EDITS) {
    const before = target.requests.length;
    const sent = await monitor.resend(first.id, settings);
    assert.equal((await monitor.done(sent.id)).status, 200, name);
    assert.match(target.requests[before].head, head, name);
    assert.equal(target.requests[before].body, body, name);
    assert.equal(sent.resendOf, first.id);
  }
  assert.equal(await monitor.bytes(`/exchanges/${first.id}/request`), GET);
  await monitor.stop();
  await target.close();
});

Deno.test("resend: a body of bytes is the request itself", async () => {
  const target = httpServer();
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(GET);
  const request = new TextEncoder().encode("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\né€");
  const sent = await monitor.json<Exchange>(
    "POST",
    `/exchanges/${first.id}/resend?through=listener`,
    request,
    201,
  );
  await monitor.done(sent.id);
  assert.deepEqual([target.requests[1].head, target.requests[1].body], [
    "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
    wire("é€"),
  ]);
  await monitor.stop();
  await target.close();
});

Deno.test("resend: an 8.5 KB nested XML body, and one of 10 MB in one line", async () => {
  const target = httpServer(async (conn, { body }) => {
    await write(
      conn,
      `HTTP/1.1 200 OK\r\nContent-Length: ${String(body.length).length}\r\n\r\n${body.length}`,
    );
    return "go on";
  });
  await using monitor = await Monitor.start(target.address);
  const nested = "<a>".repeat(1200) + "x".repeat(100) + "</a>".repeat(1200);
  const first = await monitor.record(post(nested, "text/xml"));
  for (const through of ["target", "listener"]) {
    const sent = await monitor.resend(first.id, { through });
    assert.equal((await monitor.done(sent.id)).state, "done");
    assert.equal(target.requests.at(-1)!.body, nested);
  }
  const long = "y".repeat(10_000_000);
  const second = await monitor.json<Exchange>(
    "POST",
    "/send",
    { target: `127.0.0.1:${target.address.port}`, request: post(long) },
    201,
  );
  await monitor.done(second.id);
  const again = await monitor.resend(second.id);
  const done = await monitor.done(again.id);
  assert.deepEqual([done.state, done.requestBytes], [
    "done",
    post(long).length,
  ]);
  assert.equal(target.requests.at(-1)!.body.length, long.length);
  await monitor.stop();
  await target.close();
});

Deno.test("resend: HEAD has no body to wait for, and an interim response is no answer yet", async () => {
  const target = httpServer(async (conn, { head }) => {
    if (head.startsWith("HEAD")) await write(conn, "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n");
    else {
      await write(conn, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
      await write(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n");
      await new Promise((resolve) => setTimeout(resolve, 300));
      await write(conn, "0\r\n\r\n");
    }
    return "go on";
  });
  await using monitor = await Monitor.start(target.address);
  for (const [method, bytes] of [["HEAD", 0], ["GET", 2]] as const) {
    const first = await monitor.record(`${method} / HTTP/1.1\r\nHost: h\r\n\r\n`);
    const sent = await monitor.resend(first.id);
    const done = await monitor.done(sent.id);
    assert.deepEqual([done.state, done.status, done.fault], ["done", 200, null], method);
    const { response } = await monitor.json<{ response: { bodyBytes: number } }>(
      "GET",
      `/exchanges/${sent.id}`,
    );
    assert.equal(response.bodyBytes, bytes);
    assert.equal((await monitor.over(sent.connection)).how, "end");
  }
  await monitor.stop();
  await target.close();
});

Deno.test("resend: an answer that ends with the connection is waited for to its end", async () => {
  const target = httpServer(async (conn) => {
    await write(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nfirst, ");
    // Longer than a turn's silence, which does not count in HTTP.
    await new Promise((resolve) => setTimeout(resolve, 400));
    await write(conn, "second");
    return "close";
  });
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(GET);
  const sent = await monitor.resend(first.id);
  assert.equal((await monitor.done(sent.id)).state, "done");
  assert.equal(await monitor.bytes(`/exchanges/${sent.id}/response/body`), "first, second");
  const connection = await monitor.over(sent.connection);
  assert.deepEqual([connection.endedBy, connection.how], ["target", "end"]);
  await monitor.stop();
  await target.close();
});

Deno.test("resend: a target that ends its side first still gets all of the request", async () => {
  let got = 0;
  const target = server(async (conn) => {
    await readSome(conn, 1);
    await write(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    await conn.closeWrite();
    got = (await readAll(conn)).length + 1;
  });
  await using monitor = await Monitor.start();
  const request = post("x".repeat(3_000_000));
  const sent = await monitor.json<Exchange>(
    "POST",
    "/send",
    { target: `127.0.0.1:${target.address.port}`, request },
    201,
  );
  assert.equal((await monitor.done(sent.id)).status, 200);
  await monitor.over(sent.connection);
  await monitor.stop();
  await target.close();
  assert.equal(got, request.length);
});

Deno.test("resend: without an answer for too long the monitor ends it, and says so", async () => {
  const target = server(async (conn) => {
    try {
      await readAll(conn);
    } catch { /* reset */ }
  });
  await using monitor = await Monitor.start(target.address);
  const sent = await monitor.json<Exchange>("POST", "/send", {
    target: `127.0.0.1:${target.address.port}`,
    request: GET,
    limitMs: 200,
  }, 201);
  const done = await monitor.done(sent.id);
  const words =
    `nothing came from 127.0.0.1:${target.address.port} for 0.2 s: the monitor closed the connection`;
  assert.deepEqual([done.state, done.fault], ["failed", words]);
  const connection = await monitor.over(sent.connection);
  assert.deepEqual([connection.endedBy, connection.how, connection.error], ["monitor", "timeout", words]);
  // What the Sender sent has come through no listener.
  const through = await monitor.json<Exchange>("POST", `/exchanges/${sent.id}/resend`, {
    through: "listener",
  }, 409);
  assert.match((through as unknown as { error: string }).error, /it has none any more\. Send it straight/);
  await monitor.stop();
  await target.close();
});

Deno.test("resend: through a listener, too, the monitor ends it after too long, and says so", async () => {
  let count = 0;
  const target = server(async (conn) => {
    try {
      await readSome(conn, GET.length);
      if (count++ === 0) await write(conn, "HTTP/1.1 204 No Content\r\n\r\n");
      await readAll(conn);
    } catch { /* reset, or ended before it had anything on a slow machine */ }
  });
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(GET);
  const sent = await monitor.resend(first.id, { through: "listener", limitMs: 150 });
  assert.match(
    (await monitor.done(sent.id)).fault!,
    /^nothing came from 127\.0\.0\.1:\d+ for 0\.15 s: the monitor/,
  );
  assert.equal((await monitor.over(sent.connection)).endedBy, "monitor");
  await monitor.stop();
  await target.close();
});

Deno.test("send: a target that refuses is a failed exchange with its request", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const target = `127.0.0.1:${free.addr.port}`;
  free.close();
  await using monitor = await Monitor.start();
  const sent = await monitor.json<Exchange>("POST", "/send", { target, request: post("é") }, 201);
  const done = await monitor.done(sent.id);
  assert.deepEqual([done.state, done.fault, done.method, done.url, done.listener, done.resendOf], [
    "failed",
    `${target} refused the connection`,
    "POST",
    "/quotes",
    "sender",
    null,
  ]);
  assert.equal(await monitor.bytes(`/exchanges/${sent.id}/request`), wire(post("é")));
  assert.equal((await monitor.over(sent.connection)).listen, null);
  await monitor.stop();
});

Deno.test("send: its history is the exchanges of the listener sender, which can be sent again and removed", async () => {
  const target = httpServer();
  await using monitor = await Monitor.start();
  const to = `localhost:${target.address.port}`;
  const first = await monitor.json<Exchange>("POST", "/send", { target: to, tls: false, request: GET }, 201);
  await monitor.done(first.id);
  const again = await monitor.resend(first.id, { request: GET.replace("id=1", "id=2") });
  await monitor.done(again.id);
  assert.deepEqual([again.listener, again.resendOf, again.url], ["sender", first.id, "/orders?id=2"]);
  const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges?listener=sender");
  assert.deepEqual(exchanges.map(({ id, client, target }) => [id, client, target]), [
    [again.id, "tcpmon", to],
    [first.id, "tcpmon", to],
  ]);
  const { listeners } = await monitor.json<{ listeners: unknown[] }>("GET", "/listeners");
  assert.deepEqual(listeners, []);
  assert.deepEqual(await monitor.json("DELETE", "/exchanges?listener=sender"), { removed: 2 });
  await monitor.stop();
  await target.close();
});

Deno.test("send: what cannot be sent is refused in words, with the field", async () => {
  await using monitor = await Monitor.start();
  const page = `127.0.0.1:${monitor.program.page.address.port}`;
  const cases: [status: number, path: string, body: unknown, field: string | undefined, words: RegExp][] = [
    [400, "/send", { target: "h:1", request: "x", tls: 1 }, "tls", /neither true nor false/],
    [
      400,
      "/send",
      { target: "h", request: "x" },
      "target",
      /^Cannot send to "h": the port is missing\. Write h:80\./,
    ],
    [400, "/send", { target: "https://h/", request: "x" }, "target", /has no "https:\/\/"\. Write h:443/],
    [400, "/send", { request: "x" }, "target", /target is missing/],
    [400, "/send", { target: "h:1" }, "request", /request is missing/],
    [400, "/send", { target: "h:1", request: "" }, "request", /request is empty/],
    [400, "/send", { target: "h:1", request: { base64: "§" } }, "request", /not base64/],
    [400, "/send", { target: "h:1", request: 7 }, "request", /Give a text, or bytes as/],
    [400, "/send", { target: "h:1", request: "a", turns: ["b"] }, "turns", /both request and turns\. Give/],
    [400, "/send", { target: "h:1", turns: [] }, "turns", /a list of 1 to 1000/],
    [400, "/send", { target: "h:1", request: "x", limitMs: 1 }, "limitMs", /from 100 to 3600000/],
    [
      400,
      "/send",
      { target: "h:1", request: "x", endAfterTurns: 1 },
      "endAfterTurns",
      /neither true nor false/,
    ],
    [400, "/send", { target: "h:1", request: "x", before: true }, "before", /no such member/],
    [409, "/send", { target: page, request: "x" }, "target", /that is the page of tcpmon itself/],
    [404, "/exchanges/e9/resend", undefined, undefined, /Cannot find exchange "e9"/],
    [400, "/exchanges/e9/resend", { through: "air" }, "through", /neither "target" nor "listener"/],
  ];
  for (const [status, path, body, field, words] of cases) {
    const refusal = await monitor.json<{ error: string; field?: string }>("POST", path, body, status);
    assert.match(refusal.error, words);
    assert.equal(refusal.field, field, refusal.error);
  }
  await monitor.stop();
});

Deno.test("resend: a stopped listener is not gone through, and says so", async () => {
  const target = httpServer();
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(GET);
  await monitor.json("PATCH", "/listeners/l1", { state: "stopped" });
  const refusal = await monitor.json<{ error: string; field: string }>(
    "POST",
    `/exchanges/${first.id}/resend`,
    { through: "listener" },
    409,
  );
  assert.match(
    refusal.error,
    /^Cannot send through 127\.0\.0\.1:\d+: it is not listening\. Start it, or send/,
  );
  assert.equal(refusal.field, "through");
  const straight = await monitor.resend(first.id);
  assert.equal((await monitor.done(straight.id)).state, "done");
  await monitor.stop();
  await target.close();
});

Deno.test("resend: what is being sent can be ended, and nothing else", async () => {
  const target = server(async (conn) => {
    try {
      await readAll(conn);
    } catch { /* reset */ }
  });
  await using monitor = await Monitor.start(target.address);
  const { host: hostname, port } = monitor.listen();
  const client = await Deno.connect({ hostname, port });
  await write(client, GET);
  await monitor.line(({ event, state }) => event === "connection" && state === "open");
  const to = `127.0.0.1:${target.address.port}`;
  const sent = await monitor.json<Exchange>("POST", "/send", { target: to, request: GET }, 201);
  assert.equal((await monitor.api("DELETE", `/connections/${sent.connection}`)).status, 204);
  assert.deepEqual([(await monitor.done(sent.id)).fault, (await monitor.over(sent.connection)).endedBy], [
    "ended by the user",
    "monitor",
  ]);
  const { connections } = await monitor.json<{ connections: Connection[] }>("GET", "/connections");
  const theirs = connections.find((connection) => connection.client !== "tcpmon")!;
  for (
    const [id, status, words] of [[theirs.id, 409, /client is not tcpmon/], [
      sent.connection,
      409,
      /it is over/,
    ], [
      "c99",
      404,
      /Cannot find connection/,
    ]] as const
  ) {
    assert.match(
      (await monitor.json<{ error: string }>("DELETE", `/connections/${id}`, undefined, status)).error,
      words,
    );
  }
  client.close();
  await monitor.stop();
  await target.close();
});

Deno.test("resend: the requests and the responses are compared with those of the origin", async () => {
  const target = httpServer(async (conn, { body }) => {
    const json = JSON.stringify({ echo: body, count: target.requests.length, "Börse": "Zürich" });
    const length = new TextEncoder().encode(json).length;
    await write(
      conn,
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${json}`,
    );
    return "go on";
  });
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(post('{"symbol":"GOOG","currency":"EUR"}', "application/json"));
  const request = post('{"symbol":"MSFT","currency":"EUR"}', "application/json");
  const sent = await monitor.resend(first.id, { request });
  await monitor.done(sent.id);
  const requests = await monitor.json<MessageDiff>(
    "GET",
    `/exchanges/${sent.id}/diff?side=request&context=1`,
  );
  assert.deepEqual([requests.with, requests.as, requests.head!.removed, requests.body.removed], [
    first.id,
    "json",
    0,
    1,
  ]);
  assert.deepEqual(requests.body.rows.filter(({ kind }) => kind === "added"), [
    { kind: "added", after: 1, text: '  "symbol": "MSFT",', pair: 1, parts: [[13, 17]] },
  ]);
  const responses = await monitor.json<MessageDiff>(
    "GET",
    `/exchanges/${sent.id}/diff?side=response&context=0`,
  );
  assert.deepEqual([responses.head!.removed, responses.body.removed, responses.body.added], [0, 2, 2]);
  await monitor.stop();
  await target.close();
});

Deno.test("save: all exchanges as one text, with the listen port that they came through and their exact bytes", async () => {
  const target = httpServer();
  await using monitor = await Monitor.start(target.address);
  const first = await monitor.record(post("é€\n==== Response ====\n"));
  const sent = await monitor.resend(first.id, {
    request: { base64: btoa("PUT / HTTP/1.1\r\nContent-Length: 2\r\n\r\n\x00\xff") },
  });
  await monitor.done(sent.id);
  const text = await monitor.bytes("/exchanges/save?listener=l1");
  const sections = text.split("==============\n");
  assert.equal(sections.length, 4);
  for (const [at, { id, resendOf }] of [first, sent].entries()) {
    const heading = sections[at + 1].slice(0, sections[at + 1].indexOf("==== Request"));
    assert.match(
      heading,
      new RegExp(`^Exchange: ${id}${resendOf ? `, sent again from ${resendOf}` : ""}\\n`),
    );
    assert.match(heading, new RegExp(`\\nListen Port: ${monitor.listen().port}\\n`));
    assert.match(heading, new RegExp(`\\nTarget Host: 127.0.0.1\\nTarget Port: ${target.address.port}\\n`));
    const request = await monitor.bytes(`/exchanges/${id}/request`);
    const response = await monitor.bytes(`/exchanges/${id}/response`);
    assert.equal(
      sections[at + 1].slice(heading.length),
      `==== Request ====\n${request}\n==== Response ====\n${response}\n`,
    );
  }
  await monitor.stop();
  await target.close();
});

/** Sending without a program around it, to a target that never answers the dial. */
function unanswered(stopped: string | null) {
  const catalog = new FakeCatalog();
  catalog.rows = [];
  const transcript = new Transcript();
  let last = 0;
  const dialer = {
    dial: (_: unknown, signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  } as unknown as Dialer;
  const sending = new Sending({
    catalog,
    listeners: () => [],
    recording: () => ({ file: "x", temporary: true, bytes: 0, stopped, behindMs: 0 }),
    observer: transcript,
    dialer,
    ownClients: new OwnClients(),
    viaOf: () => undefined,
    trustOf: () => undefined,
    certificateFiles: new TlsFiles(() => undefined, () => {}, () => Promise.resolve()),
    nextConnection: () => ++last,
  });
  return { sending, transcript };
}

const ANYTHING = {
  targetFirst: false,
  turns: [new TextEncoder().encode("PING\r\n")],
  target: { host: "h", port: 1 },
  fixContentLength: true,
  endAfterTurns: false,
};

Deno.test("send: a target whose port is a number that tcpmon gives itself keeps its Directions", async () => {
  await using monitor = await Monitor.start();
  // Nothing listens on port 1, and the first that is sent would call itself so.
  const send = { target: "127.0.0.1:1", request: GET };
  const sent = await monitor.json<Exchange>("POST", "/send", send, 201);
  const { method, state, responseBytes, fault } = await monitor.done(sent.id);
  assert.deepEqual([method, state, responseBytes], ["GET", "failed", 0]);
  assert.match(fault ?? "", /refused/);
});

Deno.test("send: not when the answer would not be recorded", async () => {
  const { sending, transcript } = unanswered("Recording stopped: the disk is full");
  await assert.rejects(
    sending.send(ANYTHING),
    /^SendError: Cannot send: the answer would not be recorded\. Recording stopped: the disk is full\. Start/,
  );
  assert.deepEqual(transcript.told, []);
});

Deno.test("send: many at once, each with ends of its own, but not without bound; all end with the program", async () => {
  const { sending, transcript } = unanswered(null);
  const all = Array.from({ length: 256 }, () => sending.send(ANYTHING));
  await assert.rejects(sending.send(ANYTHING), /^SendError: Cannot send: 256 are being sent already\. Wait/);
  await sending.close();
  assert.deepEqual((await Promise.all(all)).slice(0, 2), [{ connection: "c1" }, { connection: "c2" }]);
  const opened = transcript.told.flatMap((event) => event.event === "opened" ? [event.client.port] : []);
  assert.equal(new Set(opened).size, 256);
  assert.ok(opened.every((port) => port > 0 && port < 1024));
  assert.equal(transcript.told.filter(({ event }) => event === "failed").length, 256);
  await assert.rejects(sending.send(ANYTHING), /tcpmon ends/);
});
