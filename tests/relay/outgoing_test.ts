// A Connection that tcpmon opens itself: what it tells, in which order, and how it ends. Through the whole program it
// is tried in tests/sending_test.ts.

import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { once } from "node:events";
import { AnswerWatch } from "../../src/decode/answer.ts";
import type { Address } from "../../src/model.ts";
import { Dialer, DialError } from "../../src/relay/dial.ts";
import { OutgoingConnection, type OutgoingOptions } from "../../src/relay/outgoing.ts";
import { OwnTelling, reachedAt } from "../../src/relay/telling.ts";
import { readAll, readSome, server, Transcript, write } from "./transcript.ts";

const GET = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/** A connection to `target` that sends texts, and its transcript. */
function outgoing(target: Address, turns: readonly string[], more: Partial<OutgoingOptions> = {}) {
  const transcript = new Transcript();
  const listen = { host: "0.0.0.0", port: 8081 };
  const own = { connection: 1, listener: "l1", listen, target, resendOf: ["e1"], clientPort: 7 };
  const dialer = new Dialer({ timeoutMs: 1_000 });
  const connection = new OutgoingConnection({
    target,
    turns: turns.map((text) =>
      async function* () {
        yield new TextEncoder().encode(text);
      }
    ),
    targetFirst: false,
    endAfterTurns: false,
    quietMs: 50,
    limitMs: 5_000,
    answer: new AnswerWatch(),
    telling: new OwnTelling(own, transcript),
    dial: (to, signal) => dialer.dial(to, signal),
    ...more,
  });
  return { connection, transcript };
}

/** Resolves when the next bytes are told. */
function firstChunk(transcript: Transcript): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const chunk = transcript.chunk.bind(transcript);
  transcript.chunk = (...args) => {
    chunk(...args);
    resolve();
  };
  return promise;
}

/** What was told, in short. */
function told({ told }: Transcript): string[] {
  return told.map((event) => {
    if (event.event === "ended") return `${event.by} ${event.how}`;
    return event.event === "closed" ? `closed by ${event.endedBy}: ${event.how}` : event.event;
  });
}

Deno.test("OutgoingConnection tells what any Connection tells, and that tcpmon is its client", async () => {
  const target = server(async (conn) => {
    await readSome(conn, GET.length);
    await write(conn, OK);
    await readAll(conn);
  });
  const { connection, transcript } = outgoing(target.address, [GET]);
  await connection.run();
  assert.deepEqual(transcript.told[0], {
    event: "opened",
    connection: 1,
    listener: "l1",
    listen: { host: "0.0.0.0", port: 8081 },
    local: { host: "127.0.0.1", port: 8081 },
    target: target.address,
    client: { host: "127.0.0.1", port: 7 },
    origin: "tcpmon",
    resendOf: ["e1"],
  });
  assert.deepEqual(told(transcript), [
    "opened",
    "connected",
    "client end",
    "target end",
    "closed by client: end",
  ]);
  const closed = await transcript.until("closed");
  assert.deepEqual([closed.upstreamBytes, closed.downstreamBytes], [GET.length, OK.length]);
  assert.deepEqual([transcript.text(1, "upstream"), transcript.text(1, "downstream")], [GET, OK]);
  await target.close();
});

Deno.test("OutgoingConnection notes a target that ends without a word inside TLS", async () => {
  for (const isTruncated of [true, false]) {
    const target = server(async (conn) => {
      await readSome(conn, GET.length);
      await write(conn, "HTTP/1.0 200 OK\r\n\r\ncut o");
    });
    const dialer = new Dialer({ timeoutMs: 1_000 });
    const dial = async (to: Address, signal: AbortSignal) =>
      Object.defineProperty(await dialer.dial(to, signal), "isTruncated", { value: isTruncated });
    const { connection, transcript } = outgoing(target.address, [GET], { dial });
    await connection.run();
    const { how, error, note } = await transcript.until("closed");
    assert.deepEqual([how, error, note], [
      "end",
      null,
      isTruncated ? "the target ended without saying so inside TLS (no close_notify)" : undefined,
    ]);
    await target.close();
  }
});

Deno.test("OutgoingConnection records the request before a slow dial is over, and once", async () => {
  const target = server(async (conn) => {
    await readSome(conn, GET.length);
    await write(conn, OK);
    await readAll(conn);
  });
  const may = Promise.withResolvers<void>();
  const dialer = new Dialer();
  const { connection, transcript } = outgoing(target.address, [GET], {
    dial: async (to, signal) => {
      await may.promise;
      return await dialer.dial(to, signal);
    },
  });
  const recorded = firstChunk(transcript);
  const run = connection.run();
  await recorded;
  assert.deepEqual([told(transcript), transcript.text(1, "upstream")], [["opened"], GET]);
  may.resolve();
  await run;
  assert.deepEqual([transcript.text(1, "upstream"), transcript.text(1, "downstream")], [GET, OK]);
  await target.close();
});

Deno.test("OutgoingConnection tells nothing that goes inside TLS before there is any, however slow that is", async () => {
  const target = server(async (conn) => {
    await readSome(conn, GET.length);
    await write(conn, OK);
    await readAll(conn);
  });
  const dialer = new Dialer();
  const order: string[] = [];
  const { connection, transcript } = outgoing(target.address, [GET], {
    isInTls: true,
    dial: async (to, signal) => {
      // Longer than what is not inside TLS waits for its target.
      await new Promise((resolve) => setTimeout(resolve, 400));
      order.push(...told(transcript), transcript.text(1, "upstream"));
      return await dialer.dial(to, signal);
    },
  });
  await connection.run();
  assert.deepEqual(order, ["opened", ""]);
  assert.equal(transcript.text(1, "upstream"), GET);
  await target.close();
});

Deno.test("OutgoingConnection records what it could not deliver", async () => {
  const dial = () => Promise.reject(new DialError("refused", "h:1 refused the connection"));
  for (const targetFirst of [false, true]) {
    const { connection, transcript } = outgoing({ host: "h", port: 1 }, [GET], { dial, targetFirst });
    await connection.run();
    assert.deepEqual(told(transcript), ["opened", "failed"]);
    const { how, error } = await transcript.until("failed");
    assert.deepEqual([how, error, transcript.text(1, "upstream")], [
      "refused",
      "h:1 refused the connection",
      GET,
    ]);
  }
});

Deno.test("OutgoingConnection is stopped while it dials", async () => {
  const { connection, transcript } = outgoing({ host: "192.0.2.1", port: 80 }, [GET], {
    dial: (_, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  const run = connection.run();
  connection.stop("stopped", "tcpmon ended");
  await run;
  const { how, error } = await transcript.until("failed");
  assert.deepEqual([how, error], ["stopped", "tcpmon ended before 192.0.2.1:80 answered"]);
});

Deno.test("OutgoingConnection is stopped while it waits, once", async () => {
  const got = Promise.withResolvers<void>();
  const target = server(async (conn) => {
    await readSome(conn, GET.length);
    got.resolve();
    await readAll(conn).catch(() => {});
  });
  const { connection, transcript } = outgoing(target.address, [GET]);
  const run = connection.run();
  await got.promise;
  connection.stop("stopped", "tcpmon ended");
  connection.stop("timeout", "again");
  await run;
  assert.deepEqual(told(transcript), ["opened", "connected", "closed by monitor: stopped"]);
  assert.equal((await transcript.until("closed")).error, "tcpmon ended");
  await target.close();
});

const canReset = typeof (await import("node:net")).Socket.prototype.resetAndDestroy === "function";

Deno.test({
  name: "OutgoingConnection tells of a reset, and reads what came before it",
  ignore: !canReset,
  fn: tellsOfReset,
});

async function tellsOfReset(): Promise<void> {
  const listening = createServer((socket: Socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      const reset = () => setTimeout(() => socket.resetAndDestroy(), 50);
      socket.write("HTTP/1.1 413 Content Too Large\r\n\r\n", reset);
    });
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as { port: number };
  const { connection, transcript } = outgoing({ host: "127.0.0.1", port }, [GET]);
  await connection.run();
  const closed = await transcript.until("closed");
  assert.deepEqual([closed.endedBy, closed.how, closed.error], [
    "target",
    "reset",
    "the target reset the connection",
  ]);
  assert.match(transcript.text(1, "downstream"), /^HTTP\/1\.1 413/);
  listening.close();
  await once(listening, "close");
}

Deno.test("OutgoingConnection waits while its observer is behind", async () => {
  const target = server(async (conn) => {
    await readSome(conn, 2 * GET.length).catch(() => {});
    await readAll(conn).catch(() => {});
  });
  const behind = Promise.withResolvers<void>();
  const { connection, transcript } = outgoing(target.address, [], {
    turns: [async function* () {
      yield new TextEncoder().encode(GET);
      yield new TextEncoder().encode(GET);
    }],
    limitMs: 300,
  });
  transcript.behindPromise = behind.promise;
  const run = connection.run();
  await firstChunk(transcript);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(transcript.text(1, "upstream"), GET);
  transcript.behindPromise = undefined;
  behind.resolve();
  await run;
  assert.equal(transcript.text(1, "upstream"), GET + GET);
  assert.equal((await transcript.until("closed")).how, "timeout");
  await target.close();
});

Deno.test("OutgoingConnection ends, and says why, when what it is to send cannot be had", async () => {
  const target = server(async (conn) => void await readAll(conn).catch(() => {}));
  const { connection, transcript } = outgoing(target.address, [], {
    turns: [async function* () {
      yield new TextEncoder().encode("GET ");
      throw new Error("e1 was removed before it could be sent");
    }],
  });
  await connection.run();
  const closed = await transcript.until("closed");
  assert.deepEqual([closed.endedBy, closed.how, closed.error], [
    "monitor",
    "error",
    "e1 was removed before it could be sent",
  ]);
  await target.close();
});

Deno.test("reachedAt gives wildcards an address of this machine", () => {
  for (const [host, reached] of [["0.0.0.0", "127.0.0.1"], ["::", "::1"], ["localhost", "localhost"]]) {
    assert.deepEqual(reachedAt({ host, port: 1 }), { host: reached, port: 1 });
  }
});

Deno.test({
  name: "OutgoingConnection tells when the end of a request was not delivered, and hears why",
  ignore: !canReset,
  fn: async () => {
    const listening = createServer((socket: Socket) => {
      socket.on("error", () => {});
      socket.once("data", () => {
        socket.pause();
        socket.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
        setTimeout(() => socket.resetAndDestroy(), 50);
      });
    });
    listening.listen(0, "127.0.0.1");
    await once(listening, "listening");
    const { port } = listening.address() as { port: number };
    const large = `POST / HTTP/1.1\r\nContent-Length: 50000000\r\n\r\n${"x".repeat(50_000_000)}`;
    const { connection, transcript } = outgoing({ host: "127.0.0.1", port }, [large]);
    const chunk = transcript.chunk.bind(transcript);
    // Fifty million numbers are not to be kept.
    transcript.chunk = (number, direction, bytes) =>
      direction === "downstream" && chunk(number, direction, bytes);
    await connection.run();
    const { how, undelivered, endedBy } = await transcript.until("closed");
    assert.deepEqual([endedBy, how, undelivered], ["target", "reset", "upstream"]);
    assert.match(transcript.text(1, "downstream"), /^HTTP\/1\.1 413/);
    listening.close();
    await once(listening, "close");
  },
});
