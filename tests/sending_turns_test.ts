// Sending over protocols without messages: turn by turn, with the target's turn in between.

import assert from "node:assert/strict";
import { formatAddress } from "../src/address.ts";
import type { Exchange } from "../src/model.ts";
import { httpServer, Monitor } from "./monitor.ts";
import { redis } from "./needs.ts";
import { readAll, readSome, server, write } from "./relay/transcript.ts";

/** Speaks first, and takes one line at a time: what comes before its answer is given is an error. */
function mailServer() {
  const sessions: string[][] = [];
  const listening = server(async (conn) => {
    const lines: string[] = [];
    sessions.push(lines);
    const buffer = new Uint8Array(4096);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 30));
    await pause();
    await write(conn, "220 mail ready\r\n");
    for (let read = await conn.read(buffer); read !== null; read = await conn.read(buffer)) {
      const line = new TextDecoder().decode(buffer.subarray(0, read));
      lines.push(line);
      // An answer in two pieces is one turn.
      await write(conn, `250-${lines.length} `);
      await pause();
      await write(conn, line.split("\r\n").length === 2 ? "ok\r\n" : "too much at once\r\n");
      if (line === "QUIT\r\n") return;
    }
  });
  return { ...listening, sessions };
}

/** Records a conversation, line by line, and gives its exchanges, oldest first. */
async function converse(monitor: Monitor, lines: readonly string[]): Promise<Exchange[]> {
  const { host: hostname, port } = monitor.listen();
  const conn = await Deno.connect({ hostname, port });
  const buffer = new Uint8Array(4096);
  let text = "";
  const answer = async () => {
    const before = text.length;
    while (!text.slice(before).endsWith("\r\n")) {
      text += new TextDecoder().decode(buffer.subarray(0, (await conn.read(buffer))!));
    }
  };
  await answer();
  for (const line of lines) {
    await write(conn, line);
    await answer();
  }
  conn.close();
  const { id } = await monitor.line(({ event, state, client }) =>
    event === "connection" && state === "closed" && client !== "tcpmon"
  );
  return await exchangesOf(monitor, id as string, lines.length + 1);
}

/** The exchanges of a connection that is over, oldest first, once they are done. */
async function exchangesOf(monitor: Monitor, connection: string, count: number): Promise<Exchange[]> {
  await monitor.over(connection);
  await monitor.allDone(connection, count);
  const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>(
    "GET",
    `/exchanges?connection=${connection}`,
  );
  return [...exchanges].reverse();
}

const LINES = ["EHLO me\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<c@d>\r\n", "NOOP\r\n"];

Deno.test("resend: a turn with all turns before it, each after the target's turn, and linked to its own", async () => {
  const target = mailServer();
  await using monitor = await Monitor.start(target.address);
  const recorded = await converse(monitor, LINES);
  assert.deepEqual(recorded.map(({ protocol, requestBytes }) => [protocol, requestBytes > 0]), [
    ["tcp", false],
    ["tcp", true],
    ["tcp", true],
    ["tcp", true],
    ["tcp", true],
  ]);
  const sent = await monitor.resend(recorded[3].id, { before: true });
  assert.equal(sent.resendOf, recorded[3].id);
  const again = await exchangesOf(monitor, sent.connection, 4);
  assert.deepEqual(target.sessions[1], LINES.slice(0, 3));
  assert.deepEqual(again.map(({ resendOf }) => resendOf), [
    null,
    ...recorded.slice(1, 4).map(({ id }) => id),
  ]);
  for (const [at, { id, state }] of again.entries()) {
    assert.equal(state, "done");
    if (at === 0) continue;
    const response = await monitor.bytes(`/exchanges/${id}/response`);
    assert.equal(response, `250-${at} ok\r\n`, "the answer in two pieces is one turn");
  }
  await monitor.stop();
  await target.close();
});

Deno.test("resend: a turn alone waits for a target that spoke first", async () => {
  const target = mailServer();
  await using monitor = await Monitor.start(target.address);
  const recorded = await converse(monitor, LINES);
  for (const through of ["target", "listener"]) {
    const sent = await monitor.resend(recorded[4].id, { through });
    assert.deepEqual([sent.resendOf, sent.url], [recorded[4].id, "NOOP\r\n"]);
    const again = await exchangesOf(monitor, sent.connection, 2);
    assert.deepEqual(again.map(({ requestBytes }) => requestBytes), [0, 6], "its greeting came first");
  }
  assert.deepEqual(target.sessions.slice(1), [["NOOP\r\n"], ["NOOP\r\n"]]);
  await monitor.stop();
  await target.close();
});

Deno.test("send: targetFirst waits for the greeting before the first turn", async () => {
  const target = mailServer();
  await using monitor = await Monitor.start(target.address);
  const to = { target: formatAddress(target.address), turns: ["EHLO me\r\n", "NOOP\r\n"] };
  const sent = await monitor.json<Exchange>("POST", "/send", { ...to, targetFirst: true }, 201);
  const rows = await exchangesOf(monitor, sent.connection, 3);
  assert.deepEqual(rows.map(({ requestBytes }) => requestBytes), [0, 9, 6], "its greeting is a turn");
  assert.ok(rows.every(({ listener }) => listener === "sender"));
  await monitor.stop();
  await target.close();
});

Deno.test("resend: targetFirst goes before what was recorded", async () => {
  let sessions = 0;
  const target = server(async (conn) => {
    const greeting = "220 ready\r\n";
    // It greets at once the first time, and then nobody who says nothing.
    const isFirst = sessions++ === 0;
    if (isFirst) await write(conn, greeting);
    const buffer = new Uint8Array(100);
    if (await conn.read(buffer) !== null) await write(conn, isFirst ? "250 ok\r\n" : greeting);
    while (await conn.read(buffer) !== null);
  });
  await using monitor = await Monitor.start(target.address);
  const recorded = await converse(monitor, ["NOOP\r\n"]);
  const sent = await monitor.resend(recorded.at(-1)!.id, { targetFirst: false });
  const [row] = await exchangesOf(monitor, sent.connection, 1);
  assert.deepEqual([row.requestBytes, row.resendOf], [6, recorded.at(-1)!.id]);
  await monitor.stop();
  await target.close();
});

Deno.test("resend: turns that were edited are those of the connection if they are as many", async () => {
  const target = mailServer();
  await using monitor = await Monitor.start(target.address);
  const recorded = await converse(monitor, LINES);
  const turns = ["EHLO you\r\n", { base64: btoa("MAIL FROM:<\xe9>\r\n") }];
  const sent = await monitor.resend(recorded[2].id, { turns, quietMs: 100 });
  const again = await exchangesOf(monitor, sent.connection, 3);
  assert.deepEqual(again.map(({ resendOf }) => resendOf), [null, recorded[1].id, recorded[2].id]);
  assert.equal(await monitor.bytes(`/exchanges/${again[2].id}/request`), "MAIL FROM:<\xe9>\r\n");
  const last = await monitor.resend(recorded[3].id, { before: true, request: "RCPT TO:<x@y>\r\n" });
  await exchangesOf(monitor, last.connection, 4);
  assert.deepEqual(target.sessions[2], [LINES[0], LINES[1], "RCPT TO:<x@y>\r\n"]);
  await monitor.stop();
  await target.close();
});

Deno.test("resend: a target that ends before the last turns is told of", async () => {
  const target = mailServer();
  await using monitor = await Monitor.start(target.address);
  const recorded = await converse(monitor, LINES);
  const turns = ["EHLO me\r\n", "QUIT\r\n", "MAIL\r\n", "RCPT\r\n"];
  const sent = await monitor.resend(recorded[4].id, { turns });
  assert.deepEqual([sent.url, sent.resendOf], ["QUIT\r\n", recorded[2].id], "the last that was sent");
  const connection = await monitor.over(sent.connection);
  assert.equal(
    connection.error,
    `127.0.0.1:${target.address.port} ended before the last 2 turns were sent`,
  );
  assert.deepEqual([connection.endedBy, connection.how], ["target", "end"]);
  assert.deepEqual(target.sessions[1], turns.slice(0, 2));
  await monitor.stop();
  await target.close();
});

Deno.test("send: several turns of one's own, to a target that answers at the end of the sending side only", async () => {
  const target = server(async (conn) => {
    const all = await readAll(conn);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await write(conn, `got ${all}`);
  });
  await using monitor = await Monitor.start();
  const to = `127.0.0.1:${target.address.port}`;
  const body = { target: to, request: "no line end\n", endAfterTurns: true };
  const sent = await monitor.json<Exchange>("POST", "/send", body, 201);
  const done = await monitor.done(sent.id);
  assert.equal(done.state, "done");
  assert.equal(await monitor.bytes(`/exchanges/${sent.id}/response`), "got no line end\n");
  await monitor.stop();
  await target.close();
});

Deno.test("send: a slow answer to the last turn is waited for", async () => {
  const target = server(async (conn) => {
    await readSome(conn, 5);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await write(conn, "PONG\n");
    // What comes after a silence, but soon, belongs to the answer still.
    await new Promise((resolve) => setTimeout(resolve, 400));
    await write(conn, "and more\n");
    await readAll(conn);
  });
  await using monitor = await Monitor.start();
  const to = `127.0.0.1:${target.address.port}`;
  const sent = await monitor.json<Exchange>("POST", "/send", { target: to, request: "PING\n" }, 201);
  await monitor.done(sent.id);
  assert.equal(await monitor.bytes(`/exchanges/${sent.id}/response`), "PONG\nand more\n");
  await monitor.stop();
  await target.close();
});

Deno.test("send: bytes that nothing tells apart yet are 202 with their connection", async () => {
  const target = server(async (conn) => void await readAll(conn));
  await using monitor = await Monitor.start();
  const to = `127.0.0.1:${target.address.port}`;
  // It might yet become the first line of an HTTP request.
  const sent = await monitor.json<{ connection: string }>(
    "POST",
    "/send",
    { target: to, request: "PING" },
    202,
  );
  assert.match(sent.connection, /^c\d+$/);
  assert.equal((await monitor.api("DELETE", `/connections/${sent.connection}`)).status, 204);
  await monitor.over(sent.connection);
  await monitor.stop();
  await target.close();
});

Deno.test("resend: HTTP requests before it go over the same connection, one after the other's answer", async () => {
  const target = httpServer();
  await using monitor = await Monitor.start(target.address);
  const { host: hostname, port } = monitor.listen();
  const conn = await Deno.connect({ hostname, port });
  const request = (n: number) => `POST /${n} HTTP/1.1\r\nContent-Length: 2\r\n\r\n#${n}`;
  for (const n of [1, 2, 3]) {
    await write(conn, request(n));
    await readSome(conn, 66);
  }
  conn.close();
  await monitor.allDone("c1", 3);
  const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges?connection=c1");
  const sent = await monitor.resend(exchanges[0].id, { before: true });
  const again = await exchangesOf(monitor, sent.connection, 3);
  assert.deepEqual(again.map(({ url, status }) => [url, status]), [["/1", 200], ["/2", 200], ["/3", 200]]);
  assert.deepEqual(again.map(({ resendOf }) => resendOf), exchanges.map(({ id }) => id).reverse());
  assert.equal(target.requests.length, 6);
  await monitor.stop();
  await target.close();
});

Deno.test({
  name: "resend: Redis, a transaction turn by turn",
  ignore: redis === null,
  fn: async () => {
    const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = free.addr;
    free.close();
    const folder = await Deno.makeTempDir();
    const args = [
      "--port",
      `${port}`,
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      "--dir",
      folder,
    ];
    const process = new Deno.Command(redis!, { args, stdout: "piped", stderr: "null" }).spawn();
    const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    for (let said = ""; !said.includes("Ready to accept");) {
      said += (await reader.read()).value ?? assert.fail(said);
    }
    try {
      await using monitor = await Monitor.start({ host: "127.0.0.1", port });
      const client = await Deno.connect({ hostname: "127.0.0.1", port: monitor.listen().port });
      const say = async (line: string, answer: string) => {
        await write(client, line);
        assert.equal(await readSome(client, answer.length), answer);
      };
      await say("MULTI\r\n", "+OK\r\n");
      await say("INCR visits\r\n", "+QUEUED\r\n");
      await say("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\n\u00e9x\r\n", "+QUEUED\r\n");
      await say("EXEC\r\n", "*2\r\n:1\r\n+OK\r\n");
      client.close();
      await monitor.allDone("c1", 4);
      const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges?connection=c1");
      const sent = await monitor.resend(exchanges[0].id, { before: true });
      const again = await exchangesOf(monitor, sent.connection, 4);
      assert.deepEqual(again.map(({ resendOf }) => resendOf), exchanges.map(({ id }) => id).reverse());
      assert.equal(await monitor.bytes(`/exchanges/${again[3].id}/response`), "*2\r\n:2\r\n+OK\r\n");
      const edited = { before: true, request: "DISCARD\r\n", through: "listener" };
      const other = await monitor.resend(exchanges[0].id, edited);
      const discarded = await exchangesOf(monitor, other.connection, 4);
      assert.equal(await monitor.bytes(`/exchanges/${discarded[3].id}/response`), "+OK\r\n");
    } finally {
      process.kill();
      await process.status;
      await reader.cancel();
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("resend: what went through a tunnel goes straight to its target without the CONNECT, which itself cannot", async () => {
  const heard: string[] = [];
  const target = server(async (conn) => {
    for (const turn of ["one", "two"]) {
      heard.push(await readSome(conn, turn.length));
      await write(conn, `answer to ${turn}`);
    }
    await readAll(conn);
  });
  await using monitor = await Monitor.withRoutes([{ target: null }]);
  const name = formatAddress(target.address);
  const { host: hostname, port } = monitor.listen();
  const client = await Deno.connect({ hostname, port });
  await write(client, `CONNECT ${name} HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
  await readSome(client, "HTTP/1.1 200 Connection established\r\n\r\n".length);
  for (const turn of ["one", "two"]) {
    await write(client, turn);
    await readSome(client, `answer to ${turn}`.length);
  }
  client.close();
  const { connection } = await monitor.line(({ event }) => event === "exchange") as unknown as Exchange;
  await monitor.allDone(connection, 3);
  const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges");
  const [two, , connect] = exchanges;
  assert.equal(connect.method, "CONNECT");

  const refused = await monitor.api("POST", `/exchanges/${connect.id}/resend`);
  assert.equal(refused.status, 409);
  const { error, field } = await refused.json();
  assert.match(
    error,
    /^Cannot send this request straight to its target: CONNECT asked the proxy for a tunnel/,
  );
  assert.equal(field, "through");

  for (const [through, bytes] of [["target", "onetwo"], ["listener", `CONNECT ${name}`]] as const) {
    const sent = await monitor.resend(two.id, { before: true, through });
    assert.equal(sent.resendOf, two.id);
    const over = await monitor.over(sent.connection);
    assert.deepEqual([over.state, over.how, over.error], ["closed", "end", null]);
    assert.ok((await monitor.bytes(`/connections/${sent.connection}/upstream`)).startsWith(bytes));
  }
  assert.deepEqual(heard, ["one", "two", "one", "two", "one", "two"]);
  await monitor.stop();
  await target.close();
});
