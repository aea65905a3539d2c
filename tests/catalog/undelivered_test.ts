// What the rows say of a request that met no target, and of an answer that its client did not wait for.

import assert from "node:assert/strict";
import type { Exchange } from "../../src/model.ts";
import { call, refusing } from "../calls.ts";
import { server } from "../relay/transcript.ts";
import { Running } from "../running.ts";

Deno.test("a request to a target that refuses is a failed row with the request and the reason", async () => {
  const running = await Running.start(["-l", "0", "-t", refusing()]);
  await call(running.port(), "POST /orders HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");
  const line = await running.line(({ event }) => event === "exchange");
  assert.deepEqual([line.state, line.method, line.url, line.requestBytes], ["failed", "POST", "/orders", 56]);
  assert.match(String(line.fault), /refused the connection$/);
  await running.stop();
});

Deno.test("an answer that its client did not wait for is a failed row that says so", async () => {
  const gone = Promise.withResolvers<void>();
  const body = "x".repeat(2_000_000);
  const target = server(async (conn) => {
    await conn.read(new Uint8Array(1000));
    await gone.promise;
    const answer = new TextEncoder().encode(
      `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    for (let at = 0; at < answer.length;) {
      at += await conn.write(answer.subarray(at)).catch(() => answer.length);
    }
  });
  const { host, port } = target.address;
  const running = await Running.start(["-l", "0", "-t", `${host}:${port}`]);
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
  await conn.write(new TextEncoder().encode("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"));
  await running.line(({ event }) => event === "connection");
  conn.close();
  gone.resolve();
  await running.line(({ event, state }) => event === "connection" && state === "closed");
  const line = await running.line(({ event, state }) => event === "exchange" && state === "failed");
  assert.equal(line.url, "/slow");
  const { exchanges: [row] } = await running.json<{ exchanges: Exchange[] }>("/exchanges");
  assert.match(row.fault ?? "", /client/);
  assert.equal(row.state, "failed");
  await running.stop();
  await target.close();
});
