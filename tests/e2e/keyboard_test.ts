// The whole page by keyboard.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { pageTest, until } from "./harness.ts";

/** What has the focus: its role or tag, and its name. */
function focus(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement!;
    const inside = element.closest('[role="region"], section')?.getAttribute("aria-label");
    if (inside) return `in ${inside}`;
    return element.getAttribute("aria-label") ?? element.textContent?.replaceAll(/\s+/g, " ").trim() ?? "";
  });
}

const focused = (page: Page, what: string | RegExp) =>
  until(() => focus(page), (now) => typeof what === "string" ? now === what : what.test(now), "focus");

pageTest("keys", {
  "go to the filter, clear it, and come back to the table": async (page) => {
    await page.keyboard.press("/");
    await focused(page, "Filter");
    await page.keyboard.type("StockQuote/f]");
    assert.equal(await page.getByRole("searchbox").inputValue(), "StockQuote/f]", "in text they are text");
    await page.keyboard.press("Escape");
    assert.equal(await page.getByRole("searchbox").inputValue(), "");
    await page.keyboard.press("Escape");
    await focused(page, "Exchanges");
  },

  "go from the table to the request, and round the areas": async (page) => {
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await focused(page, "in Request");
    assert.equal(await page.evaluate(() => document.activeElement?.className.includes("cm-content")), true);
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.getByRole("combobox", { name: "Format" }).first().inputValue(), "auto");
    await page.keyboard.press("Escape");
    await focused(page, "Exchanges");
    await page.keyboard.press("Enter");
    await page.keyboard.press("F6");
    await focused(page, "in Response");
    await page.keyboard.press("F6");
    await focused(page, /^8081/);
    await page.keyboard.press("F6");
    await focused(page, "Filter");
    await page.keyboard.press("F6");
    await focused(page, "Exchanges");
    await page.keyboard.press("Shift+F6");
    await focused(page, "Filter");
  },

  "go from a pane back to the table, also where it has no text": async (page) => {
    await page.getByRole("row", { name: /10:24:58.114/ }).click();
    await page.getByRole("region", { name: "Request" }).getByText("/orders?status").first().waitFor();
    await page.keyboard.press("Enter");
    await focused(page, "in Request");
    assert.notEqual(await page.evaluate(() => document.activeElement?.tagName), "SELECT");
    await page.keyboard.press("Escape");
    await focused(page, "Exchanges");
  },

  "count as letters in the text of a pane, which is only read": [
    { rows: { "8081": 214, "8082": 3 } },
    async (page) => {
      await page.getByRole("row", { name: /getQuote, fault/ }).click();
      await page.locator(".cm-content").first().focus();
      await page.keyboard.press("]");
      await page.getByRole("tab", { name: /8082/, selected: true }).waitFor();
    },
  ],

  "follow, and switch tabs": [{ rows: { "8081": 3, "8082": 3 } }, async (page) => {
    const follow = page.getByRole("button", { name: "Follow newest" });
    await page.keyboard.press("f");
    await until(() => follow.getAttribute("aria-pressed"), (pressed) => pressed === "false", "pressed");
    await page.keyboard.press("f");
    await until(() => follow.getAttribute("aria-pressed"), (pressed) => pressed === "true", "pressed");
    for (
      const [key, tab] of [["]", /8082/], ["]", "Add listener"], ["]", "Sender"], ["]", /8081/], [
        "[",
        "Sender",
      ]] as const
    ) {
      await page.getByRole("tab", { selected: true }).focus();
      await page.keyboard.press(key);
      await page.getByRole("tab", { name: tab, selected: true }).waitFor();
    }
  }],

  "move between tabs with arrows": [{ rows: { "8081": 3, "8082": 3 } }, async (page) => {
    await page.getByRole("tab", { selected: true }).focus();
    await page.keyboard.press("ArrowRight");
    await focused(page, /^8082/);
    await page.keyboard.press("End");
    await focused(page, "Sender");
    await page.keyboard.press("ArrowRight");
    await focused(page, /^8081/);
  }],

  "are listed, and letters can be switched off for good": async (page) => {
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keys" });
    await dialog.waitFor();
    await page.getByLabel("Use single-letter keys").uncheck();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    await page.keyboard.press("/");
    assert.notEqual(await focus(page), "Filter");
    await page.reload();
    await page.getByRole("grid").waitFor();
    await page.keyboard.press("?");
    assert.equal(await dialog.isVisible(), false);
    await page.getByRole("button", { name: "Keys" }).click();
    await dialog.waitFor();
    await page.getByRole("button", { name: "Done" }).click();
    await dialog.waitFor({ state: "hidden" });
  },

  "go on after what was removed": async (page) => {
    await page.getByRole("row", { name: /10:24:55.003/ }).click();
    await page.keyboard.press("Delete");
    await until(() => page.getByRole("grid").getAttribute("aria-rowcount"), (rows) => rows === "214", "rows");
    await page.keyboard.press("ArrowDown");
    await page.locator('[role="row"][aria-selected="true"]').waitFor();
    const index = await page.locator('[role="row"][aria-selected="true"]').getAttribute("aria-rowindex");
    assert.equal(index, "4", "the row after it");
  },

  "take the focus back after a question": async (page) => {
    await page.getByRole("grid").focus();
    await page.keyboard.press("Shift+Delete");
    await focused(page, /^Remove 214/);
    await page.keyboard.press("Escape");
    await focused(page, "Exchanges");
  },

  "reach everything in the order of the page": async (page) => {
    await page.getByRole("row").nth(1).click();
    await page.getByRole("tab", { selected: true }).focus();
    const order: string[] = [];
    do {
      order.push(await focus(page));
      await page.keyboard.press("Tab");
    } while (await focus(page) !== order[0] && order.length < 60);
    const wanted = [
      "Filter",
      "Exchanges",
      "Height of the table",
      "in Request",
      "Width of the request",
      "in Response",
    ];
    assert.deepEqual(order.filter((name, i) => wanted.includes(name) && name !== order[i - 1]), wanted);
  },
});
