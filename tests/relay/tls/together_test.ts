// TLS together with what else a Route may say: an HTTP proxy to go through, a slow link, names that are rewritten; and
// with nginx, which has a certificate for each name and speaks HTTP/2.

import assert from "node:assert/strict";
import { editorsFor } from "../../../src/rewriting.ts";
import { Dialer } from "../../../src/relay/dial.ts";
import { type Made, makeCertificates } from "../../certificates.ts";
import { curl, nginx, openssl } from "../../needs.ts";
import { Nginx } from "../../nginx.ts";
import { connectProxy, established } from "../connect_proxy.ts";
import { readSome, relayTo, write } from "../transcript.ts";
import { opensslServer, run } from "./peers.ts";

function shown({ certFile, keyFile }: Made): string[] {
  return ["-cert", certFile, "-key", keyFile];
}

Deno.test({
  name: "TLS with the target goes through an HTTP proxy, and over a slow link",
  ignore: openssl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const target = await opensslServer([...shown(made.ecdsa), "-cert_chain", made.intermediate.certFile]);
    const proxy = connectProxy(established);
    const slow = { bytesPerSecond: 4_000, latencyMs: 20, jitterMs: 0 };
    const relay = relayTo(target.address, {
      route: {
        targetScheme: "tls",
        targetTls: { ca: made.root.certFile },
        via: { address: proxy.address, credentials: null },
        slow: { upstream: slow, downstream: slow },
      },
    });
    const client = await relay.connect();
    await write(client, "slowly through\n");
    assert.equal(await readSome(client, 15), "hguorht ylwols\n");
    assert.match(proxy.asked[0], new RegExp(`^CONNECT localhost:${target.address.port} HTTP/1.1\r\n`));
    const { via } = await relay.transcript.until("connected");
    assert.deepEqual(via, proxy.address);
    assert.equal((await relay.transcript.until("secured")).trust, "system-and-file");
    client.close();
    await relay.close();
    await proxy.close();
    await target.close();
  },
});

Deno.test({
  name: "a proxy that is not to be reached, or refuses, is said to be at fault, not TLS",
  fn: async () => {
    const proxy = connectProxy(async (_head, conn) => {
      await write(conn, "HTTP/1.1 403 Forbidden\r\n\r\n");
      return false;
    });
    const via = { address: proxy.address, credentials: null };
    const relay = relayTo({ host: "shop.test", port: 443 }, { route: { targetScheme: "https", via } });
    const client = await relay.connect();
    assert.match(
      (await relay.transcript.until("failed")).error,
      /refused to connect to shop\.test:443: 403 Forbidden/,
    );
    client.close();
    await relay.close();
    await proxy.close();
  },
});

/** An nginx that has a certificate for each of the names, at a port of its own inside TLS. */
async function secureNginx(pages: Readonly<Record<string, Made>>, more = "") {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const servers = Object.entries(pages).map(([name, { certFile, keyFile }]) => `
    server {
      listen 127.0.0.1:${port} ssl http2;
      server_name ${name};
      ssl_certificate ${certFile};
      ssl_certificate_key ${keyFile};
      location / { return 200 "${name} over $server_protocol, asked for $host, $ssl_server_name\\n"; }
      location /away { return 302 https://$host:${port}/there; }
      ${more}
    }`);
  return { port, server: await Nginx.start({}, undefined, () => servers.join("\n")) };
}

Deno.test({
  name:
    "nginx with several certificates is asked for the target's name, and HTTP/2 goes through where both agree",
  ignore: openssl === null || nginx === null || curl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const [shop, mail] = [await made.server("shop.test"), await made.server("mail.test")];
    const { port, server } = await secureNginx({ "mail.test": mail, "shop.test": shop });
    const dialer = new Dialer({ lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]) });
    const { cert, key } = made.ecdsa;
    const certificates = { forName: () => Promise.resolve({ cert, key, isOwn: true }) };
    for (const name of ["shop.test", "mail.test"]) {
      const relay = relayTo({ host: name, port }, {
        route: { targetScheme: "https", targetTls: { ca: made.root.certFile }, listenTls: {} },
        certificates,
        dialer,
      });
      const at = relay.port.listen.port;
      const asked = ["-sS", "--cacert", made.root.certFile, "-H", `Host: ${name}`];
      const ways: readonly (readonly [readonly string[], string, string | null])[] = [
        [["--http2", `https://localhost:${at}/`], "HTTP/2.0", "h2"],
        [["--http1.1", `https://localhost:${at}/`], "HTTP/1.1", "http/1.1"],
        [[`http://localhost:${at}/`], "HTTP/1.1", null],
      ];
      for (const [way, protocol, alpn] of ways) {
        const { stdout, stderr } = await run(curl!, [...asked, ...way]);
        assert.equal(stdout, `${name} over ${protocol}, asked for ${name}, ${name}\n`, stderr);
        const number = 1 + ways.findIndex((one) => one[0] === way);
        const secured = relay.transcript.told.flatMap((told) =>
          told.event === "secured" && told.connection === number ? [told] : []
        );
        assert.deepEqual(secured.map(({ leg, alpn }) => [leg, alpn]), [
          ["target", alpn ?? "http/1.1"],
          ...(alpn === null ? [] : [["client", alpn]]),
        ]);
        assert.deepEqual(secured[0].peer[0].names, [name]);
      }
      await relay.close();
    }
    await server.stop();
  },
});

Deno.test({
  name:
    "names are rewritten inside TLS, in HTTP/1 which clients then get, and a redirect leads back to their scheme",
  ignore: openssl === null || nginx === null || curl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const shop = await made.server("shop.test");
    const { port, server } = await secureNginx({ "shop.test": shop });
    const dialer = new Dialer({ lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]) });
    const { cert, key } = made.ecdsa;
    const route = { targetScheme: "https", targetTls: { ca: made.root.certFile }, listenTls: {} } as const;
    const relay = relayTo({ host: "shop.test", port }, {
      route,
      certificates: { forName: () => Promise.resolve({ cert, key, isOwn: true }) },
      dialer,
      editorsFor,
    });
    const at = relay.port.listen.port;
    for (const scheme of ["http", "https"]) {
      const args = ["-sS", "--cacert", made.root.certFile, `${scheme}://localhost:${at}/`];
      const page = await run(curl!, args);
      assert.equal(page.stdout, "shop.test over HTTP/1.1, asked for shop.test, shop.test\n", page.stderr);
      const led = await run(curl!, [
        ...args.slice(0, -1),
        "-o",
        "/dev/null",
        "-w",
        "%{redirect_url}",
        `${args.at(-1)}away`,
      ]);
      assert.equal(led.stdout, `${scheme}://localhost:${at}/there`);
    }
    await relay.close();
    await server.stop();
  },
});
