// Certificates and keys of the user's, in files that openssl made.

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import {
  CertificateFileError,
  KEY_PASSWORD,
  readAuthorities,
  readCertificateFiles,
} from "../../src/ca/certificate_files.ts";
import { pem, pemBlocks } from "../../src/ca/pem.ts";
import { type Certificates, makeCertificates, PASSWORD } from "../certificates.ts";
import { openssl } from "../needs.ts";

const ignore = openssl === null;
/** An hour from now: what a test makes is valid from the second in which it was made. */
const NOW = Date.now() + 3_600_000;

function read(cert: string, key = cert, password?: string) {
  return readCertificateFiles({ cert, key }, password, NOW);
}

/** Writes texts one after the other into a file of their folder. */
async function file(made: Certificates, name: string, ...texts: string[]): Promise<string> {
  const path = `${made.folder}/${name}`;
  await Deno.writeTextFile(path, texts.join(""));
  return path;
}

async function run(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(openssl!, { args, stdin: "null" }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

Deno.test({
  name: "readCertificateFiles gives chain and key, whatever their order and kind",
  ignore,
  async fn() {
    await using made = await makeCertificates();
    const [leaf, intermediate] = pemBlocks(made.ecdsa.cert).map(({ text }) => text);
    const { ecdsa, rsa, root } = made;
    const sec1 = `${made.folder}/sec1.key`;
    await run("ec", "-in", ecdsa.keyFile, "-out", sec1);
    const pkcs1 = `${made.folder}/pkcs1.key`;
    await run("rsa", "-traditional", "-in", rsa.keyFile, "-out", pkcs1);
    const cases: [cert: string, key: string, chain: string][] = [
      [ecdsa.certFile, ecdsa.keyFile, ecdsa.cert],
      [rsa.certFile, rsa.keyFile, rsa.cert],
      [ecdsa.certFile, sec1, ecdsa.cert],
      [rsa.certFile, pkcs1, rsa.cert],
      [await file(made, "turned", root.cert, intermediate, leaf), ecdsa.keyFile, ecdsa.cert + root.cert],
      [await file(made, "together", ecdsa.key, "a comment\n", ecdsa.cert), "", ecdsa.cert],
      [await file(made, "crlf", ecdsa.cert.replaceAll("\n", "\r\n")), ecdsa.keyFile, ecdsa.cert],
    ];
    for (const [cert, key, chain] of cases) {
      const found = await read(cert, key || cert);
      assert.equal(found.cert, chain, cert);
      assert.match(found.key, /^-----BEGIN PRIVATE KEY-----/);
      assert.deepEqual(found.notes, []);
    }
    const der = `${made.folder}/leaf.der`;
    await Deno.writeFile(der, pemBlocks(leaf)[0].bytes!);
    assert.equal((await read(der, ecdsa.keyFile)).cert, leaf);
  },
});

Deno.test({
  name: "readCertificateFiles notes what works and yet will surprise",
  ignore,
  async fn() {
    await using made = await makeCertificates();
    const noted = async (cert: string, key: string) => (await read(cert, key)).notes.join(" ");
    assert.match(
      await noted(made.expired.certFile, made.expired.keyFile),
      /CN=localhost in .*expired on 2020-02-01/,
    );
    assert.match(
      await noted(made.notYetValid.certFile, made.notYetValid.keyFile),
      /not valid before 2040-01-01/,
    );
    const mixed = await file(made, "mixed", made.client.cert, made.root.cert, made.otherRoot.cert);
    assert.match(
      await noted(mixed, made.client.keyFile),
      /has 1 more certificate that did not issue this one/,
    );
    assert.equal((await read(mixed, made.client.keyFile)).cert, made.client.cert + made.root.cert);
  },
});

Deno.test({
  name: "readCertificateFiles opens what is encrypted with the password of the variable",
  ignore,
  async fn() {
    await using made = await makeCertificates();
    const { certFile, keyFile, cert } = made.client;
    const old = `${made.folder}/old.key`;
    await run("ec", "-in", keyFile, "-aes128", "-passout", `pass:${PASSWORD}`, "-out", old);
    const containers = {
      rsa: `${made.folder}/rsa.p12`,
      legacy: `${made.folder}/legacy.pfx`,
      none: `${made.folder}/none.p12`,
    };
    const exporting = ["pkcs12", "-export", "-in", made.rsa.certFile, "-inkey", made.rsa.keyFile];
    await run(...exporting, "-passout", `pass:${PASSWORD}`, "-out", containers.rsa);
    await run(...exporting, "-legacy", "-passout", `pass:${PASSWORD}`, "-out", containers.legacy);
    await run(...exporting, "-passout", "pass:", "-out", containers.none);
    const cases: [cert: string, key: string, chain: string][] = [
      [certFile, made.encryptedKey, cert],
      [certFile, old, cert],
      [made.p12, made.p12, cert],
      [certFile, made.p12, cert],
      [containers.rsa, containers.rsa, made.rsa.cert],
      [containers.legacy, containers.legacy, made.rsa.cert],
    ];
    for (const [certificate, key, chain] of cases) {
      assert.equal((await read(certificate, key, PASSWORD)).cert, chain, key);
      for (const password of [undefined, "wrong"]) {
        await assert.rejects(read(certificate, key, password), (error: Error) => {
          assert.ok(error instanceof CertificateFileError);
          assert.match(error.message, password === undefined ? /is encrypted/ : /another password/);
          assert.match(error.message, new RegExp(KEY_PASSWORD));
          assert.ok(!error.message.includes(PASSWORD) && !error.message.includes("wrong"));
          return true;
        });
      }
    }
    assert.equal((await read(containers.none)).cert, made.rsa.cert);
    const { key } = await read(made.p12, made.p12, PASSWORD);
    assert.equal(key, made.client.key);
  },
});

Deno.test({
  name: "readCertificateFiles says which file is wrong and why, and nothing of a key",
  ignore,
  async fn() {
    await using made = await makeCertificates();
    const { certFile, keyFile, key, cert } = made.client;
    const secret = key.split("\n")[1].slice(0, 30);
    const asked = `${made.folder}/asked`;
    await run("req", "-new", "-key", keyFile, "-subj", "/CN=x", "-out", asked);
    const damagedKey = await file(made, "damaged.key", key.replace(key.split("\n")[1].slice(8, 20), ""));
    const damaged = await file(made, "damaged", cert.replace(cert.split("\n")[3], ""));
    const film = await file(made, "film", "x".repeat(5_000_000));
    const pipe = `${made.folder}/pipe`;
    assert.ok((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
    const binary = `${made.folder}/binary`;
    await Deno.writeFile(binary, Uint8Array.of(0x30, 0x82, 1, 2, 3));
    const cases: [cert: string, key: string, field: string, reason: RegExp][] = [
      [`${made.folder}/none`, keyFile, "cert", /^Cannot read .*none: there is no such file\. /],
      [certFile, `${made.folder}/none`, "key", /^Cannot read .*none: there is no such file\. /],
      [made.folder, keyFile, "cert", /it is a folder/],
      [film, keyFile, "cert", /too large for certificates/],
      [pipe, keyFile, "cert", /it is no file that can be read again\. Give a file\./],
      [certFile, pipe, "key", /it is no file that can be read again/],
      [
        keyFile,
        certFile,
        "cert",
        /there is a private key in it but no certificate\. Were certificate and key mixed up\?/,
      ],
      [certFile, certFile, "key", /there is a certificate in it but no private key\..*--key FILE/],
      [await file(made, "empty"), keyFile, "cert", /there is no certificate in it\. .*BEGIN CERTIFICATE/],
      [asked, keyFile, "cert", /it asks for a certificate and is none/],
      [damaged, keyFile, "cert", /certificate 1 in it is damaged/],
      [binary, keyFile, "cert", /no PEM, no certificate in DER and no PKCS#12/],
      [certFile, damagedKey, "key", /its key is damaged/],
      [certFile, await file(made, "text", "hello"), "key", /there is no private key in it/],
      [
        certFile,
        made.root.keyFile,
        "key",
        /its key does not belong to the certificate of CN=Ann Example in /,
      ],
    ];
    for (const [certificate, keyIn, field, reason] of cases) {
      await assert.rejects(read(certificate, keyIn), (error: Error) => {
        assert.ok(error instanceof CertificateFileError, String(error));
        assert.match(error.message, reason);
        assert.equal(error.field, field, error.message);
        assert.ok(!error.message.includes(secret));
        return true;
      });
    }
  },
});

Deno.test({
  name: "readAuthorities gives every certificate of a file, PEM or DER",
  ignore,
  async fn() {
    await using made = await makeCertificates();
    const both = await file(made, "both", "# two\n", made.root.cert, made.root.key, made.otherRoot.cert);
    assert.equal(await readAuthorities(both), made.root.cert + made.otherRoot.cert);
    const der = `${made.folder}/root.der`;
    await Deno.writeFile(der, new Uint8Array(new X509Certificate(made.root.cert).raw));
    assert.equal(await readAuthorities(der), pem("CERTIFICATE", pemBlocks(made.root.cert)[0].bytes!));
    await assert.rejects(readAuthorities(made.root.keyFile), (error: Error) => {
      assert.match(error.message, /^Cannot trust .*: there is no certificate in it, but a private key\. /);
      return error instanceof CertificateFileError && error.field === "ca";
    });
    await assert.rejects(readAuthorities(`${made.folder}/none`), /there is no such file/);
  },
});

Deno.test({
  name: "readAuthorities says what to do where there are no file descriptors",
  ignore: Deno.build.os === "windows",
  async fn() {
    const module = new URL("../../src/ca/certificate_files.ts", import.meta.url).href;
    const program = `import { readAuthorities } from ${JSON.stringify(module)};
      // Deno needs two for signals, takes them some time after its start, and ends where there are none.
      const none = () => {};
      Deno.addSignalListener("SIGHUP", none);
      Deno.removeSignalListener("SIGHUP", none);
      const held = [];
      try {
        for (;;) held.push(Deno.openSync(Deno.execPath()));
      } catch { /* there are no more */ }
      const said = await readAuthorities(${
      JSON.stringify(import.meta.filename)
    }).catch((error) => error.message);
      held.pop().close();
      console.log(said);`;
    const { stdout, stderr } = await new Deno.Command("bash", {
      args: ["-c", `ulimit -Sn 64; exec "$0" eval -q --no-check "$1"`, Deno.execPath(), program],
      env: { DENO_NO_UPDATE_CHECK: "1" },
    }).output();
    assert.equal(
      new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr),
      `Cannot read ${import.meta.filename}: too many files are open. ` +
        "Allow more before you start tcpmon (ulimit -n).\n",
    );
  },
});
