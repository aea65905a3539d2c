// Listeners of a whole process: Apache TCPMon's own order of arguments, several at once, and signals while bytes flow.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Connection } from "../src/model.ts";
import { call } from "./calls.ts";
import { readRecords } from "./journal/recording.ts";
import { server, write } from "./relay/transcript.ts";
import { Running } from "./running.ts";

/** Answers with its name and what it was sent. */
function named(name: string) {
  return server(async (conn) => {
    const buffer = new Uint8Array(65_536);
    const length = await conn.read(buffer);
    await write(conn, `${name}: ${new TextDecoder().decode(buffer.subarray(0, length ?? 0))}`);
  });
}

/** A port that was free a moment ago. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("tcpmon LISTEN-PORT TARGET-HOST TARGET-PORT listens there and forwards there", async () => {
  const target = named("target");
  const port = freePort();
  const running = await Running.start([`${port}`, "127.0.0.1", `${target.address.port}`]);
  assert.deepEqual(running.ready.listeners, [
    {
      id: "l1",
      listen: `127.0.0.1:${port}`,
      target: `127.0.0.1:${target.address.port}`,
      targetScheme: null,
      state: "listening",
      error: null,
    },
  ]);
  assert.equal(await call(port, "hello"), "target: hello");
  assert.equal((await running.stop()).code, 0);
  await target.close();
});

Deno.test("three listeners at once each forward to their own target, and rows say which", async () => {
  const targets = ["one", "two", "three"].map(named);
  const routes = targets.flatMap(({ address }) => ["-l", "0", "-t", `${address.host}:${address.port}`]);
  const running = await Running.start(routes);
  assert.deepEqual(running.ready.listeners.map(({ id }) => id), ["l1", "l2", "l3"]);
  const answers = await Promise.all([0, 1, 2].map((at) => call(running.port(at), `to ${at}`)));
  assert.deepEqual(answers, ["one: to 0", "two: to 1", "three: to 2"]);
  for (const [at, { id, target }] of running.ready.listeners.entries()) {
    const row = await running.line(({ event, listener }) => event === "exchange" && listener === id);
    assert.deepEqual([row.target, row.requestBytes], [target, `to ${at}`.length]);
  }
  await running.stop();
  await Promise.all(targets.map((target) => target.close()));
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} while a bulk transfer runs both ways: the capture holds all that either side received`, async () => {
    const folder = Deno.makeTempDirSync();
    const file = `${folder}/cut.pcapng`;
    const [upstream, downstream]: Buffer[][] = [[], []];
    // Each side sends without an end and keeps what it receives, until the program ends.
    const talk = async (conn: Deno.TcpConn, received: Buffer[], first: number, enough = () => {}) => {
      const sending = (async () => {
        for (let round = 0;; round++) await write(conn, new Uint8Array(30_000).fill(first + round % 100));
      })().catch(() => {});
      let total = 0;
      const buffer = new Uint8Array(65_536);
      try {
        for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
          received.push(Buffer.from(buffer.slice(0, count)));
          total += count;
          if (total > 3_000_000) enough();
        }
      } catch { /* a reset ends it as well */ }
      try {
        conn.close();
      } catch { /* closed by the server's end */ }
      await sending;
    };
    const target = server((conn) => talk(conn, upstream, 100));
    const route = ["-l", "0", "-t", `${target.address.host}:${target.address.port}`];
    const running = await Running.start([...route, "--capture", file]);
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
    const { promise: flowing, resolve } = Promise.withResolvers<void>();
    const talking = talk(conn, downstream, 0, resolve);
    await flowing;
    const { code, errors } = await running.stop(signal);
    assert.equal(code, 0, errors);
    await talking;
    await target.close();

    const closed = running.lines.find(({ event, state }) => event === "connection" && state !== "open") as
      | Connection
      | undefined;
    const records = readRecords(file);
    for (const [direction, received] of [["upstream", upstream], ["downstream", downstream]] as const) {
      const recorded = Buffer.concat(
        records.flatMap(({ record, bytes }) =>
          record.kind === "chunk" && record.direction === direction ? [Buffer.from(bytes!)] : []
        ),
      );
      const got = Buffer.concat(received);
      assert.ok(got.length > 0, direction);
      assert.ok(
        recorded.length >= got.length,
        `${direction}: ${recorded.length} of ${got.length} B are recorded`,
      );
      assert.ok(recorded.subarray(0, got.length).equals(got), `${direction}: what was received is recorded`);
      const told = direction === "upstream" ? closed?.upstreamBytes : closed?.downstreamBytes;
      assert.equal(told, recorded.length, `${direction}: the line tells as many bytes as the file has`);
    }
    Deno.removeSync(folder, { recursive: true });
  });
}
