// Copying from the panes, exactly and as formatted; and that axe-core finds nothing in them.

import assert from "node:assert/strict";
import type { BrowserContextOptions } from "playwright-core";
import { violations } from "./axe.ts";
import { NARROW, until } from "./harness.ts";
import { body, clipboard, find, hasFact, panes, request, response, select } from "./panes.ts";
import { EVERY_BYTE } from "./target.ts";

panes("copying", {
  "gives text exactly as it was on the wire": async (page, { ask }) => {
    const sent = await ask("/soap", "<q>\r\n</q>");
    await select(page, /\/soap/);
    await request(page).getByRole("button", { name: "Copy exact" }).click();
    await request(page).getByText(/^Copied \d+ B as on the wire, line ends CR LF kept$/).waitFor();
    assert.equal(await clipboard(page), sent);
  },

  "says that bytes are no text, and offers them otherwise": async (page, { send }) => {
    await send("?\0", "read");
    await select(page, /\?·/);
    const pane = response(page);
    await pane.getByRole("button", { name: "Copy exact" }).click();
    await pane.getByText("These 256 B are not text, so nothing was copied.").waitFor();
    const download = page.waitForEvent("download");
    await pane.getByRole("link", { name: "Save it instead" }).click();
    assert.deepEqual(await Deno.readFile(await (await download).path()), EVERY_BYTE);
    await pane.getByRole("button", { name: "Copy as hex digits" }).click();
    await pane.getByText("Copied 256 B as hex digits").waitFor();
    assert.match(await clipboard(page), /^00 01 02 .* fe ff$/);
  },

  "gives the formatted text": async (page, { ask }) => {
    await ask("/json");
    await select(page, /\/json/);
    await response(page).getByRole("button", { name: "Copy formatted" }).click();
    await response(page).getByText("Copied 8 lines as formatted").waitFor();
    assert.equal(
      await clipboard(page),
      '{\n  "big": 12345678901234567890,\n  "list": [\n    1,\n    2\n  ],\n  "text": "a\\"b"\n}',
    );
  },

  "says that it is under way, and copies what was asked for last": async (page, { ask }) => {
    await ask("/json");
    await select(page, /\/json/);
    const pane = response(page);
    const { promise: answers, resolve: answer } = Promise.withResolvers<void>();
    await page.route(/\/view\?.*lines=5000/, (route) => answers.then(() => route.continue()).catch(() => {}));
    await pane.getByRole("button", { name: "Copy formatted" }).click();
    await pane.getByText("Copying …").waitFor();
    await pane.getByRole("button", { name: "Copy exact" }).click();
    await pane.getByText(/^Copied .* as on the wire/).waitFor();
    const copied = await clipboard(page);
    await pane.getByRole("button", { name: "Copy formatted" }).click();
    await pane.getByText("Copying …").waitFor();
    assert.equal(await clipboard(page), copied);
    answer();
    await pane.getByText("Copied 8 lines as formatted").waitFor();
    assert.notEqual(await clipboard(page), copied);
  },

  "takes the bytes that are selected in hex, and says what they are": async (page, { send }) => {
    await send("?\0", "read");
    await select(page, /\?·/);
    const pane = response(page);
    await body(pane).getByText("@ABCDEFGHIJKLMNO").waitFor();
    await body(pane).click({ position: { x: 5, y: 15 } });
    for (let n = 0; n < 4; n++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Home");
    for (let n = 0; n < 10; n++) await page.keyboard.press("ArrowRight");
    for (let n = 0; n < 11; n++) await page.keyboard.press("Shift+ArrowRight");
    const said = await pane.locator(".pane-foot dd").allInnerTexts();
    assert.deepEqual(said, ["0x0040–0x0043", "4", "1,078,018,627", "1,128,415,552", "64, 65, 66, 67"]);
    assert.deepEqual(await pane.locator(".hex-selected").allInnerTexts(), ["40 41 42 43", "@ABC"]);
    await page.keyboard.press("Control+c");
    await until(() => clipboard(page), (text) => text === "40 41 42 43", "clipboard");
  },
});

const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
  ["wide and light", {}],
  ["narrow and dark", { viewport: NARROW, colorScheme: "dark" }],
];

for (const [look, context] of LOOKS) {
  panes(`axe-core finds nothing in panes that are ${look}`, {
    "with XML, a fold, and hits": async (page, { ask }) => {
      await ask("/soap", "<a/>");
      await select(page, /\/soap/);
      await find(response(page), "o", /^1 of \d+$/);
      assert.deepEqual(await violations(page, ".panes"), []);
    },
    "with JSON and a long head": async (page, { ask }) => {
      await ask("/json");
      await select(page, /\/json/);
      await body(response(page)).getByText("12345678901234567890").waitFor();
      assert.deepEqual(await violations(page, ".panes"), []);
    },
    "with selected bytes and a message": async (page, { send }) => {
      await send("?\0", "read");
      await select(page, /\?·/);
      await body(response(page)).press("Control+a");
      await response(page).getByRole("button", { name: "Copy exact" }).click();
      await response(page).getByText("not text").waitFor();
      assert.deepEqual(await violations(page, ".panes"), []);
    },
    "with warnings and an image": async (page, { ask }) => {
      await ask("/wrong");
      await select(page, /\/wrong/);
      await hasFact(response(page), /^not well-formed/);
      assert.deepEqual(await violations(page, ".panes"), []);
      await ask("/picture");
      await select(page, /\/picture/);
      await hasFact(response(page), "2 × 1 pixels");
      assert.deepEqual(await violations(page, ".panes"), []);
    },
  }, context);
}
