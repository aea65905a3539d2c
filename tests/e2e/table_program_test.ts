// The sorted table of the real program in a browser, with curl as the client: what comes takes its place, what is
// removed is exactly what was selected, and nothing else moves.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { curl } from "../needs.ts";
import { Running } from "../running.ts";
import { browserTest, inPage, until } from "./harness.ts";
import { panes, request, response, select } from "./panes.ts";

browserTest("the table of the program is sorted, filled and emptied", async (browser) => {
  if (curl === null) return console.log("skipped: curl is missing: apt-get install curl");
  const backend = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => new Response("x".repeat(Number(new URL(request.url).searchParams.get("size")))),
  );
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${backend.addr.port}`]);
  const call = async (...sizes: number[]) => {
    const urls = sizes.map((size) => `${running.url()}/order?size=${size}`);
    const { success } = await new Deno.Command(curl!, { args: ["-sS", ...urls], stdout: "null" }).output();
    assert.ok(success);
  };
  try {
    await call(3000, 1000, 5000, 2000);
    await inPage(browser, running.ready.ui, {}, async (page) => {
      const paths = () => page.locator(".row:not(.head) .path").allInnerTexts();
      const areSizes = async (...sizes: number[]) => {
        const wanted = sizes.map((size) => `/order?size=${size}`).join();
        await until(paths, (texts) => texts.join() === wanted, wanted);
      };
      await areSizes(2000, 5000, 1000, 3000);
      await page.getByRole("columnheader", { name: "Response" }).getByRole("button").click();
      await areSizes(5000, 3000, 2000, 1000);
      await page.mouse.move(700, 880);
      await call(4000, 6000);
      await areSizes(6000, 5000, 4000, 3000, 2000, 1000);

      await page.getByRole("row", { name: /size=5000/ }).click();
      await page.getByRole("row", { name: /size=3000/ }).click({ modifiers: ["Shift"] });
      await page.keyboard.press("Delete");
      await page.getByText(/^Remove the 3 selected exchanges/).waitFor();
      await page.keyboard.press("Enter");
      await areSizes(6000, 2000, 1000);

      await page.getByRole("searchbox", { name: "Filter" }).fill("-path:2000");
      await areSizes(6000, 1000);
      await page.getByRole("columnheader", { name: "Response" }).getByRole("button").click();
      await areSizes(1000, 6000);
      await page.getByRole("button", { name: "Follow newest" }).click();
      await call(7000);
      await areSizes(7000, 6000, 1000);
    });
  } finally {
    await running.stop();
    await backend.shutdown();
  }
});

/** The cells of the newest row whose path is this, by the heads of their columns. */
async function cellsOf(page: Page, path: string): Promise<Record<string, string>> {
  const heads = await page.getByRole("columnheader").allInnerTexts();
  const row = page.getByRole("row", { name: new RegExp(RegExp.escape(path)) }).first();
  const cells = await row.getByRole("gridcell").allInnerTexts();
  return Object.fromEntries(heads.map((head, at) => [head.replace(/ [↓↑]$/, "").trim(), cells[at]?.trim()]));
}

panes("the table of the program", {
  "has TCPMon's columns: state, time, request host, target host, request, elapsed time": async (
    page,
    { target, ask },
  ) => {
    await ask("/json");
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Target" }).check();
    await page.keyboard.press("Escape");
    await select(page, /\/json/);
    const cells = await until(() => cellsOf(page, "/json"), ({ State }) => State === "done", "the row");
    assert.match(cells.Time, /^\d\d:\d\d:\d\d\.\d{3}$/);
    assert.match(cells.Client, /^127\.0\.0\.1:\d+$/);
    assert.equal(cells.Target, target.address);
    assert.deepEqual([cells.Method, cells["Path or first bytes"], cells.Status], ["GET", "/json", "409"]);
    assert.match(cells.Elapsed, /^(< )?\d+(\.\d+)? m?s$/);
    assert.match(cells.Request, /^\d+ B$/);
    assert.match(cells.Response, /^\d+ B$/);
  },

  "says in words what TCPMon calls Active, Resp, Req, Done and Error": async (page, { target, send }) => {
    const state = (path: string) => page.getByRole("row", { name: path }).first().locator(".state");
    await send("POST /wait HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", "leave");
    await select(page, /\/wait/);
    assert.equal(await state("/wait").innerText(), "open");
    await request(page).getByText("3 B of 10 B").waitFor();
    await request(page).getByText(/^still arriving, /).waitFor();
    await response(page).getByText(/^Waiting for the response, /).waitFor();
    assert.equal(await state("/wait").getAttribute("title"), "open: no response yet");

    await target.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nok");
    await until(
      () => state("/wait").getAttribute("title"),
      (title) => title === "open: the response is arriving",
      "the state",
    );
    await response(page).getByText("2 B of 4 B").waitFor();
    await target.send("ok");
    await response(page).getByText(/, complete /).waitFor();
    await request(page).getByText(/^still arriving, /).waitFor();
    assert.equal(await state("/wait").innerText(), "open");
    target.finish();

    await send("GET /json HTTP/1.1\r\nHost: a\r\n\r\n", "read");
    await until(() => state("/json").innerText(), (text) => text === "done", "the state");
    assert.equal(await state("/json").getAttribute("title"), "done");
  },

  "removes exactly the rows that are selected, whatever lies between them": async (page, { ask }) => {
    for (let n = 0; n < 2; n++) for (const path of ["/hints", "/wrong", "/cut", "/long"]) await ask(path);
    const paths = () => page.locator(".row:not(.head) .path").allInnerTexts();
    const newest = ["/long", "/cut", "/wrong", "/hints", "/long", "/cut", "/wrong", "/hints"];
    await until(paths, (all) => all.slice(0, 8).join() === newest.join(), "the rows");
    const before = await paths();
    await page.locator("[data-ordinal] .path").nth(0).click();
    for (const at of [3, 5]) {
      await page.locator("[data-ordinal] .path").nth(at).click({ modifiers: ["Control"] });
    }
    await page.getByRole("button", { name: "Remove selected" }).click();
    await page.getByText(/^Remove the 3 selected exchanges/).waitFor();
    await page.keyboard.press("Enter");
    const left = before.filter((_, at) => ![0, 3, 5].includes(at));
    await until(paths, (all) => all.join() === left.join(), "the rows that are left");
  },

  "asks once before it removes all, and Esc keeps them": async (page, { ask }) => {
    await ask("/json");
    const rows = page.locator("[data-ordinal]");
    // Those of the steps before are there at once; this one comes.
    await until(
      () => rows.first().locator(".path").innerText(),
      (path) => path === "/json",
      "the newest row",
    );
    const before = await rows.count();
    await page.getByRole("button", { name: "Remove all" }).click();
    await page.getByRole("alertdialog").getByText(/^Remove all \d+ exchanges? of port \d+\?/).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Remove all" }).waitFor();
    assert.equal(await rows.count(), before);
    await page.getByRole("button", { name: "Remove all" }).click();
    await page.keyboard.press("Enter");
    await until(() => rows.count(), (count) => count === 0, "the rows");
  },

  "follows the most recent until another is selected": async (page, { ask }) => {
    await ask("/json");
    await request(page).getByText("/json").first().waitFor();
    await ask("/hints");
    await request(page).getByText("/hints").first().waitFor();
    await select(page, /\/json/);
    await ask("/wrong");
    await page.getByRole("button", { name: "Follow newest 1 new" }).waitFor();
    await request(page).getByText("/json").first().waitFor();
    await page.getByRole("button", { name: "Follow newest" }).click();
    await request(page).getByText("/wrong").first().waitFor();
  },

  "tells a target that refuses in the row and in the pane": async (page) => {
    const other = page.getByRole("tab", { name: /127\.0\.0\.1:1\b/ });
    await other.click();
    const [, port] = /(\d+)/.exec(await other.innerText())!;
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    await conn.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    const failed = page.getByRole("row", { name: /failed/ }).first();
    await failed.click();
    assert.equal(await failed.locator(".state").innerText(), "failed");
    await response(page).getByText(/refused the connection/).first().waitFor();
    conn.close();
  },
});
