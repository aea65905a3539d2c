// The sorted table of the real program in a browser, with curl as the client: what comes takes its place, what is
// removed is exactly what was selected, and nothing else moves.

import assert from "node:assert/strict";
import { curl } from "../needs.ts";
import { Running } from "../running.ts";
import { browserTest, inPage, until } from "./harness.ts";

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
