// TLS behind CONNECT at a forward proxy that ends the TLS of its clients, on real sockets, with curl and openssl as clients
// and nginx as the server: what each side agrees on, what is recorded, and what becomes of those who refuse.

import assert from "node:assert/strict";
import type { RouteOptions } from "../../../src/model.ts";
import type { CertificateSource } from "../../../src/relay/tls/certificate_source.ts";
import { type Certificates, type Made, makeCertificates } from "../../certificates.ts";
import { curl, nginx, openssl } from "../../needs.ts";
import { Nginx } from "../../nginx.ts";
import { connectProxy, established } from "../connect_proxy.ts";
import { readAll, readSome, relayTo, server, type Transcript, write } from "../transcript.ts";

const ignore = !curl || !openssl || !nginx;
const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

/** Issues certificates for any name below the root of `made`, each once, and counts them. */
function source(made: Certificates): CertificateSource & { readonly asked: string[] } {
  const known = new Map<string, Promise<Made>>();
  const asked: string[] = [];
  return {
    asked,
    async forName(name) {
      asked.push(name);
      if (!known.has(name)) known.set(name, made.server(name));
      const { cert, key } = await known.get(name)!;
      return { cert, key, isOwn: true };
    },
  };
}

/** A proxy that ends TLS; targets are trusted below the root of `made`. */
function proxy(made: Certificates, route: RouteOptions = {}) {
  const certificates = source(made);
  const relay = relayTo(null, {
    certificates,
    route: { listenTls: {}, targetTls: { ca: made.root.certFile }, ...route },
  });
  return { ...relay, certificates };
}

type Proxy = ReturnType<typeof proxy>;

/** An nginx with a certificate that speaks HTTP/2 as well unless told otherwise. */
async function secure(
  { certFile, keyFile }: Made,
  protocols = "http2",
): Promise<Nginx & { tls: number }> {
  let tls = 0;
  const started = await Nginx.start({ "big.txt": "0123456789".repeat(20_000) }, undefined, () => {
    tls = freePort();
    return `server {
      listen 127.0.0.1:${tls} ssl ${protocols}; server_name localhost shop.test;
      ssl_certificate ${certFile}; ssl_certificate_key ${keyFile}; ssl_protocols TLSv1.2 TLSv1.3;
      location /big.txt { root files; }
      location / { default_type text/plain; return 200 "$server_protocol $ssl_protocol $ssl_server_name $host\\n"; }
    }`;
  });
  return Object.assign(started, { tls });
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

async function curlThrough(relay: Proxy, made: Certificates, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(curl!, {
    args: ["-sS", "-q", "--noproxy", "", "--max-time", "60", "--cacert", made.root.certFile]
      .concat(["-x", `http://127.0.0.1:${relay.port.listen.port}`, ...args]),
    stdin: "null",
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, errors };
}

function securedOf(transcript: Transcript, connection = 1) {
  return transcript.told.flatMap((told) =>
    told.event === "secured" && told.connection === connection ? [told] : []
  );
}

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

/** A TLS server that gives each client to `serve`. */
function tlsServer({ cert, key }: Made, serve: (conn: Deno.Conn) => Promise<void>, alpnProtocols?: string[]) {
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key, alpnProtocols });
  const running: Promise<void>[] = [];
  const accepting = (async () => {
    for (;;) {
      let conn: Deno.TlsConn;
      try {
        conn = await listener.accept();
      } catch (error) {
        if (error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted) return;
        continue;
      }
      running.push(
        serve(conn).catch(() => {}).finally(() => {
          try {
            conn.close();
          } catch { /* closed by the test */ }
        }),
      );
    }
  })();
  return {
    port: listener.addr.port,
    close: async () => {
      listener.close();
      await accepting;
      await Promise.all(running);
    },
  };
}

/** Runs `openssl s_client` through the proxy to `to`, ends its input at once, and gives what it says. */
async function opensslThrough(relay: Proxy, to: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(openssl!, {
    args: ["s_client", "-proxy", `127.0.0.1:${relay.port.listen.port}`, "-connect", to, ...args],
    stdin: "null",
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, errors };
}

Deno.test({
  name:
    "passthrough: by the name of CONNECT and by the one that the client asks for, the target's own TLS goes by untouched",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const target = tlsServer(made.untrusted, async (conn) => void await conn.read(new Uint8Array(1)));
    for (
      const [name, written, isPassed] of [
        ["shop.test", "localhost", true],
        ["shop.test", "*.test", true],
        ["shop.test", `localhost:${target.port}`, true],
        ["shop.test", "localhost:1", false],
        ["shop.test", "*.example.org", false],
      ] as const
    ) {
      const relay = proxy(made, { listenTls: { passthrough: [written] }, targetTls: { insecure: true } });
      const { out, errors } = await opensslThrough(relay, `localhost:${target.port}`, "-servername", name);
      const issuer = /issuer=(.*)/.exec(out)?.[1];
      assert.equal(issuer, isPassed ? "CN = Other Test Root" : "CN = Test Root", errors);
      await relay.transcript.until("closed");
      assert.equal(securedOf(relay.transcript).length, isPassed ? 0 : 2);
      assert.equal(relay.certificates.asked.length, isPassed ? 0 : 1);
      if (isPassed) {
        const [request, hello] = relay.transcript.text(1, "upstream").split("\r\n\r\n");
        assert.match(request, /^CONNECT /);
        assert.ok(hello.startsWith("\x16\x03\x01"));
      }
      await relay.close();
    }
    await target.close();
  },
});

Deno.test({
  name:
    "a target whose certificate is not accepted: the client gets a 502 with words, and nothing is sent to the target",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    for (
      const [certificate, words] of [
        [made.untrusted, /Other Test Root.*--target-ca FILE.*--insecure/s],
        [made.expired, /expired.*2020/s],
        [made.wrongName, /other\.test/],
      ] as const
    ) {
      let heard = "";
      const target = tlsServer(certificate, async (conn) => {
        heard += await readAll(conn);
      });
      const relay = proxy(made);
      const { code, out } = await curlThrough(relay, made, "-i", `https://localhost:${target.port}/secret`);
      assert.match(out, /\r\n\r\nHTTP\/1\.1 502 Bad Gateway\r\n.*\r\n\r\ntcpmon: /s);
      assert.equal(code, 0);
      assert.match(out, words);
      const { error, how } = await relay.transcript.until("failed");
      assert.match(error, words);
      assert.equal(how, "error");
      assert.ok(out.includes(error.replace(/\.$/, "")), `${error} is not in ${out}`);
      assert.match(relay.transcript.text(1, "upstream"), /^CONNECT .*\r\n\r\nGET \/secret HTTP\/1\.1\r\n/s);
      assert.ok(relay.transcript.text(1, "downstream").startsWith(`${ESTABLISHED}HTTP/1.1 502 `));
      assert.deepEqual(securedOf(relay.transcript).map(({ leg }) => leg), ["client"]);
      await relay.close();
      await target.close();
      assert.equal(heard, "");
    }
  },
});

Deno.test({
  name: "a target that speaks no TLS, and a client that takes no HTTP/1 for an answer",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const target = server(async (conn) => {
      await readSome(conn, 5);
      await write(conn, "HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    const relay = proxy(made);
    const got = await curlThrough(relay, made, `https://localhost:${target.address.port}/`);
    assert.match(got.out, /^tcpmon: .*does not speak TLS/);
    await relay.transcript.until("failed");
    const { out, errors } = await opensslThrough(relay, `localhost:${target.address.port}`, "-alpn", "h2");
    assert.doesNotMatch(out, /502/, errors);
    assert.match((await relay.transcript.until("failed", 2)).error, /does not speak TLS/);
    await relay.close();
    await target.close();
  },
});

Deno.test({
  name: "a client that refuses the certificate is told of on its connection, and loudly once for each name",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const target = await secure(made.ecdsa);
    const relay = proxy(made);
    const refuse = async (name: string, version: string) => {
      const { code } = await curlThrough(
        relay,
        made,
        ...["--cacert", made.otherRoot.certFile, "--tls-max", version],
        ...["--connect-to", `${name}:443:localhost:${target.tls}`, `https://${name}/`],
      );
      assert.equal(code, 60);
    };
    await refuse("localhost", "1.3");
    await refuse("localhost", "1.2");
    await refuse("shop.test", "1.3");
    for (const connection of [1, 2, 3]) {
      const { error, endedBy } = await relay.transcript.until("closed", connection);
      assert.match(
        error!,
        /^the client does not trust the certificate for (localhost|shop\.test).*unknown_ca/,
      );
      assert.match(error!, /tcpmon ca.*--passthrough/);
      assert.equal(endedBy, "client");
    }
    const { notices } = relay.transcript;
    assert.deepEqual(notices.map((text) => /certificate for (\S+?),/.exec(text)?.[1]), [
      "localhost",
      "shop.test",
    ]);
    for (const text of notices) {
      assert.match(text, /^Listening on 127\.0\.0\.1:\d+: the client .*--passthrough/);
    }
    await relay.close();
    await target.stop();
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
  name: "stopping ends clients in the middle of their handshakes",
  ignore: !openssl,
  fn: async () => {
    await using made = await makeCertificates();
    const silent = server(async (conn) => void await readAll(conn).catch(() => ""));
    const relay = proxy(made);
    const client = await relay.connect();
    await write(client, `CONNECT 127.0.0.1:${silent.address.port} HTTP/1.1\r\n\r\n`);
    assert.equal(await readSome(client, ESTABLISHED.length), ESTABLISHED);
    const shaking = Deno.startTls(client, { hostname: "localhost", caCerts: [made.root.cert] })
      .then((tls) => tls.handshake().finally(() => tls.close()));
    const failed = assert.rejects(shaking);
    await relay.transcript.until("connected");
    await relay.close();
    await failed;
    const { endedBy, how } = await relay.transcript.until("closed");
    assert.deepEqual([endedBy, how], ["monitor", "stopped"]);
    await silent.close();
  },
});
