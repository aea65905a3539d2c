// What is loaded after the first rows, in a real browser: it is there without being asked for; while it comes its place
// is there and nothing flashes; what does not come says so, and comes when it is tried again.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { pageTest } from "./harness.ts";

const PANES = "**/chunks/pane-*.js";
const request = (page: Page) => page.getByRole("region", { name: "Request" });
const row = (page: Page) => page.locator('[role="grid"] [role="row"]:not(.head)').first();

pageTest("what comes later", {
  "the panes and all else come by themselves": async (page) => {
    await request(page).getByRole("button", { name: "Find" }).first().waitFor();
    await page.waitForFunction(() =>
      performance.getEntriesByType("resource").some(({ name }) => /later_rest-\w+\.js$/.test(name))
    );
  },

  "keys that go to a pane before it is there are in it when it comes": async (page) => {
    const { promise, resolve: letCome } = Promise.withResolvers<void>();
    await page.route(PANES, async (route) => {
      await promise;
      await route.continue();
    });
    await page.reload();
    await row(page).click();
    await request(page).getByText("Loading the panes").waitFor();
    const place = await request(page).boundingBox();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Request");
    letCome();
    await request(page).getByRole("button", { name: "Find" }).first().waitFor();
    await page.waitForFunction(() => document.activeElement?.closest('[aria-label="Request"]') !== null);
    assert.deepEqual(await request(page).boundingBox(), place);
  },

  "what does not come says so, and can be tried again": async (page) => {
    await page.route(PANES, (route) => route.abort());
    await page.reload();
    await row(page).click();
    const alert = request(page).getByRole("alert");
    await alert.getByText("Cannot load the panes").waitFor();
    await page.unroute(PANES);
    await alert.getByRole("button", { name: "Try again" }).click();
    await request(page).getByRole("button", { name: "Find" }).first().waitFor();
  },
});
