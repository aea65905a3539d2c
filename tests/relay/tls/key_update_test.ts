// Peers that change their keys within TLS, and ask us to, after we have said that nothing more comes from us: what they
// send goes on to the other side, whole.

import assert from "node:assert/strict";
import { type Certificates, makeCertificates } from "../../certificates.ts";
import { openssl, python } from "../../needs.ts";
import { readAll, readSome, relayTo, write } from "../transcript.ts";

const PEER = new URL("key_update.py", import.meta.url).pathname;
const SENT = 40 * 8192;
const ignore = openssl === null || python === null;

function peer(...args: string[]): Deno.ChildProcess {
  return new Deno.Command(python!, { args: [PEER, ...args], stdout: "piped", stderr: "piped" }).spawn();
}

/** Waits for its end, which must be a good one. */
async function ended(child: Deno.ChildProcess): Promise<void> {
  const errors = await new Response(child.stderr).text();
  const { success } = await child.status;
  assert.ok(success, errors);
}

function relayInTls(made: Certificates, port: number) {
  const { cert, key } = made.ecdsa;
  return relayTo({ host: "localhost", port }, {
    route: { targetScheme: "tls", targetTls: { ca: made.root.certFile }, listenTls: {} },
    certificates: { forName: () => Promise.resolve({ cert, key, isOwn: true }) },
    keepsBytes: false,
  });
}

Deno.test({
  name: "a target that changes its keys after the client has ended is heard to its end",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const { cert, keyFile } = made.ecdsa;
    const chain = `${made.folder}/chain.pem`;
    await Deno.writeTextFile(chain, cert);
    const target = peer("server", chain, keyFile);
    const output = target.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const relay = relayInTls(made, Number((await output.read()).value));
    const client = await Deno.connectTls({
      hostname: "localhost",
      port: relay.port.listen.port,
      caCerts: [made.root.cert],
    });
    await write(client, "hello");
    await client.closeWrite();
    assert.equal((await readAll(client)).length, SENT);
    client.close();
    const { how, error, downstreamBytes } = await relay.transcript.until("closed");
    assert.deepEqual([how, error, downstreamBytes], ["end", null, SENT]);
    await output.cancel();
    await ended(target);
    await relay.close();
  },
});

Deno.test({
  name: "a client that changes its keys after the target has ended is heard to its end",
  ignore,
  fn: async () => {
    await using made = await makeCertificates();
    const { cert, key } = made.ecdsa;
    const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
    const heard = listener.accept().then(async (conn) => {
      await readSome(conn, 5);
      await conn.closeWrite();
      const text = await readAll(conn);
      conn.close();
      return text.length;
    });
    const relay = relayInTls(made, listener.addr.port);
    const client = peer("client", `${relay.port.listen.port}`);
    assert.equal(await heard, SENT);
    const { how, error, upstreamBytes } = await relay.transcript.until("closed");
    assert.deepEqual([how, error, upstreamBytes], ["end", null, SENT + 5]);
    await client.stdout.cancel();
    await ended(client);
    await relay.close();
    listener.close();
  },
});
