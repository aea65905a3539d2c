import assert from "node:assert/strict";
import type { ListenTls, RouteOptions } from "../../../src/model.ts";
import type { CertificateSource } from "../../../src/relay/tls/certificate_source.ts";
import { type Certificates, makeCertificates } from "../../certificates.ts";
import { curl, openssl } from "../../needs.ts";
import { readAll, readSome, relayTo, server, write } from "../transcript.ts";
import { opensslServer, run } from "./peers.ts";

const ignore = openssl === null;

/** Shows everybody the same certificate, and keeps for whom it was asked. */
function sourceOf({ cert, key }: { cert: string; key: string }) {
  const asked: (readonly [string, readonly string[]])[] = [];
  const certificate = { cert, key, isOwn: true };
  const source: CertificateSource = {
    forName: (name, also = []) => {
      asked.push([name, also]);
      return Promise.resolve(certificate);
    },
  };
  return { source, asked };
}

/** A target that answers a line in capitals, or what it has when its client ends; and a relay that ends clients' TLS. */
function shouting(made: Certificates, route: RouteOptions = {}, listenTls: ListenTls = {}) {
  const target = server(async (conn) => await write(conn, (await readLine(conn)).toUpperCase()));
  const { source, asked } = sourceOf(made.ecdsa);
  const relay = relayTo(target.address, { route: { listenTls, ...route }, certificates: source });
  return {
    ...relay,
    asked,
    at: `127.0.0.1:${relay.port.listen.port}`,
    close: async () => {
      await relay.close();
      await target.close();
    },
  };
}

async function readLine(conn: Deno.Conn): Promise<string> {
  let line = "";
  const buffer = new Uint8Array(1000);
  while (!line.includes("\n")) {
    const count = await conn.read(buffer);
    if (count === null) break;
    line += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return line;
}

Deno.test({
  name: "a client that begins TLS is answered, by TLS 1.2 and 1.3, and the target gets the plain bytes",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const relay = shouting(made);
    let connection = 0;
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const args = ["-connect", relay.at, "-CAfile", made.root.certFile, "-verify_return_error"];
      const ran = await run(openssl!, [
        "s_client",
        ...[...args, version, "-servername", "shop.test", "-quiet", "-alpn", "http/1.1"],
      ], "hello\n");
      assert.equal(ran.stdout, "HELLO\n", ran.stderr);
      connection++;
      const secured = await relay.transcript.until("secured", connection);
      assert.equal(secured.leg, "client");
      assert.equal(secured.version, version === "-tls1_2" ? "TLSv1.2" : "TLSv1.3");
      assert.deepEqual([secured.serverName, secured.alpn, secured.trust], [
        "shop.test",
        "http/1.1",
        "own-ca",
      ]);
      assert.deepEqual(secured.peer, []);
      const { how, error } = await relay.transcript.until("closed", connection);
      assert.deepEqual([how, error], ["end", null]);
      assert.equal(relay.transcript.text(connection, "upstream"), "hello\n");
      assert.equal(relay.transcript.text(connection, "downstream"), "HELLO\n");
    }
    assert.deepEqual(relay.asked[0], ["shop.test", ["127.0.0.1", "localhost"]]);
    await relay.close();
  },
});

Deno.test({
  name:
    "plain clients are served on the same port, byte for byte, also one that sends nothing or a single byte",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const relay = shouting(made);
    for (const text of ["hello", "x", "", "\x15\x03", "\x16", "\x16\x03\x01 not so"]) {
      const client = await relay.connect();
      await write(client, text);
      await client.closeWrite();
      assert.equal(await readAll(client), text.toUpperCase());
      client.close();
    }
    assert.deepEqual(relay.transcript.told.filter(({ event }) => event === "secured"), []);
    await relay.close();
  },
});

Deno.test({
  name: "a ClientHello that comes byte by byte is not lost",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const relay = shouting(made);
    // A client of openssl's through a relay of ours that passes its first bytes on one by one.
    const slow = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const passing = (async () => {
      const client = await slow.accept();
      const onward = await relay.connect();
      onward.setNoDelay(true);
      const down = (async () => {
        const buffer = new Uint8Array(16_384);
        for (let count = await onward.read(buffer); count !== null; count = await onward.read(buffer)) {
          await write(client, buffer.subarray(0, count));
        }
        await client.closeWrite();
      })();
      const buffer = new Uint8Array(16_384);
      let seen = 0;
      for (let count = await client.read(buffer); count !== null; count = await client.read(buffer)) {
        for (let at = 0; at < count;) {
          const length = seen < 200 ? 1 : count - at;
          await write(onward, buffer.subarray(at, at + length));
          at += length;
          seen += length;
        }
      }
      await onward.closeWrite();
      await down;
      onward.close();
      client.close();
    })();
    const args = ["-connect", `127.0.0.1:${slow.addr.port}`, "-quiet", "-servername", "shop.test"];
    const ran = await run(openssl!, ["s_client", ...args], "slowly\n");
    assert.equal(ran.stdout, "SLOWLY\n", ran.stderr);
    await passing;
    slow.close();
    await relay.close();
  },
});

Deno.test({
  name: "a target that speaks first is heard, by plain clients and by those that begin TLS",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const greeting = server(async (conn) => {
      await write(conn, "220 ready\r\n");
      await write(conn, `250 ${await readSome(conn, 4)}\r\n`);
    });
    const { source } = sourceOf(made.ecdsa);
    const relay = relayTo(greeting.address, { route: { listenTls: {} }, certificates: source });
    const client = await relay.connect();
    assert.equal(await readSome(client, 11), "220 ready\r\n");
    await write(client, "EHLO");
    assert.equal(await readAll(client), "250 EHLO\r\n");
    client.close();

    const at = `127.0.0.1:${relay.port.listen.port}`;
    const ran = await run(openssl!, ["s_client", "-connect", at, "-quiet", "-ign_eof"], "HELO");
    assert.equal(ran.stdout, "220 ready\r\n250 HELO\r\n", ran.stderr);
    await relay.close();
    await greeting.close();
  },
});

Deno.test({
  name: "a client that does not trust the certificate is recognised, and it is said what to do",
  ignore: ignore || curl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const relay = shouting(made);
    const clients: readonly (readonly string[])[] = [
      [
        openssl!,
        "s_client",
        "-connect",
        relay.at,
        "-verify_return_error",
        "-servername",
        "shop.test",
        "-tls1_2",
      ],
      [
        openssl!,
        "s_client",
        "-connect",
        relay.at,
        "-verify_return_error",
        "-servername",
        "shop.test",
        "-tls1_3",
      ],
      [curl!, "-sS", "--resolve", `shop.test:${relay.port.listen.port}:127.0.0.1`].concat(
        `https://shop.test:${relay.port.listen.port}/`,
      ),
    ];
    for (const [at, [program, ...args]] of clients.entries()) {
      assert.equal((await run(program, args)).success, false);
      const { error, endedBy, how } = await relay.transcript.until("closed", at + 1);
      assert.match(
        error ?? "",
        /^the client does not trust the certificate for shop\.test, which tcpmon's own authority has issued \(alert unknown_ca\)\. Run tcpmon ca /,
      );
      assert.deepEqual([endedBy, how], ["client", "error"]);
    }
    assert.equal(relay.transcript.told.some(({ event }) => event === "secured"), false);
    await relay.close();
  },
});

Deno.test({
  name: "what a TLS client asks of a target that is not reached, or not trusted, is recorded all the same",
  ignore: ignore || curl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const { source } = sourceOf(made.ecdsa);
    const target = await opensslServer(["-cert", made.untrusted.certFile, "-key", made.untrusted.keyFile]);
    const nobody = { host: "127.0.0.1", port: 1 };
    const ways = [[nobody, {}, /refused/], [
      target.address,
      { targetScheme: "https" },
      /not trusted/,
    ]] as const;
    for (const [to, route, words] of ways) {
      const relay = relayTo(to, { route: { listenTls: {}, ...route }, certificates: source });
      const { port } = relay.port.listen;
      const args = ["-sS", "--cacert", made.root.certFile, "--resolve", `shop.test:${port}:127.0.0.1`];
      const { success } = await run(curl!, [...args, `https://shop.test:${port}/wanted`]);
      assert.equal(success, false);
      const { error } = await relay.transcript.until("failed");
      assert.match(error, words);
      assert.match(relay.transcript.text(1, "upstream"), /^GET \/wanted HTTP\/1\.1\r\n/);
      const secured = await relay.transcript.until("secured");
      assert.deepEqual([secured.leg, secured.alpn], ["client", "http/1.1"]);
      await relay.close();
    }
    await target.close();
  },
});

Deno.test({
  name: "a client that closes when it has seen the certificate may not trust it",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const relay = shouting(made);
    // The ClientHello of a real client, and then nothing more.
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const at = `127.0.0.1:${listener.addr.port}`;
    const client = run(openssl!, ["s_client", "-connect", at, "-servername", "shop.test"]);
    const given = await listener.accept();
    const hello = new Uint8Array(16_384);
    const length = await given.read(hello);
    const conn = await relay.connect();
    await write(conn, hello.subarray(0, length!));
    await conn.read(new Uint8Array(10));
    conn.close();
    const { error } = await relay.transcript.until("closed");
    assert.match(
      error ?? "",
      /^the client closed the connection during the TLS handshake.*may not trust it.*tcpmon ca/s,
    );
    given.close();
    listener.close();
    await client;
    await relay.close();
  },
});

Deno.test({
  name: "a client that has no TLS in common with tcpmon is told so by an alert, and the Connection why",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const relay = shouting(made);
    const cases = [
      [
        ["-tls1_1"],
        /alert protocol version/,
        /^the client speaks nothing newer than TLS 1\.1: tcpmon speaks TLS 1\.2/,
      ],
      [
        ["-tls1_2", "-cipher", "AES128-SHA"],
        /alert handshake failure/,
        /no TLS in common .*tcpmon speaks TLS 1\.2/,
      ],
    ] as const;
    for (const [at, [options, alert, words]] of cases.entries()) {
      const args = ["s_client", "-connect", relay.at, "-cipher", "ALL:@SECLEVEL=0", ...options];
      assert.match((await run(openssl!, args)).stderr, alert);
      const { endedBy, how, error } = await relay.transcript.until("closed", at + 1);
      assert.deepEqual([endedBy, how], ["client", "error"]);
      assert.match(error ?? "", words);
    }
    await relay.close();
  },
});

Deno.test({
  name: "a client for whose name there is no certificate gets an alert, too",
  ignore,
  fn: async () => {
    const target = server(async (conn) => void await readLine(conn));
    const certificates = { forName: () => Promise.reject(new Error("Cannot issue one. Do this.")) };
    const relay = relayTo(target.address, { route: { listenTls: {} }, certificates });
    const at = `127.0.0.1:${relay.port.listen.port}`;
    assert.match((await run(openssl!, ["s_client", "-connect", at])).stderr, /alert internal error/);
    const { error } = await relay.transcript.until("closed");
    assert.match(
      error ?? "",
      /^there is no certificate for .* to show to the client: Cannot issue one\. Do this\.$/,
    );
    assert.match(
      relay.transcript.notices.join("\n"),
      /^Listening on \S+: there is no certificate for .* Do this\.$/,
    );
    await relay.close();
    await target.close();
  },
});

Deno.test({
  name: "a client is asked for a certificate where that is wanted, which is recorded and not checked",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const relay = shouting(made, {}, { asksClients: true });
    const args = ["s_client", "-connect", relay.at, "-quiet"];
    const own = [...args, "-cert", made.otherClient.certFile, "-key", made.otherClient.keyFile];
    for (const [at, given] of [args, own].entries()) {
      assert.equal((await run(openssl!, given, "hi\n")).stdout, "HI\n");
      const { peer } = await relay.transcript.until("secured", at + 1);
      assert.deepEqual(
        peer.map(({ subject, issuer }) => [subject, issuer]).slice(0, 1),
        at === 0 ? [] : [[
          "CN=Mallory",
          "CN=Other Test Root",
        ]],
      );
    }
    await relay.close();
  },
});

Deno.test({
  name: "the user's own certificate is shown instead, to everybody",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const { certFile: cert, keyFile: key } = made.rsa;
    const relay = shouting(made, {}, { certificate: { cert, key } });
    const args = ["-connect", relay.at, "-CAfile", made.root.certFile, "-verify_return_error", "-ign_eof"];
    const ran = await run(openssl!, ["s_client", ...args, "-servername", "any.name"], "hi\n");
    assert.match(ran.stdout, /HI/);
    assert.match(ran.stdout, /a:PKEY: rsaEncryption|Server public key is 2048 bit/);
    const { trust } = await relay.transcript.until("secured");
    assert.equal(trust, "files");
    assert.deepEqual(relay.asked, []);
    await relay.close();
  },
});

Deno.test({
  name:
    "a certificate that cannot be read is said, and read for the next client where the user has mended it",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const cert = `${made.folder}/late.pem`;
    const relay = shouting(made, {}, { certificate: { cert, key: made.rsa.keyFile } });
    const args = ["s_client", "-connect", relay.at, "-quiet"];
    assert.equal((await run(openssl!, args, "hi\n")).stdout, "");
    assert.match(
      (await relay.transcript.until("closed")).error ?? "",
      /Cannot read .*late\.pem: there is no such file/,
    );
    await Deno.copyFile(made.rsa.certFile, cert);
    assert.equal((await run(openssl!, args, "hi\n")).stdout, "HI\n");
    await relay.close();
  },
});

Deno.test({
  name: "TLS on both legs: the client is promised the protocol that the target has chosen, and no other",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const cases = [
      { target: ["-alpn", "h2,http/1.1"], client: ["-alpn", "h2,http/1.1"], agreed: "h2" },
      { target: ["-alpn", "http/1.1"], client: ["-alpn", "h2,http/1.1"], agreed: "http/1.1" },
      { target: [], client: ["-alpn", "h2,http/1.1"], agreed: null },
      { target: ["-alpn", "http/1.1"], client: [], agreed: null },
    ];
    for (const { target: offered, client, agreed } of cases) {
      const { certFile, keyFile } = made.ecdsa;
      const chain = ["-cert_chain", made.intermediate.certFile];
      const target = await opensslServer(["-cert", certFile, "-key", keyFile, ...chain, ...offered]);
      const { source } = sourceOf(made.ecdsa);
      const route: RouteOptions = {
        listenTls: {},
        targetScheme: "tls",
        targetTls: { ca: made.root.certFile },
      };
      const relay = relayTo(target.address, { route, certificates: source });
      const at = `127.0.0.1:${relay.port.listen.port}`;
      const args = ["s_client", "-connect", at, "-servername", "localhost", ...client];
      const ran = await run(openssl!, [...args, "-no_ign_eof"], "hello\n");
      assert.match(
        ran.stdout,
        agreed === null ? /No ALPN negotiated/ : new RegExp(`ALPN protocol: ${agreed}`),
      );
      await relay.transcript.until("closed");
      const secured = relay.transcript.told.flatMap((told) => told.event === "secured" ? [told] : []);
      assert.deepEqual(secured.map(({ leg, alpn }) => [leg, alpn]), [
        ["target", client.length === 0 ? null : agreed],
        ["client", agreed],
      ]);
      assert.equal(relay.transcript.text(1, "upstream"), "hello\n");
      await relay.close();
      await target.close();
    }
  },
});
