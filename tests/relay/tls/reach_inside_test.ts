import assert from "node:assert/strict";
import { Dialer, DialError } from "../../../src/relay/dial.ts";
import { TargetMeeter } from "../../../src/relay/tls/meet_target.ts";
import { reachInside } from "../../../src/relay/tls/reach_inside.ts";
import { targetTrust } from "../../../src/relay/tls/route_tls.ts";
import { server } from "../transcript.ts";

/** A target that takes connections, reads, and never says a word; what became of each. */
function silent() {
  const ends: Promise<unknown>[] = [];
  const target = server(async (conn) => {
    const buffer = new Uint8Array(4096);
    const end = (async () => {
      while (await conn.read(buffer) !== null);
      return "end";
    })().catch((error: unknown) => error);
    ends.push(end);
    await end;
  });
  return { ...target, ends };
}

const offer = () => Promise.resolve(["http/1.1"]);

Deno.test("reachInside gives a target up that does not shake hands in time, and closes the connection", async () => {
  const target = silent();
  const targets = new TargetMeeter(await targetTrust({}, undefined));
  const way = { dialer: new Dialer(), timeoutMs: 200 };
  await assert.rejects(
    reachInside(targets, way, target.address, offer, new AbortController().signal),
    (error: unknown) => {
      assert.ok(error instanceof DialError);
      assert.equal(error.how, "timeout");
      assert.match(error.message, /^127\.0\.0\.1:\d+ did not finish the TLS handshake within 0\.2 s$/);
      return true;
    },
  );
  assert.equal(await target.ends[0], "end");
  await target.close();
});

Deno.test("reachInside gives a target its time for the handshake once there is a file descriptor", async () => {
  const target = silent();
  const targets = new TargetMeeter(await targetTrust({}, undefined));
  let reached = 0;
  const late = {
    dial: async () => {
      await new Promise((resolve) => setTimeout(resolve, 110));
      reached = performance.now();
      return await Deno.connect({ hostname: "127.0.0.1", port: target.address.port });
    },
  };
  const way = { dialer: late, timeoutMs: 100 };
  await assert.rejects(reachInside(targets, way, target.address, offer, new AbortController().signal));
  assert.ok(performance.now() - reached > 90);
  await target.close();
});

Deno.test("reachInside is stopped while hands are shaken, and closes the connection", async () => {
  const target = silent();
  const targets = new TargetMeeter(await targetTrust({}, undefined));
  const stop = new AbortController();
  const offered = () => {
    queueMicrotask(() => stop.abort(new Error("stopped")));
    return offer();
  };
  await assert.rejects(
    reachInside(targets, { dialer: new Dialer() }, target.address, offered, stop.signal),
    /stopped/,
  );
  assert.equal(target.ends.length === 0 ? "end" : await target.ends[0], "end");
  await target.close();
});

Deno.test("reachInside speaks no TLS where nothing is to be offered", async () => {
  const target = silent();
  const targets = new TargetMeeter(await targetTrust({}, undefined));
  const way = { dialer: new Dialer() };
  const nothing = () => Promise.resolve(null);
  const { conn, met, via } = await reachInside(
    targets,
    way,
    target.address,
    nothing,
    new AbortController().signal,
  );
  assert.deepEqual([met, via], [null, null]);
  conn.close();
  await target.close();
});
