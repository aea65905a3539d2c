// A forward proxy of the real program in Chromium: the page says what it is and how to use it, and then shows what a
// Chromium with that proxy asks, http and, behind CONNECT, https.

import assert from "node:assert/strict";
import { certificate } from "../forward/certificate.ts";
import { openssl } from "../needs.ts";
import { Running } from "../running.ts";
import { violations } from "./axe.ts";
import { browserTest, inContext, inPage, until } from "./harness.ts";

browserTest(
  "a proxy's tab, title and empty state say what it is; Chromium's pages come through it",
  async (browser) => {
    const shop = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () =>
        new Response("<title>shop</title><h1>the shop</h1>", { headers: { "content-type": "text/html" } }),
    );
    const { cert, key } = await certificate();
    const secret = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert, key, onListen: () => {} },
      () => new Response("<h1>the secret</h1>", { headers: { "content-type": "text/html" } }),
    );
    const running = await Running.start(["-l", "0"]);
    const port = running.port();
    try {
      await inPage(browser, running.ready.ui, {}, async (page) => {
        await until(() => page.title(), (title) => title === `${port} → forward proxy · tcpmon`, "title");
        const tab = page.getByRole("tab", { name: new RegExp(`^${port} → forward proxy`) });
        await tab.waitFor();
        assert.equal(await tab.getAttribute("title"), `127.0.0.1:${port} → forward proxy`);
        await page.getByText(`curl -i -x http://localhost:${port} http://example.org/`).waitFor();
        await page.getByText(/^Listening on .* as a forward HTTP proxy\.$/).waitFor();
        assert.deepEqual(await violations(page), []);
        const proxy = { server: `http://127.0.0.1:${port}`, bypass: "<-loopback>" };
        await inContext(browser, { proxy, ignoreHTTPSErrors: true }, async (client) => {
          const http = `http://127.0.0.1:${shop.addr.port}/`;
          await client.goto(http);
          await client.getByRole("heading", { name: "the shop" }).waitFor();
          await page.getByRole("row", { name: new RegExp(`GET.*${http}.*200`) }).first().waitFor();
          await client.goto(`https://127.0.0.1:${secret.addr.port}/`);
          await client.getByRole("heading", { name: "the secret" }).waitFor();
          const connect = page.getByRole("row", {
            name: new RegExp(`CONNECT.*127.0.0.1:${secret.addr.port}.*200`),
          });
          await connect.first().click();
          await page.getByRole("region", { name: "Request" })
            .getByText("not passed on: tcpmon answered it by itself").waitFor();
          await page.getByRole("region", { name: "Response" }).getByText("Connection established").first()
            .waitFor();
          await page.getByRole("row", { name: /TLS/ }).first().waitFor();

          const page404 = await client.goto(`http://127.0.0.1:${new URL(running.ready.ui).port}/`);
          assert.equal(page404?.status(), 403);
          await client.getByText(/is the page of tcpmon itself/).waitFor();
        });
      });
    } finally {
      await running.stop();
      await shop.shutdown();
      await secret.shutdown();
    }
  },
  { missing: !openssl },
);
