// `tcpmon ca` as a process of its own, with the permissions that a user's has: the program of this tree, and the compiled
// one. And what is secret of TLS, looked for in all that the program tells anybody.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { pemBlocks } from "../src/ca/pem.ts";
import { type Made, makeCertificates, PASSWORD } from "./certificates.ts";
import { curl, openssl } from "./needs.ts";
import { OpensslServer } from "./openssl_server.ts";
import { programs, Running, runToEnd } from "./running.ts";

for (const program of programs) {
  Deno.test(`tcpmon ca shows, makes, exports and removes the authority (${program[0]})`, async () => {
    const folder = await Deno.makeTempDir();
    const home = { HOME: folder, XDG_DATA_HOME: "", TCPMON_CA: "", LOCALAPPDATA: "" };
    const ca = (...args: string[]) => runToEnd(["ca", ...args], program, home);
    try {
      const kept = `${folder}/.local/share/tcpmon/ca`;
      const before = await ca();
      assert.deepEqual([before.code, before.errors], [0, ""]);
      assert.match(before.out, /no authority of its own yet/);

      const all = await Promise.all(["trust", "trust", "export", "export"].map((verb) => ca(verb)));
      for (const { code, errors } of all) assert.equal(code, 0, errors);
      const certificate = new X509Certificate(await Deno.readTextFile(`${kept}/tcpmon-ca.crt`));
      assert.equal(all[2].out, all[3].out);
      assert.equal(new X509Certificate(all[2].out).fingerprint256, certificate.fingerprint256);
      assert.equal(Deno.statSync(`${kept}/tcpmon-ca.key`).mode! & 0o777, 0o600);
      assert.equal(Deno.statSync(kept).mode! & 0o777, 0o700);

      const shown = await ca();
      assert.ok(shown.out.includes(certificate.fingerprint256));
      assert.ok(shown.out.includes(`${kept}/tcpmon-ca.crt`));
      const { code, errors } = await ca("create");
      assert.equal(code, 1);
      assert.match(errors, /^Cannot make an authority: there is one/);
      assert.equal((await ca("exprot")).code, 2);
      assert.match((await ca("--help")).out, /^tcpmon ca: /);

      const removed = await ca("remove");
      assert.equal(removed.code, 0);
      assert.match(removed.errors, /still does, until it is told to stop/);
      await assert.rejects(Deno.stat(kept), Deno.errors.NotFound);
      assert.equal((await ca("create", "--only", "a/b")).code, 2);
      assert.match((await ca("create", "--only", "example.org")).out, /issues for +example\.org and/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

/** The forms in which a private key could be told: lines of its PEM, and its bytes, which hold the secret number. */
function forms(pem: string): Uint8Array[] {
  const [{ bytes }] = pemBlocks(pem);
  const encode = (text: string) => new TextEncoder().encode(text);
  const lines = pem.split("\n").filter((line) => line.length === 64).map(encode);
  // In PKCS#8 of P-256 the secret number is an OCTET STRING of 32 bytes, after 36 that are the same in all.
  const number = bytes!.slice(36, 68);
  const hex = Array.from(number, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [...lines, number, encode(hex), encode(btoa(String.fromCharCode(...number)).slice(0, 40))];
}

function holds(bytes: Uint8Array, sought: Uint8Array): boolean {
  for (let at = bytes.indexOf(sought[0]); at !== -1; at = bytes.indexOf(sought[0], at + 1)) {
    if (sought.every((byte, index) => bytes[at + index] === byte)) return true;
  }
  return false;
}

Deno.test({
  name: "private keys and their passwords are in nothing that the program answers, prints or records",
  ignore: curl === null || openssl === null,
  async fn() {
    await using made = await makeCertificates();
    await using server = await OpensslServer.start(
      made.ecdsa,
      ...["-cert_chain", made.ecdsa.certFile, "-Verify", "2", "-CAfile", made.root.certFile],
    );
    const own = `${made.folder}/own`;
    const capture = `${made.folder}/capture.pcapng`;
    const { root, client, ecdsa } = made;
    const target = ["-t", `https://localhost:${server.port}`, "--target-ca", root.certFile];
    const shown = ["--target-cert", client.certFile, "--target-key", made.encryptedKey];
    const running = await Running.start(
      [
        ...["--capture", capture],
        ...["-l", "0", ...target, ...shown, "--listen-tls"],
        ...[
          "-l",
          "0",
          ...target,
          "--target-cert",
          made.p12,
          "--listen-tls",
          "--cert",
          ecdsa.certFile,
          "--key",
          ecdsa.keyFile,
        ],
        ...["-l", "0", "--listen-tls", "--target-ca", root.certFile],
      ],
      undefined,
      { TCPMON_CA: own, TCPMON_KEY_PASSWORD: PASSWORD },
    );
    const told: [where: string, bytes: Uint8Array][] = [];
    const tell = (where: string, text: string) => told.push([where, new TextEncoder().encode(text)]);
    const ask = async (path: string, init?: RequestInit) => {
      const response = await running.api(path, init);
      const bytes = new Uint8Array(await response.arrayBuffer());
      told.push([`${init?.method ?? "GET"} ${path}`, bytes]);
      return { status: response.status, text: new TextDecoder().decode(bytes) };
    };
    let errors: string;
    try {
      const fetched = async (...args: string[]) => {
        const { stdout } = await new Deno.Command(curl!, {
          args: ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", "20", ...args],
          stderr: "null",
        }).output();
        return new TextDecoder().decode(stdout);
      };
      const trusting = [root.certFile, `${own}/tcpmon-ca.crt`];
      assert.equal(await fetched("-k", `https://localhost:${running.port(0)}/`), "200");
      assert.equal(await fetched("--cacert", trusting[0], `https://localhost:${running.port(1)}/`), "200");
      // One that does not trust, and one whose target wants a certificate that this listener does not have.
      assert.equal(await fetched(`https://localhost:${running.port(0)}/`), "000");
      await fetched("-k", "-x", `http://localhost:${running.port(2)}`, `https://localhost:${server.port}/`);

      const wrong: Record<string, unknown>[] = [
        { listenTls: { cert: client.keyFile, key: client.certFile } },
        { listenTls: { cert: client.certFile, key: root.keyFile } },
        { listenTls: { cert: `${own}/tcpmon-ca.key`, key: client.keyFile } },
        { targetTls: { ca: client.keyFile, insecure: false, cert: null, key: null } },
      ];
      for (const options of wrong) {
        const body = JSON.stringify({ listen: "0", target: `https://localhost:${server.port}`, ...options });
        const headers = { "content-type": "application/json" };
        const { status, text } = await ask("/listeners", { method: "POST", headers, body });
        assert.ok(status >= 400, text);
        assert.match(text, /Cannot/);
      }
      for (const path of ["/listeners", "/ca", "/ca.pem", "/config", "/exchanges", "/openapi.json"]) {
        await ask(path);
      }
      const { connections } = JSON.parse((await ask("/connections")).text) as {
        connections: { id: string }[];
      };
      assert.ok(connections.length >= 3);
      for (const { id } of connections) {
        for (const part of ["", "/upstream", "/downstream"]) await ask(`/connections/${id}${part}`);
      }
      const { exchanges } = JSON.parse((await ask("/exchanges")).text) as { exchanges: { id: string }[] };
      for (const { id } of exchanges) {
        for (const part of ["", "/request", "/response"]) await ask(`/exchanges/${id}${part}`);
      }
      const events = await running.api("/events");
      const reader = events.body!.getReader();
      told.push(["GET /events", (await reader.read()).value!]);
      await reader.cancel();
    } finally {
      errors = (await running.stop()).errors;
    }
    tell("stderr", errors);
    tell("--json", JSON.stringify(running.lines));
    told.push(["the capture", await Deno.readFile(capture)]);

    const authority = await Deno.readTextFile(`${own}/tcpmon-ca.key`);
    const key = pemBlocks(authority).find(({ label }) => label === "PRIVATE KEY")!.text;
    const secret = (name: string, { key }: Pick<Made, "key">) =>
      forms(key).map((form) => [name, form] as const);
    const secrets = [
      ...secret("the authority's key", { key }),
      ...secret("the server's key", ecdsa),
      ...secret("the client's key", client),
      ...secret("a key that does not fit", root),
      ["the password", new TextEncoder().encode(PASSWORD)] as const,
      ["a private key in PEM", new TextEncoder().encode("PRIVATE KEY-----\n")] as const,
    ];
    assert.ok(holds(new TextEncoder().encode(key), secrets[0][1]), "what is looked for can be found");
    for (const [where, bytes] of told) {
      for (const [name, form] of secrets) assert.ok(!holds(bytes, form), `${name} is in ${where}`);
    }
  },
});
