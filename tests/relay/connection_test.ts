// What one Connection does on real sockets: bytes, half-close, ends, resets, failures.

import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { readAll, readSome, relayTo, server, write } from "./transcript.ts";

Deno.test("a connection carries every byte in both directions, unchanged", async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  console.log(`seed ${seed}`);
  const sent = randomBytes(seed, 3_000_000);
  const target = server(async (conn) => {
    await conn.readable.pipeTo(conn.writable);
  });
  const relay = relayTo(target.address);
  const client = await relay.connect();
  const received: number[] = [];
  const reading = (async () => {
    const buffer = new Uint8Array(65_536);
    for (let n = await client.read(buffer); n !== null; n = await client.read(buffer)) {
      for (let at = 0; at < n; at++) received.push(buffer[at]);
    }
  })();
  await write(client, sent);
  await client.closeWrite();
  await reading;
  client.close();
  const closed = await relay.transcript.until("closed");
  assert.ok(Buffer.from(received).equals(Buffer.from(sent)));
  assert.ok(Buffer.from(relay.transcript.bytes.get("1 upstream")!).equals(Buffer.from(sent)));
  assert.ok(Buffer.from(relay.transcript.bytes.get("1 downstream")!).equals(Buffer.from(sent)));
  assert.deepEqual([closed.upstreamBytes, closed.downstreamBytes], [sent.length, sent.length]);
  assert.deepEqual([closed.endedBy, closed.how, closed.error], ["client", "end", null]);
  await relay.close();
  await target.close();
});

Deno.test("a server that speaks first is heard before the client has sent anything", async () => {
  const target = server(async (conn) => {
    await write(conn, "220 ready\r\n");
    assert.equal(await readAll(conn), "QUIT");
  });
  const relay = relayTo(target.address);
  const client = await relay.connect();
  assert.equal(await readSome(client, 11), "220 ready\r\n");
  await write(client, "QUIT");
  await client.closeWrite();
  assert.equal(await readAll(client), "");
  client.close();
  await relay.transcript.until("closed");
  await relay.close();
  await target.close();
});

Deno.test("bytes without a line end reach the target at once", async () => {
  const target = server(async (conn) => {
    assert.equal(await readSome(conn, 4), "PING");
    await write(conn, "PONG");
    await readAll(conn);
  });
  const relay = relayTo(target.address);
  const client = await relay.connect();
  await write(client, "PING");
  assert.equal(await readSome(client, 4), "PONG");
  client.close();
  await relay.transcript.until("closed");
  await relay.close();
  await target.close();
});

Deno.test("half-close: the target answers after the client has ended its side", async () => {
  const target = server(async (conn) => {
    const request = await readAll(conn);
    await write(conn, `got ${request.length} bytes`);
  });
  const relay = relayTo(target.address);
  const client = await relay.connect();
  await write(client, "x".repeat(100_000));
  await client.closeWrite();
  assert.equal(await readAll(client), "got 100000 bytes");
  client.close();
  const closed = await relay.transcript.until("closed");
  assert.equal(closed.endedBy, "client");
  const ends = relay.transcript.told.filter((told) => told.event === "ended");
  assert.deepEqual(ends.map(({ by, how, passedOn }) => [by, how, passedOn]), [
    ["client", "end", "end"],
    ["target", "end", "end"],
  ]);
  await relay.close();
  await target.close();
});

Deno.test("half-close: the client goes on sending after the target has ended its side", async () => {
  const got = Promise.withResolvers<string>();
  const target = server(async (conn) => {
    await write(conn, "bye");
    await conn.closeWrite();
    got.resolve(await readAll(conn));
  });
  const relay = relayTo(target.address);
  const client = await relay.connect();
  assert.equal(await readAll(client), "bye");
  await write(client, "still here");
  await client.closeWrite();
  assert.equal(await got.promise, "still here");
  const closed = await relay.transcript.until("closed");
  assert.deepEqual([closed.endedBy, closed.how], ["target", "end"]);
  client.close();
  await relay.close();
  await target.close();
});

/** A node:net server or client socket can send a reset; Deno's own cannot. */
async function nodeServer(serve: (socket: Socket) => void) {
  const listening = createServer({ allowHalfOpen: true }, serve).listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as { port: number };
  return {
    address: { host: "127.0.0.1", port },
    close: () => new Promise((resolve) => listening.close(resolve)),
  };
}

const canReset = typeof (await import("node:net")).Socket.prototype.resetAndDestroy === "function";

Deno.test({
  name: "a reset by the target is recorded as its reset, and the client is given an end",
  ignore: !canReset,
  fn: async () => {
    const target = await nodeServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.write("partial", () => setTimeout(() => socket.resetAndDestroy(), 50));
      });
    });
    const relay = relayTo(target.address);
    const client = await relay.connect();
    await write(client, "hello");
    assert.equal(await readAll(client), "partial");
    const closed = await relay.transcript.until("closed");
    assert.deepEqual([closed.endedBy, closed.how, closed.error], [
      "target",
      "reset",
      "the target reset the connection",
    ]);
    const ended = relay.transcript.told.filter((told) => told.event === "ended");
    assert.deepEqual(ended.map(({ by, how, passedOn }) => [by, how, passedOn]), [["target", "reset", "end"]]);
    client.close();
    await relay.close();
    await target.close();
  },
});

Deno.test({
  name: "a reset by the client ends the target's side and is recorded as the client's",
  ignore: !canReset,
  fn: async () => {
    const ended = Promise.withResolvers<string>();
    const target = server(async (conn) => {
      ended.resolve(await readAll(conn));
    });
    const relay = relayTo(target.address);
    const { connect } = await import("node:net");
    const client = connect(relay.port.listen.port, "127.0.0.1");
    client.on("error", () => {});
    await once(client, "connect");
    client.write("half a request");
    await relay.transcript.until("connected");
    setTimeout(() => client.resetAndDestroy(), 50);
    assert.equal(await ended.promise, "half a request");
    const closed = await relay.transcript.until("closed");
    assert.deepEqual([closed.endedBy, closed.how], ["client", "reset"]);
    await relay.close();
    await target.close();
  },
});

/** An address where nobody listens. */
function refusing(): { host: string; port: number } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return { host: "127.0.0.1", port };
}

const failures: readonly (readonly [string, { host: string; port: number }, string, RegExp])[] = [
  ["refused", refusing(), "refused", /^127\.0\.0\.1:\d+ refused the connection$/],
  [
    "an unknown name",
    { host: "no-such-host.invalid", port: 80 },
    "name-not-found",
    /^no-such-host\.invalid: (name not found|the name could not be looked up)/,
  ],
];

for (const [name, address, how, words] of failures) {
  Deno.test(`a dial that fails (${name}) closes the client at once and says why`, async () => {
    const relay = relayTo(address);
    const client = await relay.connect();
    assert.equal(await readAll(client), "");
    const failed = await relay.transcript.until("failed");
    assert.equal(failed.how, how);
    assert.match(failed.error, words);
    assert.deepEqual(relay.transcript.told.map(({ event }) => event), ["opened", "failed"]);
    client.close();
    await relay.close();
  });
}

Deno.test("what a client had sent to a target that refuses is recorded all the same", async () => {
  const relay = relayTo(refusing());
  const client = await relay.connect();
  await write(client, "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
  assert.equal(await readAll(client), "");
  await relay.transcript.until("failed");
  assert.equal(relay.transcript.text(1, "upstream"), "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
  client.close();
  await relay.close();
});

Deno.test("an answer that the client did not wait for is told as not delivered", async () => {
  const gone = Promise.withResolvers<void>();
  const target = server(async (conn) => {
    await readSome(conn, 4);
    await gone.promise;
    await write(conn, new Uint8Array(1_000_000)).catch(() => {});
  });
  const relay = relayTo(target.address);
  const client = await relay.connect();
  await write(client, "PING");
  await relay.transcript.until("connected");
  client.close();
  await relay.transcript.until("ended");
  gone.resolve();
  const closed = await relay.transcript.until("closed");
  assert.deepEqual([closed.endedBy, closed.how, closed.undelivered], ["client", "reset", "downstream"]);
  await relay.close();
  await target.close();
});

Deno.test("a name with several addresses reaches the one that answers", async () => {
  const target = server(async (conn) => await write(conn, "hello"));
  const relay = relayTo({ host: "localhost", port: target.address.port });
  const client = await relay.connect();
  assert.equal(await readAll(client), "hello");
  const { address } = await relay.transcript.until("connected");
  assert.deepEqual(address, target.address);
  client.close();
  await relay.close();
  await target.close();
});

Deno.test({
  name: "IPv6 on both legs",
  ignore: !hasIPv6(),
  fn: async () => {
    const target = server(async (conn) => await write(conn, "six"), "::1");
    const relay = relayTo(target.address, { listen: { host: "::1", port: 0 } });
    const client = await relay.connect();
    assert.equal(await readAll(client), "six");
    assert.equal((await relay.transcript.until("opened")).client.host, "::1");
    client.close();
    await relay.close();
    await target.close();
  },
});

function hasIPv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test("backpressure: a client that does not read stops the target, and nothing piles up in between", async () => {
  let sent = 0;
  const stalled = Promise.withResolvers<void>();
  const target = server(async (conn) => {
    const block = new Uint8Array(65_536);
    for (let stuck = false; !stuck;) {
      const writing = conn.write(block).then((n) => sent += n, () => stuck = true);
      let timer;
      const late = new Promise<string>((resolve) => timer = setTimeout(() => resolve("late"), 300));
      if (await Promise.race([writing, late]) === "late") {
        stalled.resolve();
        await writing;
        stuck = true;
      }
      clearTimeout(timer);
    }
  });
  const relay = relayTo(target.address);
  const client = await relay.connect();
  await stalled.promise;
  // What was read for the client is at most what the kernel's buffers took and one buffer in hand.
  const read = relay.transcript.bytes.get("1 downstream")!.length;
  assert.ok(sent - read < 16 * 1024 * 1024, `${sent} sent, ${read} read`);
  assert.ok(sent < 64 * 1024 * 1024, `${sent} bytes were taken although nobody reads`);
  client.close();
  await relay.close();
  await target.close();
});

Deno.test("an observer that is behind holds the next read back until it has room", async () => {
  const target = server(async (conn) => await conn.readable.pipeTo(conn.writable));
  const relay = relayTo(target.address);
  const room = Promise.withResolvers<void>();
  relay.transcript.behindPromise = room.promise;
  const client = await relay.connect();
  await write(client, "one");
  assert.equal(await readSome(client, 3), "one");
  await write(client, "two");
  const answer = readSome(client, 3);
  const late = new Promise<string>((resolve) => setTimeout(() => resolve("held back"), 100));
  assert.equal(await Promise.race([answer, late]), "held back");
  relay.transcript.behindPromise = undefined;
  room.resolve();
  assert.equal(await answer, "two");
  client.close();
  await relay.transcript.until("closed");
  await relay.close();
  await target.close();
});

Deno.test("closing the port ends open connections as the monitor's doing", async () => {
  const target = server(async (conn) => void await readAll(conn));
  const relay = relayTo(target.address);
  const client = await relay.connect();
  await relay.transcript.until("connected");
  await relay.port.stop();
  assert.equal(relay.port.open, 1);
  await relay.port.closeConnections();
  const closed = await relay.transcript.until("closed");
  assert.deepEqual([closed.endedBy, closed.how], ["monitor", "stopped"]);
  assert.equal(await readAll(client), "");
  client.close();
  await target.close();
});

/** Bytes from a small generator (xorshift32), the same for the same seed. */
function randomBytes(seed: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed | 1;
  for (let at = 0; at < length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[at] = state;
  }
  return bytes;
}
