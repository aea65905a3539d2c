// A body of 50 MB in the page of the real program: it opens while it still comes, and is never fetched as a whole.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { largeXml } from "../catalog/large_bodies.ts";
import { server, write } from "../relay/transcript.ts";
import { Running } from "../running.ts";
import { browserTest, inPage, until } from "./harness.ts";
import { body, facts, format, response, scroller, select } from "./panes.ts";

/** More than the page with all its files and some hundred lines of a view. */
const MOST_FETCHED = 5_000_000;
/** How far the wheel is turned at a time, and how high a line is, px. */
const TURN = 450;
const LINE_HEIGHT = 18;

/** The number of the first line of the response that is seen. */
function firstLine(page: Page): Promise<number> {
  return page.evaluate(() => {
    const pane = document.querySelector('[aria-label="Response"]');
    const { top } = pane!.querySelector(".cm-scroller")!.getBoundingClientRect();
    const numbers = [...pane!.querySelectorAll(".cm-lineNumbers .cm-gutterElement")];
    const first = numbers.find((number) => number.getBoundingClientRect().bottom > top + 1);
    return Number(first?.textContent);
  });
}

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

        // Its lines are higher than a browser can draw: the wheel goes on by what it is turned, and leaves none out.
        await body(response(page)).hover({ position: { x: 200, y: 40 } });
        for (const [turns, first] of [[20, 1 + 20 * TURN / LINE_HEIGHT], [-20, 1]]) {
          for (let turn = 0; turn < Math.abs(turns); turn++) {
            const before = await scroller(response(page)).evaluate((element) => element.scrollTop);
            await page.mouse.wheel(0, Math.sign(turns) * TURN);
            await page.waitForFunction(
              (before) =>
                document.querySelector('[aria-label="Response"] .cm-scroller')?.scrollTop !== before,
              before,
            );
          }
          await until(() => firstLine(page), (line) => Math.abs(line - first) <= 1, `line ${first}`);
        }

        // Of a line that is far from all that was loaded, what is around it comes too.
        const line = 1_500_000;
        await body(response(page)).press("Control+g");
        await page.keyboard.type(String(line));
        await page.keyboard.press("Enter");
        await until(
          () => page.evaluate(() => String(getSelection())),
          (text) => text === '    <q:quote xmlns:q="urn:q" id="1">',
          "the line, selected",
        );
        await until(
          () => firstLine(page),
          (first) => line - 60 < first && first < line,
          `before line ${line}`,
        );
        await format(response(page)).selectOption("hex");
        await body(response(page)).getByText("00000000").waitFor();
        await body(response(page)).press("Control+g");
        await page.keyboard.type("0x2000008");
        await page.keyboard.press("Enter");
        await response(page).locator(".pane-foot").getByText("0x2000008").waitFor();
        await body(response(page)).getByText("02000000").waitFor();
        assert.ok(fetched < MOST_FETCHED, `${fetched} B were fetched in all`);
      });
    } finally {
      rest.resolve();
      await running.stop();
      await target.close();
    }
  },
);
