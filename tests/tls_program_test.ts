// TLS with the whole program, with the permissions that a user's has: to a target, from clients, and in a tunnel.

import assert from "node:assert/strict";
import { makeCertificates } from "./certificates.ts";
import { curl, openssl } from "./needs.ts";
import { OpensslServer } from "./openssl_server.ts";
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
