import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { LocalAuthority, madeFor } from "../src/own_authority.ts";

Deno.test("LocalAuthority is not made by being asked what it is, but by being needed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const variables: Record<string, string> = { TCPMON_CA: `${folder}/ca`, USER: "ann" };
    const notices: string[] = [];
    const authority = new LocalAuthority((name) => variables[name], (text) => notices.push(text));
    assert.deepEqual(await authority.facts(), { authority: null, ways: [] });
    await assert.rejects(Deno.stat(variables.TCPMON_CA), Deno.errors.NotFound);

    const [issued] = await Promise.all([authority.forName("shop.test"), authority.forName("other.test")]);
    assert.equal(notices.length, 1);
    assert.match(
      notices[0],
      /^Made an authority .*"tcpmon CA ann@.*": .*tcpmon-ca\.crt\. To trust it: tcpmon ca$/,
    );
    const { authority: facts, ways } = await authority.facts();
    const certificate = new X509Certificate(await authority.certificate());
    assert.equal(facts?.fingerprint, certificate.fingerprint256);
    assert.equal(facts?.only, null);
    assert.ok(ways.find(({ id }) => id === "curl")?.trust[0].includes(`${folder}/ca/tcpmon-ca.crt`));
    assert.ok(new X509Certificate(issued.cert).verify(certificate.publicKey));

    const later = new LocalAuthority((name) => variables[name], (text) => notices.push(text));
    assert.deepEqual((await later.facts()).authority, facts);
    assert.equal(await later.certificate(), await authority.certificate());
    assert.equal(notices.length, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("LocalAuthority says why there is none, and is there once that is mended", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const variables: Record<string, string> = {};
    const authority = new LocalAuthority((name) => variables[name], () => {});
    for (const asked of [authority.facts(), authority.certificate(), authority.forName("a.test")]) {
      await assert.rejects(asked, /^Error: Cannot tell where to keep tcpmon's authority: .*TCPMON_CA\.$/);
    }
    variables.TCPMON_CA = `${folder}/ca`;
    assert.ok((await authority.forName("a.test")).cert);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("madeFor names the user and the machine", () => {
  assert.equal(
    madeFor((name) => ({ LOGNAME: "ann" } as Record<string, string>)[name]),
    `ann@${Deno.hostname()}`,
  );
  assert.equal(madeFor(() => undefined), Deno.hostname());
});
