// A filter that hides what the panes show: it is said there, with the way to its row.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { hasFocus, NARROW, until } from "./harness.ts";
import { panes, request, response, select } from "./panes.ts";

const box = (page: Page) => page.getByRole("searchbox", { name: "Filter" });
const note = (page: Page) => request(page).getByRole("note", { name: "Not in the table" });
const row = (page: Page, name: RegExp) => page.getByRole("row", { name });

/** Waits until the rows are those of the filter. */
async function filtered(page: Page, filter: string, gone: RegExp, there: RegExp): Promise<void> {
  await box(page).fill(filter);
  await row(page, gone).first().waitFor({ state: "detached" });
  await row(page, there).first().waitFor();
}

panes("a filter that hides what the panes show", {
  "says so, and leads to its row by keyboard": async (page, through) => {
    await through.ask("/soap");
    await through.ask("/json");
    await select(page, /\/soap/);
    await response(page).getByText("141.80").waitFor();
    await filtered(page, "path:/json", /\/soap/, /\/json/);
    await note(page).getByText("The filter hides this exchange.").waitFor();
    await response(page).getByText("141.80").waitFor();
    assert.deepEqual(await violations(page), []);

    await note(page).getByRole("button").press("Enter");
    await note(page).waitFor({ state: "detached" });
    await until(
      () => row(page, /\/soap/).first().getAttribute("aria-selected"),
      (is) => is === "true",
      "that its row is selected",
    );
    assert.equal(await box(page).inputValue(), "");
    await hasFocus(page.getByRole("grid"));
  },

  "says so also where it hides all": async (page, through) => {
    await through.ask("/soap");
    await row(page, /\/soap/).first().click();
    await response(page).getByText("141.80").waitFor();
    await box(page).fill("path:/nothing-like-this");
    await page.getByText("No exchange matches the filter").waitFor();
    await note(page).getByText("The filter hides this exchange.").waitFor();
    await response(page).getByText("141.80").waitFor();
    await note(page).getByRole("button").click();
    await row(page, /\/soap/).first().waitFor();
    await note(page).waitFor({ state: "detached" });
  },

  "says nothing of what the table has, and of what the filter looks for within": async (page, through) => {
    await through.ask("/soap");
    await through.ask("/json");
    await select(page, /\/json/);
    await filtered(page, "body:12345678901234567890", /\/soap/, /\/json/);
    await select(page, /\/json/);
    assert.equal(await note(page).count(), 0);
    await filtered(page, "body:141.80", /\/json/, /\/soap/);
    await note(page).waitFor();
    await page.setViewportSize(NARROW);
    assert.ok(await note(page).getByRole("button").isVisible());
    await select(page, /\/soap/);
    await note(page).waitFor({ state: "detached" });
  },
});
