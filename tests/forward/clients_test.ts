// A listener without a target, with real clients: curl, Java, many at once. What the rows say is asked of the API.

import assert from "node:assert/strict";
import type { Connection, Exchange } from "../../src/model.ts";
import { refusing } from "../calls.ts";
import { httpServer, Monitor, ok, type Received } from "../monitor.ts";
import { curl, java, openssl } from "../needs.ts";
import { write } from "../relay/transcript.ts";
import { certificate } from "./certificate.ts";

/** A proxy, without a target. */
const PROXY = { target: null };

async function run(command: string, args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], stdin: "null" })
    .output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, errors };
}

/** Runs curl through the proxy. */
function curlThrough(monitor: Monitor, ...args: readonly string[]) {
  const { host, port } = monitor.listen();
  return run(curl!, [
    "-sS",
    "-q",
    "--noproxy",
    "",
    "--max-time",
    "60",
    "-x",
    `http://${host}:${port}`,
    ...args,
  ]);
}

/** The exchange of a request, once it is done or has failed. */
async function row(monitor: Monitor, method: string, url: string): Promise<Exchange> {
  return await monitor.line((line) =>
    line.event === "exchange" && line.method === method && line.url === url
  ) as unknown as Exchange;
}

Deno.test({
  name: "curl -x: GET, HEAD, PATCH and a body of chunks go where they are to go, and rows say so",
  ignore: !curl,
  fn: async () => {
    await using monitor = await Monitor.withRoutes([PROXY]);
    const target = httpServer(async (conn, request) => {
      if (!request.head.startsWith("HEAD")) return await ok(conn, request);
      await write(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
      return "go on";
    });
    const name = `127.0.0.1:${target.address.port}`;
    const got = await curlThrough(monitor, `http://${name}/x?y=1`);
    assert.deepEqual([got.code, got.out], [0, ""], got.errors);
    const head = await curlThrough(monitor, "-I", `http://${name}/head`);
    assert.match(head.out, /^HTTP\/1\.1 200 OK\r\nContent-Length: 5000/);
    const patched = await curlThrough(monitor, "-X", "PATCH", "-d", "é€", `http://${name}/patch`);
    assert.equal(patched.out, "é€");
    const chunked = await curlThrough(
      monitor,
      ...["-H", "Transfer-Encoding: chunked", "-d", "abc", "-U", "ann:geheim", `http://${name}/chunked`],
    );
    assert.match(chunked.out, /abc/);
    assert.deepEqual(target.requests.map(({ head }) => head.split("\r\n", 1)[0]), [
      "GET /x?y=1 HTTP/1.1",
      "HEAD /head HTTP/1.1",
      "PATCH /patch HTTP/1.1",
      "POST /chunked HTTP/1.1",
    ]);
    for (const { head } of target.requests) {
      assert.match(head, new RegExp(`^Host: ${name}\r$`, "m"));
      assert.doesNotMatch(head, /^Proxy-/im);
    }
    for (
      const [method, path, status] of [["GET", "/x?y=1", 200], ["HEAD", "/head", 200], [
        "PATCH",
        "/patch",
        200,
      ]] as const
    ) {
      const exchange = await row(monitor, method, `http://${name}${path}`);
      assert.deepEqual([exchange.state, exchange.status, exchange.target, exchange.fault], [
        "done",
        status,
        name,
        null,
      ]);
      const connection = await monitor.over(exchange.connection);
      assert.deepEqual([connection.target, connection.targetAddress, connection.via], [name, name, null]);
    }
    // Straight to the target a request goes as it was passed on; the listener gets it as it was received.
    const { id } = await row(monitor, "POST", `http://${name}/chunked`);
    const before = target.requests.length;
    const straight = await monitor.resend(id);
    assert.equal((await monitor.done(straight.id)).status, 200);
    const again = await monitor.resend(id, { through: "listener" });
    assert.equal((await monitor.done(again.id)).status, 200);
    for (const { head } of target.requests.slice(before)) {
      assert.equal(head, target.requests[before - 1].head);
    }
    assert.equal(target.requests.length, before + 2);
    assert.match(
      await monitor.bytes(`/exchanges/${id}/request`),
      /^POST http:.*\r\nProxy-Authorization: Basic/s,
    );
    await target.close();
  },
});

Deno.test({
  name:
    "curl -x https://…: CONNECT is an exchange, and TLS behind it one more of the same connection, with its server",
  ignore: !curl || !openssl,
  fn: async () => {
    await using monitor = await Monitor.withRoutes([PROXY]);
    const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...await certificate() });
    const serving = (async () => {
      using conn = await listener.accept();
      const buffer = new Uint8Array(4096);
      await conn.read(buffer);
      await conn.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"));
      await conn.read(buffer).catch(() => null);
    })();
    const name = `localhost:${listener.addr.port}`;
    const { out, errors } = await curlThrough(monitor, "-k", `https://${name}/`);
    assert.equal(out, "secret", errors);
    const connect = await row(monitor, "CONNECT", name);
    assert.deepEqual([connect.state, connect.status, connect.target], ["done", 200, name]);
    const { downstreamBytes } = await monitor.over(connect.connection);
    const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges");
    const inside = exchanges.filter(({ id }) => id !== connect.id);
    assert.deepEqual(
      inside.map(({ protocol, url, connection, target }) => [protocol, url, connection, target]),
      [["tls", "localhost", connect.connection, name]],
    );
    let downstream = "";
    // The catalog may be a moment behind.
    while (downstream.length < downstreamBytes) {
      downstream = await monitor.bytes(`/connections/${connect.connection}/downstream`);
    }
    assert.ok(downstream.startsWith("HTTP/1.1 200 Connection established\r\n\r\n\x16\x03"));
    assert.equal(downstream.length, downstreamBytes);
    await serving;
    listener.close();
  },
});

Deno.test({
  name: "a Java HttpClient and a HttpURLConnection work through the proxy",
  ignore: !java,
  fn: async () => {
    await using monitor = await Monitor.withRoutes([PROXY]);
    const target = httpServer();
    const url = `http://127.0.0.1:${target.address.port}/java`;
    const program = new URL("ProxyClient.java", import.meta.url).pathname;
    const { out, errors } = await run(java!, ["-Xshare:auto", program, `${monitor.listen().port}`, url]);
    assert.match(out, /^200 by HttpClient\n200 14\r\nby HttpURLConnection\r\n0\r\n\r\n\n$/, errors);
    for (const method of ["POST", "PUT"]) assert.equal((await row(monitor, method, url)).status, 200);
    assert.ok(target.requests.every(({ head }) => /^(POST|PUT) \/java HTTP\/1\.1\r\n/.test(head)));
    await target.close();
  },
});

/** How many files and sockets this process has open; null where that cannot be seen. */
function descriptors(): number | null {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length;
  } catch {
    return null;
  }
}

Deno.test("20 clients at once, each with several requests to several targets: none is lost, nothing leaks", async () => {
  await using monitor = await Monitor.withRoutes([PROXY]);
  const answer = (conn: Deno.TcpConn, { head }: Received) => ok(conn, { head, body: head.split(" ")[1] });
  const targets = [httpServer(answer), httpServer(answer), httpServer(answer)];
  // The catalog, which has some of its own, is open once it answers.
  await monitor.json("GET", "/exchanges");
  const before = descriptors();
  const { host: hostname, port } = monitor.listen();
  const clients = Array.from({ length: 20 }, async (_, client) => {
    const conn = await Deno.connect({ hostname, port });
    const buffer = new Uint8Array(4096);
    for (let request = 0; request < 6; request++) {
      const path = `/${client}/${request}`;
      const url = `http://127.0.0.1:${targets[request % 3].address.port}${path}`;
      await write(conn, `GET ${url} HTTP/1.1\r\nHost: x\r\n\r\n`);
      let text = "";
      while (!text.endsWith(`\r\n\r\n${path}`)) {
        const count = await conn.read(buffer);
        assert.notEqual(count, null, text);
        text += new TextDecoder().decode(buffer.subarray(0, count!));
      }
    }
    conn.close();
  });
  await Promise.all(clients);
  const connections: Connection[] = [];
  for (let client = 0; client < 20; client++) {
    for (let request = 0; request < 6; request++) {
      const url = `http://127.0.0.1:${targets[request % 3].address.port}/${client}/${request}`;
      const { status, fault, connection } = await row(monitor, "GET", url);
      assert.deepEqual([status, fault], [200, null]);
      connections.push(await monitor.over(connection));
    }
  }
  assert.equal(new Set(connections.map(({ id }) => id)).size, 120);
  assert.ok(connections.every(({ state, error }) => state === "closed" && error === null));
  await Promise.all(targets.map((target) => target.close()));
  const after = descriptors();
  // Files of the journal and the catalog come and go.
  if (before !== null && after !== null) assert.ok(after - before < 20, `${before} before, ${after} after`);
});

Deno.test("what the monitor answers by itself is a failed exchange, with its status and the reason", async () => {
  await using monitor = await Monitor.withRoutes([PROXY]);
  const nobody = refusing();
  const answered = async (request: string) => {
    const { host: hostname, port } = monitor.listen();
    const conn = await Deno.connect({ hostname, port });
    await write(conn, request);
    const text = await new Response(conn.readable).text();
    return text;
  };
  const bad = `POST http://${nobody}/ HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc`;
  assert.match(await answered(bad), /^HTTP\/1\.1 502 .*refused the connection\.\n$/s);
  const failed = await row(monitor, "POST", `http://${nobody}/`);
  assert.deepEqual([failed.state, failed.status, failed.fault, failed.target], [
    "failed",
    502,
    `${nobody} refused the connection`,
    nobody,
  ]);
  assert.equal(await monitor.bytes(`/exchanges/${failed.id}/request`), bad);
  const connection = await monitor.over(failed.connection);
  assert.deepEqual([connection.state, connection.how], ["failed", "refused"]);

  assert.match(
    await answered("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"),
    /^HTTP\/1\.1 400 .*is an HTTP proxy: set it/s,
  );
  const origin = await row(monitor, "GET", "/x");
  assert.equal(origin.state, "failed");
  assert.match(origin.fault!, /This port is an HTTP proxy/);

  const page = new URL(monitor.program.page.url);
  assert.match(
    await answered(`GET ${page.href} HTTP/1.1\r\n\r\n`),
    /^HTTP\/1\.1 403 .*is the page of tcpmon itself/s,
  );
  assert.equal((await row(monitor, "GET", page.href)).state, "failed");
  assert.match(await answered(`CONNECT ${page.host} HTTP/1.1\r\n\r\n`), /^HTTP\/1\.1 403 /);
});
