// TLS with the whole program, with the permissions that a user's has: to a target, from clients, and in a tunnel.

import assert from "node:assert/strict";
import { makeCertificates } from "./certificates.ts";
import { curl, openssl } from "./needs.ts";
import { Monitor } from "./monitor.ts";
import { OpensslServer } from "./openssl_server.ts";
import { run } from "./relay/tls/peers.ts";
import { Running } from "./running.ts";

const missing = curl === null || openssl === null;

/** What curl gets: the status and what went wrong, if anything. */
async function fetched(...args: string[]): Promise<string> {
  const write = ["-sS", "-o", "/dev/null", "-w", "%{http_code} %{errormsg}", "--max-time", "20"];
  const { stdout } = await new Deno.Command(curl!, { args: [...write, ...args], stderr: "null" }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test({
  name: "the program speaks TLS to targets and with clients, with the permissions of deno task start",
  ignore: missing,
  fn: async () => {
    await using made = await makeCertificates();
    await using server = await OpensslServer.start(made.ecdsa, "-cert_chain", made.ecdsa.certFile);
    const ca = `${made.folder}/own`;
    const target = ["-t", `https://localhost:${server.port}`, "--target-ca", made.root.certFile];
    const plain = ["-l", "0", ...target];
    const both = ["-l", "0", ...target, "--listen-tls"];
    const proxy = ["-l", "0", "--listen-tls", "--target-ca", made.root.certFile];
    const running = await Running.start([...plain, ...both, ...proxy], undefined, { TCPMON_CA: ca });
    try {
      const [one, two, three] = [0, 1, 2].map((at) => running.port(at));
      assert.equal(await fetched(`http://localhost:${one}/`), "200");
      assert.equal(await fetched(`http://localhost:${two}/`), "200");
      assert.match(await fetched(`https://localhost:${two}/`), /^000 SSL certificate problem/);
      const trusting = ["--cacert", `${ca}/tcpmon-ca.crt`];
      assert.equal(await fetched(...trusting, `https://localhost:${two}/`), "200");
      const through = ["-x", `http://localhost:${three}`];
      assert.equal(await fetched(...trusting, ...through, `https://localhost:${server.port}/`), "200");
    } finally {
      await running.stop();
    }
  },
});

Deno.test({
  name: "a client that ends without close_notify, as curl does over HTTP/2, has a note and no error",
  ignore: openssl === null || curl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const { cert, key, certFile, keyFile } = made.ecdsa;
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert, key, onListen: () => {} },
      () => new Response("fine"),
    );
    await using monitor = await Monitor.withRoutes([{
      target: { host: "localhost", port: server.addr.port },
      targetScheme: "tls",
      targetTls: { ca: made.root.certFile },
      listenTls: { certificate: { cert: certFile, key: keyFile } },
    }]);
    const url = `https://localhost:${monitor.listen().port}/`;
    const { stdout, stderr } = await run(curl!, ["-sS", "--http2", "--cacert", made.root.certFile, url]);
    assert.equal(stdout, "fine", stderr);
    const { error, note, how } = await monitor.over("c1");
    const recorded = (await monitor.recorded("c1")).connection;
    assert.deepEqual([how, error, recorded.error], ["end", null, null]);
    assert.equal(note, recorded.note);
    assert.equal(recorded.tls.client?.alpn, "h2");
    assert.match(note ?? "no close_notify", /no close_notify/);
    await monitor.stop();
    await server.shutdown();
  },
});
