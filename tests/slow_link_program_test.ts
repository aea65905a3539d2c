// A slow link of the whole program: given on the command line, changed over the API while a Connection is open, and kept
// when its listener is stopped and started.

import assert from "node:assert/strict";
import type { Listener } from "../src/model.ts";
import { readAll, readSome, server, write } from "./relay/transcript.ts";
import { Running } from "./running.ts";

/** Sends back what it gets. */
function echo() {
  return server(async (conn) => {
    const buffer = new Uint8Array(65_536);
    for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
      await write(conn, buffer.subarray(0, count));
    }
  });
}

const connect = (running: Running) => Deno.connect({ hostname: "127.0.0.1", port: running.port() });

function patch(running: Running, change: unknown): Promise<Listener> {
  return running.json<Listener>("/listeners/l1", {
    method: "PATCH",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(change),
  });
}

const FREE = { bytesPerSecond: null, latencyMs: 0, jitterMs: 0 };

Deno.test("a slow link given on the command line is there, passes every byte on, and is told by the API", async () => {
  const target = echo();
  const options = [
    "--slow-up",
    "rate=400kB/s,latency=20ms,jitter=10ms",
    "--slow-down",
    "bytes=1000,pause=5ms",
  ];
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${target.address.port}`, ...options]);
  const { listeners: [{ slow }] } = await running.json<{ listeners: Listener[] }>("/listeners");
  assert.deepEqual(slow, {
    upstream: { bytesPerSecond: 400_000, latencyMs: 20, jitterMs: 10 },
    downstream: { bytesPerSecond: 200_000, latencyMs: 0, jitterMs: 0 },
  });
  const client = await connect(running);
  const began = performance.now();
  const text = "0123456789".repeat(20_000);
  const sending = write(client, text).then(() => client.closeWrite());
  assert.equal(await readAll(client), text);
  await sending;
  client.close();
  // At 200 kB/s: never faster, however busy the machine is.
  assert.ok(performance.now() - began > 900);
  assert.equal((await running.stop()).code, 0);
  await target.close();
});

Deno.test("PATCH sets, changes and lifts a slow link while a connection is open", async () => {
  const target = echo();
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${target.address.port}`]);
  const client = await connect(running);
  await write(client, "free ");
  assert.equal(await readSome(client, 5), "free ");

  const minutes = { ...FREE, latencyMs: 600_000 };
  const slowed = await patch(running, { slow: { upstream: minutes, downstream: FREE } });
  assert.equal(slowed.slow?.upstream.latencyMs, 600_000);
  await write(client, "in ten minutes ");
  let arrived = false;
  const reading = readSome(client, 15).then((text) => {
    arrived = true;
    return text;
  });
  // A call of the API later it would have come, had it not been slowed.
  await running.json("/listeners");
  assert.equal(arrived, false);

  await patch(running, { slow: { upstream: { ...FREE, bytesPerSecond: 1_000 }, downstream: FREE } });
  assert.equal(await reading, "in ten minutes ");
  assert.equal((await patch(running, { slow: null })).slow, null);
  await write(client, "free again");
  assert.equal(await readSome(client, 10), "free again");
  client.close();
  assert.equal((await running.stop()).code, 0);
  await target.close();
});

Deno.test("a slow link stays when its listener is stopped and started, and ends with the program at once", async () => {
  const target = echo();
  const running = await Running.start([
    "-l",
    "0",
    "-t",
    `127.0.0.1:${target.address.port}`,
    "--slow",
    "latency=600s",
  ]);
  await patch(running, { state: "stopped" });
  const { slow } = await patch(running, { state: "listening" });
  assert.equal(slow?.downstream.latencyMs, 600_000);
  const client = await connect(running);
  await write(client, "on its way");
  const { connection } = await running.line(({ event, state }) => event === "connection" && state === "open")
    .then(({ id }) => ({ connection: id }));
  assert.equal((await running.stop()).code, 0);
  assert.ok(
    running.lines.some(({ event, id, how }) =>
      event === "connection" && id === connection && how === "stopped"
    ),
  );
  client.close();
  await target.close();
});
