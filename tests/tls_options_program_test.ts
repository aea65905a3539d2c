// What is asked of TLS, from the command line and the configuration to a target that is reached so, and back into the
// configuration: changed over the API, saved, read again.

import assert from "node:assert/strict";
import { makeCertificates } from "./certificates.ts";
import { openssl } from "./needs.ts";
import { Running } from "./running.ts";
import type { Listener } from "../src/ui/types.ts";

Deno.test({
  name: "TLS of a listener is configured, changed over the API, saved, and there again with the next start",
  ignore: openssl === null,
  fn: async () => {
    await using made = await makeCertificates();
    await using target = Deno.serve(
      { port: 0, cert: made.ecdsa.cert, key: made.ecdsa.key, onListen: () => {} },
      (request) => new Response(`${request.headers.get("host")} within TLS`),
    );
    const https = `https://localhost:${target.addr.port}`;
    const path = `${made.folder}/tcpmon.json`;
    await Deno.copyFile(made.root.certFile, `${made.folder}/trusted.pem`);
    const listener = { listen: "127.0.0.1:0", target: https, targetTls: { ca: "trusted.pem" } };
    await Deno.writeTextFile(path, JSON.stringify({ listeners: [listener] }));

    const own = { TCPMON_CA: `${made.folder}/ca` };
    const running = await Running.start(["--config", path, "-l", "0", "-t", https], undefined, own);
    const got = await fetch(`http://127.0.0.1:${running.port(1)}/`, { headers: { connection: "close" } });
    assert.match(await got.text(), /within TLS$/);
    const change = async (json: unknown): Promise<Listener> =>
      await running.json<Listener>("/listeners/l2", { method: "PATCH", body: JSON.stringify(json) });
    await change({ state: "stopped" });
    const client = { cert: made.client.certFile, key: made.client.keyFile };
    const changed = await change({
      targetTls: { ca: `${made.folder}/trusted.pem`, ...client },
      listenTls: { asksClients: true, passthrough: ["*.Bank.example"] },
      state: "listening",
    });
    assert.equal(changed.targetScheme, "https");
    assert.deepEqual(changed.targetTls, { ca: `${made.folder}/trusted.pem`, insecure: false, ...client });
    assert.deepEqual(changed.listenTls, {
      cert: null,
      key: null,
      asksClients: true,
      passthrough: ["*.bank.example"],
    });
    await running.json("/config", { method: "POST" });
    const copy = await (await running.api("/config")).text();
    const { errors } = await running.stop();
    const secrets = [made.client.key, made.ecdsa.key].flatMap((text) => text.split("\n").slice(1, -2));
    const written = await Deno.readTextFile(path);
    for (const line of secrets) {
      assert.ok(![written, copy, errors, JSON.stringify(changed)].join().includes(line));
    }

    const name = (file: string) => file.slice(made.folder.length + 1);
    assert.deepEqual(JSON.parse(written).listeners[1], {
      ...listener,
      targetTls: { ca: "trusted.pem", cert: name(client.cert), key: name(client.key) },
      listenTls: { asksClients: true, passthrough: ["*.bank.example"] },
    });
    const again = await Running.start(["--config", path], undefined, own);
    assert.deepEqual(again.ready.listeners.map(({ state }) => state), ["listening", "listening"]);
    const { listeners } = await again.json<{ listeners: Listener[] }>("/listeners");
    assert.deepEqual(listeners[1].targetTls, changed.targetTls);
    const answer = await fetch(`http://127.0.0.1:${again.port(1)}/`, { headers: { connection: "close" } });
    assert.match(await answer.text(), /within TLS$/);
    await again.stop();
  },
});

Deno.test("tcpmon says at its start where TLS is spoken, and loudly where any certificate is accepted", async () => {
  const folder = await Deno.makeTempDir();
  const args = [
    ...["-l", "0", "-t", "https://api.example.org", "--insecure", "--via", "proxy.example.org:3128"],
    ...["-l", "0", "-t", "tls://db.example.org:5432", "--listen-tls"],
  ];
  const running = await Running.start(args, undefined, { TCPMON_CA: `${folder}/ca` });
  const { errors } = await running.stop();
  assert.deepEqual([...Deno.readDirSync(folder)], [], "no authority is made before a client needs it");
  await Deno.remove(folder, { recursive: true });
  const said = errors.replaceAll(/127\.0\.0\.1:\d+/g, "HERE");
  assert.match(
    said,
    /^Listening on HERE, forwarding to https:\/\/api\.example\.org through http:\/\/proxy\.example\.org:3128$/m,
  );
  assert.match(
    said,
    /^Any certificate of api\.example\.org:443 is accepted there: nobody checks who answers\.$/m,
  );
  assert.match(
    said,
    /^Listening on HERE, forwarding to tls:\/\/db\.example\.org:5432; TLS from clients is ended$/m,
  );
});
