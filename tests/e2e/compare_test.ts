// Comparing any two messages, with the real program: how they are chosen, how what differs is shown, gone through, copied.

import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import { panes } from "./panes.ts";
import { hasFocus, NARROW, until, WIDE } from "./harness.ts";

/** A request whose head and body differ from those of others in what is given. */
function post(symbol: string, prefix: string, more = "", length = 12): string {
  const rows = Array.from({ length }, (_, n) => `<${prefix}:r n="${n}">${n}</${prefix}:r>`).join("");
  const body =
    `<${prefix}:q xmlns:${prefix}="urn:q"><${prefix}:s>${symbol}</${prefix}:s>${rows}</${prefix}:q>`;
  return `POST /${symbol} HTTP/1.1\r\nHost: a\r\n${more}Content-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

panes("compare: two selected, side by side and in one column, by keys, as diff", {
  "two selected rows": async (page, { send }) => {
    await send(post("GOOG", "q", "X-A: 1\r\nX-B: 2\r\n", 300), "leave");
    const row = (path: string) => page.getByRole("row", { name: new RegExp(path) });
    await row("/GOOG").waitFor();
    await send(post("MSFT", "q", "x-b: 2\r\nX-A: 3\r\n", 300), "leave");
    await row("/MSFT").click();
    await row("/GOOG").click({ modifiers: ["Control"] });
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    const region = page.getByRole("region", { name: "Comparison" });
    await region.getByLabel("Before: which message").selectOption("request");
    await region.getByLabel("After: which message").selectOption("request");
    // The older one is before; capital letters in names and their order are no difference, and are said.
    await region.getByText("Head: 2 of 6 lines differ").waitFor();
    await region.getByText("other capital letters after").waitFor();
    await region.getByText("Body: 1 of 303 lines differs").waitFor();
    const changed = region.locator(".diff-part");
    assert.deepEqual(await changed.allInnerTexts(), ["GOOG", "MSFT", "1", "3", "GOOG", "MSFT"]);
    assert.deepEqual(await violations(page, '[role="region"]'), []);

    await region.getByText("3 changes").waitFor();
    // A list to choose from takes letters for itself.
    await region.getByRole("group", { name: "Differences" }).focus();
    await page.keyboard.press("n");
    await page.keyboard.press("n");
    await region.getByText("2 of 3", { exact: true }).waitFor();
    await page.keyboard.press("p");
    await region.getByText("1 of 3", { exact: true }).waitFor();
    assert.match(await region.locator(".current").innerText(), /GOOG[^]*MSFT/);

    // What is equal and far away is folded, and can be unfolded in parts.
    await region.getByRole("button", { name: "298 lines equal" }).press("Enter");
    await hasFocus(region.getByRole("group", { name: "Differences" }));
    await region.getByRole("button", { name: "98 lines equal" }).click();
    await until(() => region.getByText("</q:q>").count(), (count) => count === 2, "the last line");

    await region.getByRole("button", { name: "Swap" }).click();
    await until(() => changed.first().innerText(), (text) => text === "MSFT", "the sides are swapped");
    await region.getByRole("button", { name: "Copy as diff" }).click();
    await region.getByText("Copied the difference, as patch reads it").waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^--- e2\/request\n\+\+\+ e1\/request\n@@ -1,12 \+1,12 @@\n-POST \/MSFT/);

    await page.setViewportSize(NARROW);
    await until(() => region.locator(".diff-pair").count(), (count) => count === 0, "one column");
    assert.equal(await region.getByRole("button", { name: "Side by side" }).isDisabled(), true);
    assert.deepEqual(await violations(page, '[role="region"]'), []);
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.keyboard.press("c");
    await region.waitFor({ state: "detached" });
    await page.getByRole("region", { name: "Request" }).waitFor();
  },
  "one row with the next one that is clicked, by structure and in hex": async (page, { send }) => {
    await send(post("ONE", "a"), "leave");
    const row = (path: string) => page.getByRole("row", { name: new RegExp(path) });
    await row("/ONE").waitFor();
    await send(post("TWO", "b"), "leave");
    await row("/ONE").click();
    await page.keyboard.press("c");
    await page.getByText("Click the exchange to compare with").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Click the exchange to compare with").waitFor({ state: "detached" });
    await page.keyboard.press("c");
    await row("/TWO").click();
    const region = page.getByRole("region", { name: "Comparison" });
    await region.getByLabel("Before: which message").selectOption("request");
    await region.getByLabel("After: which message").selectOption("request");
    await region.getByRole("button", { name: "Structure" }).click();
    await region.getByText(
      /^Structure: 1 changed; the prefixes of namespaces, which mean nothing, differ in 14/,
    )
      .waitFor();
    const list = region.getByRole("list", { name: "Differences of the structure" });
    assert.match(
      await list.innerText(),
      /changed\s*\/a:q\/a:s\/text\(\)\s*to\s*\/b:q\/b:s\/text\(\)\s*ONE\s*TWO/,
    );
    assert.deepEqual(await violations(page, '[role="region"]'), []);
    await region.getByRole("combobox", { name: "Format" }).selectOption("hex");
    await region.getByText(/^Body: [\d,]+ of [\d,]+ bytes differ$/).waitFor();
    await region.getByText("3c 61 3a 71", { exact: false }).first().waitFor();
    // Another row alone is looked at, not compared.
    await row("/ONE").click();
    await region.waitFor({ state: "detached" });
  },
  "the request of an exchange with its response, or with none": async (page, { send }) => {
    await send(post("ALONE", "z"), "leave");
    await page.getByRole("row", { name: /ALONE/ }).click();
    await page.keyboard.press("c");
    await page.getByRole("button", { name: "Its request with its response" }).click();
    const region = page.getByRole("region", { name: "Comparison" });
    await region.getByText(/Body:|There is nothing to compare/).first().waitFor();
    assert.equal(await region.getByLabel("Before: which message").inputValue(), "request");
    assert.equal(await region.getByLabel("After: which message").inputValue(), "response");
  },
  "what was unfolded stays so while one of them still arrives": async (page, { send, open }) => {
    const lines = Array.from({ length: 90 }, (_, n) => `line ${n}\n`).join("");
    const begin = (path: string, length: number) =>
      `POST /${path} HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\n\r\n`;
    const row = (path: string) => page.getByRole("row", { name: new RegExp(path) });
    await send(`${begin("whole", lines.length + 1)}${lines}.`, "leave");
    await row("/whole").waitFor();
    const growing = await open(`${begin("growing", lines.length + 200)}+\n${lines}`);
    await row("/growing").click();
    await row("/whole").click({ modifiers: ["Control"] });
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    const region = page.getByRole("region", { name: "Comparison" });
    await region.getByLabel("Before: which message").selectOption("request");
    await region.getByLabel("After: which message").selectOption("request");
    await region.getByText("One of them is still arriving").waitFor();
    await region.getByRole("button", { name: /lines equal/ }).click();
    await region.getByText("line 44", { exact: true }).first().waitFor();
    const sizes = () => region.locator(".who-size").allInnerTexts();
    const before = await sizes();
    await growing.write(new TextEncoder().encode("more\n"));
    await region.getByText("more", { exact: true }).first().waitFor();
    assert.equal(await region.getByText("line 44", { exact: true }).count(), 2);
    assert.equal(await region.getByRole("button", { name: /lines equal/ }).count(), 0);
    await until(sizes, (now) => now.some((size, at) => size !== before[at]), "the size of the longer one");

    await page.setViewportSize({ width: 320, height: 700 });
    const close = region.getByRole("button", { name: "Close comparison" });
    await until(async () => (await close.boundingBox())!.x, (x) => x < 300, "it is in the window");
    await close.click();
    await region.waitFor({ state: "detached" });
    await page.setViewportSize(WIDE);
  },
});
