// What the page says of limits: what went, what was recorded in part, whose beginning is gone, and that recording stopped.
// One program and one page for all of it.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { Running } from "../running.ts";
import { violations } from "./axe.ts";
import { browserTest, inPage, NARROW, until, WIDE } from "./harness.ts";

/** Answers with so many bytes as the path ends with; "/watch" begins an answer and never ends it. */
function target() {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    await request.body?.pipeTo(new WritableStream());
    const { pathname } = new URL(request.url);
    const bytes = new Uint8Array(Number(/\d+$/.exec(pathname)?.[0] ?? 5_000)).fill(0x78);
    const body = pathname === "/watch"
      ? new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(bytes) })
      : bytes;
    // Deno compresses text.
    return new Response(body, { headers: { "content-type": "application/octet-stream" } });
  });
  return { port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

const row = (page: Page, name: RegExp) => page.getByRole("row", { name });
const pane = (page: Page, name: "Request" | "Response") => page.getByRole("region", { name, exact: true });

browserTest("what limits do is said on the page", async (browser, t) => {
  await using server = target();
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const captures = `${folder}/captures`;
  Deno.mkdirSync(captures);
  const limits = ["--keep", "1MB", "--capture-limit", "100kB", "--capture", `${captures}/today.pcapng`];
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${server.port}`, ...limits]);
  const ask = async (path: string, body?: Uint8Array<ArrayBuffer>) => {
    const headers = { connection: "close" };
    const answer = await fetch(running.url() + path, { method: body ? "POST" : "GET", body, headers });
    await answer.arrayBuffer();
  };
  const watch = new AbortController();
  try {
    const watched = await fetch(`${running.url()}/watch`, { signal: watch.signal });
    // What goes before the index has read it has no row.
    const list = () => running.json<{ readonly total: number }>("/exchanges");
    await until(list, ({ total }) => total === 1, "the one that is watched");
    for (let count = 0; count < 40; count++) await ask(`/orders/${count}/50000`);
    await ask("/both/200000", new Uint8Array(150_000));
    await ask("/big/300000");
    const last = running.line(({ event, url }) => event === "exchange" && url === "/big/300000");
    await Promise.all([last, running.recording(({ dropped }) => dropped !== undefined)]);
    await inPage(browser, running.ready.ui, {}, async (page) => {
      const foot = page.getByRole("contentinfo");

      await t.step("the foot says how many exchanges went, until when, and what is kept", async () => {
        await foot.getByText(
          /capture [\d.]+ kB, kept: at most 1 MB\s*·\s*(at least )?\d+ exchanges up to \d\d:\d\d gone/,
        ).waitFor();
        await page.setViewportSize(NARROW);
        // There is room for less; the rest is in its title.
        const text = await until(() => foot.innerText(), (text) => !text.includes("kept"), "the narrow foot");
        assert.match(text, /\d+ exchanges gone/);
        const title = await foot.getByTitle(/today\.pcapng/).getAttribute("title");
        assert.match(title ?? "", /Kept: at most 1 MB; the oldest goes first\./);
        assert.match(title ?? "", /each direction of a connection: the first 100\.0 kB\./);
        await page.setViewportSize(WIDE);
      });

      await t.step("a message recorded in part is marked in its row, and its pane says so once", async () => {
        await row(page, /POST \/both\/200000 binary ?, request and response recorded in part/).waitFor();
        await row(page, /\/big\/300000 binary ?, response recorded in part/).click();
        const response = pane(page, "Response");
        await response.getByText(
          "Not recorded to its end: of what the target sends, the first 100,000 bytes of the connection are " +
            "recorded. All of it was relayed.",
        ).waitFor();
        assert.equal(await response.getByText(/bytes are missing in the capture/).count(), 1);
        assert.equal(await pane(page, "Request").getByText(/Not recorded to its end/).count(), 0);
        assert.deepEqual(await violations(page), []);
      });

      await t.step("an exchange that is open and whose beginning is gone says so", async () => {
        await row(page, /\/watch .*its beginning is not kept any more/).click();
        for (const name of ["Request", "Response"] as const) {
          await pane(page, name).getByText(/The first [\d,]+ bytes are missing in the capture/).waitFor();
        }
        assert.deepEqual(await violations(page), []);
      });

      await t.step("recording that stopped says why, once, and then what was not recorded", async () => {
        Deno.renameSync(captures, `${folder}/elsewhere`);
        await ask("/unrecorded/10");
        const alert = page.getByRole("alert");
        await alert.getByText(
          /^Recording has stopped: cannot see how much is free on the disk of .*today\.pcapng: the folder is not there\. Traffic is still relayed; recording goes on once it can\.$/,
        ).waitFor();
        assert.equal(await alert.count(), 1);
        assert.deepEqual(await violations(page), []);
        Deno.mkdirSync(captures);
        await alert.getByText(/^Recording goes on\. Nothing is recorded of what came from .* to .*\.$/)
          .waitFor();
        assert.equal(await alert.count(), 1);
        await ask("/recorded/10");
        await row(page, /\/recorded\/10/).waitFor();
      });
    });
    watch.abort();
    await watched.body?.cancel().catch(() => {});
  } finally {
    watch.abort();
    await running.stop();
    Deno.removeSync(folder, { recursive: true });
  }
});
