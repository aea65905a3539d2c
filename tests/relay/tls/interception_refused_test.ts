// TLS behind CONNECT at a forward proxy that ends the TLS of its clients: who is left alone, targets that cannot be met,
// clients that refuse their certificate, and the end of all in the middle of it.

import assert from "node:assert/strict";
import { RelayedConnection } from "../../../src/relay/connection.ts";
import { Dialer } from "../../../src/relay/dial.ts";
import { listenerTls } from "../../../src/relay/tls/listener_tls.ts";
import { makeCertificates } from "../../certificates.ts";
import { openssl } from "../../needs.ts";
import { readAll, readSome, server, Transcript, write } from "../transcript.ts";
import {
  curlThrough,
  ESTABLISHED,
  ignore,
  opensslThrough,
  proxy,
  secure,
  securedOf,
  tlsServer,
} from "./intercepting.ts";

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
    "a target that speaks no TLS: the words are for a client that has named it, not for whoever gave a target",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const plain = server(async (conn) => {
      await conn.read(new Uint8Array(1000));
      await write(conn, "HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    const relay = proxy(made);
    await opensslThrough(relay, `127.0.0.1:${plain.address.port}`);
    const { error } = await relay.transcript.until("failed");
    assert.match(
      error,
      /^127\.0\.0\.1:\d+ does not speak TLS on that port\. The client has begun it: .*http:\/\//,
    );
    await relay.close();
    await plain.close();
  },
});

Deno.test({
  name:
    "RelayedConnection.run: a target that was reached, and cannot be met in a tunnel, is not given as not reached",
  ignore: !openssl,
  fn: async () => {
    await using made = await makeCertificates();
    const plain = server(async (conn) => {
      await conn.read(new Uint8Array(1000));
      await write(conn, "HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const client = await Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
    const transcript = new Transcript();
    const certificates = { forName: async () => ({ ...await made.server("localhost"), isOwn: true }) };
    const route = { listenTls: {} };
    const connection = new RelayedConnection(await listener.accept(), {
      ...{ number: 1, listener: "l1", listen: { host: "127.0.0.1", port: 1 }, target: plain.address, route },
      observer: transcript,
      dialer: new Dialer(),
      tls: listenerTls(route, { certificates }, transcript.onNotice),
      forward: {
        tunnel: { request: new Uint8Array(1), answer: new TextEncoder().encode(ESTABLISHED) },
        isWhole: () => true,
        refusal: () => new Uint8Array(0),
      },
    });
    const running = connection.run();
    assert.equal(await readSome(client, ESTABLISHED.length), ESTABLISHED);
    const tls = await Deno.startTls(client, { hostname: "localhost", caCerts: [made.root.cert] });
    await write(tls, "GET / HTTP/1.1\r\n\r\n");
    assert.match(await readAll(tls), /^HTTP\/1\.1 502 /);
    tls.close();
    assert.equal(await running, undefined);
    assert.match((await transcript.until("failed")).error, /does not speak TLS/);
    assert.equal(transcript.notices.length, 1);
    await plain.close();
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
