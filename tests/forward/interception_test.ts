// A forward proxy that ends TLS behind CONNECT, as users start it, with real clients that trust its authority each in
// their own way: curl, Java, Python. What the rows and the connections say is asked of the API.

import assert from "node:assert/strict";
import type { Connection, Exchange } from "../../src/model.ts";
import { makeCertificates } from "../certificates.ts";
import { curl, java, keytool, openssl, python } from "../needs.ts";
import { Running } from "../running.ts";

/** What a client that runs through the proxy is to know. */
interface Through {
  readonly running: Running;
  readonly proxy: string;
  /** The authority's certificate. */
  readonly ca: string;
  /** A server that answers with the method, the body and the version of HTTP. */
  readonly server: string;
  readonly folder: string;
}

/** Starts a server inside TLS and a proxy in front of it, with further options; gives what that said on stderr. */
async function through(
  options: readonly string[],
  use: (through: Through) => Promise<void>,
  certificate: "ecdsa" | "wrongName" = "ecdsa",
): Promise<string> {
  await using made = await makeCertificates();
  const { folder } = made;
  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
      cert: made[certificate].cert,
      key: made[certificate].key,
    },
    async (request) => new Response(`${request.method} ${await request.text()}`),
  );
  const env = { TCPMON_CA: `${folder}/own` };
  const running = await Running.start(
    ["-l", "0", "--listen-tls", "--target-ca", made.root.certFile, ...options],
    undefined,
    env,
  );
  let said = "";
  try {
    await use({
      running,
      proxy: running.url(),
      ca: `${folder}/own/tcpmon-ca.crt`,
      server: `https://localhost:${server.addr.port}`,
      folder,
    });
  } finally {
    await server.shutdown();
    said = (await running.stop()).errors;
  }
  return said;
}

async function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], stdin: "null", env })
    .output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, errors };
}

/** The exchange of a request, once it is over. */
async function row({ running }: Through, method: string, url: string): Promise<Exchange> {
  return await running.line((line) =>
    line.event === "exchange" && line.method === method && line.url === url
  ) as unknown as Exchange;
}

/** Asks with curl until the authority has been made, and gives what it says. */
function curlThrough({ proxy, ca }: Through, ...args: readonly string[]) {
  return run(curl!, ["-sS", "-q", "--noproxy", "", "--max-time", "60", "--cacert", ca, "-x", proxy, ...args]);
}

Deno.test({
  name:
    "curl, Python and Java inside TLS through the proxy: their requests are exchanges with https:// addresses",
  ignore: !curl || !openssl,
  fn: async () => {
    await through([], async (given) => {
      const { running, server, proxy, ca, folder } = given;
      // The authority is made when it is first needed.
      assert.match(await (await running.api("/ca.pem")).text(), /^-----BEGIN CERTIFICATE-----/);

      const got = await curlThrough(given, "--http1.1", "-d", "é€", `${server}/curl`);
      assert.equal(got.out, "POST é€", got.errors);
      const exchange = await row(given, "POST", `${server}/curl`);
      assert.deepEqual([exchange.status, exchange.protocol, exchange.tls, exchange.fault], [
        200,
        "http",
        "both",
        null,
      ]);
      const connect = await row(given, "CONNECT", new URL(server).host);
      assert.deepEqual([connect.connection, connect.tls], [exchange.connection, null]);
      const { tls } = await running.json<Connection>(`/connections/${exchange.connection}`);
      assert.deepEqual([tls.client?.trust, tls.client?.alpn, tls.client?.serverName], [
        "own-ca",
        "http/1.1",
        "localhost",
      ]);
      assert.deepEqual([tls.target?.trust, tls.target?.alpn, tls.target?.peer.length], [
        "system-and-file",
        "http/1.1",
        2,
      ]);

      // Sent again it goes inside TLS, straight to the server, and says so.
      const again = await running.json<Exchange>(`/exchanges/${exchange.id}/resend`, { method: "POST" });
      const resent = await running.line(({ id, event }) => event === "exchange" && id === again.id);
      assert.deepEqual([resent.status, resent.tls, resent.resendOf], [200, "target", exchange.id]);

      const refused = await running.api(`/exchanges/${exchange.id}/resend`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ through: "listener" }),
      });
      assert.match(await refused.text(), /inside TLS in a tunnel.*Send it straight to its target/);
      assert.equal(refused.status, 409);

      const http2 = await curlThrough(given, "--http2", "-w", " %{http_version}", `${server}/h2`);
      assert.equal(http2.out, "GET  2", http2.errors);

      if (python !== null) {
        const program = "import ssl, sys, urllib.request as u\n" +
          "context = ssl.create_default_context(cafile=sys.argv[1])\n" +
          "opener = u.build_opener(u.ProxyHandler({'https': sys.argv[2]}), u.HTTPSHandler(context=context))\n" +
          "print(opener.open(sys.argv[3], b'from Python').read().decode())\n";
        const { out, errors } = await run(python, ["-c", program, ca, proxy, `${server}/python`]);
        assert.equal(out, "POST from Python\n", errors);
        assert.equal((await row(given, "POST", `${server}/python`)).tls, "both");
      }

      if (java !== null && keytool !== null) {
        const store = `${folder}/store`;
        const password = ["-storepass", "changeit", "-noprompt"];
        const made = await run(keytool, [
          "-importcert",
          "-alias",
          "tcpmon",
          "-file",
          ca,
          "-keystore",
          store,
          ...password,
        ]);
        assert.equal(made.code, 0, made.errors + made.out);
        const program = new URL("ProxyClient.java", import.meta.url).pathname;
        const trust = [
          "-Xshare:auto",
          `-Djavax.net.ssl.trustStore=${store}`,
          "-Djavax.net.ssl.trustStorePassword=changeit",
        ];
        const port = `${running.port()}`;
        const { out, errors } = await run(java, [...trust, program, port, `${server}/java`]);
        assert.equal(out, "200 POST by HttpClient\n200 PUT by HttpURLConnection\n", errors);
        assert.equal((await row(given, "PUT", `${server}/java`)).tls, "both");
      }
    });
  },
});

Deno.test({
  name: "a server that is not trusted: the client's request is a failed exchange with a 502 and the reason",
  ignore: !curl || !openssl,
  fn: async () => {
    await through([], async (given) => {
      assert.match(await (await given.running.api("/ca.pem")).text(), /^-----BEGIN CERTIFICATE-----/);
      // An address: no name is asked for, and the certificate is for another one.
      const server = given.server.replace("localhost", "127.0.0.1");
      const { out, errors } = await curlThrough(given, `${server}/x`);
      assert.match(out, /^tcpmon: 127\.0\.0\.1:\d+ is not trusted: .*other\.test/, errors);
      const { state, status, fault, connection } = await row(given, "GET", `${server}/x`);
      assert.deepEqual([state, status], ["failed", 502]);
      assert.match(fault!, /127\.0\.0\.1:\d+ is not trusted/);
      const told = await given.running.json<Connection>(`/connections/${connection}`);
      assert.deepEqual([told.state, told.how, told.error], ["failed", "error", fault]);
      assert.deepEqual([told.tls.client?.serverName, told.tls.target], [null, null]);
    }, "wrongName");
  },
});

Deno.test({
  name:
    "who does not trust the authority is told what to do, once and loudly; --passthrough leaves a server alone",
  ignore: !curl || !openssl,
  fn: async () => {
    const said = await through([], async (given) => {
      const { running, server } = given;
      for (let times = 0; times < 2; times++) {
        const { code } = await run(curl!, ["-sS", "-q", "--noproxy", "", "-x", given.proxy, `${server}/x`]);
        assert.equal(code, 60);
      }
      await running.until((lines) =>
        lines.filter(({ event, state }) => event === "connection" && state === "closed").length === 2
      );
      const closed = running.lines.filter(({ state, event }) => event === "connection" && state === "closed");
      for (const { error } of closed) {
        assert.match(`${error}`, /^the client does not trust the certificate for localhost.*tcpmon ca/);
      }
    });
    assert.equal(said.match(/does not trust the certificate for localhost/g)?.length, 1, said);
    await through(["--passthrough", "localhost"], async (given) => {
      const got = await run(
        curl!,
        [
          "-sS",
          "-q",
          "--noproxy",
          "",
          "-k",
          "-w",
          " %{ssl_verify_result}",
          "-x",
          given.proxy,
          `${given.server}/x`,
        ],
      );
      assert.match(got.out, /^GET {2}/, got.errors);
      const connect = await row(given, "CONNECT", new URL(given.server).host);
      const { tls } = await given.running.json<Connection>(`/connections/${connect.connection}`);
      assert.deepEqual(tls, { client: null, target: null });
    });
  },
});
