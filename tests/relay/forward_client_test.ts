// A listener without a target, on real sockets: where requests go, what is passed on, what is recorded of it, and what
// the monitor answers by itself.

import assert from "node:assert/strict";
import { httpServer } from "../monitor.ts";
import { OwnPorts } from "../../src/relay/own_ports.ts";
import { readAll, readSome, relayTo, server, type Transcript, write } from "./transcript.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** A server that answers every request with its own name. */
function named(name: string) {
  return httpServer(async (conn) => {
    await write(conn, `HTTP/1.1 200 OK\r\nContent-Length: ${name.length}\r\n\r\n${name}`);
    return "go on";
  });
}

function events(transcript: Transcript, connection: number): string[] {
  return transcript.told.filter((told) => told.connection === connection).map(({ event }) => event);
}

/** What was passed on of a Direction: what was received and the edits of it. */
function passedOn(transcript: Transcript, connection: number): string {
  const received = transcript.text(connection, "upstream");
  let [out, at] = ["", 0];
  for (const told of transcript.told) {
    if (told.event !== "edited" || told.connection !== connection) continue;
    out += received.slice(at, told.offset) + new TextDecoder().decode(told.inserted);
    at = told.offset + told.removed;
  }
  return out + received.slice(at);
}

Deno.test("a proxied request goes to the target that it names, in origin-form, without the proxy's fields", async () => {
  const shop = named("shop");
  const { port } = shop.address;
  const relay = relayTo(null);
  const client = await relay.connect();
  const request =
    `PATCH http://127.0.0.1:${port}/x?y HTTP/1.1\r\nProxy-Authorization: Basic Zm9v\r\nHost: other\r\n` +
    "Content-Length: 3\r\n\r\nabc";
  await write(client, request);
  await client.closeWrite();
  assert.match(await readAll(client), /\r\n\r\nshop$/);
  client.close();
  await relay.transcript.until("closed");
  assert.deepEqual(shop.requests, [{
    head: `PATCH /x?y HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 3\r\n\r\n`,
    body: "abc",
  }]);
  const opened = await relay.transcript.until("opened");
  assert.deepEqual([opened.target, opened.forward], [shop.address, true]);
  assert.equal(relay.transcript.text(1, "upstream"), request);
  assert.equal(passedOn(relay.transcript, 1), shop.requests[0].head + shop.requests[0].body);
  await relay.close();
  await shop.close();
});

Deno.test("requests on one connection go each to its own target, pipelined or not, and are answered in order", async () => {
  const [a, b] = [named("a"), named("b")];
  const url = (to: typeof a) => `http://127.0.0.1:${to.address.port}/`;
  const get = (to: typeof a) => `GET ${url(to)} HTTP/1.1\r\nHost: 127.0.0.1:${to.address.port}\r\n\r\n`;
  for (const together of [true, false]) {
    const relay = relayTo(null);
    const client = await relay.connect();
    const order = [a, a, b, a, b, b];
    const names = order.map((to) => to === a ? "a" : "b");
    const answer = (name: string) => `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${name}`;
    if (together) await write(client, order.map(get).join(""));
    for (const [index, to] of order.entries()) {
      if (!together) await write(client, get(to));
      assert.equal(await readSome(client, answer("a").length), answer(names[index]));
    }
    client.close();
    await relay.transcript.until("closed", 4);
    const targets = relay.transcript.told.flatMap((told) => told.event === "opened" ? told.target.port : []);
    assert.deepEqual(targets, [a, b, a, b].map((to) => to.address.port));
    for (const connection of [1, 2, 3]) {
      const closed = await relay.transcript.until("closed", connection);
      assert.deepEqual([closed.endedBy, closed.how, closed.error], ["client", "end", null]);
    }
    assert.equal(relay.transcript.text(1, "upstream"), get(a) + get(a));
    assert.equal(relay.transcript.text(2, "downstream"), answer("b"));
    await relay.close();
  }
  await a.close();
  await b.close();
});

Deno.test("a body of chunks goes whole before the next request goes elsewhere", async () => {
  const bodies: string[] = [];
  const a = httpServer(async (conn, { body }) => {
    bodies.push(body);
    await write(conn, OK);
    return "go on";
  });
  const b = named("b");
  const relay = relayTo(null);
  const client = await relay.connect();
  const chunk = `10000\r\n${"x".repeat(65_536)}\r\n`;
  const body = chunk.repeat(20) + "0\r\n\r\n";
  await write(
    client,
    `POST http://127.0.0.1:${a.address.port}/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
  );
  await write(client, `GET http://127.0.0.1:${b.address.port}/ HTTP/1.1\r\n\r\n`);
  assert.equal(await readSome(client, OK.length), OK);
  assert.match(await readSome(client, 39), /b$/);
  client.close();
  await relay.transcript.until("closed", 2);
  assert.deepEqual(bodies, [body]);
  await relay.close();
  await a.close();
  await b.close();
});

Deno.test("CONNECT is answered by the monitor, and what follows passes as it is", async () => {
  const target = server(async (conn) => {
    await write(conn, "220 ready\r\n");
    assert.equal(await readSome(conn, 5), "HELLO");
    await write(conn, "bye");
  });
  const { port } = target.address;
  const relay = relayTo(null);
  const client = await relay.connect();
  const request = `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nProxy-Connection: x\r\n\r\n`;
  // A client may send at once what is for the target.
  await write(client, `${request}HEL`);
  const answer = "HTTP/1.1 200 Connection established\r\n\r\n";
  assert.equal(await readSome(client, answer.length + 11), `${answer}220 ready\r\n`);
  await write(client, "LO");
  assert.equal(await readAll(client), "bye");
  client.close();
  await relay.transcript.until("closed");
  const connected = await relay.transcript.until("connected");
  assert.equal(connected.answered, answer.length);
  assert.equal(relay.transcript.text(1, "upstream"), `${request}HELLO`);
  assert.equal(passedOn(relay.transcript, 1), "HELLO");
  assert.equal(relay.transcript.text(1, "downstream"), `${answer}220 ready\r\nbye`);
  await relay.close();
  await target.close();
});

Deno.test("a WebSocket is opened through absolute-form, and refused ones leave the connection as it was", async () => {
  const target = httpServer(async (conn, { head }) => {
    if (head.includes("/no")) {
      await write(conn, OK);
      return "go on";
    }
    await write(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
    await write(conn, `echo ${await readSome(conn, 6)}`);
    return "close";
  });
  const relay = relayTo(null);
  const client = await relay.connect();
  const ask = (path: string) =>
    `GET http://127.0.0.1:${target.address.port}${path} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
  await write(client, ask("/no"));
  assert.equal(await readSome(client, OK.length), OK);
  await write(client, ask("/yes"));
  const switched = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
  assert.equal(await readSome(client, switched.length), switched);
  // Frames may look like anything, such as a request.
  await write(client, "GET /\n");
  assert.equal(await readAll(client), "echo GET /\n");
  client.close();
  await relay.transcript.until("closed");
  assert.deepEqual(events(relay.transcript, 2), []);
  await relay.close();
  await target.close();
});

Deno.test("100-continue and HEAD pass through", async () => {
  const target = server(async (conn) => {
    let head = "";
    while (!head.endsWith("\r\n\r\n")) head += await readSome(conn, 1);
    assert.match(head, /^POST \/ HTTP\/1.1\r\nExpect: 100-continue\r\n/);
    await write(conn, "HTTP/1.1 100 Continue\r\n\r\n");
    assert.equal(await readSome(conn, 3), "abc");
    await write(conn, OK);
    head = "";
    while (!head.endsWith("\r\n\r\n")) head += await readSome(conn, 1);
    await write(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
    await readAll(conn);
  });
  const other = named("other");
  const relay = relayTo(null);
  const client = await relay.connect();
  const url = `http://127.0.0.1:${target.address.port}/`;
  await write(client, `POST ${url} HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n`);
  assert.equal(await readSome(client, 25), "HTTP/1.1 100 Continue\r\n\r\n");
  await write(client, "abc");
  assert.equal(await readSome(client, OK.length), OK);
  await write(
    client,
    `HEAD ${url} HTTP/1.1\r\n\r\nGET http://127.0.0.1:${other.address.port}/ HTTP/1.1\r\n\r\n`,
  );
  assert.equal(await readSome(client, 41), "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
  assert.match(await readSome(client, 43), /other$/);
  client.close();
  await relay.transcript.until("closed", 2);
  await relay.close();
  await target.close();
  await other.close();
});

async function refused(request: string, ownPorts?: OwnPorts) {
  const relay = relayTo(null, { ownPorts });
  const client = await relay.connect();
  await write(client, request.replace("SELF", `127.0.0.1:${relay.port.listen.port}`));
  const answer = await readAll(client);
  client.close();
  const failed = await relay.transcript.until("failed");
  assert.equal(relay.transcript.text(1, "downstream"), answer);
  assert.equal(
    relay.transcript.text(1, "upstream"),
    request.replace("SELF", `127.0.0.1:${relay.port.listen.port}`),
  );
  assert.deepEqual(events(relay.transcript, 1), ["opened", "failed"]);
  const opened = await relay.transcript.until("opened");
  const self = relay.port.listen.port;
  await relay.close();
  return { answer, failed, opened, self };
}

/** A port of this machine on which nothing listens. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

Deno.test("a target that cannot be reached is a 502 with words, recorded as the failure that it is", async () => {
  const port = freePort();
  for (
    const request of [
      `POST http://127.0.0.1:${port}/ HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc`,
      `CONNECT 127.0.0.1:${port} HTTP/1.1\r\n\r\n`,
      `HEAD http://127.0.0.1:${port}/ HTTP/1.1\r\n\r\n`,
    ]
  ) {
    const { answer, failed, opened } = await refused(request);
    assert.match(answer, /^HTTP\/1\.1 502 Bad Gateway\r\nContent-Type: text\/plain; charset=utf-8\r\n/);
    assert.match(answer, /\r\nConnection: close\r\n\r\n/);
    const words = `127.0.0.1:${port} refused the connection`;
    if (request.startsWith("HEAD")) assert.match(answer, /Content-Length: [1-9]\d*\r\n.*\r\n\r\n$/);
    else assert.ok(answer.endsWith(`\r\n\r\ntcpmon: ${words}.\n`), answer);
    assert.deepEqual([failed.how, failed.error], ["refused", words]);
    assert.equal(opened.target.port, port);
  }
});

Deno.test("what is no request for a proxy is a 400 that says what this port is", async () => {
  for (
    const [request, status, words] of [
      [
        "GET / HTTP/1.1\r\nHost: SELF\r\n\r\n",
        400,
        "This port is an HTTP proxy: set it as your client's proxy",
      ],
      ["\x16\x03\x01\x02\x00", 400, "without TLS: set it as an http:// proxy"],
      ["GET https://shop/ HTTP/1.1\r\n\r\n", 501, "CONNECT is to be used"],
    ] as const
  ) {
    const { answer, failed, opened, self } = await refused(request);
    assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer);
    assert.ok(answer.includes(words) && failed.error.includes(words), failed.error);
    assert.equal(opened.target.port, self);
  }
});

Deno.test("a proxy is no way into the monitor's own page, by whatever name, nor a circle", async () => {
  let reached = "";
  const page = server(async (conn) => {
    reached += await readAll(conn);
  });
  const ownPorts = new OwnPorts();
  ownPorts.page = page.address.port;
  for (
    const name of [
      "127.0.0.1",
      "localhost",
      "127.1.2.3",
      "[::1]",
      "0.0.0.0",
      "[::ffff:127.0.0.1]",
      "2130706433",
    ]
  ) {
    const { answer } = await refused(
      `GET http://${name}:${ownPorts.page}/?token=x HTTP/1.1\r\n\r\n`,
      ownPorts,
    );
    assert.match(answer, /^HTTP\/1\.1 (403 Forbidden|502)/, name);
    const tunnel = await refused(`CONNECT ${name}:${ownPorts.page} HTTP/1.1\r\n\r\n`, ownPorts);
    assert.match(tunnel.answer, /^HTTP\/1\.1 (403|502) /, name);
  }
  const { answer, failed } = await refused(
    `GET http://127.0.0.1:${ownPorts.page}/ HTTP/1.1\r\n\r\n`,
    ownPorts,
  );
  assert.match(answer, /^HTTP\/1\.1 403 Forbidden\r\n/);
  assert.match(failed.error, /is the page of tcpmon itself/);
  const circle = await refused("GET http://SELF/ HTTP/1.1\r\n\r\n", ownPorts);
  assert.match(circle.answer, /^HTTP\/1\.1 508 Loop Detected\r\n/);
  await page.close();
  assert.equal(reached, "");
});

Deno.test("a client that sends nothing is nothing to record, and one that ends within a head is", async () => {
  const relay = relayTo(null);
  const silent = await relay.connect();
  await silent.closeWrite();
  assert.equal(await readAll(silent), "");
  silent.close();
  const partial = await relay.connect();
  await write(partial, "GET http://shop/ HTT");
  await partial.closeWrite();
  assert.match(await readAll(partial), /^HTTP\/1\.1 400 /);
  partial.close();
  const failed = await relay.transcript.until("failed");
  assert.match(failed.error, /ended within the head/);
  assert.equal(relay.transcript.told.filter(({ event }) => event === "opened").length, 1);
  await relay.close();
});

Deno.test("stopping a proxy ends its clients, those that wait and those that talk", async () => {
  const target = server(async (conn) => void await readAll(conn));
  const relay = relayTo(null);
  const waiting = await relay.connect();
  const talking = await relay.connect();
  await write(talking, `GET http://127.0.0.1:${target.address.port}/ HTTP/1.1\r\n\r\n`);
  await relay.transcript.until("connected");
  await relay.close();
  assert.equal(await readAll(waiting).catch(() => ""), "");
  assert.equal(await readAll(talking).catch(() => ""), "");
  waiting.close();
  talking.close();
  const closed = await relay.transcript.until("closed");
  assert.deepEqual([closed.endedBy, closed.how], ["monitor", "stopped"]);
  await target.close();
});

Deno.test("a slow link delivers all of an answer before the next request goes elsewhere", async () => {
  const long = "x".repeat(4_000);
  const [a, b] = [named(long), named("b")];
  const slow = { bytesPerSecond: 20_000, latencyMs: 20, jitterMs: 0 };
  const relay = relayTo(null, { route: { slow: { upstream: slow, downstream: slow } } });
  const client = await relay.connect();
  const get = (to: typeof a) => `GET http://127.0.0.1:${to.address.port}/ HTTP/1.1\r\n\r\n`;
  await write(client, get(a) + get(b) + get(a));
  const answers = await readSome(client, 3 * 38 + 2 * 3 + 2 * long.length + 1);
  assert.deepEqual(answers.split(/HTTP\/1\.1 200 OK\r\nContent-Length: \d+\r\n\r\n/), ["", long, "b", long]);
  client.close();
  await relay.transcript.until("closed", 3);
  for (const connection of [1, 2]) {
    const closed = await relay.transcript.until("closed", connection);
    assert.deepEqual([closed.error, closed.undelivered], [null, null]);
  }
  await relay.close();
  await a.close();
  await b.close();
});

Deno.test("a client that reads slowly slows the target down, and half-close passes through a proxy", async () => {
  const total = 24 * 1024 * 1024;
  let sent = 0;
  const ended = Promise.withResolvers<string>();
  const target = server(async (conn) => {
    ended.resolve(await readAll(conn));
    await write(conn, `HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
    const piece = new Uint8Array(64 * 1024);
    for (; sent < total; sent += piece.length) await write(conn, piece);
  });
  const relay = relayTo(null, { keepsBytes: false });
  const client = await relay.connect();
  await write(client, `GET http://127.0.0.1:${target.address.port}/big HTTP/1.1\r\n\r\n`);
  await client.closeWrite();
  assert.match(await ended.promise, /^GET \/big HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\n\r\n$/);
  await readSome(client, 1024);
  assert.ok(sent < total, "all was sent though next to nothing was read");
  let received = 1024;
  const buffer = new Uint8Array(256 * 1024);
  for (let count = await client.read(buffer); count !== null; count = await client.read(buffer)) {
    received += count;
  }
  assert.equal(received, `HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`.length + total);
  client.close();
  await relay.transcript.until("closed");
  await relay.close();
  await target.close();
});
