// A whole process with --config: what the file names is there at start, and mistakes in it are told.

import assert from "node:assert/strict";
import schema from "../docs/config.schema.json" with { type: "json" };
import type { Listener } from "../src/model.ts";
import { call } from "./calls.ts";
import { server, write } from "./relay/transcript.ts";
import { Running, runToEnd } from "./running.ts";

async function withFile(text: string, use: (path: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    await Deno.writeTextFile(`${folder}/tcpmon.json`, text);
    await use(`${folder}/tcpmon.json`);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("tcpmon --config adds the listeners of the file; one whose port is taken says so and keeps nothing from starting", async () => {
  const target = server(async (conn) => await write(conn, "hello"));
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const to = `127.0.0.1:${target.address.port}`;
  const limits = { bytesPerSecond: 1_000_000, latencyMs: 0, jitterMs: 0 };
  const listeners = [
    { name: "shop", listen: 0, target: to, hostHeader: "keep", slow: { downstream: limits } },
    { name: "taken", listen: taken.addr.port, target: to },
    { listen: "127.0.0.1:0", target: to, via: "http://ann@proxy.example.org:3128" },
  ];
  await withFile(JSON.stringify({ listeners }), async (path) => {
    const running = await Running.start(["--config", path, "-l", "0", "-t", to], undefined, {
      TCPMON_PROXY_PASSWORD: "s3cret",
    });
    assert.deepEqual(running.ready.listeners.map(({ id, state }) => [id, state]), [
      ["l1", "listening"],
      ["l2", "listening"],
      ["l3", "failed"],
      ["l4", "listening"],
    ]);
    assert.match(running.ready.listeners[2].error ?? "", /already used, by another program/);
    const [line, shop, failed, proxied] =
      (await running.json<{ listeners: Listener[] }>("/listeners")).listeners;
    assert.deepEqual([line.name, line.state], [null, "listening"]);
    assert.deepEqual([shop.name, shop.hostHeader, shop.slow?.downstream, shop.state], [
      "shop",
      "keep",
      limits,
      "listening",
    ]);
    assert.deepEqual([failed.name, failed.state], ["taken", "failed"]);
    assert.match(failed.error ?? "", /already used, by another program/);
    assert.equal(proxied.via, "http://ann@proxy.example.org:3128");
    assert.equal(await call(running.port(1), ""), "hello");

    const saved = await running.json<{ file: string }>("/config", { method: "POST" });
    assert.equal(saved.file, path);
    const text = await Deno.readTextFile(path);
    assert.deepEqual(JSON.parse(text).listeners.map(({ listen }: { listen: string }) => listen), [
      "127.0.0.1:0",
      "127.0.0.1:0",
      `127.0.0.1:${taken.addr.port}`,
      "127.0.0.1:0",
    ]);
    assert.doesNotMatch(text, /s3cret/);
    const { code, errors } = await running.stop();
    assert.equal(code, 0, errors);
    assert.match(errors, /already used, by another program/);
    const again = await Running.start(["--config", path]);
    assert.equal(again.ready.listeners.filter(({ state }) => state === "listening").length, 3);
    assert.equal(await call(again.port(0), ""), "hello");
    await again.stop();
  });
  taken.close();
  await target.close();
});

Deno.test("a listener of TLS whose files cannot be read is failed, and refused by the API beside its member", async () => {
  const secure = {
    listen: 0,
    target: "https://api.example.org",
    targetTls: { ca: "nowhere.pem" },
  };
  await withFile(JSON.stringify({ listeners: [secure] }), async (path) => {
    const running = await Running.start(["--config", path]);
    const [{ state, error }] = running.ready.listeners;
    assert.equal(state, "failed");
    assert.match(error ?? "", /^Cannot read \/.*\/nowhere\.pem: there is no such file\./);
    const ask = async (method: string, where: string, json: unknown) => {
      const answer = await fetch(`${running.ready.api}/listeners${where}`, {
        method,
        headers: { authorization: `Bearer ${running.ready.token}`, "content-type": "application/json" },
        body: JSON.stringify(json),
      });
      const told = await answer.json();
      return [answer.status, told.field ?? told.state];
    };
    assert.deepEqual(await ask("POST", "", { ...secure, targetTls: { cert: "/x" } }), [
      409,
      "targetTls.cert",
    ]);
    assert.deepEqual(await ask("POST", "", { listen: 0, listenTls: { cert: "/x" } }), [
      409,
      "listenTls.cert",
    ]);
    assert.deepEqual(await ask("PATCH", "/l1", { state: "listening" }), [409, "targetTls.ca"]);
    assert.deepEqual(await ask("PATCH", "/l1", { targetTls: null }), [200, "stopped"]);
    assert.deepEqual(await ask("PATCH", "/l1", { state: "listening" }), [200, "listening"]);
    const told = (await running.stop()).errors;
    assert.match(told, /^127\.0\.0\.1:0: Cannot read \/.*\/nowhere\.pem: there is no such file\. /m);
  });
  const { code, errors } = await runToEnd(
    ["-l", "0", "-t", "https://api.example.org", "--target-ca", "/nowhere.pem", "--no-open", "--ui", "0"],
  );
  assert.equal(code, 1);
  assert.match(errors, /^Cannot read \/nowhere\.pem: there is no such file\. Give one that is there\.\n$/);
});

Deno.test("tcpmon --config with mistakes tells all of them and does not start", async () => {
  const wrong = {
    listeners: [{ listen: "x" }, { listen: 1, slow: { upstream: { latencyMs: -1 } }, tagret: "a:1" }],
  };
  await withFile(JSON.stringify(wrong), async (path) => {
    const { code, errors } = await runToEnd(["--config", path, "--no-open"]);
    assert.equal(code, 2);
    const places = errors.trim().split("\n").slice(1).map((line) => line.trim().split(": ")[0]);
    assert.deepEqual(places, [
      "listeners[0].listen, line 1, column 16",
      "listeners[1].tagret, line 1, column 79",
      "listeners[1].slow.upstream.latencyMs, line 1, column 62",
    ]);
  });
  const { code, errors } = await runToEnd(["--config", "/nowhere/tcpmon.json", "--no-open"]);
  assert.equal(code, 2);
  assert.match(errors, /^Cannot read the configuration \/nowhere\/tcpmon\.json: there is no such file\./);
});

Deno.test("tcpmon with a taken port on the command line does not start", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { code, errors } = await runToEnd([
    "-l",
    `${taken.addr.port}`,
    "-t",
    "localhost:80",
    "--no-open",
    "--ui",
    "0",
  ]);
  taken.close();
  assert.equal(code, 1);
  assert.match(errors, /already used, by another program/);
});

Deno.test("tcpmon --config-schema prints the published schema", async () => {
  const { code, out } = await runToEnd(["--config-schema"]);
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out), schema);
});

Deno.test("tcpmon --config: what the command line names too is one listener, with the options of both", async () => {
  const target = server(async (conn) => await write(conn, "hello"));
  const to = `127.0.0.1:${target.address.port}`;
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const listen = `127.0.0.1:${free.addr.port}`;
  free.close();
  const listeners = [{ name: "shop", hostHeader: "rewrite", listen, target: to }];
  await withFile(JSON.stringify({ listeners }), async (path) => {
    const running = await Running.start(
      ["--config", path, "-l", listen, "-t", to, "--host-header", "keep"],
    );
    const { listeners } = await running.json<{ listeners: Listener[] }>("/listeners");
    assert.deepEqual(listeners.map(({ listen, name, hostHeader }) => [listen, name, hostHeader]), [
      [listen, "shop", "keep"],
    ]);
    const { code, errors } = await running.stop();
    assert.equal(code, 0, errors);
  });
  await target.close();
});
