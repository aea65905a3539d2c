// Bytes, ends and backpressure through TLS on both legs; the peers are Deno's own TLS.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { once } from "node:events";
import type { Route } from "../../../src/model.ts";
import { type Certificates, makeCertificates } from "../../certificates.ts";
import { openssl } from "../../needs.ts";
import { readAll, readSome, relayTo, write } from "../transcript.ts";

const ignore = openssl === null;

/** A target inside TLS that gives each client to `serve`, and a relay before it that ends TLS on both legs. */
function between(
  made: Certificates,
  serve: (conn: Deno.TlsConn) => Promise<void>,
  route: Partial<Route> = {},
) {
  const { cert, key } = made.ecdsa;
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  const running: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const conn of listener) running.push(serve(conn).finally(() => closed(conn)));
  })();
  const relay = relayTo({ host: "localhost", port: listener.addr.port }, {
    route: { targetScheme: "tls", targetTls: { ca: made.root.certFile }, listenTls: {}, ...route },
    certificates: { forName: () => Promise.resolve({ cert, key, isOwn: true }) },
    keepsBytes: false,
  });
  return {
    relay,
    connect: (port = relay.port.listen.port) =>
      Deno.connectTls({ hostname: "localhost", port, caCerts: [made.root.cert] }),
    close: async () => {
      await relay.close();
      listener.close();
      await accepting;
      await Promise.allSettled(running);
    },
  };
}

function closed(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // The test has closed it.
  }
}

Deno.test({
  name: "every byte arrives through TLS on both legs, in both directions at once",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const size = 8 * 1024 * 1024;
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    const hash = createHash("sha256").update(bytes).digest("hex");
    const digest = async (conn: Deno.Conn) => {
      const sum = createHash("sha256");
      const buffer = new Uint8Array(65_536);
      for (let left = size; left > 0;) {
        const count = await conn.read(buffer);
        if (count === null) throw new Error(`ended with ${left} bytes missing`);
        sum.update(buffer.subarray(0, count));
        left -= count;
      }
      return sum.digest("hex");
    };
    const arrived = Promise.withResolvers<string>();
    const { relay, connect, close } = between(made, async (conn) => {
      const [sum] = await Promise.all([digest(conn), write(conn, bytes)]);
      arrived.resolve(sum);
      await conn.read(new Uint8Array(1));
    });
    const client = await connect();
    const [sum] = await Promise.all([digest(client), write(client, bytes)]);
    assert.deepEqual([sum, await arrived.promise], [hash, hash]);
    client.close();
    const { upstreamBytes, downstreamBytes } = await relay.transcript.until("closed");
    assert.deepEqual([upstreamBytes, downstreamBytes], [size, size]);
    await close();
  },
});

Deno.test({
  name: "half-close goes through TLS: the target hears the end, and what it says afterwards arrives",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const { relay, connect, close } = between(made, async (conn) => {
      await write(conn, (await readAll(conn)).toUpperCase());
      await conn.closeWrite();
    });
    const client = await connect();
    await write(client, "late");
    await client.closeWrite();
    assert.equal(await readAll(client), "LATE");
    client.close();
    const { how, error, endedBy } = await relay.transcript.until("closed");
    assert.deepEqual([how, error, endedBy], ["end", null, "client"]);
    const ends = relay.transcript.told.flatMap((told) => told.event === "ended" ? [told] : []);
    assert.deepEqual(ends.map(({ by, how, passedOn }) => [by, how, passedOn]), [
      ["client", "end", "end"],
      ["target", "end", "end"],
    ]);
    await close();
  },
});

/** A TCP connection to the relay through which a client speaks TLS, and that a test can break. */
async function breakable(port: number) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const onward = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  onward.on("error", () => {});
  await once(onward, "connect");
  const accepted = listener.accept().then((conn) => {
    const up = (async () => {
      const buffer = new Uint8Array(16_384);
      for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
        onward.write(buffer.slice(0, count));
      }
    })().catch(() => {});
    onward.on("data", (bytes: Uint8Array) => void conn.write(new Uint8Array(bytes)).catch(() => {}));
    return { conn, up };
  });
  return {
    port: listener.addr.port,
    onward,
    close: async () => {
      const { conn, up } = await accepted;
      onward.destroy();
      closed(conn);
      listener.close();
      await up;
    },
  };
}

Deno.test({
  name: "a client that is cut off without a word inside TLS is told so, and so it is passed on",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const heard = Promise.withResolvers<unknown>();
    const { relay, connect, close } = between(made, async (conn) => {
      await readSome(conn, 5);
      heard.resolve(await conn.read(new Uint8Array(10)).catch((error: unknown) => error));
    });
    const way = await breakable(relay.port.listen.port);
    const client = await connect(way.port);
    await write(client, "hello");
    await relay.transcript.untilBytes(1, "upstream", 5);
    way.onward.end();
    // Deno's TLS takes an end without close_notify for an error.
    assert.ok(await heard.promise instanceof Deno.errors.UnexpectedEof);
    const { how, error, note } = await relay.transcript.until("closed");
    assert.deepEqual([how, error, note], [
      "end",
      null,
      "the client ended without saying so inside TLS (no close_notify)",
    ]);
    client.close();
    await way.close();
    await close();
  },
});

Deno.test({
  name: "a client whose bytes cannot be decrypted ends the Connection, and is told so",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const { relay, connect, close } = between(made, async (conn) => void await readAll(conn).catch(() => {}));
    const way = await breakable(relay.port.listen.port);
    const client = await connect(way.port);
    await write(client, "hello");
    await relay.transcript.untilBytes(1, "upstream", 5);
    way.onward.write(Uint8Array.of(23, 3, 3, 0, 32, ...new Uint8Array(32)));
    const { how, error, endedBy } = await relay.transcript.until("closed");
    assert.deepEqual([how, error, endedBy], [
      "error",
      "TLS with the client failed: cannot decrypt peer's message",
      "client",
    ]);
    client.close();
    await way.close();
    await close();
  },
});

Deno.test({
  name: "a client that resets the connection within TLS is told so",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const { relay, connect, close } = between(made, async (conn) => void await readAll(conn).catch(() => {}));
    const way = await breakable(relay.port.listen.port);
    const client = await connect(way.port);
    await write(client, "hello");
    await relay.transcript.untilBytes(1, "upstream", 5);
    way.onward.resetAndDestroy();
    const { how, error, endedBy } = await relay.transcript.until("closed");
    assert.deepEqual([how, error, endedBy], ["reset", "the client reset the connection", "client"]);
    client.close();
    await way.close();
    await close();
  },
});

Deno.test({
  name: "a client that does not read stops the target through both TLS legs, and little piles up in between",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const block = new Uint8Array(256 * 1024);
    let isSending = true;
    let sent = 0;
    let waiting: () => void = () => {};
    const { relay, connect, close } = between(made, async (conn) => {
      // A write that does not come back for a while has met the end of all buffers.
      while (isSending) {
        const timer = setTimeout(() => waiting(), 1_500);
        await write(conn, block).catch(() => isSending = false);
        clearTimeout(timer);
        sent += block.length;
      }
    });
    const stalled = new Promise<void>((resolve) => waiting = resolve);
    const client = await connect();
    await stalled;
    // What the kernel keeps for four sockets, and a little of ours.
    assert.ok(sent < 48 * 1024 * 1024, `${sent} bytes were taken`);
    const carried = relay.transcript.counts.get("1 downstream")!;
    isSending = false;
    // It goes on where it was.
    const buffer = new Uint8Array(65_536);
    for (let read = 0; read < carried;) read += await client.read(buffer) ?? Infinity;
    client.close();
    await relay.transcript.until("closed");
    await close();
  },
});
