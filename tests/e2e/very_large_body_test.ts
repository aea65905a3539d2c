// A body of 50 MB in the page of the real program: it opens while it still comes, and is never fetched as a whole.

import assert from "node:assert/strict";
import { largeXml } from "../catalog/large_bodies.ts";
import { server, write } from "../relay/transcript.ts";
import { Running } from "../running.ts";
import { browserTest, inPage, until } from "./harness.ts";
import { body, facts, response, select } from "./panes.ts";

/** More than the page with all its files and some hundred lines of a view. */
const MOST_FETCHED = 5_000_000;

browserTest(
  "a body of 50 MB opens before it has come, and the page fetches little of it",
  async (browser) => {
    const bytes = new TextEncoder().encode(largeXml());
    assert.ok(bytes.length > 48_000_000, `${bytes.length}`);
    const rest = Promise.withResolvers<void>();
    const target = server(async (conn) => {
      await conn.read(new Uint8Array(65_536));
      await write(
        conn,
        `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${bytes.length}\r\n\r\n`,
      );
      await write(conn, bytes.subarray(0, -1000));
      await rest.promise;
      await write(conn, bytes.subarray(-1000));
    });
    const running = await Running.start(["-l", "0", "-t", `${target.address.host}:${target.address.port}`]);
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
    try {
      await write(conn, "GET /quotes HTTP/1.1\r\nHost: localhost\r\n\r\n");
      const reading = (async () => {
        let total = 0;
        for await (const piece of conn.readable) total += piece.length;
        return total;
      })();
      await inPage(browser, running.ready.ui, {}, async (page) => {
        let fetched = 0;
        page.on("requestfinished", (request) => {
          void request.sizes().then(({ responseBodySize }) => fetched += responseBodySize).catch(() => {});
        });
        await page.getByRole("row", { name: /\/quotes/ }).waitFor({ timeout: 20_000 });
        await select(page, /\/quotes/);
        await body(response(page)).getByText("ÄCME").first().waitFor({ timeout: 20_000 });
        const row = await page.getByRole("row", { name: /\/quotes/ }).innerText();
        assert.match(row, /open/, "the first lines are there before the last bytes have come");
        assert.ok(fetched < MOST_FETCHED, `${fetched} B were fetched until the first lines`);

        rest.resolve();
        await page.getByRole("row", { name: /\/quotes.*200/ }).getByText("done").waitFor({ timeout: 20_000 });
        assert.ok(await reading > bytes.length);
        await page.waitForFunction(
          () => !document.querySelector('[aria-label="Response"]')?.textContent?.includes("laying out"),
          null,
          { timeout: 30_000 },
        );
        await until(
          () => facts(response(page)),
          (all) => !all.some((fact) => fact.startsWith("laying out")),
          "laid out",
        );
        assert.ok(fetched > 0 && fetched < MOST_FETCHED, `${fetched} B were fetched in all`);
      });
    } finally {
      rest.resolve();
      await running.stop();
      await target.close();
    }
  },
);
