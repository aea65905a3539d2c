// Targets through an HTTP proxy, on real sockets: a server that speaks first, what is told of it, and every way in which
// the proxy can fail.

import assert from "node:assert/strict";
import type { ProxyServer } from "../../src/model.ts";
import { Dialer, DialError } from "../../src/relay/dial.ts";
import { reach } from "../../src/relay/reach.ts";
import { connectProxy, established } from "./connect_proxy.ts";
import { readAll, readSome, relayTo, server, write } from "./transcript.ts";

const CREDENTIALS = { user: "ann", password: "geheim" };

Deno.test("a listener reaches its target through a proxy, and a server that speaks first is heard whole", async () => {
  const target = server(async (conn) => {
    await write(conn, "220 ready\r\n");
    await write(conn, await readSome(conn, 4));
    assert.equal(await readAll(conn), "");
  });
  const proxy = connectProxy(established);
  const via: ProxyServer = { address: proxy.address, credentials: CREDENTIALS };
  const relay = relayTo(target.address, { route: { via } });
  const client = await relay.connect();
  assert.equal(await readSome(client, 11), "220 ready\r\n");
  await write(client, "PING");
  assert.equal(await readSome(client, 4), "PING");
  await client.closeWrite();
  assert.equal(await readAll(client), "");
  client.close();
  const { connection: _, ...connected } = await relay.transcript.until("connected");
  assert.deepEqual([connected.via, connected.address], [proxy.address, proxy.address]);
  const closed = await relay.transcript.until("closed");
  assert.deepEqual([closed.error, closed.upstreamBytes, closed.downstreamBytes], [null, 4, 15]);
  assert.equal(relay.transcript.text(1, "downstream"), "220 ready\r\nPING");
  const { port } = target.address;
  assert.equal(
    proxy.asked[0],
    `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
      `Proxy-Authorization: Basic ${btoa("ann:geheim")}\r\n\r\n`,
  );
  assert.doesNotMatch(JSON.stringify(relay.transcript.told), /geheim|Proxy-Auth/);
  await relay.close();
  await proxy.close();
  await target.close();
});

Deno.test("what a client sent is recorded when its proxy refuses, with the reason", async () => {
  const proxy = connectProxy(async (_head, conn) => {
    await write(conn, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
    return false;
  });
  const relay = relayTo({ host: "shop.example.org", port: 80 }, {
    route: { via: { address: proxy.address, credentials: CREDENTIALS } },
  });
  const client = await relay.connect();
  await write(client, "GET / HTTP/1.1\r\n\r\n");
  assert.equal(await readAll(client).catch(() => ""), "");
  client.close();
  const failed = await relay.transcript.until("failed");
  assert.equal(failed.how, "refused");
  assert.match(
    failed.error,
    /407 Proxy Authentication Required\. It does not take the password of the user "ann"/,
  );
  assert.equal(relay.transcript.text(1, "upstream"), "GET / HTTP/1.1\r\n\r\n");
  assert.doesNotMatch(JSON.stringify(relay.transcript.told), /geheim/);
  await relay.close();
  await proxy.close();
});

Deno.test("the environment is asked at each dial, and only where the listener says so", async () => {
  const target = server((conn) => write(conn, "hello"));
  const proxy = connectProxy(established);
  const { port } = target.address;
  // A name, because this machine's own address is never asked of a proxy.
  const dialer = new Dialer({ lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]) });
  const named = { host: "localtarget.example", port };
  const read: string[] = [];
  let value = "";
  const readVariable = (name: string) => {
    read.push(name);
    return name === "all_proxy" ? value : undefined;
  };
  for (const via of [undefined, "environment"] as const) {
    const relay = relayTo(named, { dialer, route: { via }, readVariable });
    for (value of ["", via ? `http://127.0.0.1:${proxy.address.port}` : "http://127.0.0.1:1"]) {
      const client = await relay.connect();
      await readAll(client).catch(() => "");
      client.close();
    }
    const reached = relay.transcript.told.filter((told) => told.event === "connected");
    assert.equal(read.length > 0, via === "environment");
    assert.equal(reached.at(-1)?.via?.port, via ? proxy.address.port : undefined);
    await relay.close();
  }
  assert.match(proxy.asked[0], /^CONNECT localtarget\.example:/);
  await proxy.close();
  await target.close();
});

const never = new AbortController().signal;
const TARGET = { host: "shop.example.org", port: 80 };

async function failure(
  proxy: ProxyServer,
  options: { dialer?: Dialer; timeoutMs?: number; signal?: AbortSignal } = {},
) {
  const { dialer = new Dialer(), signal = never, timeoutMs } = options;
  const error = await reach({ dialer, via: proxy, timeoutMs }, TARGET, signal).then(
    () => null,
    (error) => error,
  );
  return error;
}

Deno.test("reach says that the proxy cannot be reached, and which target was meant", async () => {
  const refusing = new Dialer({ connect: () => Promise.reject(new Deno.errors.ConnectionRefused("x")) });
  const error = await failure({ address: { host: "127.0.0.1", port: 81 }, credentials: null }, {
    dialer: refusing,
  });
  assert.ok(error instanceof DialError);
  assert.deepEqual([error.how, error.message], [
    "refused",
    "the proxy 127.0.0.1:81 refused the connection, so shop.example.org:80 was not reached",
  ]);
});

Deno.test("reach gives a proxy its time once there is a file descriptor", async () => {
  const proxy = connectProxy(async (_head, conn) => {
    await write(conn, "HTTP/1.1 200 OK\r\n\r\n");
    await readAll(conn);
    return false;
  });
  const late = {
    dial: async () => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return await Deno.connect({ hostname: "127.0.0.1", port: proxy.address.port });
    },
  };
  const via = { address: proxy.address, credentials: null };
  const { conn } = await reach({ dialer: late, via, timeoutMs: 50 }, TARGET, never);
  conn.close();
  await proxy.close();
});

Deno.test("reach gives up a proxy that does not answer in time, and at once when it is stopped", async () => {
  const asked = Promise.withResolvers<void>();
  const proxy = connectProxy(async (_head, conn) => {
    asked.resolve();
    await write(conn, "HTTP/1.1 20");
    await readAll(conn).catch(() => "");
    return false;
  });
  const server = { address: proxy.address, credentials: null };
  const late = await failure(server, { timeoutMs: 100 });
  assert.ok(late instanceof DialError);
  assert.equal(late.how, "timeout");
  assert.match(
    late.message,
    /was asked to connect to shop\.example\.org:80 and did not answer within 0\.1 s$/,
  );
  const stop = new AbortController();
  const stopped = failure(server, { signal: stop.signal });
  await asked.promise;
  stop.abort(new Error("stopped"));
  assert.ok(await stopped instanceof Error);
  await proxy.close();
});
