// Captures on the page: opened by choosing and by dropping a file, closed, and read by a program that does nothing else.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { startOpenProgram } from "../../src/open_program.ts";
import { answer, Capture, get } from "../catalog/capture.ts";
import { Running } from "../running.ts";
import { violations } from "./axe.ts";
import { browserTest, inPage, NARROW, WIDE } from "./harness.ts";

const menu = (page: Page) => page.getByRole("button", { name: "Capture", exact: true });
const tab = (page: Page, name: RegExp) => page.getByRole("tab", { name });

function orders(): Capture {
  const capture = new Capture();
  capture.connection(1, [[get("/orders/1"), answer('{"id":1}')], [get("/orders/2"), answer('{"id":2}')]]);
  return capture;
}

browserTest(
  "a capture is opened beside what is recorded, from a dialog or dropped, and closed",
  async (browser) => {
    using capture = orders();
    const running = await Running.start(["-l", "0", "-t", "127.0.0.1:1"]);
    try {
      await inPage(browser, running.ready.ui, {}, async (page) => {
        await menu(page).click();
        const chooser = page.waitForEvent("filechooser");
        await page.getByRole("menuitem", { name: /^Open capture/ }).click();
        await (await chooser).setFiles(capture.file);
        // Its tab opens by itself.
        const opened = tab(page, /capture\.pcapng/);
        await opened.and(page.locator("[aria-selected=true]")).waitFor();
        await page.getByRole("row", { name: /\/orders\/2/ }).waitFor();
        const line = page.getByRole("group", { name: "Capture" });
        assert.match(
          await line.innerText(),
          /was listening on 127\.0\.0\.1:8081, forwarding to localhost:80/,
        );
        assert.equal(await page.getByRole("button", { name: "Stop", exact: true }).count(), 0);
        // Nothing that is only read can be removed.
        assert.equal(await page.getByRole("button", { name: /^Remove/ }).count(), 0);
        await page.keyboard.press("Shift+Delete");
        assert.equal(await page.getByRole("alertdialog").count(), 0);
        assert.deepEqual(await violations(page), []);
        // The menu is in line with its button, in a narrow window, too.
        await page.setViewportSize(NARROW);
        await menu(page).click();
        const edges = async (element: Locator) => {
          const { x, width } = (await element.boundingBox())!;
          return [x, x + width].map(Math.round);
        };
        const [button, popup] = await Promise.all([edges(menu(page)), edges(page.locator(".popup"))]);
        assert.ok(button.some((edge, at) => edge === popup[at]), `${button} and ${popup}`);
        await page.keyboard.press("Escape");
        await page.setViewportSize(WIDE);
        await page.getByRole("button", { name: "Close", exact: true }).click();
        await opened.waitFor({ state: "detached" });

        const bytes = [...Deno.readFileSync(capture.file)];
        await page.evaluate((bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "dropped.pcapng"));
          data.items.add(new File(["hello"], "notes.txt"));
          dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }, bytes);
        await tab(page, /dropped\.pcapng/).waitFor();
        await page.getByRole("alert").getByText("Cannot open notes.txt: it is neither").waitFor();
      });
    } finally {
      await running.stop();
    }
  },
);

browserTest("a program that only reads captures offers nothing that listens or sends", async (browser) => {
  using capture = orders();
  const program = await startOpenProgram({
    ...{ version: "1.2.3", files: [capture.file], ui: { host: "127.0.0.1", port: 0 }, notice: () => {} },
  });
  try {
    await inPage(browser, program.page.url, {}, async (page) => {
      await page.getByRole("row", { name: /\/orders\/2/ }).waitFor();
      assert.equal(await page.getByRole("tab", { name: /Add listener|Sender/ }).count(), 0);
      for (const name of ["Stop", "Start", "Close", "Options", "Remove selected", "Remove all"]) {
        assert.equal(await page.getByRole("button", { name, exact: true }).count(), 0, name);
      }
      assert.ok(await page.getByRole("button", { name: "Resend", exact: true }).isDisabled());
      await page.getByRole("contentinfo").getByText("only read").waitFor();
    });
  } finally {
    await program.stop();
  }
});
