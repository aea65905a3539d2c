// TLS of real programs that passes through, and two judges: what tshark reads in the same capture, and what the programs
// say themselves. The capture, opened again, gives the same rows.

import assert from "node:assert/strict";
import type { Exchange } from "../src/model.ts";
import type { ViewPart } from "../src/ui/types.ts";
import { type Certificates, makeCertificates } from "./certificates.ts";
import { Monitor } from "./monitor.ts";
import { chromium, curl, java, openssl, tshark } from "./needs.ts";
import { OpensslServer } from "./openssl_server.ts";

const TLS_CLIENT = new URL("java/TlsClient.java", import.meta.url).pathname;

/** Runs a program to its end, whatever comes of it; what it printed. */
async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(program, { args, stdin: "null", stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

/** Servers of TLS 1.3 and 1.2, and a monitor with a listener in front of each. */
async function setUp(made: Certificates, stack: AsyncDisposableStack, capture: string) {
  const shows = ["-cert_chain", made.intermediate.certFile];
  const servers = [
    await OpensslServer.start(made.ecdsa, "-alpn", "http/1.1", ...shows),
    await OpensslServer.start(made.rsa, "-tls1_2", "-alpn", "http/1.1", ...shows),
    await OpensslServer.start(made.expired, "-tls1_2"),
    await OpensslServer.start(
      made.ecdsa,
      ...shows,
      "-Verify",
      "1",
      "-verify_return_error",
      "-CAfile",
      made.root.certFile,
    ),
  ];
  const asks = ["-Verify", "1", "-CAfile", made.root.certFile];
  servers.push(
    await OpensslServer.start(made.rsa, ...shows, ...asks, "-tls1_2", "-cipher", "ALL:@SECLEVEL=0"),
  );
  servers.push(
    await OpensslServer.start(made.rsa, ...shows, "-groups", "P-384", "-cipher", "ALL:@SECLEVEL=0"),
  );
  for (const server of servers) stack.use(server);
  const targets = servers.map(({ port }) => ({ target: { host: "127.0.0.1", port } }));
  return stack.use(await Monitor.withRoutes(targets, capture));
}

/** The rows of a monitor, oldest first, once each of `count` connections is over. */
async function rowsOf(monitor: Monitor, count: number): Promise<Exchange[]> {
  for (let n = 1; n <= count; n++) await monitor.over(`c${n}`);
  for (let n = 1; n <= count; n++) await monitor.done(`e${n}`);
  const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges?limit=100");
  return exchanges.reverse();
}

/** The rows of a capture that was opened again, oldest first, once there are so many; nothing tells when. */
async function indexed(monitor: Monitor, count: number): Promise<Exchange[]> {
  for (;;) {
    const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges?limit=100");
    if (exchanges.length >= count) return exchanges.reverse();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function viewOf(monitor: Monitor, id: string, side: "request" | "response"): Promise<string> {
  const part = await monitor.json<ViewPart>("GET", `/exchanges/${id}/${side}/view?as=auto&from=0&lines=1000`);
  assert.deepEqual([part.as, part.charset, part.complete], ["tls", null, true]);
  return part.text;
}

/** What tshark reads of the hellos and certificates of every stream. */
async function judged(
  capture: string,
  ports: readonly number[],
): Promise<Map<number, Record<string, string[]>>> {
  const fields = [
    "tls.handshake.extensions_server_name",
    "tls.handshake.ciphersuite",
    "tls.handshake.extension.type",
    "tls.handshake.extensions_alpn_str",
    "tls.handshake.extensions.supported_version",
    "tls.handshake.version",
    "tls.handshake.certificate",
    "tls.handshake.type",
    "tls.alert_message.desc",
  ];
  const text = await run(
    tshark!,
    ...["-r", capture, ...ports.flatMap((port) => ["-d", `tcp.port==${port},tls`]), "-Y", "tls"],
    ...["-T", "fields", "-E", "separator=|", "-E", "occurrence=a", "-e", "tcp.stream", "-e", "tcp.dstport"],
    ...fields.flatMap((field) => ["-e", field]),
  );
  const streams = new Map<number, Record<string, string[]>>();
  for (const line of text.trim().split("\n")) {
    const [stream, to, ...values] = line.split("|");
    const side = ports.includes(Number(to)) ? "client" : "target";
    const known = streams.get(Number(stream)) ?? {};
    fields.forEach((field, i) => {
      const name = `${side} ${field.replace(/^tls\.(handshake\.)?/, "")}`;
      known[name] = [...known[name] ?? [], ...(values[i] ?? "").split(",").filter((value) => value !== "")];
    });
    streams.set(Number(stream), known);
  }
  return streams;
}

/** The numbers in parentheses of the lines below a title. */
function numbersIn(view: string, indent: number, pattern: RegExp): number[] {
  const start = new RegExp(`^[0-9a-f]{8}  ${" ".repeat(indent)}${pattern.source}`);
  return view.split("\n").flatMap((line) => start.exec(line)?.[1] ?? []).map(Number);
}

async function sha256(hex: string): Promise<string> {
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

Deno.test({
  name: "TLS of curl, openssl, Java and Chromium that passes through is read as tshark reads it",
  ignore: openssl === null || curl === null || tshark === null || java === null || chromium === null,
  fn: async () => {
    await using stack = new AsyncDisposableStack();
    const made = stack.use(await makeCertificates());
    const capture = `${made.folder}/tls.pcapng`;
    const monitor = await setUp(made, stack, capture);
    const url = (at: number) => `https://localhost:${monitor.listen(at).port}/`;
    const trusted = [
      "-sS",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      "--noproxy",
      "*",
      "--cacert",
      made.root.certFile,
    ];
    const store = `${made.folder}/trust.p12`;
    await run(
      java!.replace(/java$/, "keytool"),
      ...["-importcert", "-noprompt", "-storetype", "PKCS12", "-storepass", "changeit"],
      ...["-keystore", store, "-alias", "root", "-file", made.root.certFile],
    );
    assert.equal(await run(curl!, ...trusted, url(0)), "200");
    assert.equal(await run(curl!, ...trusted, url(1)), "200");
    const s_client = [
      "s_client",
      "-connect",
      `127.0.0.1:${monitor.listen(1).port}`,
      "-noservername",
      "-brief",
    ];
    await run(openssl!, ...s_client);
    const trust = [`-Djavax.net.ssl.trustStore=${store}`, "-Djavax.net.ssl.trustStorePassword=changeit"];
    assert.equal(await run(java!, ...trust, TLS_CLIENT, url(0)), "200\n");
    await run(java!, TLS_CLIENT, url(1));
    const named = (
      at: number,
    ) => ["-connect", `127.0.0.1:${monitor.listen(at).port}`, "-servername", "shop.test"];
    const own = ["-cert", made.client.certFile, "-key", made.client.keyFile];
    await run(openssl!, "s_client", ...named(4), ...own, "-brief");
    // Another group must be asked for: a HelloRetryRequest.
    await run(openssl!, "s_client", ...named(5), "-brief");
    await run(
      openssl!,
      "s_client",
      ...named(5),
      "-brief",
      "-tls1_1",
      "-cipher",
      "DHE-RSA-AES128-SHA:@SECLEVEL=0",
    );
    const before = 8;

    const rows = await rowsOf(monitor, before);
    assert.deepEqual(rows.map(({ protocol, state, url }) => [protocol, state, url]), [
      ["tls", "done", "localhost"],
      ["tls", "done", "localhost"],
      ["tls", "done", ""],
      // Java names no server without a dot.
      ["tls", "done", ""],
      ["tls", "failed", ""],
      ["tls", "done", "shop.test"],
      ["tls", "done", "shop.test"],
      ["tls", "done", "shop.test"],
    ]);
    assert.match(rows[0].summary, /^TLS 1\.3, offers h2 and http\/1\.1, TLS_AES_256_GCM_SHA384$/);
    assert.match(rows[1].summary, /^TLS 1\.2, http\/1\.1, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384$/);
    assert.match(rows[7].summary, /^TLS 1\.1, TLS_DHE_RSA_WITH_AES_128_CBC_SHA$/);
    assert.match(rows[3].summary, /^TLS 1\.3, TLS_AES_256_GCM_SHA384$/);
    assert.match(
      rows[4].fault ?? "",
      /^Alert certificate_unknown from the client: the client does not accept/,
    );

    const profile = `${made.folder}/profile`;
    await run(
      chromium!,
      ...["--headless", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", "--disable-quic"],
      ...[
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
      ...[
        `--user-data-dir=${profile}`,
        "--dump-dom",
        "--proxy-server=direct://",
        url(0),
      ],
    );
    await monitor.done(`e${before + 1}`);
    const all = (await monitor.json<{ exchanges: Exchange[] }>("GET", "/exchanges?limit=100")).exchanges
      .reverse();
    const browsed = all[before];
    assert.ok(browsed !== undefined, "Chromium came");
    assert.equal(browsed.url, "localhost");

    const ports = [0, 1, 2, 3, 4, 5].map((at) => monitor.listen(at).port);
    const streams = await judged(capture, ports);
    for (const { id, connection, url } of all.slice(0, before + 1)) {
      const judge = streams.get(Number(connection.slice(1)) - 1)!;
      const request = await viewOf(monitor, id, "request");
      const response = await viewOf(monitor, id, "response");
      assert.deepEqual(
        numbersIn(request, 6, /\S.* \((0x[0-9a-f]{4})\)$/),
        judge["client ciphersuite"].map(Number),
        `suites of ${id}`,
      );
      assert.deepEqual(
        numbersIn(request, 6, /\S[^(]* \((\d+)\)/),
        judge["client extension.type"].map(Number),
        `extensions of ${id}`,
      );
      assert.deepEqual(
        numbersIn(response, 4, /cipher suite: \S+ \((0x[0-9a-f]{4})\)$/),
        judge["target ciphersuite"].map(Number),
      );
      assert.equal(url, judge["client extensions_server_name"][0] ?? "");
      const offered = /application_layer_protocol_negotiation \(16\): (.*)/.exec(request)?.[1] ?? "";
      assert.equal(offered.replaceAll(", ", ","), judge["client extensions_alpn_str"].join(","));
      const fingerprints = [...response.matchAll(/SHA-256: ([0-9a-f]{64})/g)].map(([, hex]) => hex);
      assert.deepEqual(fingerprints, await Promise.all(judge["target certificate"].map(sha256)));
      const shown = [...request.matchAll(/SHA-256: ([0-9a-f]{64})/g)].map(([, hex]) => hex);
      assert.deepEqual(shown, await Promise.all(judge["client certificate"].map(sha256)));
    }
    assert.match(
      await viewOf(monitor, rows[6].id, "response"),
      /HelloRetryRequest: another ClientHello is asked for/,
    );
    assert.match(await viewOf(monitor, rows[5].id, "request"), /subject: CN=Ann Example\n/);
    assert.match(await viewOf(monitor, rows[5].id, "response"), /issuers: 24 B\n\S+ +CN=Test Root\n/);
    assert.match(await viewOf(monitor, browsed.id, "request"), /\bGREASE 0x/);
    assert.match(
      await viewOf(monitor, browsed.id, "request"),
      /JA4: t13d\d{4}h[12]_[0-9a-f]{12}_[0-9a-f]{12}\n/,
    );

    const { exchanges } = await monitor.json<{ exchanges: Exchange[] }>(
      "GET",
      "/exchanges?q=protocol:tls%20TLS%201.2",
    );
    assert.ok(exchanges.some(({ id }) => id === rows[1].id));
    await monitor.stop();
    await using again = await Monitor.withRoutes([], capture);
    const essence = (
      { protocol, url, summary, state, fault }: Exchange,
    ) => [protocol, url, summary, state, fault];
    assert.deepEqual((await indexed(again, before)).slice(0, before).map(essence), rows.map(essence));
  },
});

Deno.test({
  name: "handshakes that fail say why: trust, dates, versions, a client certificate that is missing",
  ignore: openssl === null || curl === null,
  fn: async () => {
    await using stack = new AsyncDisposableStack();
    const made = stack.use(await makeCertificates());
    const monitor = await setUp(made, stack, `${made.folder}/tls.pcapng`);
    const ask = (at: number, ...args: string[]) =>
      run(
        curl!,
        "-sS",
        "-o",
        "/dev/null",
        "--noproxy",
        "*",
        ...args,
        `https://localhost:${monitor.listen(at).port}/`,
      );
    await ask(0);
    await ask(1);
    await ask(1, "-k", "--tlsv1.3");
    await ask(2, "-k");
    await ask(3, "--cacert", made.root.certFile);
    await ask(4, "-k");
    const rows = await rowsOf(monitor, 6);
    assert.deepEqual(rows.map(({ state, summary, fault }) => `${state}, ${summary}: ${fault}`), [
      "failed, TLS 1.3: Alert unknown_ca from the client: the client does not trust the certificate; add its issuer to " +
      "what the client trusts",
      "failed, TLS 1.2: Alert unknown_ca from the client: the client does not trust the certificate; add its issuer to " +
      "what the client trusts",
      "failed, ClientHello up to TLS 1.3: Alert protocol_version from the target: the target does not speak a version " +
      "that the client offers",
      "done, TLS 1.2, offers h2 and http/1.1, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: The target's certificate expired " +
      "on 2020-02-01",
      "failed, TLS 1.3: The target ended right after the handshake, with what has the length of an alert: perhaps it " +
      "asks for a client certificate (TLS 1.3 encrypts the reason)",
      "failed, TLS 1.2: Alert handshake_failure from the target, which asks for a client certificate, and the client " +
      "shows none",
    ]);
  },
});
