import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { type Asked, runCaCommand } from "../src/ca_command.ts";

/** An environment with an authority's folder that goes when the test ends. */
class Own implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async start(): Promise<Own> {
    return new Own(await Deno.makeTempDir());
  }

  run(asked: Asked) {
    const variables: Record<string, string> = { TCPMON_CA: `${this.folder}/ca`, USER: "ann" };
    return runCaCommand(asked, (name) => variables[name]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test("tcpmon ca shows nothing before it is needed, makes nothing, and then shows all but the key", async () => {
  await using own = await Own.start();
  assert.match(
    (await own.run({ verb: "show" })).out,
    /^tcpmon has no authority of its own yet, in .*--listen-tls/,
  );
  await assert.rejects(Deno.stat(`${own.folder}/ca`), Deno.errors.NotFound);
  const created = await own.run({ verb: "create", only: [] });
  const { out } = await own.run({ verb: "show" });
  assert.ok(out.startsWith(created.out));
  const certificate = new X509Certificate(await Deno.readTextFile(`${own.folder}/ca/tcpmon-ca.crt`));
  assert.match(out, /^tcpmon CA ann@\S+ \d{4}-\d\d-\d\d \d\d\.\d\d\n/);
  for (
    const part of [certificate.fingerprint256, certificate.fingerprint, `${own.folder}/ca/tcpmon-ca.crt`]
  ) {
    assert.ok(out.includes(part), part);
  }
  assert.match(out, /issues for +any name/);
  assert.match(
    out,
    /Debian, Ubuntu[^]*and to stop:[^]*Firefox[^]*Node\.js[^]*Python[^]*Java[^]*\.NET[^]*macOS[^]*Windows/,
  );
  const key = await Deno.readTextFile(`${own.folder}/ca/tcpmon-ca.key`);
  for (const line of key.split("\n").slice(1, 4)) assert.ok(!out.includes(line));
});

Deno.test("tcpmon ca trust says how for those that are asked for", async () => {
  await using own = await Own.start();
  const { out, said } = await own.run({ verb: "trust", ways: ["node", "curl"] });
  assert.match(said, /^Made "tcpmon CA ann@/);
  assert.match(out, /^Node\.js[^]*\n {4}export NODE_EXTRA_CA_CERTS=.*\/ca\/tcpmon-ca\.crt\n[^]*\ncurl\n/);
  assert.doesNotMatch(out, /Java/);
});

Deno.test("tcpmon ca export gives the certificate, as PEM or DER, and replaces nothing else", async () => {
  await using own = await Own.start();
  const { out } = await own.run({ verb: "export", file: null });
  const certificate = new X509Certificate(out);
  assert.ok(certificate.ca);
  const [der, pem, other] = ["a.cer", "a.pem", "other"].map((name) => `${own.folder}/${name}`);
  assert.match(
    (await own.run({ verb: "export", file: der })).said,
    /^Wrote the certificate of .*, without its key\.\n$/,
  );
  assert.deepEqual(await Deno.readFile(der), new Uint8Array(certificate.raw));
  await own.run({ verb: "export", file: pem });
  assert.equal(await Deno.readTextFile(pem), out);
  await own.run({ verb: "export", file: pem });
  await Deno.writeTextFile(other, "mine");
  await assert.rejects(
    own.run({ verb: "export", file: other }),
    /^Error: Cannot write .*other: it is there already/,
  );
  assert.equal(await Deno.readTextFile(other), "mine");
  await assert.rejects(
    own.run({ verb: "export", file: `${own.folder}/none/a` }),
    /^Error: Cannot write .*Name another file\.$/,
  );
});

Deno.test("tcpmon ca create makes one that is limited, and none where there is one", async () => {
  await using own = await Own.start();
  await assert.rejects(own.run({ verb: "create", only: ["a/b"] }), SyntaxError);
  const { out } = await own.run({ verb: "create", only: ["example.org", "10.0.0.0/8"] });
  assert.match(out, /issues for +example\.org, 10\.0\.0\.0\/8 and this machine's own names only/);
  await assert.rejects(
    own.run({ verb: "create", only: [] }),
    /^Error: Cannot make an authority: there is one, .*tcpmon ca remove\.$/,
  );
});

Deno.test("tcpmon ca remove removes it, and says what trusts it still and how to stop that", async () => {
  await using own = await Own.start();
  assert.match((await own.run({ verb: "remove" })).said, /has no authority/);
  await own.run({ verb: "create", only: [] });
  const { fingerprint } = new X509Certificate(await Deno.readTextFile(`${own.folder}/ca/tcpmon-ca.crt`));
  const { out, said } = await own.run({ verb: "remove" });
  await assert.rejects(Deno.stat(`${own.folder}/ca`), Deno.errors.NotFound);
  assert.match(said, /^Removed tcpmon's authority and its key .* still does, until it is told to stop/);
  assert.ok(said.includes(fingerprint));
  assert.match(out, /sudo rm \/usr\/local[^]*certutil -d [^]* -D -n 'tcpmon CA ann@/);
  assert.doesNotMatch(out, /-A -t|importcert|export /);
});

Deno.test("tcpmon ca remove removes also what cannot be used", async () => {
  await using own = await Own.start();
  await own.run({ verb: "create", only: [] });
  await Deno.writeTextFile(`${own.folder}/ca/tcpmon-ca.key`, "damaged");
  await assert.rejects(own.run({ verb: "show" }), /tcpmon ca remove, then tcpmon ca create\.$/);
  assert.match((await own.run({ verb: "remove" })).said, /^Removed/);
  await own.run({ verb: "create", only: [] });
});

Deno.test("tcpmon ca says which variable it misses", async () => {
  await assert.rejects(
    runCaCommand({ verb: "show" }, () => undefined),
    /the variable HOME is not set\. .*TCPMON_CA/,
  );
});
