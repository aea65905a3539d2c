import assert from "node:assert/strict";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import { makeCertificates } from "../certificates.ts";
import { canCapture, startCapture, untilClosed } from "../journal/foreign/capturing.ts";
import { curl, editcap, openssl } from "../needs.ts";

Deno.test({
  name: "TLS in a capture of another program is decrypted where the file holds its secrets",
  ignore: !canCapture || curl === null || editcap === null || openssl === null,
  async fn() {
    await using made = await makeCertificates();
    const { folder } = made;
    const { cert, key } = made.ecdsa;
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert, key, onListen: () => {} },
      () => new Response("secret answer"),
    );
    const [captured, file, keyLog] = [`${folder}/tls.pcapng`, `${folder}/both.pcapng`, `${folder}/keys.log`];
    const stop = await startCapture("lo", server.addr.port, captured);
    try {
      const args = [
        "-sS",
        "--http1.1",
        "--cacert",
        made.root.certFile,
        `https://127.0.0.1:${server.addr.port}/hidden`,
      ];
      const { success, stderr } = await new Deno.Command(curl!, { args, env: { SSLKEYLOGFILE: keyLog } })
        .output();
      assert.ok(success, new TextDecoder().decode(stderr));
      await untilClosed(captured, 1);
    } finally {
      await stop();
      await server.shutdown();
    }
    const inject = { args: ["--inject-secrets", `tls,${keyLog}`, captured, file] };
    assert.ok((await new Deno.Command(editcap!, inject).output()).success);
    await Deno.utime(file, 1, 1);
    const catalog = await WorkerCatalog.open({ opens: file, folder });
    try {
      await catalog.level();
      const { exchanges } = await catalog.exchanges({});
      assert.deepEqual(exchanges.map(({ protocol, url, tls }) => [protocol, url?.slice(-7), tls]), [
        ["http", "/hidden", "decrypted"],
        ["tls", exchanges[1].url?.slice(-7), null],
      ]);
      const opened = await catalog.bytes({ exchange: exchanges[0].id, side: "response", part: "body" });
      assert.equal(await new Response(opened!.stream).text(), "secret answer");
    } finally {
      await catalog.close();
    }
  },
});
