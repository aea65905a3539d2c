// What the page says about the program: live, lost, ended, late, and that recording has stopped.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { pageTest, until } from "./harness.ts";

/** As if the tab of a page came to the front of its window, or went behind another. */
async function show(page: Page, isSeen: boolean): Promise<void> {
  await page.evaluate((isHidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => isHidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, !isSeen);
}

pageTest("the connection to the program", {
  "is live, is lost for a while, and goes on with what came meanwhile": async (page, fixture) => {
    const status = page.getByRole("status");
    await until(() => status.innerText(), (text) => text === "live", "status");
    await page.route("**/api/events", (route) => route.abort());
    fixture.cut();
    await until(
      () => status.innerText(),
      (text) => /^reconnecting, last news \d+ s ago$/.test(text),
      "status",
    );
    fixture.come("8081", 3, { url: "/meanwhile" });
    await page.unroute("**/api/events");
    await until(() => status.innerText(), (text) => text === "live", "status");
    await page.getByRole("row", { name: /meanwhile/ }).first().waitFor();
    assert.equal(await page.getByRole("grid").getAttribute("aria-rowcount"), "218");
  },

  "is lost when the program stops answering, and back when it answers again": async (page) => {
    const status = page.getByRole("status");
    let answer = () => {};
    const answers = new Promise<void>((resolve) => answer = resolve);
    await page.route("**/api/listeners", (route) => answers.then(() => route.continue()).catch(() => {}));
    await status.getByText(/^reconnecting/).waitFor();
    answer();
    await until(() => status.innerText(), (text) => text === "live", "status");
  },

  "rests while nobody sees the page, and goes on where it was": async (page, fixture) => {
    await until(() => Promise.resolve(fixture.streams), (streams) => streams === 1, "streams");
    await show(page, false);
    await until(() => Promise.resolve(fixture.streams), (streams) => streams === 0, "streams");
    fixture.come("8081", 2, { url: "/unseen" });
    const resumed = page.waitForRequest((request) => request.url().includes("/api/events"));
    await show(page, true);
    assert.match(new URL((await resumed).url()).searchParams.get("lastEventId") ?? "", /^made-up-\d+$/);
    await page.getByRole("row", { name: /unseen/ }).first().waitFor();
    await until(() => page.getByRole("status").innerText(), (text) => text === "live", "status");
  },

  // More than the six connections that a browser gives all of them together.
  "leaves others room, however many pages are open": [{ context: {} }, async (page, fixture) => {
    for (let count = 2; count <= 8; count++) {
      await show(page, false);
      page = await page.context().newPage();
      await page.goto(fixture.url);
      await page.getByRole("row", { name: /10:24:57.640/ }).click();
      await page.getByRole("region", { name: "Request" }).getByText("POST").first().waitFor();
    }
  }],

  "ends with the program": async (page, fixture) => {
    await fixture.end();
    await page.getByRole("status").getByText("ended: tcpmon was stopped").waitFor();
    assert.ok(await page.getByRole("row").count() > 10, "what was seen stays");
    await page.getByRole("contentinfo").getByText("Was listening on 127.0.0.1:8081").waitFor();
    for (const name of ["Save", "Remove selected", "Remove all", "Stop", "Close"]) {
      assert.ok(await page.getByRole("button", { name, exact: true }).isDisabled(), name);
    }
    assert.equal(await page.locator(".tab .sign.ok").count(), 0, "no tab says that it listens");
  },

  "ends with the program, and then offers no command to try": [
    { rows: { "8081": 0 } },
    async (page, fixture) => {
      await page.getByText("curl -i http://localhost:8081/").waitFor();
      await fixture.end();
      await page.getByText("There is no connection to tcpmon").waitFor();
      assert.equal(await page.getByText(/^curl/).count(), 0);
    },
  ],

  "says that the page belongs to an earlier run, and does not speak of tokens": async (page, fixture) => {
    const refusal = { status: 401, json: { error: "The token is missing. Open the address with it." } };
    await page.route("**/api/**", (route) => route.fulfill(refusal));
    fixture.cut();
    await page.getByRole("alert").getByText(
      "This page belongs to an earlier run of tcpmon. Open the address that the new one printed.",
    ).waitFor();
    await page.getByRole("row", { name: /10:24:57.640/ }).click();
    await page.getByRole("region", { name: "Request" }).getByText(/earlier run of tcpmon/).waitFor();
    assert.equal(await page.getByText(/token/).count(), 0);
    assert.equal(await page.getByRole("button", { name: "Ask again" }).count(), 0);
  },

  "asks for everything again when news are missing": async (page, fixture) => {
    fixture.skip();
    fixture.come("8081", 1, { url: "/after-the-gap" });
    await page.getByRole("row", { name: /after-the-gap/ }).waitFor();
    await until(() => page.getByRole("grid").getAttribute("aria-rowcount"), (rows) => rows === "216", "rows");
  },
});

pageTest("the capture", {
  "says its size, that it is temporary, and when decoding is late": async (page, fixture) => {
    const foot = page.getByRole("contentinfo");
    await foot.getByText("capture 61.3 MB, temporary").waitFor();
    fixture.tell({ recording: { ...fixture.recording, behindMs: 4_200, behindBytes: 812_000_000 } });
    await foot.getByText("Decoding is 4.2 s behind (812.0 MB)", { exact: true }).waitFor();
    fixture.tell({ recording: { ...fixture.recording, behindMs: 0 } });
    await foot.getByText("Decoding is").waitFor({ state: "detached" });
  },

  "says when recording has stopped": async (page, fixture) => {
    fixture.tell({ recording: { ...fixture.recording, stopped: "less than 1 GiB is free on the disk" } });
    await page.getByRole("alert").getByText(
      "Recording has stopped: less than 1 GiB is free on the disk. Traffic is still relayed; recording goes on once it can.",
    ).waitFor();
  },

  "shows notices until they are dismissed": async (page, fixture) => {
    fixture.tell({ notice: "Accepting clients pauses: too many open files." });
    await page.getByRole("alert").getByText(/too many open files/).waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("alert").waitFor({ state: "detached" });
  },
});
