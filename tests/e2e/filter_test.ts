// The filter box in a browser: what it offers while one types, what is wrong at its place, and searches through contents.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { hasFocus, NARROW, pageTest, until, WIDE } from "./harness.ts";

const box = (page: Page) => page.getByRole("searchbox", { name: "Filter" });
const list = (page: Page) => page.getByRole("listbox", { name: "Suggestions" });
const option = (page: Page, name: string | RegExp) => list(page).getByRole("option", { name });
const grid = (page: Page) => page.getByRole("grid");
const typed = (page: Page, text: string) =>
  until(() => box(page).inputValue(), (now) => now === text, "what stands in the box");

pageTest("the filter box", {
  "completes fields and values by keyboard, and explains them": async (page) => {
    await page.keyboard.press("/");
    await list(page).getByRole("group", { name: "Fields" }).waitFor();
    await page.getByText("One of them must hold.").waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.type("metho");
    await page.keyboard.press("Tab");
    await typed(page, "method:");
    await page.getByText("The request's method.").waitFor();
    const seen = list(page).getByRole("group", { name: "In this table" });
    await seen.getByRole("option").first().waitFor();
    await page.keyboard.press("ArrowDown");
    const active = await box(page).getAttribute("aria-activedescendant");
    assert.equal(await page.locator(`#${active}`).getAttribute("aria-selected"), "true");
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Enter");
    await until(() => box(page).inputValue(), (text) => /^method:[A-Z]+$/.test(text), "the value");
    await list(page).waitFor({ state: "detached" });
    const used = await box(page).inputValue();
    await page.keyboard.press("Alt+ArrowDown");
    await page.keyboard.type(" ");
    await list(page).waitFor({ state: "detached" });
    await page.keyboard.press("Backspace");
    await page.getByText(/match the filter/).waitFor();
    await page.keyboard.press("Escape");
    await typed(page, "");
    await page.keyboard.press("Alt+ArrowDown");
    await option(page, used).click();
    await typed(page, used);
    await hasFocus(page.locator("#filter"));
  },

  "takes a clicked example, and says what is wrong at its place": async (page) => {
    await box(page).fill("GET -time:");
    await option(page, "time:>500ms").click();
    await typed(page, "GET -time:>500ms");
    await box(page).fill("GET status:banana x");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    assert.equal(
      await page.locator(".filter-wrong").allInnerTexts().then((all) => all.join("")),
      "status:banana",
    );
    assert.deepEqual(await violations(page), []);
  },

  "says what is wrong, and what the rows are, where it can be read while one types": async (page) => {
    await box(page).fill("StockQuote");
    await page.getByText("3 match the filter").waitFor();
    const ink = () =>
      page.locator(".row:not(.head) .path").first().evaluate((it) => getComputedStyle(it).color);
    const before = await ink();
    await box(page).fill("StockQuote status:>=");
    await option(page, ">=400").waitFor();
    const said = page.getByText(
      /^A number is missing after status:>=\. The rows are as before, those of StockQuote\.$/,
    );
    await said.nth(1).waitFor();
    const seen = await said.evaluateAll((all) =>
      all.map((one) => {
        const { left, top, width, height } = one.getBoundingClientRect();
        return one.contains(document.elementFromPoint(left + width / 2, top + height / 2));
      })
    );
    assert.deepEqual(seen, [true, false], "the suggestions, which cover the line, say it too");
    await page.getByText("3 match the filter before, StockQuote").waitFor();
    assert.notEqual(await ink(), before);
    assert.deepEqual(await violations(page), []);
    await page.setViewportSize(NARROW);
    assert.deepEqual(await violations(page), []);
    await page.setViewportSize(WIDE);
    await box(page).fill("nothing-like-this");
    await page.getByText("No exchange matches the filter").waitFor();
    await box(page).fill("nothing-like-this status:>=");
    await page.getByText("No exchange matches nothing-like-this").waitFor();
  },

  "shows hits while contents are searched, stops and goes on": async (page, fixture) => {
    let searched = 10;
    fixture.search = (filter) =>
      filter !== "body:tracking" ? null : {
        hits: searched / 10,
        progress: {
          searched,
          total: 200,
          bytes: searched * 1_000_000,
          complete: searched === 200,
          stopped: null,
        },
      };
    await box(page).fill("body:tracking");
    const progress = page.getByRole("progressbar", { name: "Search" });
    await progress.waitFor();
    await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "2", "the first hit");
    await page.getByText("1 hit, 10 of 200 searched").waitFor();
    const first = await page.locator(".row:not(.head)").first().innerText();
    searched = 50;
    await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "6", "more hits");
    assert.equal(await page.locator(".row:not(.head)").first().innerText(), first, "the newest stays");
    assert.equal(await progress.getAttribute("aria-valuenow"), "25");
    const chosen = page.locator(".row:not(.head)").nth(2);
    await chosen.click();
    const place = await page.locator('[role="row"][aria-selected="true"]').boundingBox();
    searched = 150;
    await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "16", "older hits");
    const moved = await page.locator('[role="row"][aria-selected="true"]').boundingBox();
    assert.equal(moved?.y, place?.y, "what is on the screen does not move for them");
    assert.deepEqual(await violations(page), []);
    await box(page).press("Escape");
    await page.getByRole("button", { name: "Search on" }).waitFor();
    const asked = fixture.asked.length;
    fixture.come("8081", 1);
    await page.getByRole("contentinfo").getByText("215 exchanges").waitFor();
    assert.equal(fixture.asked.length, asked, "nobody asks any more");
    await typed(page, "body:tracking");
    searched = 200;
    await page.getByRole("button", { name: "Search on" }).click();
    await progress.waitFor({ state: "detached" });
    await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "21", "all hits");
  },
});
