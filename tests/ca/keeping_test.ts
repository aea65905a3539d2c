import assert from "node:assert/strict";
import { Authority } from "../../src/ca/authority.ts";
import { AuthorityKeeping } from "../../src/ca/keeping.ts";

const make = () => Authority.create("ann@laptop", Date.now());
const isRoot = Deno.uid() === 0;

/** A folder that goes when the test ends. */
async function scratch() {
  const folder = await Deno.makeTempDir();
  return { folder, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

function mode(path: string): string {
  return (Deno.statSync(path).mode! & 0o777).toString(8);
}

Deno.test("AuthorityKeeping keeps an authority in a folder and a file for this user alone", async () => {
  await using place = await scratch();
  const folder = `${place.folder}/a/b/ca`;
  const keeping = new AuthorityKeeping(folder);
  assert.equal(await keeping.read(), null);
  const { authority, made } = await keeping.readOrCreate(make);
  assert.ok(made);
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
    "tcpmon-ca.crt",
    "tcpmon-ca.key",
  ]);
  assert.equal(mode(folder), "700");
  assert.equal(mode(`${folder}/tcpmon-ca.key`), "600");
  assert.equal(await Deno.readTextFile(keeping.certificateFile), authority.parts.certificate);
  assert.deepEqual((await new AuthorityKeeping(folder).read())?.parts, authority.parts);
  const again = await keeping.readOrCreate(() => assert.fail("there is one"));
  assert.deepEqual([again.made, again.authority.parts], [false, authority.parts]);
});

Deno.test("AuthorityKeeping gives one authority to all who start at once, and leaves nothing behind", async () => {
  await using place = await scratch();
  const folder = `${place.folder}/ca`;
  const all = await Promise.all(
    Array.from({ length: 20 }, () => new AuthorityKeeping(folder).readOrCreate(make)),
  );
  assert.equal(new Set(all.map(({ authority }) => authority.parts.fingerprint)).size, 1);
  assert.equal(all.filter(({ made }) => made).length, 1);
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
    "tcpmon-ca.crt",
    "tcpmon-ca.key",
  ]);
});

Deno.test("AuthorityKeeping uses a folder that is there, and leaves what else is in it", async () => {
  await using place = await scratch();
  await Deno.writeTextFile(`${place.folder}/notes`, "mine");
  const keeping = new AuthorityKeeping(place.folder);
  await keeping.readOrCreate(make);
  // What a program leaves that is killed while it makes one.
  await Deno.writeTextFile(`${place.folder}/tcpmon-ca.key.0d7c`, "a key");
  assert.ok(await keeping.remove());
  assert.deepEqual([...Deno.readDirSync(place.folder)].map(({ name }) => name), ["notes"]);
  assert.equal(await keeping.remove(), false);
});

Deno.test("AuthorityKeeping writes the certificate's file again where it is missing or another's", async () => {
  await using place = await scratch();
  const keeping = new AuthorityKeeping(`${place.folder}/ca`);
  const { authority } = await keeping.readOrCreate(make);
  await Deno.writeTextFile(keeping.certificateFile, "another");
  await keeping.read();
  assert.equal(await Deno.readTextFile(keeping.certificateFile), authority.parts.certificate);
  await Deno.remove(keeping.certificateFile);
  await keeping.read();
  assert.equal(await Deno.readTextFile(keeping.certificateFile), authority.parts.certificate);
});

Deno.test("AuthorityKeeping refuses a key that others can read, and a folder that they can write to", async () => {
  await using place = await scratch();
  const keeping = new AuthorityKeeping(`${place.folder}/the ca`);
  await keeping.readOrCreate(make);
  const key = `${keeping.folder}/tcpmon-ca.key`;
  for (const bits of [0o640, 0o604, 0o660, 0o644]) {
    await Deno.chmod(key, bits);
    await assert.rejects(
      keeping.read(),
      new RegExp(
        `^Error: Cannot use tcpmon's authority: others can read it: .*chmod 600 '${key}'\\. .*tcpmon ca remove`,
      ),
    );
    await assert.rejects(keeping.readOrCreate(() => assert.fail("not another one")), /others can read it/);
  }
  await Deno.chmod(key, 0o600);
  await Deno.chmod(keeping.folder, 0o777);
  await assert.rejects(keeping.read(), /others can write to it: .*chmod 700/);
  await Deno.chmod(keeping.folder, 0o755);
  assert.ok(await keeping.read());
});

Deno.test("AuthorityKeeping says what is wrong with a file, and nothing of what is in it", async () => {
  await using place = await scratch();
  const keeping = new AuthorityKeeping(`${place.folder}/ca`);
  const { authority } = await keeping.readOrCreate(make);
  const key = `${keeping.folder}/tcpmon-ca.key`;
  const secret = authority.toPem().split("\n")[1];
  for (
    const damaged of [
      `-----BEGIN PRIVATE KEY-----\n${secret}`,
      authority.toPem().replace(secret, secret.slice(4)),
      "",
    ]
  ) {
    await Deno.writeTextFile(key, damaged);
    await assert.rejects(keeping.read(), (error: Error) => {
      assert.match(
        error.message,
        /^Cannot use .*tcpmon-ca\.key: .*\. Bring back a copy of it, or .*tcpmon ca create\.$/,
      );
      assert.ok(!error.message.includes(secret.slice(4, 20)));
      return true;
    });
  }
  assert.ok(await keeping.remove(), "what cannot be used can be removed");
});

Deno.test({
  name: "AuthorityKeeping says where it may not write",
  ignore: isRoot,
  async fn() {
    await using place = await scratch();
    await Deno.chmod(place.folder, 0o500);
    const keeping = new AuthorityKeeping(`${place.folder}/ca`);
    await assert.rejects(
      keeping.readOrCreate(make),
      /^Error: Cannot keep the authority in .*: no permission\. .*TCPMON_CA/,
    );
    await Deno.chmod(place.folder, 0o700);
  },
});

Deno.test("AuthorityKeeping says where its path leads nowhere", async () => {
  await using place = await scratch();
  await Deno.writeTextFile(`${place.folder}/file`, "");
  const below = new AuthorityKeeping(`${place.folder}/file/ca`);
  await assert.rejects(below.readOrCreate(make), /^Error: Cannot .*its path leads nowhere\. .*TCPMON_CA\.$/);
});
