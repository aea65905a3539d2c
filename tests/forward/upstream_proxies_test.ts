// Listeners whose target is reached through tinyproxy, Squid, or what the environment names: with and without
// credentials, refused and allowed, HTTP and other protocols; and that no password is to be found anywhere.

import assert from "node:assert/strict";
import type { Connection, Exchange, ProxyServer } from "../../src/model.ts";
import { httpServer, Monitor } from "../monitor.ts";
import { openssl, redis, squid, tinyproxy } from "../needs.ts";
import { connectProxy, established } from "../relay/connect_proxy.ts";
import { readAll, readSome, server, write } from "../relay/transcript.ts";
import { Running } from "../running.ts";
import { type DebianProxy, type ProxySettings, startSquid, startTinyproxy } from "./debian_proxies.ts";

const CREDENTIALS = { user: "ann", password: "geheim-7q" };

function through(
  { port }: { readonly port: number },
  credentials: ProxyServer["credentials"] = null,
): ProxyServer {
  return { address: { host: "127.0.0.1", port }, credentials };
}

/** Sends a request through listener `at`, and gives its row. */
async function ask(monitor: Monitor, path: string, at = 0): Promise<Exchange> {
  const { host: hostname, port } = monitor.listen(at);
  const conn = await Deno.connect({ hostname, port });
  await write(conn, `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
  const found = await monitor.line(({ event, url }) => event === "exchange" && url === path);
  conn.close();
  return found as unknown as Exchange;
}

const PROXIES: readonly (readonly [
  name: string,
  start: (settings?: ProxySettings) => Promise<DebianProxy>,
  isMissing: boolean,
])[] = [
  ["tinyproxy", startTinyproxy, !tinyproxy],
  ["Squid", startSquid, !squid || !openssl],
];

for (const [name, start, isMissing] of PROXIES) {
  Deno.test({
    name: `a target is reached through ${name}, and the record says so`,
    ignore: isMissing,
    fn: async () => {
      await using proxy = await start();
      const target = httpServer();
      await using monitor = await Monitor.withRoutes([{ target: target.address, via: through(proxy) }]);
      const { id, status, connection, target: named } = await ask(monitor, "/via");
      assert.deepEqual([status, named], [200, `127.0.0.1:${target.address.port}`]);
      const over = await monitor.over(connection);
      assert.deepEqual([over.via, over.targetAddress], [
        `127.0.0.1:${proxy.port}`,
        `127.0.0.1:${proxy.port}`,
      ]);
      assert.match(target.requests[0].head, /^GET \/via HTTP\/1\.1\r\n/);
      const again = await monitor.done((await monitor.resend(id)).id);
      assert.equal(again.status, 200);
      assert.equal((await monitor.over(again.connection)).via, over.via);
      const shown = await monitor.json<Connection>("GET", `/connections/${connection}`);
      assert.equal(shown.via, `127.0.0.1:${proxy.port}`);
      await target.close();
    },
  });

  Deno.test({
    name: `${name} with credentials: right, wrong and none; a password is nowhere to be found`,
    ignore: isMissing,
    fn: async () => {
      await using proxy = await start({ credentials: CREDENTIALS });
      const target = httpServer();
      const folder = await Deno.makeTempDir();
      const capture = `${folder}/capture.pcapng`;
      const via = (password: string) => through(proxy, { user: "ann", password });
      await using monitor = await Monitor.withRoutes([
        { target: target.address, via: via(CREDENTIALS.password) },
        { target: target.address, via: via("falsch-7q") },
        { target: target.address, via: through(proxy) },
        { target: null, via: via(CREDENTIALS.password) },
      ], capture);
      assert.equal((await ask(monitor, "/right")).status, 200);
      const wrong = await ask(monitor, "/wrong", 1);
      assert.equal(wrong.state, "failed");
      assert.match(
        wrong.fault!,
        /40[17] .*\. It does not take the password of the user "ann": check both\.$/,
      );
      const none = await ask(monitor, "/none", 2);
      assert.match(
        none.fault!,
        /407 .*\. Give it a user and a password, as http:\/\/USER:PASSWORD@127\.0\.0\.1:/,
      );
      const name = `127.0.0.1:${target.address.port}`;
      assert.equal((await ask(monitor, `http://${name}/forward`, 3)).status, 200);

      const told = [JSON.stringify(monitor.lines), monitor.notices.join("\n")];
      for (const path of ["/listeners", "/connections", "/exchanges", "/config?passwords=false"]) {
        told.push(await (await monitor.api("GET", path)).text());
      }
      const events = await monitor.api("GET", "/events");
      const reader = events.body!.getReader();
      told.push(new TextDecoder().decode((await reader.read()).value));
      await reader.cancel();
      await monitor.stop();
      told.push(new TextDecoder().decode(await Deno.readFile(capture)));
      for (const text of told) {
        for (const password of [CREDENTIALS.password, "falsch-7q"]) {
          assert.ok(!text.includes(password), text.slice(0, 500));
          assert.ok(!text.includes(btoa(`ann:${password}`)));
        }
      }
      assert.match(told.at(-1)!, new RegExp(`"via":{"host":"127.0.0.1","port":${proxy.port}}`));
      await Deno.remove(folder, { recursive: true });
      await target.close();
    },
  });

  Deno.test({
    name: `${name} that allows CONNECT to port 443 alone: the row says what to do`,
    ignore: isMissing,
    fn: async () => {
      await using proxy = await start({ connectPorts: [443] });
      await using monitor = await Monitor.withRoutes([
        { target: { host: "127.0.0.1", port: 80 }, via: through(proxy) },
      ]);
      const { state, fault } = await ask(monitor, "/refused");
      assert.equal(state, "failed");
      assert.match(
        fault!,
        /refused to connect to 127\.0\.0\.1:80: 403 .*\. Allow CONNECT to port 80 there: most proxies allow only 443/,
      );
    },
  });
}

Deno.test({
  name: "a Redis server, and one that speaks first, are reached through a proxy",
  ignore: !tinyproxy || !redis,
  fn: async () => {
    const port = Number(await freePort());
    const server6379 = new Deno.Command(redis!, {
      args: ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      const greeting = server(async (conn) => {
        await write(conn, "220 ready\r\n");
        await readAll(conn).catch(() => "");
      });
      await using proxy = await startTinyproxy();
      await using monitor = await Monitor.withRoutes([
        { target: { host: "127.0.0.1", port }, via: through(proxy) },
        { target: greeting.address, via: through(proxy) },
      ]);
      const answer = await redisAnswer(monitor.listen(0).port);
      assert.equal(answer, "+PONG\r\n");
      const first = await Deno.connect({ hostname: "127.0.0.1", port: monitor.listen(1).port });
      assert.equal(await readSome(first, 11), "220 ready\r\n");
      first.close();
      await greeting.close();
    } finally {
      server6379.kill("SIGTERM");
      await server6379.status;
    }
  },
});

/** Asks until the server has started. */
async function redisAnswer(port: number): Promise<string> {
  for (;;) {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    try {
      await write(conn, "PING\r\n");
      return await readSome(conn, 7);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      conn.close();
    }
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("--via environment: the program reads the usual variables, as no_proxy says, and only then", async () => {
  const target = httpServer();
  const proxy = connectProxy(established);
  const name = `shop.example.org:${target.address.port}`;
  const env = {
    https_proxy: `http://ann:geheim-7q@127.0.0.1:${proxy.address.port}`,
    http_proxy: "",
    HTTPS_PROXY: "",
    all_proxy: "",
    ALL_PROXY: "",
    NO_PROXY: "",
    no_proxy: "",
    // Deno itself would ask through that proxy whether there is a newer one.
    DENO_NO_UPDATE_CHECK: "1",
  };
  const asked = async (args: string[], no_proxy: string) => {
    const running = await Running.start(["-l", "0", "-t", name, ...args], undefined, { ...env, no_proxy });
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
    await write(conn, "GET /env HTTP/1.1\r\nHost: a\r\n\r\n");
    const row = await running.line(({ event }) => event === "exchange");
    conn.close();
    const connection = await running.line(({ event, state }) => event === "connection" && state !== "open");
    const { errors } = await running.stop();
    assert.doesNotMatch(errors + JSON.stringify(running.lines), /geheim-7q/);
    return { row, connection };
  };
  const reached = await asked(["--via", "environment"], "");
  assert.deepEqual([reached.row.status, reached.row.target], [200, name]);
  assert.equal(reached.connection.via, `127.0.0.1:${proxy.address.port}`);
  assert.match(proxy.asked[0], new RegExp(`^CONNECT ${name} HTTP/1\\.1\r\n`));
  assert.match(proxy.asked[0], new RegExp(`Proxy-Authorization: Basic ${btoa("ann:geheim-7q")}\r\n`));
  // Without a proxy the name is looked up here, and there is none.
  assert.match(
    String((await asked(["--via", "environment"], "example.org")).row.fault),
    /^shop\.example\.org: /,
  );
  assert.match(String((await asked([], "")).row.fault), /^shop\.example\.org: /);
  assert.equal(proxy.asked.length, 1);
  await proxy.close();
  await target.close();
});
