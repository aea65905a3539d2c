// TLS behind CONNECT at a forward proxy that ends the TLS of its clients, on real sockets, with curl and openssl as clients
// and nginx as the server: what each side agrees on, and what is recorded.

import assert from "node:assert/strict";
import { makeCertificates } from "../../certificates.ts";
import { openssl } from "../../needs.ts";
import { connectProxy, established } from "../connect_proxy.ts";
import { readAll, readSome, relayTo, server, write } from "../transcript.ts";
import { curlThrough, ESTABLISHED, ignore, proxy, secure, securedOf, tlsServer } from "./intercepting.ts";

Deno.test({
  name:
    "curl through an intercepting proxy: HTTP/1.1 and HTTP/2 in TLS 1.2 and 1.3, ALPN as the target chose it",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const target = await secure(made.ecdsa);
    const old = await secure(made.rsa, "");
    const cases: [to: typeof target, args: string[], answer: RegExp, alpn: string | null][] = [
      [target, ["--http1.1"], /^HTTP\/1\.1 TLSv1\.3 localhost localhost\n$/, "http/1.1"],
      [target, ["--http2"], /^HTTP\/2\.0 TLSv1\.3 localhost localhost\n$/, "h2"],
      [target, ["--http2", "--tls-max", "1.2"], /^HTTP\/2\.0 TLSv1\.3 localhost/, "h2"],
      [target, ["--no-alpn"], /^HTTP\/1\.1 TLSv1\.3 localhost/, null],
      // A target that does not speak HTTP/2 is not promised to do so.
      [old, ["--http2"], /^HTTP\/1\.1 TLSv1\.3 localhost/, "http/1.1"],
    ];
    for (const [to, args, answer, alpn] of cases) {
      const relay = proxy(made);
      const got = await curlThrough(relay, made, ...args, `https://localhost:${to.tls}/x`);
      assert.match(got.out, answer, `${args}: ${got.errors}`);
      const { endedBy, how } = await relay.transcript.until("closed");
      assert.deepEqual([endedBy, how], ["client", "end"]);
      const [first, second] = securedOf(relay.transcript);
      assert.deepEqual([first.leg, second.leg], ["target", "client"]);
      assert.deepEqual([first.alpn, second.alpn], [alpn, alpn], `${args}`);
      assert.deepEqual([first.version, second.version], [
        "TLSv1.3",
        args.includes("1.2") ? "TLSv1.2" : "TLSv1.3",
      ]);
      assert.deepEqual([first.serverName, second.serverName], ["localhost", "localhost"]);
      assert.deepEqual([first.trust, second.trust], ["system-and-file", "own-ca"]);
      assert.match(first.peer[0].names.join(), /shop\.test/);
      assert.deepEqual(relay.certificates.asked, ["localhost"]);
      const request = relay.transcript.text(1, "upstream");
      if (alpn !== "h2") assert.match(request, /\r\n\r\nGET \/x HTTP\/1\.1\r\nHost: localhost:\d+\r\n/);
      else assert.match(request, /\r\n\r\nPRI \* HTTP\/2\.0\r\n\r\nSM\r\n\r\n/);
      await relay.close();
    }
    await target.stop();
    await old.stop();
  },
});

Deno.test({
  name: "bodies pass through interception byte by byte as they are, both ways, over HTTP/1.1 and HTTP/2",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const target = await secure(made.ecdsa);
    for (const version of ["--http1.1", "--http2"]) {
      const relay = proxy(made);
      const { out, errors } = await curlThrough(
        relay,
        made,
        version,
        `https://localhost:${target.tls}/big.txt`,
      );
      assert.equal(out, "0123456789".repeat(20_000), errors);
      await relay.transcript.until("closed");
      await relay.close();
    }
    await target.stop();
    const sent = "é".repeat(150_000);
    await Deno.writeTextFile(`${made.folder}/body`, sent);
    const echo = tlsServer(made.ecdsa, async (conn) => {
      let head = "";
      while (!head.endsWith("\r\n\r\n")) head += await readSome(conn, 1);
      const body = await readSome(conn, 300_000);
      await write(conn, `HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n${body}`);
    });
    const relay = proxy(made);
    const { out, errors } = await curlThrough(
      relay,
      made,
      "-H",
      "Expect:",
      "--data-binary",
      `@${made.folder}/body`,
      `https://localhost:${echo.port}/`,
    );
    assert.ok(out === sent, errors);
    await relay.transcript.until("closed");
    assert.ok(relay.transcript.text(1, "upstream").endsWith(sent));
    assert.ok(relay.transcript.text(1, "downstream").endsWith(sent));
    await relay.close();
    await echo.close();
  },
});

Deno.test({
  name:
    "what is not TLS in a tunnel passes as before: the client's plain bytes, and a server that speaks first",
  ignore: !openssl,
  fn: async () => {
    await using made = await makeCertificates();
    const target = server(async (conn) => {
      await write(conn, "220 ready\r\n");
      assert.equal(await readSome(conn, 5), "HELLO");
      await write(conn, "bye");
    });
    const echo = server(async (conn) => {
      await write(conn, await readSome(conn, 4));
      await write(conn, await readAll(conn));
    });
    const relay = proxy(made);
    const client = await relay.connect();
    await write(client, `CONNECT 127.0.0.1:${target.address.port} HTTP/1.1\r\n\r\n`);
    // It speaks though the client says nothing.
    assert.equal(await readSome(client, ESTABLISHED.length + 11), `${ESTABLISHED}220 ready\r\n`);
    await write(client, "HELLO");
    assert.equal(await readAll(client), "bye");
    client.close();
    await relay.transcript.until("closed");
    for (const early of [true, false]) {
      const other = await relay.connect();
      const request = `CONNECT 127.0.0.1:${echo.address.port} HTTP/1.1\r\n\r\n`;
      await write(other, early ? `${request}\x16\x02no` : request);
      if (!early) await write(other, "\x16\x02no");
      assert.equal(await readSome(other, ESTABLISHED.length + 4), `${ESTABLISHED}\x16\x02no`);
      await write(other, " TLS");
      await other.closeWrite();
      assert.equal(await readAll(other), " TLS");
      other.close();
      await relay.transcript.until("closed", early ? 2 : 3);
    }
    assert.deepEqual(relay.transcript.told.filter(({ event }) => event === "secured"), []);
    await relay.close();
    await target.close();
    await echo.close();
  },
});

Deno.test({
  name: "interception goes through an upstream proxy, over a slow link",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const target = await secure(made.ecdsa);
    const upstream = connectProxy(established);
    const slow = { bytesPerSecond: 2_000_000, latencyMs: 5, jitterMs: 2 };
    const relay = proxy(made, {
      via: { address: upstream.address, credentials: null },
      slow: { upstream: slow, downstream: slow },
    });
    const { out, errors } = await curlThrough(
      relay,
      made,
      "--http2",
      `https://localhost:${target.tls}/big.txt`,
    );
    assert.equal(out, "0123456789".repeat(20_000), errors);
    assert.match(upstream.asked[0], /^CONNECT localhost:\d+ HTTP\/1\.1\r\n/);
    const { endedBy, how } = await relay.transcript.until("closed");
    assert.deepEqual([endedBy, how], ["client", "end"]);
    assert.deepEqual((await relay.transcript.until("connected")).via, upstream.address);
    assert.deepEqual(securedOf(relay.transcript).map(({ alpn }) => alpn), ["h2", "h2"]);
    await relay.close();
    await upstream.close();
    await target.stop();
  },
});

Deno.test({
  name: "50 clients at once, each for a name of its own: all are answered, and each has its certificate",
  ignore: !openssl,
  fn: async () => {
    await using made = await makeCertificates();
    const one = await made.server("*.many.test");
    const target = tlsServer(one, async (conn) => {
      const text = await readSome(conn, 4);
      await write(conn, text.toUpperCase());
    });
    const relay = relayTo(null, {
      certificates: { forName: () => Promise.resolve({ cert: one.cert, key: one.key, isOwn: true }) },
      route: { listenTls: {}, targetTls: { ca: made.root.certFile } },
    });
    const clients = Array.from({ length: 50 }, async (_, at) => {
      const conn = await relay.connect();
      await write(conn, `CONNECT 127.0.0.1:${target.port} HTTP/1.1\r\n\r\n`);
      assert.equal(await readSome(conn, ESTABLISHED.length), ESTABLISHED);
      const tls = await Deno.startTls(conn, { hostname: `n${at}.many.test`, caCerts: [made.root.cert] });
      const sent = `x${String(at).padStart(3, "0")}`;
      await write(tls, sent);
      assert.equal(await readSome(tls, 4), sent.toUpperCase());
      tls.close();
    });
    await Promise.all(clients);
    for (let connection = 1; connection <= 50; connection++) {
      await relay.transcript.until("closed", connection);
    }
    const names = relay.transcript.told.flatMap((told) =>
      told.event === "secured" && told.leg === "client" ? [told.serverName] : []
    );
    assert.equal(new Set(names).size, 50);
    await relay.close();
    await target.close();
  },
});

Deno.test({
  name: "a client that speaks TLS with the proxy itself: plain requests, refusals, and TLS in its tunnels",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const target = await secure(made.ecdsa);
    const relay = proxy(made);
    const through = (...args: readonly string[]) =>
      curlThrough(
        relay,
        made,
        ...["-x", `https://127.0.0.1:${relay.port.listen.port}`, "--proxy-cacert", made.root.certFile],
        ...args,
      );
    const inside = await through("--http2", `https://localhost:${target.tls}/x`);
    assert.match(inside.out, /^HTTP\/2\.0 TLSv1\.3 localhost/, inside.errors);
    const plain = await through(`http://127.0.0.1:${target.port}/big.txt`);
    assert.equal(plain.out, "0123456789".repeat(20_000), plain.errors);
    const refused = await through("https://localhost:1/x");
    assert.match(refused.errors, /502/);
    for (const connection of [1, 2]) await relay.transcript.until("closed", connection);
    await relay.transcript.until("failed", 3);
    const legs = (connection: number) =>
      securedOf(relay.transcript, connection).map(({ leg, alpn }) => `${leg} ${alpn}`);
    assert.deepEqual(legs(1), ["client http/1.1", "target h2", "client h2"]);
    assert.deepEqual(legs(2), ["client null"]);
    assert.match(
      relay.transcript.text(2, "upstream"),
      /^GET http:\/\/127\.0\.0\.1:\d+\/big\.txt HTTP\/1\.1\r\n/,
    );
    const distrusting = await curlThrough(
      relay,
      made,
      "-x",
      `https://127.0.0.1:${relay.port.listen.port}`,
      "http://a/",
    );
    assert.equal(distrusting.code, 60);
    const { transcript } = relay;
    await new Promise<void>((resolve) => {
      if (transcript.notices.length > 0) resolve();
      else transcript.onNotice = (text) => resolve(void transcript.notices.push(text));
    });
    assert.match(transcript.notices[0], /does not trust the certificate for 127\.0\.0\.1/);
    await relay.close();
    await target.stop();
  },
});

Deno.test({
  name: "a ClientHello that comes together with its CONNECT is not lost",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const target = await secure(made.ecdsa);
    const relay = proxy(made);
    // It answers CONNECT by itself, and passes it on with the first bytes of what follows.
    const eager = server(async (client) => {
      let head = "";
      while (!head.endsWith("\r\n\r\n")) head += await readSome(client, 1);
      await write(client, ESTABLISHED);
      const hello = new Uint8Array(16_384);
      const count = await client.read(hello);
      const onward = await relay.connect();
      await write(onward, new Uint8Array([...new TextEncoder().encode(head), ...hello.subarray(0, count!)]));
      assert.equal(await readSome(onward, ESTABLISHED.length), ESTABLISHED);
      const back = onward.readable.pipeTo(client.writable).catch(() => {});
      await client.readable.pipeTo(onward.writable).catch(() => {});
      await back;
    });
    const address = `http://127.0.0.1:${eager.address.port}`;
    const { out, errors } = await curlThrough(
      relay,
      made,
      "-x",
      address,
      `https://localhost:${target.tls}/x`,
    );
    assert.match(out, /^HTTP\/2\.0 TLSv1\.3 localhost/, errors);
    await relay.transcript.until("closed");
    await relay.close();
    await eager.close();
    await target.stop();
  },
});
