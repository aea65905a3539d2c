// A slow link between real sockets: bytes, backpressure, ends, and changes while Connections are open. No rates: those
// are in slow_sink_test.ts, in virtual time.

import assert from "node:assert/strict";
import type { LinkLimits } from "../../src/model.ts";
import { LinkControl } from "../../src/relay/link.ts";
import { readAll, readSome, relayTo, server, write } from "./transcript.ts";
import { Arrivals, settled, VirtualClock } from "./virtual_time.ts";

const FREE: LinkLimits = { bytesPerSecond: null, latencyMs: 0, jitterMs: 0 };
/** Nothing gets through within a test. */
const STUCK: LinkLimits = { bytesPerSecond: null, latencyMs: 600_000, jitterMs: 0 };

Deno.test("LinkControl puts nothing between a pump and its socket where nothing is slowed", async () => {
  const clock = new VirtualClock();
  const link = new LinkControl(null, { clock, random: () => 0.5 });
  const sockets = { upstream: new Arrivals(clock), downstream: new Arrivals(clock) };
  const up = link.join("upstream", sockets.upstream);
  const down = link.join("downstream", sockets.downstream);
  assert.equal(up.sink, sockets.upstream);
  assert.equal(down.sink, sockets.downstream);

  link.set({ upstream: { ...FREE, latencyMs: 100 }, downstream: FREE });
  assert.notEqual(up.sink, sockets.upstream);
  assert.equal(down.sink, sockets.downstream, "each Direction is on its own");
  await up.sink.write(new Uint8Array([1]));

  link.set(null);
  await up.sink.write(new Uint8Array([2]));
  assert.deepEqual(sockets.upstream.bytes, [1, 2]);
  assert.equal(up.sink, sockets.upstream, "with the limits lifted, the socket is written to again");

  link.set({ upstream: FREE, downstream: { ...FREE, bytesPerSecond: 10 } });
  assert.equal(up.sink, sockets.upstream);
  assert.notEqual(down.sink, sockets.downstream);
  for (const leg of [up, down]) leg.leave();
  await settled();
  assert.equal(clock.timers, 0);
});

Deno.test("a slow link carries every byte of both Directions", async () => {
  const target = server(async (conn) => await write(conn, (await readAll(conn)).toUpperCase()));
  const slow = {
    upstream: { bytesPerSecond: 2_000_000, latencyMs: 5, jitterMs: 5 },
    downstream: { bytesPerSecond: 1_000_000, latencyMs: 10, jitterMs: 3 },
  };
  const relay = relayTo(target.address, { route: { slow } });
  const text = Array.from({ length: 40_000 }, (_, nth) => `line ${nth}\n`).join("");
  const client = await relay.connect();
  const sending = write(client, text).then(() => client.closeWrite());
  assert.equal(await readAll(client), text.toUpperCase());
  await sending;
  client.close();
  const closed = await relay.transcript.until("closed");
  assert.deepEqual([closed.how, closed.upstreamBytes, closed.downstreamBytes], [
    "end",
    text.length,
    text.length,
  ]);
  assert.equal(relay.transcript.text(1, "upstream"), text);
  await relay.close();
  await target.close();
});

Deno.test("a slow link leaves what it cannot carry with the sender: 100 MB are not read", async () => {
  const total = 100_000_000;
  let sent = 0;
  const target = server(async (conn) => {
    const chunk = new Uint8Array(64 * 1024);
    try {
      while (sent < total) sent += await conn.write(chunk);
    } catch { /* the relay was closed */ }
  });
  const relay = relayTo(target.address, {
    route: { slow: { upstream: FREE, downstream: { bytesPerSecond: 100_000, latencyMs: 100, jitterMs: 0 } } },
    keepsBytes: false,
  });
  const client = await relay.connect();
  await readSome(client, 50_000);
  // What has arrived, what is on its way and the pump's buffer are read; some more is in the buffers of the sockets.
  const read = relay.transcript.counts.get("1 downstream")!;
  assert.ok(read < 2_000_000, `${read} bytes read`);
  assert.ok(sent < 40_000_000, `${sent} bytes sent`);
  client.close();
  await relay.close();
  await target.close();
});

Deno.test("a slow link passes a half-close on behind the last byte", async () => {
  const target = server(async (conn) => {
    const question = await readAll(conn);
    await write(conn, `answer to ${question}`);
  });
  const limits = { bytesPerSecond: 2_000, latencyMs: 20, jitterMs: 20 };
  const relay = relayTo(target.address, { route: { slow: { upstream: limits, downstream: limits } } });
  const client = await relay.connect();
  await write(client, "a question");
  await client.closeWrite();
  assert.equal(await readAll(client), "answer to a question");
  client.close();
  const { endedBy, how, undelivered } = await relay.transcript.until("closed");
  assert.deepEqual([endedBy, how, undelivered], ["client", "end", null]);
  await relay.close();
  await target.close();
});

Deno.test("a slow link delivers what a target said before it closed, whole", async () => {
  const target = server(async (conn) => await write(conn, "x".repeat(3_000)));
  const relay = relayTo(target.address, {
    route: { slow: { upstream: FREE, downstream: { bytesPerSecond: 20_000, latencyMs: 30, jitterMs: 0 } } },
  });
  const client = await relay.connect();
  assert.equal((await readAll(client)).length, 3_000);
  client.close();
  assert.equal((await relay.transcript.until("closed")).how, "end");
  await relay.close();
  await target.close();
});

Deno.test("a Connection that is stopped drops what is on a slow link, at once, and says so", async () => {
  const target = server(async (conn) => void await readAll(conn).catch(() => {}));
  const relay = relayTo(target.address, { route: { slow: { upstream: STUCK, downstream: FREE } } });
  const client = await relay.connect();
  await write(client, "never to arrive");
  await relay.transcript.untilBytes(1, "upstream", 15);
  await relay.close();
  const closed = await relay.transcript.until("closed");
  assert.deepEqual([closed.how, closed.undelivered], ["stopped", "upstream"]);
  client.close();
  await target.close();
});

Deno.test("a client that resets ends a Connection with a slow link at once", async () => {
  const target = server(async (conn) => {
    await write(conn, "y".repeat(1_000));
    await readAll(conn).catch(() => {});
  });
  const relay = relayTo(target.address, {
    route: { slow: { upstream: FREE, downstream: { ...FREE, bytesPerSecond: 100 } } },
  });
  const client = await relay.connect();
  await readSome(client, 1);
  client.close();
  const closed = await relay.transcript.until("closed");
  assert.equal(closed.undelivered, "downstream");
  await relay.close();
  await target.close();
});

Deno.test("a slow link is set, changed and lifted while a Connection is open", async () => {
  const target = server(async (conn) => {
    const bytes = new Uint8Array(100);
    for (let count = await conn.read(bytes); count !== null; count = await conn.read(bytes)) {
      await write(conn, bytes.slice(0, count));
    }
  });
  const relay = relayTo(target.address);
  const client = await relay.connect();
  const echo = async (text: string) => {
    await write(client, text);
    return await readSome(client, text.length);
  };
  assert.equal(await echo("free"), "free");

  relay.port.link.set({ upstream: STUCK, downstream: FREE });
  await write(client, "stuck ");
  await relay.transcript.untilBytes(1, "upstream", 10);
  assert.equal(relay.transcript.text(1, "downstream"), "free");
  await write(client, "behind ");
  await relay.transcript.untilBytes(1, "upstream", 17);

  relay.port.link.set({ upstream: { bytesPerSecond: 1_000, latencyMs: 1, jitterMs: 0 }, downstream: FREE });
  assert.equal(await readSome(client, 13), "stuck behind ");
  relay.port.link.set(null);
  assert.equal(await echo("free again"), "free again");

  relay.port.link.set({ upstream: FREE, downstream: STUCK });
  await write(client, "back");
  await relay.transcript.untilBytes(1, "downstream", 31);
  relay.port.link.set(null);
  assert.equal(await readSome(client, 4), "back");
  await client.closeWrite();
  assert.equal(await readAll(client), "");
  client.close();
  await relay.close();
  await target.close();
});

Deno.test("connecting is not slowed, neither to the port nor to the target", async () => {
  const target = server(async (conn) => void await readAll(conn).catch(() => {}));
  const relay = relayTo(target.address, { route: { slow: { upstream: STUCK, downstream: STUCK } } });
  const client = await relay.connect();
  await relay.transcript.until("connected");
  client.close();
  await relay.close();
  await target.close();
});
