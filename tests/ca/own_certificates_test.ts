import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { AuthorityKeeping } from "../../src/ca/keeping.ts";
import { Authority } from "../../src/ca/authority.ts";
import { OwnCertificates } from "../../src/ca/own_certificates.ts";
import type { AuthorityFacts } from "../../src/model.ts";

const DAY_MS = 86_400_000;

/** Certificates with a clock of their own and an authority in a folder that goes when the test ends. */
class Issuing implements AsyncDisposable {
  now = Date.now();
  readonly made: AuthorityFacts[] = [];
  readonly keeping: AuthorityKeeping;
  readonly certificates: OwnCertificates;

  private constructor(private readonly folder: string) {
    this.keeping = new AuthorityKeeping(`${folder}/ca`);
    this.certificates = new OwnCertificates(this.keeping, {
      madeFor: "ann@laptop",
      onMade: (facts) => this.made.push(facts),
      now: () => this.now,
    });
  }

  static async start(): Promise<Issuing> {
    return new Issuing(await Deno.makeTempDir());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

Deno.test("OwnCertificates makes the authority at the first need, and says so once", async () => {
  await using issuing = await Issuing.start();
  assert.equal(await issuing.keeping.read(), null);
  await Promise.all(["a.test", "b.test", "a.test"].map((name) => issuing.certificates.forName(name)));
  assert.equal(issuing.made.length, 1);
  const [{ fingerprint, file }] = issuing.made;
  assert.deepEqual(await issuing.certificates.facts(), issuing.made[0]);
  assert.equal(new X509Certificate(await Deno.readTextFile(file)).fingerprint256, fingerprint);
  assert.equal(await issuing.certificates.certificate(), await Deno.readTextFile(file));
  assert.doesNotMatch(JSON.stringify(issuing.made), /PRIVATE/);
});

Deno.test("OwnCertificates gives one certificate a name, all with one key", async () => {
  await using issuing = await Issuing.start();
  const { certificates } = issuing;
  const first = await certificates.forName("shop.test");
  assert.equal(first.isOwn, true);
  assert.deepEqual(await certificates.forName("shop.test"), first);
  assert.deepEqual(await certificates.forName("SHOP.test", []), first);
  const other = await certificates.forName("shop.test", ["192.0.2.7"]);
  assert.notEqual(other.cert, first.cert);
  assert.match(
    new X509Certificate(other.cert).subjectAltName ?? "",
    /DNS:shop\.test, IP Address:192\.0\.2\.7/,
  );
  assert.equal(other.key, first.key);
});

Deno.test("OwnCertificates keeps a bounded number of certificates, those that were asked for lately", async () => {
  await using issuing = await Issuing.start();
  const { certificates } = issuing;
  const [kept, lost] = [await certificates.forName("kept.test"), await certificates.forName("lost.test")];
  for (let at = 0; at < 999; at++) {
    await certificates.forName(`${at}.test`);
    if (at === 500) await certificates.forName("kept.test");
  }
  assert.equal((await certificates.forName("kept.test")).cert, kept.cert);
  assert.notEqual((await certificates.forName("lost.test")).cert, lost.cert);
  // Of names that no certificate can have, there is one for all.
  const long = await certificates.forName("x".repeat(60_000));
  assert.equal((await certificates.forName("y".repeat(60_000))).cert, long.cert);
});

Deno.test("OwnCertificates issues again before a certificate ends, and refuses once the authority has ended", async () => {
  await using issuing = await Issuing.start();
  const { certificates } = issuing;
  const { cert } = await certificates.forName("shop.test");
  issuing.now += 29 * DAY_MS;
  assert.equal((await certificates.forName("shop.test")).cert, cert);
  issuing.now += 2 * DAY_MS;
  const later = new X509Certificate((await certificates.forName("shop.test")).cert);
  assert.ok(Date.parse(later.validTo) > issuing.now + 300 * DAY_MS);
  const end = Date.parse((await certificates.facts()).notAfter);
  issuing.now = end - DAY_MS / 2;
  assert.equal(Date.parse(new X509Certificate((await certificates.forName("shop.test")).cert).validTo), end);
  issuing.now = end;
  await assert.rejects(
    certificates.forName("shop.test"),
    /^Error: Cannot use tcpmon's authority: it ended on \d{4}-\d\d-\d\d\. .*tcpmon ca remove, then tcpmon ca create\.$/,
  );
});

Deno.test("OwnCertificates tries again once the user has mended what was wrong", async () => {
  await using issuing = await Issuing.start();
  await issuing.keeping.readOrCreate(() => Authority.create("ann@laptop", issuing.now));
  await Deno.chmod(`${issuing.keeping.folder}/tcpmon-ca.key`, 0o644);
  await assert.rejects(issuing.certificates.forName("a.test"), /others can read it/);
  await Deno.chmod(`${issuing.keeping.folder}/tcpmon-ca.key`, 0o600);
  assert.ok((await issuing.certificates.forName("a.test")).cert);
  assert.deepEqual(issuing.made, []);
});

Deno.test("OwnCertificates says that this machine's clock is before the authority", async () => {
  await using issuing = await Issuing.start();
  await issuing.certificates.facts();
  issuing.now -= 10 * DAY_MS;
  await assert.rejects(issuing.certificates.forName("a.test"), /it begins on .*Set the clock\.$/);
});

Deno.test("OwnCertificates issues no more from an authority that was removed or replaced", async () => {
  await using issuing = await Issuing.start();
  const { certificates, keeping } = issuing;
  const first = await certificates.forName("shop.test");
  const { fingerprint } = await certificates.facts();
  await keeping.remove();
  issuing.now += 2_000;
  const all = await Promise.all(
    ["shop.test", "other.test", "shop.test"].map((name) => certificates.forName(name)),
  );
  const second = await certificates.facts();
  assert.notEqual(second.fingerprint, fingerprint);
  assert.equal(issuing.made.length, 2);
  assert.notEqual(all[0].cert, first.cert);
  const authority = new X509Certificate(await certificates.certificate());
  for (const { cert } of all) assert.ok(new X509Certificate(cert).verify(authority.publicKey));

  await keeping.remove();
  await keeping.readOrCreate(() => Authority.create("bob@laptop", issuing.now));
  issuing.now += 2_000;
  assert.match((await certificates.facts()).name, /bob@laptop/);
  assert.equal(issuing.made.length, 2);
});
