// The original way of use: a browser is pointed to the listener in front of a virtual host, and stays there; and the page
// shows what was rewritten, as it came and as it was sent, and where a redirect leaves all the same.

import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { nginx as hasNginx } from "../needs.ts";
import { monitorOf, NAME, virtualHost } from "../virtual_host.ts";
import { violations } from "./axe.ts";
import { browserTest, inContext, inPage, NARROW, until } from "./harness.ts";
import { CLIPBOARD, clipboard, request, response, select } from "./panes.ts";

/** Walks through the shop as a user does; gives what the last page says. */
async function walk(browser: Browser, here: string): Promise<void> {
  await inContext(browser, {}, async (page) => {
    await page.goto(`${here}/`);
    assert.equal(await page.title(), "Shop");
    await page.goto(`${here}/moved`);
    assert.equal(await page.title(), "There");
    assert.equal(page.url(), `${here}/there?a=b`);
    // The cookie was for the domain, and for https only.
    assert.match(await page.locator("body").innerText(), /cookie (.*; )?id=7/);
    await page.goto(`${here}/`);
    await page.getByRole("button", { name: "Order" }).click();
    await page.waitForURL(`${here}/order`);
  });
}

const lines = (page: Page, side: "Request" | "Response") =>
  page.getByRole("region", { name: side }).locator(".pane-was, .pane-became").allTextContents();

browserTest("a browser stays on the monitor, and the page shows what was rewritten", async (browser, t) => {
  const nginx = await virtualHost();
  const monitor = await monitorOf(nginx);
  const { port } = monitor.listen();
  const here = `http://localhost:${port}`;
  const there = `${NAME}:${nginx.port}`;
  try {
    await t.step("redirects, cookies, Origin and Referer", async () => {
      await walk(browser, here);
      const order = await monitor.line(({ url, method }) => url === "/order" && method === "POST");
      const answer = await monitor.bytes(`/exchanges/${order.id}/response/body`);
      assert.ok(answer.includes(`host ${there} origin http://${there} referer http://${there}/`), answer);
    });
    await fetch(`${here}/secure`, { redirect: "manual" }).then((answer) => answer.body?.cancel());
    await inPage(browser, monitor.program.page.url, CLIPBOARD, async (page) => {
      await t.step("the lines that were rewritten are marked, with what was sent", async () => {
        await select(page, /\/moved\b.*302/);
        await request(page).locator(".pane-became").first().waitFor();
        assert.deepEqual((await lines(page, "Request")).slice(0, 2), [
          `−received: localhost:${port}`,
          `+rewritten: sent as ${there}`,
        ]);
        const response = await lines(page, "Response");
        assert.ok(response.includes(`−received: http://${there}/there?a=b`), response.join("\n"));
        assert.ok(response.includes(`+rewritten: sent as ${here}/there?a=b`));
        assert.deepEqual(await violations(page), []);
      });
      await t.step("a curl command goes to the target with the head that was sent to it", async () => {
        await request(page).getByRole("button", { name: "Copy as cURL" }).click();
        await request(page).getByText(/^Copied a curl command/).waitFor();
        const command = await clipboard(page);
        assert.ok(command.includes(`${nginx.port}/moved`) && !command.includes(`localhost:${port}`), command);
      });
      await t.step("as it came unless As sent is chosen", async () => {
        await request(page).getByRole("combobox", { name: "Format" }).selectOption("raw");
        const text = () => request(page).locator(".cm-content").innerText();
        await until(text, (text) => text.includes(`Host: localhost:${port}`), "what was received");
        const asSent = request(page).getByRole("button", { name: "As sent" });
        assert.equal(await asSent.getAttribute("aria-pressed"), "false");
        await asSent.click();
        await until(text, (text) => text.includes(`Host: ${there}`), "what was sent");
        assert.equal(await asSent.getAttribute("aria-pressed"), "true");
        await request(page).getByRole("combobox", { name: "Format" }).selectOption("auto");
        await until(
          () => request(page).locator(".pane-header").first().innerText(),
          (line) => line.includes(there),
          "the head that was sent",
        );
        assert.deepEqual(await lines(page, "Request"), []);
        await asSent.click();
      });
      await t.step("what was sent can be put into a file", async () => {
        await request(page).getByRole("button", { name: "To file" }).click();
        const coming = page.waitForEvent("download");
        await page.getByRole("menuitem", { name: /^Exact bytes as sent/ }).click();
        const download = await coming;
        assert.match(download.suggestedFilename(), /-request-sent\.http$/);
        assert.ok((await Deno.readTextFile(await download.path())).includes(`\r\nHost: ${there}\r\n`));
      });
      await t.step("a redirect that leaves is pointed out, at its row and in the pane", async () => {
        await page.getByRole("row", { name: new RegExp(`leaves the monitor: https://${NAME}/`) }).click();
        const note = response(page).getByRole("note");
        await note.getByText(`https://${NAME}/`).waitFor();
        assert.match(await note.innerText(), new RegExp(`Add a listener with the target https://${NAME},`));
        assert.deepEqual(await violations(page), []);
      });
      await t.step("a cookie that browsers keep over https only is pointed out", async () => {
        await select(page, /GET \/ .*200/);
        await response(page).getByText(/Browsers keep the cookie __Host-id over https only/).first()
          .waitFor();
      });
    });
    await t.step("on a narrow page, whose heads are folded, it says how much was rewritten", async () => {
      await inPage(browser, monitor.program.page.url, { viewport: NARROW }, async (page) => {
        await select(page, /\/moved\b.*302/);
        await request(page).getByText("1 line rewritten on the way").waitFor();
        assert.deepEqual(await violations(page), []);
      });
    });
  } finally {
    await monitor.stop();
    await nginx.stop();
  }
}, { missing: hasNginx === null });
