import assert from "node:assert/strict";
import type { ConnectionLeg } from "../../../src/relay/connection_leg.ts";
import { RefusingLeg } from "../../../src/relay/tls/refusing_leg.ts";

const ADDRESS: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 443 };

/** A leg that answers "no METHOD", and what it has done. */
function refusing() {
  const done: string[] = [];
  const conn: ConnectionLeg = {
    localAddr: ADDRESS,
    remoteAddr: ADDRESS,
    read: () => Promise.reject(new Error("read")),
    write: () => Promise.reject(new Error("written")),
    closeWrite: () => Promise.reject(new Error("ended")),
    close: () => void done.push("closed twice"),
    setNoDelay() {},
    setKeepAlive() {},
  };
  const leg = new RefusingLeg(conn, {
    answer: (method) => new TextEncoder().encode(`no ${method}`),
    over: () => void done.push("over"),
  });
  return { leg, done };
}

async function all(leg: RefusingLeg): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(4);
  for (let count = await leg.read(buffer); count !== null; count = await leg.read(buffer)) {
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return text;
}

const CASES: readonly [name: string, sent: string, answer: string][] = [
  ["a request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "no GET"],
  ["one with a body that has not come", "POST /x HTTP/1.1\nContent-Length: 9\n\nab", "no POST"],
  ["an empty line before it", "\r\nHEAD / HTTP/1.1\r\n\r\n", "no HEAD"],
  ["no request", "EHLO a\r\n\r\n\r\n", ""],
  ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""],
  ["bytes", "\x00\x01\n\n", ""],
  ["half a head", "GET / HTTP/1.1\r\nHost", ""],
];

for (const [name, sent, answer] of CASES) {
  Deno.test(`RefusingLeg answers ${name}: "${answer}"`, async () => {
    const bytes = new TextEncoder().encode(sent);
    for (const pieces of [[bytes], Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))]) {
      const { leg, done } = refusing();
      for (const piece of pieces) assert.equal(await leg.write(piece), piece.length);
      // Only what is half a head waits for more.
      if (name === "half a head") await leg.closeWrite();
      assert.equal(await all(leg), answer);
      leg.close();
      assert.deepEqual(done, []);
    }
  });
}

Deno.test("RefusingLeg gives the end when it is closed, and takes what comes behind a request", async () => {
  const { leg } = refusing();
  const reading = all(leg);
  leg.close();
  assert.equal(await reading, "");
  const other = refusing();
  await other.leg.write(new TextEncoder().encode("PUT / HTTP/1.1\r\n\r\n"));
  for (let i = 0; i < 100; i++) assert.equal(await other.leg.write(new Uint8Array(65_536)), 65_536);
  assert.equal(await all(other.leg), "no PUT");
  other.leg.close();
});
