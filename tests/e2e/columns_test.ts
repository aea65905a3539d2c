// Sorting the table in a browser, and choosing, moving and widening its columns; what is remembered.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { hasFocus, NARROW, pageTest, until } from "./harness.ts";

const grid = (page: Page) => page.getByRole("grid", { name: "Exchanges" });
const follow = (page: Page) => page.getByRole("button", { name: "Follow newest" });
const head = (page: Page, name: string) => page.getByRole("columnheader", { name });
const selected = (page: Page) => page.locator('[role="row"][aria-selected="true"]');
const columnsButton = (page: Page) => page.getByRole("button", { name: "Columns" });
const box = (page: Page, name: string) => page.getByRole("checkbox", { name, exact: true });

/** Texts of a column's cells in the rows that are there, from the top. */
function cells(page: Page, name: string): Promise<string[]> {
  return page.locator(`.row:not(.head) .${name}`).allInnerTexts();
}

async function heads(page: Page): Promise<string> {
  const names = await page.getByRole("columnheader").evaluateAll((all) =>
    all.filter((one) => one.checkVisibility()).map((one) => one.textContent?.trim().split(" ")[0])
  );
  return names.join(" ");
}

function sortOf(page: Page, name: string): Promise<string | null> {
  return head(page, name).getAttribute("aria-sort");
}

async function widthOf(page: Page, name: string): Promise<number> {
  return Math.round((await head(page, name).boundingBox())?.width ?? NaN);
}

async function untilFirst(page: Page, column: string, text: string): Promise<void> {
  await until(() => cells(page, column), (texts) => texts[0] === text, column);
}

pageTest("sorting", {
  "a press of a head sorts by its column, another one the other way round": async (page, fixture) => {
    assert.equal(await sortOf(page, "Time"), "descending");
    await head(page, "Response").getByRole("button").click();
    await untilFirst(page, "response:not(.none)", "48.2 MB");
    assert.deepEqual([await sortOf(page, "Response"), await sortOf(page, "Time")], ["descending", null]);
    assert.match(fixture.asked.at(-1) ?? "", /sort=response$/);
    await head(page, "Response").getByRole("button").click();
    // Nothing came back: the reason stands in the place of sizes.
    const first = page.locator(".row:not(.head)").first();
    await until(() => first.innerText(), (text) => text.includes("refused the connection"), "the first row");
    assert.equal(await sortOf(page, "Response"), "ascending");
    await head(page, "Path").getByRole("button").click();
    assert.equal(await sortOf(page, "Path"), "ascending");
    assert.equal(await grid(page).getAttribute("aria-rowcount"), "215");
  },

  "the keyboard reaches the heads, sorts, and goes back": async (page) => {
    await grid(page).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await until(() => sortOf(page, "Elapsed"), (sort) => sort === "descending", "aria-sort");
    await untilFirst(page, "path", "/orders/events");
    await page.keyboard.press("Space");
    await until(() => sortOf(page, "Elapsed"), (sort) => sort === "ascending", "aria-sort");
    const remove = page.getByRole("button", { name: "Remove selected" });
    assert.equal(await remove.isEnabled(), true, "what was followed is selected");
    await page.keyboard.press("ArrowDown");
    await hasFocus(grid(page));
    await page.keyboard.press("Home");
    assert.equal(await selected(page).getAttribute("aria-rowindex"), "2");
  },

  "goes with a filter": async (page, fixture) => {
    await head(page, "Response").getByRole("button").click();
    await page.getByRole("searchbox", { name: "Filter" }).fill("StockQuote");
    await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "4", "rows");
    assert.deepEqual(await cells(page, "response"), ["742 B", "617 B", "608 B"]);
    assert.ok(fixture.asked.some((query) => /sort=response&q=StockQuote/.test(query)), fixture.asked.join());
  },

  "is remembered": async (page) => {
    await head(page, "Response").getByRole("button").click();
    await untilFirst(page, "response", "48.2 MB");
    await page.reload();
    await untilFirst(page, "response", "48.2 MB");
    assert.equal(await sortOf(page, "Response"), "descending");
    assert.equal(await follow(page).getAttribute("aria-pressed"), "false");
  },

  "ends following; Follow newest sorts by time again": async (page, fixture) => {
    await head(page, "Status").getByRole("button").click();
    await untilFirst(page, "status", "503");
    assert.equal(await follow(page).getAttribute("aria-pressed"), "false");
    assert.match(await follow(page).getAttribute("title") ?? "", /Sort by time again/);
    await follow(page).click();
    fixture.come("8081", 1, { url: "/fresh" });
    await untilFirst(page, "path", "/fresh");
    assert.equal(await sortOf(page, "Time"), "descending");
    assert.equal(await follow(page).getAttribute("aria-pressed"), "true");
  },

  "puts what comes where it belongs, but moves nothing under the pointer": async (page, fixture) => {
    await head(page, "Response").getByRole("button").click();
    await untilFirst(page, "response", "48.2 MB");
    await page.locator("[data-ordinal]").nth(3).hover();
    const before = await cells(page, "path");
    fixture.come("8081", 2, { url: "/larger", responseBytes: 99_000_000 });
    await follow(page).getByText("2 new").waitFor();
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.deepEqual(await cells(page, "path"), before);
    await page.mouse.move(700, 880);
    await untilFirst(page, "path", "/larger");
    assert.equal(await grid(page).getAttribute("aria-rowcount"), "217");
  },

  "of many rows asks for what is looked at, and at most twice a second for what comes": [
    { rows: { "8081": 9_000 } },
    async (page, fixture) => {
      await head(page, "Elapsed").getByRole("button").click();
      await untilFirst(page, "path", "/orders/events");
      await page.mouse.move(700, 880);
      fixture.asked.length = 0;
      const began = performance.now();
      const traffic = setInterval(() => fixture.come("8081", 1), 50);
      await until(() => Promise.resolve(fixture.asked.length), (asked) => asked >= 3, "questions");
      clearInterval(traffic);
      // The first is asked at once.
      const most = 1 + (performance.now() - began) / 500;
      assert.ok(fixture.asked.length <= most + 0.1, `${fixture.asked.length} of ${most}`);
      await grid(page).focus();
      await page.keyboard.press("End");
      await until(
        () => page.locator(".row .elapsed").last().innerText(),
        (text) => /^\d+ ms$|^< 1 ms$/.test(text.trim()),
        "the last row",
      );
    },
  ],
});

pageTest("columns", {
  "are shown, hidden and remembered": async (page) => {
    assert.equal(await columnsButton(page).getAttribute("aria-expanded"), "false");
    await columnsButton(page).click();
    assert.equal(await box(page, "Target").isChecked(), false);
    await box(page, "Target").check();
    await box(page, "Client").uncheck();
    await page.getByRole("button", { name: "Move Status left" }).click();
    const wanted = "State Time Target Method Path Status Summary Request Response Elapsed";
    assert.equal(await heads(page), wanted);
    assert.equal((await cells(page, "target"))[0], "shop.example.org:80");
    await page.keyboard.press("Escape");
    await hasFocus(columnsButton(page));
    await page.reload();
    await grid(page).waitFor();
    assert.equal(await heads(page), wanted);
    await columnsButton(page).click();
    await page.getByRole("button", { name: "As at first" }).click();
    assert.equal(await heads(page), "State Time Client Method Path Summary Status Request Response Elapsed");
    await page.mouse.click(300, 700);
    await page.getByRole("group", { name: "Columns" }).waitFor({ state: "detached" });
  },

  "that were chosen stay where others drop; the table is then scrolled sideways": [
    { context: { viewport: NARROW } },
    async (page) => {
      await columnsButton(page).click();
      assert.equal(await box(page, "Client").isChecked(), false, "it has dropped");
      await box(page, "Client").check();
      await box(page, "Target").check();
      await box(page, "Summary").uncheck();
      await page.keyboard.press("Escape");
      assert.equal(await heads(page), "State Time Client Target Method Path Status Response Elapsed");
      assert.equal(await grid(page).evaluate((element) => element.scrollWidth > element.clientWidth), true);
      assert.deepEqual(await violations(page), []);
    },
  ],

  "leave one that cannot be hidden": async (page) => {
    await columnsButton(page).click();
    for (const name of (await heads(page)).split(" ").slice(1)) await box(page, name).uncheck();
    assert.equal(await heads(page), "State");
    assert.equal(await box(page, "State").isDisabled(), true);
  },

  "are made wider by dragging and by keys, remembered, and put back": async (page) => {
    const before = await widthOf(page, "Time");
    const edge = await head(page, "Time").locator(".grip").boundingBox();
    assert.ok(edge);
    await page.mouse.move(edge.x + 4, edge.y + 10);
    await page.mouse.down();
    await page.mouse.move(edge.x + 54, edge.y + 10, { steps: 4 });
    await page.mouse.up();
    assert.equal(await widthOf(page, "Time"), before + 50);
    assert.equal(await sortOf(page, "Time"), "descending", "dragging does not sort");
    await grid(page).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Shift+ArrowRight");
    assert.equal(await widthOf(page, "Time"), before + 66);
    await page.keyboard.press("Shift+ArrowLeft");
    await page.reload();
    await grid(page).waitFor();
    assert.equal(await widthOf(page, "Time"), before + 50);
    await head(page, "Time").locator(".grip").dblclick();
    assert.equal(await widthOf(page, "Time"), before);
  },

  "and their menu have no violation that axe finds": async (page) => {
    await columnsButton(page).click();
    await head(page, "Client").waitFor();
    assert.deepEqual(await violations(page), []);
  },
});
