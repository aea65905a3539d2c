// A slow link in a browser: set and lifted from the toolbar, said on the button and the tab for as long as it is on.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { SlowLink } from "../../src/ui/types.ts";
import type { Fixture } from "./fixture.ts";
import { hasFocus, pageTest } from "./harness.ts";

const LIMITS = { bytesPerSecond: 64_000, latencyMs: 200, jitterMs: 50 };
const SLOW: SlowLink = { upstream: LIMITS, downstream: LIMITS };

const button = (page: Page) => page.getByRole("button", { name: /^Slow link/ });
const form = (page: Page) => page.getByRole("form", { name: "Slow link" });

function slowed(fixture: Fixture): void {
  fixture.listeners = fixture.listeners.map((listener) => ({ ...listener, slow: SLOW }));
}

pageTest("a slow link", {
  "is set while the listener listens, with the keyboard alone, and says that it is on": async (
    page,
    fixture,
  ) => {
    await button(page).press("Enter");
    await hasFocus(page.getByLabel("Bandwidth"));
    await page.keyboard.type("64 kB/s");
    await page.keyboard.press("Tab");
    await page.keyboard.type("200");
    await page.keyboard.press("Tab");
    await page.keyboard.type("50");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Slow link: 64 kB/s, 200 ms" }).waitFor();
    await page.getByRole("tab", { name: /8081.*slow/ }).waitFor();
    assert.deepEqual(fixture.calls, [`PATCH /api/listeners/l8081 ${JSON.stringify({ slow: SLOW })}`]);
    assert.equal(await form(page).count(), 0);
    await hasFocus(button(page));
  },

  "is lifted by one button": [{ prepare: slowed }, async (page, fixture) => {
    await button(page).click();
    assert.equal(await page.getByLabel("Bandwidth").inputValue(), "64 kB/s");
    await page.getByRole("button", { name: "Full speed" }).click();
    await page.getByRole("button", { name: "Slow link", exact: true }).waitFor();
    assert.deepEqual(fixture.calls, ['PATCH /api/listeners/l8081 {"slow":null}']);
    assert.equal(await page.getByRole("tab", { name: /slow/ }).count(), 0);
  }],

  "has each direction on its own": async (page, fixture) => {
    await button(page).click();
    await page.getByLabel("Bandwidth").fill("1 MB/s");
    await page.getByLabel("Both directions alike").uncheck();
    await page.getByLabel("Bandwidth to the client").fill("56 kbit/s");
    await page.getByLabel("Latency in milliseconds to the client").fill("120");
    await page.getByRole("button", { name: "Slow down" }).click();
    await page.getByRole("button", { name: "Slow link: ↑ 1 MB/s ↓ 7 kB/s, 120 ms" }).waitFor();
    assert.deepEqual(JSON.parse(fixture.calls[0].split(" ").at(-1)!), {
      slow: {
        upstream: { bytesPerSecond: 1_000_000, latencyMs: 0, jitterMs: 0 },
        downstream: { bytesPerSecond: 7_000, latencyMs: 120, jitterMs: 0 },
      },
    });
  },

  "is set in Apache TCPMon's words": async (page, fixture) => {
    await button(page).click();
    await page.getByLabel("Bytes per Pause").fill("100");
    await page.getByLabel("Delay in Milliseconds").fill("50");
    assert.equal(await page.getByLabel("Bandwidth").inputValue(), "2 kB/s");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Slow link: 2 kB/s" }).waitFor();
    assert.match(fixture.calls[0], /"bytesPerSecond":2000/);
  },

  "says beside the field what is wrong, and keeps what was typed": async (page, fixture) => {
    await button(page).click();
    await page.getByLabel("Bandwidth").fill("64 kb/s");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(/not clear whether that is bytes or bits/).waitFor();
    const rate = page.getByLabel("Bandwidth");
    assert.equal(await rate.getAttribute("aria-invalid"), "true");
    const told = await rate.getAttribute("aria-describedby");
    assert.match(await page.locator(`#${told}`).innerText(), /bytes or bits/);
    await hasFocus(rate);
    assert.deepEqual(fixture.calls, []);
    await rate.fill("64 kB/s");
    assert.equal(await page.getByRole("alert").count(), 0);
  },

  "offers links that many know": async (page) => {
    await button(page).click();
    await page.getByRole("button", { name: "3G" }).click();
    assert.equal(await page.getByLabel("Bandwidth to the client").inputValue(), "200 kB/s");
    assert.equal(await page.getByLabel("Jitter in milliseconds to the target").inputValue(), "50");
  },

  "closes with Esc or a press beside it, and changes nothing": async (page, fixture) => {
    await button(page).click();
    await page.getByLabel("Bandwidth").fill("1 kB/s");
    await page.keyboard.press("Escape");
    assert.equal(await form(page).count(), 0);
    await button(page).click();
    await page.getByRole("grid").click();
    assert.equal(await form(page).count(), 0);
    assert.deepEqual(fixture.calls, []);
  },
});
