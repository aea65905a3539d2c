// Sending inside TLS, through the whole program, to openssl's server.

import assert from "node:assert/strict";
import type { Connection, Exchange, Listener, Route } from "../src/model.ts";
import { shownRoute } from "../src/route.ts";
import { looksLikeHttp, sentTls } from "../src/sending_tls.ts";
import { makeCertificates } from "./certificates.ts";
import { Monitor } from "./monitor.ts";
import { openssl } from "./needs.ts";
import { aConnection } from "./ui/fakes.ts";
import { someTls } from "./ui/tls_facts.ts";
import { opensslServer } from "./relay/tls/peers.ts";

const GET = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n";

Deno.test({
  name:
    "what is sent goes inside TLS: checked as a listener with this target says, or as the system does, or not at all",
  ignore: openssl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const { certFile, keyFile } = made.ecdsa;
    const chain = ["-cert_chain", made.intermediate.certFile];
    const target = await opensslServer(
      ["-cert", certFile, "-key", keyFile, ...chain, "-alpn", "http/1.1"],
      "-www",
    );
    const other = await opensslServer(["-cert", certFile, "-key", keyFile, ...chain], "-www");
    const targetTls = { ca: made.root.certFile };
    await using monitor = await Monitor.withRoutes([{
      target: target.address,
      targetScheme: "https",
      targetTls,
    }]);
    const send = async (to: typeof target, more: Record<string, unknown>) => {
      const request = { target: `localhost:${to.address.port}`, request: GET, ...more };
      const { id, connection } = await monitor.json<Exchange>("POST", "/send", request, 201);
      const exchange = await monitor.done(id);
      await monitor.over(connection);
      return { exchange, tls: (await monitor.json<Connection>("GET", `/connections/${connection}`)).tls };
    };

    const trusted = await send(target, { tls: true });
    assert.deepEqual([trusted.exchange.status, trusted.exchange.tls], [200, "target"]);
    assert.deepEqual([trusted.tls.target?.trust, trusted.tls.target?.alpn, trusted.tls.client], [
      "system-and-file",
      "http/1.1",
      null,
    ]);
    // What is recorded is what is inside.
    assert.equal(await monitor.bytes(`/exchanges/${trusted.exchange.id}/request`), GET);
    assert.match(await monitor.bytes(`/exchanges/${trusted.exchange.id}/response`), /^HTTP\/1\.0 200 ok/);

    const again = await monitor.resend(trusted.exchange.id);
    assert.equal((await monitor.done(again.id)).state, "done");
    const through = await monitor.record(GET);
    assert.deepEqual([through.status, through.tls], [200, "target"]);
    const straight = await monitor.done((await monitor.resend(through.id)).id);
    assert.deepEqual([straight.status, straight.tls, straight.resendOf], [200, "target", through.id]);
    const listened = await monitor.done((await monitor.resend(through.id, { through: "listener" })).id);
    assert.deepEqual([listened.status, listened.tls], [200, "target"]);

    const unknown = await send(other, { tls: true });
    assert.equal(unknown.exchange.state, "failed");
    assert.match(
      unknown.exchange.fault ?? "",
      /localhost:\d+ is not trusted: .*"CN=Test Root".*, which this system/,
    );
    const anyway = await send(other, { tls: true, insecure: true });
    assert.deepEqual([anyway.exchange.status, anyway.tls.target?.trust], [200, "nothing"]);
    assert.match(anyway.tls.target?.untrusted ?? "", /Test Root/);

    const anywayAgain = await monitor.done((await monitor.resend(anyway.exchange.id)).id);
    assert.deepEqual([anywayAgain.status, anywayAgain.tls], [200, "target"]);

    for (
      const [path, body, field] of [
        ["/send", { target: "h:1", request: GET, insecure: true }, "insecure"],
        [`/exchanges/${through.id}/resend`, { through: "listener", tls: true }, "tls"],
      ] as const
    ) {
      const refused = await monitor.json<{ field: string }>("POST", path, body, 409);
      assert.equal(refused.field, field);
    }
    await monitor.stop();
    await target.close();
    await other.close();
  },
});

Deno.test("looksLikeHttp tells HTTP/1 requests from other bytes", () => {
  const utf8 = (text: string) => new TextEncoder().encode(text);
  for (const text of [GET, "POST /x?y HTTP/1.1\nA: b"]) assert.ok(looksLikeHttp(utf8(text)), text);
  for (const text of ["", "PING\r\n", "\x16\x03\x01", "GET /", "PRI * HTTP/2.0\r\n"]) {
    assert.ok(!looksLikeHttp(utf8(text)), text);
  }
});

Deno.test("sentTls goes as what is sent again went, or would have gone had there been an agreement", () => {
  const target = { host: "localhost", port: 443 };
  const listener = (id: string, more: Partial<Route> = {}): Listener => {
    const shown = shownRoute({ listen: { host: "127.0.0.1", port: 8081 }, target, ...more });
    return { ...shown, id, state: "listening", error: null, suggestion: null, since: "" };
  };
  const [plain, secure] = [listener("l1"), listener("l2", { targetScheme: "https" })];
  const none = { client: null, target: null };
  const cases: [what: string, connection: Partial<Connection>, tls: Exchange["tls"], isSent: boolean][] = [
    ["what was plain", { tls: none }, null, false],
    ["what was inside TLS", { tls: { ...none, target: someTls() } }, "target", true],
    ["what passed through and was decrypted", { tls: none }, "decrypted", true],
    ["what failed in the handshake", { tls: none, listener: "l2", state: "failed" }, null, true],
    ["what failed on its way to a plain target", { tls: none, listener: "l1", state: "failed" }, null, false],
  ];
  for (const [what, changes, tls, isSent] of cases) {
    const recorded = { connection: aConnection(changes), tls, isSameTarget: true };
    const of = (recorded: Parameters<typeof sentTls>[2]) =>
      sentTls({ insecure: false }, target, recorded, true, [plain, secure], () => undefined) !== null;
    assert.equal(of(recorded), isSent, what);
    assert.equal(of({ ...recorded, isSameTarget: false }), false, `${what}, to another target`);
  }
});
