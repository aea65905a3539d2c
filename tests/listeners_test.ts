// The listeners of a running program: circles are refused, the plausible is not, and a closed port is free again.

import assert from "node:assert/strict";
import { formatAddress, parseListen, parseProxy, parseTarget } from "../src/address.ts";
import { Listeners } from "../src/listeners.ts";
import { Dialer } from "../src/relay/dial.ts";
import { OwnPorts } from "../src/relay/own_ports.ts";
import { ListenerError } from "../src/ui/control.ts";
import { readAll, server, Transcript, write } from "./relay/transcript.ts";

function listeners(
  held: ConstructorParameters<typeof Listeners>[1] = [],
  observer = new Transcript(),
  accepts = true,
) {
  let changes = 0;
  const ownPorts = new OwnPorts();
  const shared = {
    ownPorts,
    observer,
    dialer: new Dialer(),
    nextConnection: () => 1,
    notice: () => {},
  };
  const all = Object.assign(new Listeners(shared, held, () => changes++), {
    changes: () => changes,
    ownPorts,
  });
  if (accepts) all.accept();
  return all;
}

const route = (listen: string, target: string) => ({
  listen: parseListen(listen),
  target: parseTarget(target),
});

const LIMITS = { bytesPerSecond: 1000, latencyMs: 5, jitterMs: 1 };

/** A port that was free a moment ago. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

Deno.test("Listeners that are being stopped or closed leave no connection open when they are closed, or all end", async () => {
  const first = {
    stop: (all: Listeners) => all.change("l1", { state: "stopped" }),
    close: (all: Listeners) => all.close("l1"),
  };
  const then = { close: (all: Listeners) => all.close("l1"), end: (all: Listeners) => all.end() };
  for (const [begin, finish] of [["stop", "close"], ["stop", "end"], ["close", "end"]] as const) {
    const target = server(async (conn) => void await readAll(conn));
    const transcript = new Transcript();
    const all = listeners([], transcript);
    const { listen } = all.add(route("0", formatAddress(target.address)));
    const client = await Deno.connect({ hostname: "127.0.0.1", port: parseListen(listen).port });
    await transcript.until("connected");
    const begun = first[begin](all);
    await then[finish](all);
    const ended = transcript.told.some(({ event }) => event === "closed");
    client.close();
    await begun;
    await transcript.until("closed");
    await all.end();
    await target.close();
    assert.ok(ended, `${begin}, then ${finish}`);
  }
});

Deno.test("Listeners refuse a target that leads back to the listener, also through others", async () => {
  const all = listeners();
  const [a, b, c] = [freePort(), freePort(), freePort()];
  const circle = { name: "ListenerError", field: "target", message: /in a circle/ };
  assert.throws(() => all.add(route(`${a}`, `localhost:${a}`)), circle);
  assert.throws(() => all.add(route(`0.0.0.0:${a}`, `127.0.0.1:${a}`)), circle);
  all.add(route(`${a}`, `localhost:${b}`));
  all.add(route(`${b}`, `127.0.0.1:${c}`));
  assert.throws(() => all.add(route(`${c}`, `localhost:${a}`)), circle);
  assert.deepEqual(all.list().map(({ id }) => id), ["l1", "l2"]);
  await all.end();
});

Deno.test("Listeners take the same port on another address for what it is", async () => {
  const all = listeners();
  const port = freePort();
  all.add(route(`127.0.0.2:${port}`, `127.0.0.1:${port}`));
  await all.end();
});

Deno.test("Listeners refuse the page of the program as a target", () => {
  const all = listeners();
  all.ownPorts.page = 4040;
  assert.throws(() => all.add(route("0", "localhost:4040")), /that is the page of tcpmon itself/);
});

Deno.test("Listeners refuse a proxy that leads back to the listener, or is the page", async () => {
  const all = listeners();
  all.ownPorts.page = 4040;
  const [a, b] = [freePort(), freePort()];
  const through = (listen: number, proxy: number) => ({
    listen: parseListen(`${listen}`),
    target: null,
    via: parseProxy(`localhost:${proxy}`),
  });
  assert.throws(() => all.add(through(a, a)), {
    name: "ListenerError",
    field: "via",
    message: /in a circle/,
  });
  assert.throws(() => all.add(through(a, 4040)), {
    field: "via",
    message: "Cannot go through localhost:4040: that is the page of tcpmon itself. Give another proxy.",
  });
  assert.throws(() => all.add({ ...through(a, b), target: parseTarget("localhost:4040") }), {
    field: "target",
  });
  all.add(through(a, b));
  assert.throws(() => all.add(through(b, a)), { field: "via", message: /in a circle/ });
  await all.end();
});

Deno.test("Listeners start a forward proxy of a continued capture again, which has no target", async () => {
  const port = freePort();
  const all = listeners([{ id: "l3", listen: `127.0.0.1:${port}`, target: null }]);
  const listener = all.add({ listen: parseListen(`${port}`), target: null });
  assert.deepEqual([listener.id, listener.target, listener.state], ["l3", null, "listening"]);
  await all.end();
});

Deno.test("Listeners start a listener of a continued capture again, with its id, and number new ones behind it", async () => {
  const port = freePort();
  const all = listeners([{ id: "l7", listen: `127.0.0.1:${port}`, target: "localhost:80" }]);
  assert.deepEqual(all.list().map(({ id, state }) => [id, state]), [["l7", "stopped"]]);
  assert.equal(all.add(route(`${port}`, "localhost:80")).id, "l7");
  assert.equal(all.add(route("0", "localhost:81")).id, "l8");
  assert.deepEqual(all.list().map(({ state }) => state), ["listening", "listening"]);
  await all.end();
});

Deno.test("Listeners of a continued capture come in the order in which they were added", () => {
  const held = ["l10", "l2", "l1"].map((id) => ({ id, listen: "127.0.0.1:8081", target: "localhost:80" }));
  assert.deepEqual(listeners(held).list().map(({ id }) => id), ["l1", "l2", "l10"]);
});

Deno.test("Listeners that cannot be started again are failed, and say why", async () => {
  const all = listeners();
  const { id, listen } = all.add(route("0", "localhost:80"));
  await all.change(id, { state: "stopped" });
  const taken = Deno.listen({ hostname: "127.0.0.1", port: parseListen(listen).port });
  await assert.rejects(all.change(id, { state: "listening" }), ListenerError);
  const [failed] = all.list();
  assert.equal(failed.state, "failed");
  assert.match(failed.error ?? "", /already used, by another program/);
  assert.match(failed.suggestion ?? "", /^127\.0\.0\.1:\d+$/);
  taken.close();
  const again = await all.change(id, { state: "listening" });
  assert.deepEqual([again?.state, again?.suggestion], ["listening", null]);
  assert.equal(await all.close(id), true);
  assert.equal(await all.close(id), false);
  assert.equal(await all.change(id, { state: "stopped" }), null);
  assert.deepEqual(all.list(), []);
  assert.ok(all.changes() >= 4);
});

Deno.test("Listeners change while they are stopped; a name and a slow link also while they listen", async () => {
  const all = listeners();
  const { id, listen } = all.add(route("0", "localhost:80"));
  const slow = { upstream: LIMITS, downstream: LIMITS };
  const named = await all.change(id, { name: "shop", slow, listen: parseListen(listen) });
  assert.deepEqual([named?.name, named?.slow, named?.state], ["shop", slow, "listening"]);
  for (
    const [field, change] of Object.entries({
      listen: { listen: parseListen("0") },
      target: { target: parseTarget("localhost:81") },
      hostHeader: { hostHeader: "rewrite" as const },
      via: { via: "environment" as const },
      targetScheme: { targetScheme: "tls" as const },
      listenTls: { listenTls: {} },
    })
  ) {
    await assert.rejects(all.change(id, change), {
      name: "ListenerError",
      field,
      message: /^Cannot change .* while it listens on 127\.0\.0\.1:\d+\. Stop it first\.$/,
    });
  }
  const change = { listen: parseListen(`${freePort()}`), target: parseTarget("db:5432"), name: null };
  const stopped = await all.change(id, { state: "stopped", ...change });
  assert.deepEqual([stopped?.state, stopped?.target, stopped?.name], ["stopped", "db:5432", null]);
  const started = await all.change(id, { state: "listening" });
  assert.deepEqual([started?.id, started?.listen], [id, `127.0.0.1:${change.listen.port}`]);
  await all.change(id, { state: "stopped" });
  await assert.rejects(all.change(id, { targetTls: { insecure: true } }), {
    name: "ListenerError",
    field: "targetTls",
    message: /^Cannot use targetTls: no TLS is spoken to the target\. /,
  });
  const secure = await all.change(id, { targetScheme: "https", targetTls: { insecure: true } });
  assert.deepEqual([secure?.targetScheme, secure?.targetTls?.insecure], ["https", true]);
  await assert.rejects(all.change(id, { targetScheme: null }), { field: "targetTls" });
  assert.equal(all.list()[0].targetScheme, "https", "what is refused changes nothing");
  await all.end();
});

Deno.test("Listeners keep a changed Route that cannot be bound, as failed, and take the next one", async () => {
  const all = listeners();
  const { id } = all.add(route("0", "localhost:80"));
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const listen = { host: "127.0.0.1", port: taken.addr.port };
  await all.change(id, { state: "stopped" });
  await assert.rejects(all.change(id, { listen, state: "listening" }), { field: "listen" });
  assert.deepEqual(all.list().map(({ state, listen }) => [state, listen]), [
    ["failed", `127.0.0.1:${taken.addr.port}`],
  ]);
  const circle = { target: listen, state: "listening" as const };
  taken.close();
  await assert.rejects(all.change(id, circle), { field: "target", message: /in a circle/ });
  assert.equal((await all.change(id, { listen: parseListen("0"), state: "listening" }))?.state, "listening");
  await all.end();
});

Deno.test("Listeners add what cannot be bound where that is wanted, and say why", async () => {
  const all = listeners();
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const added = all.addInAnyCase(route(`${taken.addr.port}`, "localhost:80"));
  assert.deepEqual([added.id, added.state], ["l1", "failed"]);
  assert.match(added.error ?? "", /already used, by another program/);
  assert.match(added.suggestion ?? "", /^127\.0\.0\.1:\d+$/);
  taken.close();
  assert.equal((await all.change("l1", { state: "listening" }))?.state, "listening");
  assert.equal(all.addInAnyCase(route("0", "localhost:81")).state, "listening");
  assert.deepEqual(all.routes().map(({ listen }) => listen.port), [taken.addr.port, 0]);
  await all.end();
});

Deno.test("Listeners: who comes before clients are accepted waits, and is served and told of then", async () => {
  const target = server(async (conn) => await write(conn, await readAll(conn)));
  const transcript = new Transcript();
  const all = listeners([], transcript, false);
  all.add(route("0", formatAddress(target.address)));
  const port = parseListen(all.list()[0].listen).port;
  const early = await Deno.connect({ hostname: "127.0.0.1", port });
  await write(early, "early");
  await early.closeWrite();
  // Whoever is accepted in the order they came would be by now.
  const other = await Deno.connect({ hostname: "127.0.0.1", port: target.address.port });
  await other.closeWrite();
  await readAll(other);
  other.close();
  assert.deepEqual(transcript.told, []);
  all.accept();
  assert.equal(await readAll(early), "early");
  early.close();
  await all.end();

  // Those who are never accepted are let go, and the port is free.
  const never = listeners([], transcript, false);
  const told = transcript.told.length;
  never.add(route(`${port}`, formatAddress(target.address)));
  const waiting = await Deno.connect({ hostname: "127.0.0.1", port });
  await never.end();
  assert.equal(await readAll(waiting).catch(() => ""), "");
  waiting.close();
  assert.equal(transcript.told.length, told);
  Deno.listen({ hostname: "127.0.0.1", port }).close();
  await target.close();
});

Deno.test("Listeners tells which listener has changed, once for each change", async () => {
  const changed: string[] = [];
  const shared = {
    observer: new Transcript(),
    dialer: new Dialer(),
    nextConnection: () => 1,
    notice: () => {},
  };
  const all = new Listeners(shared, [], (id) => changed.push(id));
  all.add(route("0", "localhost:9"));
  all.add(route("0", "localhost:9"));
  await all.change("l1", { state: "stopped" });
  assert.equal(all.one("l1")?.state, "stopped");
  await all.close("l2");
  assert.equal(all.one("l2"), undefined);
  assert.deepEqual(changed, ["l1", "l2", "l1", "l2"]);
  await all.end();
});
