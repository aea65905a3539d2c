// TLS that Chromium speaks through the real program, which only passes it on, decrypted with the key log that Chromium
// writes: what the page shows of it, and the way to the bytes as they passed.

import assert from "node:assert/strict";
import { chromium as launcher } from "playwright-core";
import { makeCertificates } from "../certificates.ts";
import { chromium, openssl } from "../needs.ts";
import { Running } from "../running.ts";
import { violations } from "./axe.ts";
import { browserTest, FLAGS, inPage } from "./harness.ts";

browserTest(
  "what Chromium asks inside TLS is shown with its key log, and the encrypted bytes are a click away",
  async (browser) => {
    await using made = await makeCertificates();
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert: made.ecdsa.cert, key: made.ecdsa.key, onListen: () => {} },
      () => new Response("<h1>the secret</h1>", { headers: { "content-type": "text/html" } }),
    );
    const keyLog = `${made.folder}/keys.log`;
    const target = `127.0.0.1:${server.addr.port}`;
    const running = await Running.start(["-l", "0", "-t", target, "--keylog", keyLog]);
    try {
      // HTTP/2 is not decoded here.
      const args = [...FLAGS, `--ssl-key-log-file=${keyLog}`, "--disable-http2"];
      const client = await launcher.launch({ executablePath: chromium!, args });
      try {
        const page = await client.newPage({ ignoreHTTPSErrors: true });
        await page.goto(`https://127.0.0.1:${running.port()}/hidden`);
        await page.getByRole("heading", { name: "the secret" }).waitFor();
      } finally {
        await client.close();
      }
      await inPage(browser, running.ready.ui, {}, async (page) => {
        await page.getByRole("row", { name: /GET TLS\/hidden 200|GET.*\/hidden.*200/ }).first().click();
        const response = page.getByRole("region", { name: "Response" });
        await response.getByText("the secret").first().waitFor();
        await response.getByText(/^Decrypted with the key log: TLS 1\.3, TLS_/).waitFor();
        assert.deepEqual(await violations(page), []);
        await response.getByRole("button", { name: "As it passed, encrypted" }).click();
        await response.getByText("ServerHello").first().waitFor();
        await response.getByText(/^Decrypted with the key log: TLS 1\.3, TLS_/).waitFor();
        await response.getByRole("combobox", { name: "Format" }).selectOption("hex");
        await response.getByText(/16 03 03/).first().waitFor();
      });
    } finally {
      await running.stop();
      await server.shutdown();
    }
  },
  { missing: openssl === null || chromium === null },
);
