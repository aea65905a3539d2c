// The files of a listener's TLS: paths, and what is told of files that cannot be used, at the member that names them.

import assert from "node:assert/strict";
import { makeCertificates, PASSWORD } from "./certificates.ts";
import { openssl } from "./needs.ts";
import { pathFrom, TlsFiles, withWholePaths } from "../src/tls_files.ts";
import { tlsLack } from "../src/tls_support.ts";

const NO_AUTHORITY = () => Promise.reject(new Error("Cannot read the authority: it is damaged."));

Deno.test("withWholePaths takes paths from a folder, pathFrom writes them from it again", () => {
  const options = {
    listen: { host: "127.0.0.1", port: 0 },
    targetTls: { ca: "ca.pem", certificate: { cert: "sub/c.pem", key: "/etc/k.pem" } },
    listenTls: { certificate: { cert: "../c.pem", key: "../c.pem" }, asksClients: true as const },
  };
  assert.deepEqual(withWholePaths(options, "/config/here"), {
    listen: options.listen,
    targetTls: {
      ca: "/config/here/ca.pem",
      certificate: { cert: "/config/here/sub/c.pem", key: "/etc/k.pem" },
    },
    listenTls: { certificate: { cert: "/config/c.pem", key: "/config/c.pem" }, asksClients: true },
  });
  for (const plain of [{}, { targetTls: null, listenTls: null }, { listenTls: {} }]) {
    assert.deepEqual(withWholePaths(plain, "/config"), plain);
  }
  for (
    const [path, written] of [
      ["/config/here/ca.pem", "ca.pem"],
      ["/config/here/sub/c.pem", "sub/c.pem"],
      ["/config/here/..c.pem", "..c.pem"],
      ["/config/c.pem", "/config/c.pem"],
      ["/etc/k.pem", "/etc/k.pem"],
    ]
  ) assert.equal(pathFrom("/config/here", path), written);
});

Deno.test("tlsLack says from which version of Deno on TLS can be ended", () => {
  for (const version of ["2.9.0", "2.9.6", "2.10.0", "3.0.0", "2.9.0-rc.1"]) {
    assert.equal(tlsLack(version), null);
  }
  for (const version of ["2.4.2", "2.8.11", "1.46.3"]) {
    assert.equal(
      tlsLack(version),
      `TLS to targets and from clients needs tcpmon on Deno 2.9 or later; this is ${version}`,
    );
  }
});

Deno.test("TlsFiles looks at the monitor's own authority where clients are shown what it issues", async () => {
  const files = new TlsFiles(() => undefined, () => {}, NO_AUTHORITY);
  await assert.rejects(files.checked({ listenTls: {} }), {
    name: "ListenerError",
    field: "listenTls",
    message: "Cannot read the authority: it is damaged.",
  });
  await files.checked({ targetScheme: "https" });
  let asked = 0;
  const good = new TlsFiles(() => undefined, () => {}, () => Promise.resolve(asked++));
  assert.deepEqual(await good.checked({ listenTls: {} }), { listenTls: {} });
  assert.equal(asked, 1);
});

Deno.test("TlsFiles refuses TLS where this runtime has none, and nothing else", async () => {
  const files = new TlsFiles(() => undefined, () => {}, NO_AUTHORITY, "2.4.2");
  const message = "Cannot speak TLS: TLS to targets and from clients needs tcpmon on Deno 2.9 or later; " +
    "this is 2.4.2. Take a newer build, or let TLS pass through as it is.";
  await assert.rejects(files.checked({ targetScheme: "https" }), { field: "targetScheme", message });
  await assert.rejects(files.checked({ listenTls: {} }), { field: "listenTls", message });
  const plain = { name: "shop", targetScheme: null, targetTls: null };
  assert.equal(await files.checked(plain), plain);
});

Deno.test({
  name:
    "TlsFiles names the member whose file cannot be used, tells what works but should be known, and no key",
  ignore: openssl === null,
  fn: async () => {
    await using made = await makeCertificates();
    const notes: string[] = [];
    const files = new TlsFiles(() => undefined, (note) => notes.push(note), NO_AUTHORITY);
    const { certFile: cert, keyFile: key } = made.ecdsa;
    const good = {
      targetScheme: "https" as const,
      targetTls: { ca: made.root.certFile, certificate: { cert, key } },
      listenTls: { certificate: { cert, key } },
    };
    assert.deepEqual(await files.checked(good), good);
    assert.equal(notes.length, 0, notes.join());
    const secrets = [made.ecdsa.key, made.rsa.key].flatMap((text) => text.split("\n").slice(1, -2));
    const missing = `${made.folder}/none.pem`;
    const table: readonly [change: object, field: string, message: RegExp][] = [
      [{ targetTls: { ca: missing } }, "targetTls.ca", /^Cannot read .*none\.pem: there is no such file\./],
      [{ targetTls: { ca: key } }, "targetTls.ca", /there is no certificate in it, but a private key/],
      [{ targetTls: { ca: made.folder } }, "targetTls.ca", /it is a folder/],
      [{ targetTls: { certificate: { cert: missing, key } } }, "targetTls.cert", /no such file/],
      [{ listenTls: { certificate: { cert, key: missing } } }, "listenTls.key", /no such file/],
      [{ listenTls: { certificate: { cert: key, key } } }, "listenTls.cert", /but no certificate/],
      [{ listenTls: { certificate: { cert, key: cert } } }, "listenTls.key", /but no private key/],
      [{ listenTls: { certificate: { cert, key: made.rsa.keyFile } } }, "listenTls.key", /does not belong/],
      [
        { listenTls: { certificate: { cert: made.client.certFile, key: made.encryptedKey } } },
        "listenTls.key",
        /TCPMON_KEY_PASSWORD/,
      ],
    ];
    for (const [change, field, message] of table) {
      await assert.rejects(files.checked({ ...good, ...change }), (error: Error & { field: string }) => {
        assert.deepEqual([error.name, error.field], ["ListenerError", field], error.message);
        assert.match(error.message, message);
        assert.ok(secrets.every((line) => !error.message.includes(line)), error.message);
        return true;
      });
    }
    const unlocked = new TlsFiles(
      (name) => name === "TCPMON_KEY_PASSWORD" ? PASSWORD : undefined,
      (note) => notes.push(note),
      NO_AUTHORITY,
    );
    await unlocked.checked({
      targetScheme: "tls",
      targetTls: { certificate: { cert: made.client.certFile, key: made.encryptedKey } },
    });
    const expired = { cert: made.expired.certFile, key: made.expired.keyFile };
    await files.checked({ listenTls: { certificate: expired } });
    assert.match(notes.join(), /expired on 2020-/);
  },
});
