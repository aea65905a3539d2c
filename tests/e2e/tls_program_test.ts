// TLS as the page of the real program tells it: a server of openssl, a client that trusts tcpmon's authority and one that
// does not, and a target that is not to be trusted.

import assert from "node:assert/strict";
import { makeCertificates } from "../certificates.ts";
import { openssl } from "../needs.ts";
import { opensslServer } from "../relay/tls/peers.ts";
import { Running } from "../running.ts";
import { violations } from "./axe.ts";
import { browserTest, inPage, NARROW } from "./harness.ts";
import { request, response } from "./panes.ts";

browserTest("TLS through the real program", async (browser, t) => {
  await using made = await makeCertificates();
  const serve = (...certificate: string[]) => opensslServer([...certificate, "-alpn", "http/1.1"], "-www");
  const { ecdsa, expired, intermediate, root } = made;
  const chain = ["-cert_chain", intermediate.certFile];
  const good = await serve("-cert", ecdsa.certFile, "-key", ecdsa.keyFile, ...chain);
  const old = await serve("-cert", expired.certFile, "-key", expired.keyFile);
  const to = (server: typeof good) => ["-t", `https://localhost:${server.address.port}`];
  const running = await Running.start(
    ["-l", "0", ...to(good), "--target-ca", root.certFile, "--listen-tls", "-l", "0", ...to(old)],
    undefined,
    { TCPMON_CA: `${made.folder}/ca` },
  );
  try {
    const { api, token, listeners } = running.ready;
    const headers = { authorization: `Bearer ${token}` };
    const pem = await (await fetch(`${api}/ca.pem`, { headers })).text();
    const [port, oldPort] = [0, 1].map((at) => listeners[at].listen.split(":").at(-1)!);

    const trusting: RequestInit & { readonly client: Deno.HttpClient } = {
      client: Deno.createHttpClient({ caCerts: [pem] }),
    };
    await (await fetch(`https://localhost:${port}/trusting`, trusting)).text();
    trusting.client.close();
    await assert.rejects(fetch(`https://localhost:${port}/refusing`));
    await fetch(`http://localhost:${oldPort}/old`).then((answer) => answer.body?.cancel(), () => {});
    const ends = (count: number) => (lines: readonly Record<string, unknown>[]) =>
      lines.filter(({ event }) => event === "exchange").length >= count;
    await running.until(ends(3));

    await t.step(
      "tells what was agreed on with both, and shows the certificates",
      () =>
        inPage(browser, running.ready.ui, {}, async (page) => {
          await page.getByRole("tab", { name: new RegExp(port) }).click();
          await page.getByRole("row", { name: /TLS\s*\/trusting/ }).click();
          const line = response(page).getByRole("group", { name: "TLS with the target", exact: true });
          await line.getByText(/^certificate of localhost, checked, \d+ days left then$/).waitFor();
          await line.getByRole("button").click();
          for (const text of ["CN=Test Intermediate", "CN=Test Root", "localhost, shop.test", "EC P-256"]) {
            await response(page).getByText(text).first().waitFor();
          }
          await request(page).getByRole("group", { name: "TLS with the client" }).getByText(/^TLS 1\.3$/)
            .waitFor();
          assert.deepEqual(await violations(page), []);
        }),
    );

    await t.step(
      "tells that a client does not trust it, and how it would",
      () =>
        inPage(browser, running.ready.ui, { viewport: NARROW }, async (page) => {
          await page.getByRole("tab", { name: new RegExp(port) }).click();
          await page.getByRole("row", { name: /the client does not trust the certificate/ }).click();
          await response(page).getByRole("button", { name: "How clients trust it" }).click();
          const dialog = page.getByRole("dialog", { name: "Trust tcpmon's authority" });
          const { authority } = await (await fetch(`${api}/ca`, { headers })).json();
          await dialog.getByText(authority.fingerprint).waitFor();
          await dialog.getByText(authority.file, { exact: true }).waitFor();
        }),
    );

    await t.step(
      "tells why a target is not trusted, and the flag that accepts it",
      () =>
        inPage(browser, running.ready.ui, { viewport: NARROW }, async (page) => {
          await page.getByRole("tab", { name: new RegExp(oldPort) }).click();
          await page.getByRole("row", { name: /\/old/ }).click();
          await response(page).getByText(/is not trusted: its certificate expired on 2020-02-01$/).waitFor();
          await response(page).getByText(/--insecure accepts any certificate of this target\.$/).waitFor();
        }),
    );

    await t.step("tells nobody the private key", async () => {
      const files = [...Deno.readDirSync(`${made.folder}/ca`)].map(({ name }) => `${made.folder}/ca/${name}`);
      const keys = files.map((file) => Deno.readTextFileSync(file)).filter((text) =>
        text.includes("PRIVATE")
      );
      assert.equal(keys.length, 1);
      const secret = keys[0].split("\n")[1];
      for (const path of ["ca", "ca.pem", "connections", "exchanges", "listeners", "config"]) {
        assert.ok(!(await (await fetch(`${api}/${path}`, { headers })).text()).includes(secret), path);
      }
    });
  } finally {
    await running.stop();
    await Promise.all([good.close(), old.close()]);
  }
}, { missing: openssl === null });
