// Exporting from the page of the real program: the dialog by keys, rules that are refused and kept, what would be masked,
// and the file, in which what is masked is not.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { NARROW } from "./harness.ts";
import { panes } from "./panes.ts";

const dialog = (page: Page) => page.getByRole("dialog", { name: "Export" });

async function openDialog(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("menuitem", { name: "Export…" }).click();
  await dialog(page).waitFor();
}

panes("exporting exchanges", {
  "masks what the rules name, and lists it": async (page, { ask }) => {
    await ask("/json?token=hush-hush-4711&x=1");
    await page.getByRole("row", { name: /hush-hush/ }).first().waitFor();
    await openDialog(page);
    await dialog(page).getByText(/values? would be masked in/).waitFor();
    assert.deepEqual(await violations(page, "dialog[open]"), []);

    const rule = dialog(page).getByLabel("Rule to add");
    await rule.click();
    await rule.fill("jsn:x");
    await rule.press("Enter");
    await dialog(page).getByRole("alert").getByText(/no rule begins with "jsn:"/).waitFor();
    assert.equal(await rule.inputValue(), "jsn:x");
    await rule.fill("query:x");
    await rule.press("Enter");
    await dialog(page).getByRole("list", { name: "Rules" }).getByText("query:x").waitFor();
    await dialog(page).getByLabel("What becomes of query:x").selectOption("left out");
    await dialog(page).getByRole("radio", { name: /NDJSON/ }).check();
    await dialog(page).getByLabel("File name").fill("for the ticket.ndjson");

    const coming = page.waitForEvent("download");
    await dialog(page).getByRole("button", { name: "Export", exact: true }).click();
    const download = await coming;
    assert.equal(download.suggestedFilename(), "for the ticket.ndjson");
    const text = await Deno.readTextFile(await download.path());
    assert.ok(!text.includes("hush-hush"), "the token is in the file");
    assert.match(text, /\/json\?token=REDACTED"/);
    assert.match(text.trimEnd().split("\n").at(-1)!, /^{"event":"masked"/);

    const done = page.getByRole("dialog", { name: "Exported" });
    await done.getByText(/values? (was|were) masked/).waitFor();
    await done.getByRole("region", { name: "What is masked" }).getByText("token").first().waitFor();
    assert.deepEqual(await violations(page, "dialog[open]"), []);
    await page.keyboard.press("Enter");
    await done.waitFor({ state: "hidden" });

    // The rules are there again the next time, also after the page was loaded anew.
    await page.reload();
    await page.getByRole("row", { name: /hush-hush/ }).first().waitFor();
    await page.keyboard.press("x");
    await dialog(page).getByText("query:x").waitFor();
    assert.equal(await dialog(page).getByLabel("What becomes of query:x").inputValue(), "omit");
    assert.equal(await dialog(page).getByRole("radio", { name: /NDJSON/ }).isChecked(), true);
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "hidden" });
  },
  "fits into a narrow window": async (page, { ask }) => {
    await ask("/json");
    await page.setViewportSize(NARROW);
    await page.getByRole("row", { name: /json/ }).first().waitFor();
    await openDialog(page);
    const width = await dialog(page).evaluate((element) => element.scrollWidth - element.clientWidth);
    assert.equal(width, 0);
    await page.keyboard.press("Escape");
  },
});
