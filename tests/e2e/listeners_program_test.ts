// Listeners of the real program in a browser: added, stopped, started, changed, closed, kept in a file; and what cannot
// be bound says why beside its field.

import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { Running } from "../running.ts";
import { browserTest, inPage, until } from "./harness.ts";

const tab = (page: Page, name: string | RegExp, selected?: boolean) =>
  page.getByRole("tab", selected ? { name, selected } : { name });
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** A server that says its name. */
function named(name: string, hostname = "127.0.0.1") {
  const server = Deno.serve({ hostname, port: 0, onListen: () => {} }, () => new Response(name));
  return { port: server.addr.port, shutdown: () => server.shutdown() };
}

/** A port that was free a moment ago. */
function freePort(hostname = "127.0.0.1"): number {
  using listener = Deno.listen({ hostname, port: 0 });
  return listener.addr.port;
}

async function fill(page: Page, fields: Readonly<Record<string, string | number>>): Promise<void> {
  for (const [label, text] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(String(text));
  }
}

async function get(port: number, path: string, host = "127.0.0.1"): Promise<string> {
  return await (await fetch(`http://${host}:${port}${path}`, { headers: { connection: "close" } })).text();
}

/** The sentence that an input is described by. */
async function toldAt(page: Page, label: string): Promise<string> {
  const input = page.getByLabel(label);
  await until(() => input.getAttribute("aria-invalid"), (invalid) => invalid === "true", `${label} is wrong`);
  const id = await input.getAttribute("aria-describedby");
  return await page.locator(`#${id}`).innerText();
}

async function inProgram(
  browser: Browser,
  args: readonly string[],
  look: (page: Page, running: Running) => Promise<void>,
): Promise<void> {
  const running = await Running.start(args);
  try {
    const context = { permissions: ["clipboard-read", "clipboard-write"], acceptDownloads: true };
    await inPage(browser, running.ready.ui, context, (page) => look(page, running));
  } finally {
    await running.stop();
  }
}

browserTest("a listener of the program is added, stopped, changed, started and closed", async (browser) => {
  const [one, two] = [named("one"), named("two")];
  await inProgram(browser, [], async (page) => {
    const port = freePort();
    await fill(page, {
      "Listen port": port,
      "Target host": "127.0.0.1",
      "Target port": one.port,
      "Name": "shop",
    });
    await button(page, "Add").click();
    await tab(page, new RegExp(`${port} shop`), true).waitFor();
    assert.equal(await get(port, "/first"), "one");
    await page.getByRole("row", { name: /\/first/ }).waitFor();

    await button(page, "Options").click();
    assert.equal(await page.getByLabel("Target port").isDisabled(), true, "it listens");
    await page.getByLabel("Name", { exact: true }).fill("orders");
    await page.keyboard.press("Enter");
    await tab(page, new RegExp(`${port} orders`)).waitFor();
    await button(page, "Options").click();
    await page.getByLabel("Name", { exact: true }).fill("never mind");
    await page.keyboard.press("Escape");
    await page.getByRole("row", { name: /\/first/ }).waitFor();
    assert.equal(await tab(page, /never mind/).count(), 0);

    await button(page, "Stop").click();
    await tab(page, /stopped/).waitFor();
    await assert.rejects(get(port, "/refused"));
    await button(page, "Options").click();
    const other = freePort();
    await fill(page, { "Listen port": other, "Target port": two.port, "Name": "" });
    await page.keyboard.press("Enter");
    await tab(page, new RegExp(`${other} → 127.0.0.1:${two.port} stopped`)).waitFor();
    await page.getByRole("row", { name: /\/first/ }).waitFor();
    await button(page, "Start").click();
    await button(page, "Stop").waitFor();
    assert.equal(await get(other, "/second"), "two");
    await page.getByRole("row", { name: /\/second/ }).waitFor();
    await page.getByRole("button", { name: "Columns" }).click();
    await page.getByRole("checkbox", { name: "Target" }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("row", {
      name: new RegExp(`/first.*127.0.0.1:${one.port}|127.0.0.1:${one.port}.*/first`),
    })
      .waitFor();

    await button(page, "Close").click();
    await page.getByText(`Close port ${other}? That takes 2 exchanges from this page.`).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("row", { name: /\/second/ }).waitFor();
    await button(page, "Close").click();
    await page.keyboard.press("Enter");
    await tab(page, "Add listener", true).waitFor();
    await assert.rejects(get(other, "/"));
  });
  await Promise.all([one.shutdown(), two.shutdown()]);
});

browserTest(
  "what cannot be bound says why beside its field, when it is added, started and changed",
  async (browser) => {
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const target = { "Target host": "localhost", "Target port": 80 };
    await inProgram(browser, [], async (page) => {
      await fill(page, { "Listen port": taken.addr.port, ...target });
      await page.keyboard.press("Enter");
      assert.match(
        await toldAt(page, "Listen port"),
        /the port is already used, by another program\. Take another/,
      );
      await page.getByRole("button", { name: /^Use \d+$/ }).click();
      await page.keyboard.press("Enter");
      await button(page, "Stop").waitFor();

      await tab(page, "Add listener").click();
      await fill(page, { "Listen port": freePort(), "on address": "192.0.2.1", ...target });
      await page.keyboard.press("Enter");
      assert.match(
        await toldAt(page, "Listen port"),
        /this machine has no address 192\.0\.2\.1\. Use 127\.0\.0\.1/,
      );
      await page.getByLabel("on address").fill("127.0.0.1");
      if (isForbidden(1)) {
        await page.getByLabel("Listen port").fill("1");
        await page.keyboard.press("Enter");
        assert.match(await toldAt(page, "Listen port"), /permission denied\. Use a port above 1023/);
      }
      const port = freePort();
      await fill(page, { "Listen port": port });
      await page.keyboard.press("Enter");
      await tab(page, new RegExp(String(port)), true).waitFor();

      await button(page, "Stop").click();
      await button(page, "Start").waitFor();
      const thief = Deno.listen({ hostname: "127.0.0.1", port });
      await button(page, "Start").click();
      assert.match(await toldAt(page, "Listen port"), /already used, by another program/);
      await tab(page, /cannot listen/).waitFor();
      await page.getByLabel("Listen port").fill(String(taken.addr.port));
      await button(page, "Save and start").click();
      assert.match(await toldAt(page, "Listen port"), /already used/);
      thief.close();
      await page.getByLabel("Listen port").fill(String(port));
      await button(page, "Save and start").click();
      await button(page, "Stop").waitFor();
      await tab(page, new RegExp(`${port} → localhost:80`), true).waitFor();

      await button(page, "Stop").click();
      await button(page, "Options").click();
      await page.getByLabel("Target port").fill(String(port));
      await button(page, "Save changes").click();
      assert.match(await toldAt(page, "Target host"), /in a circle\. Give another target or listen port/);
    });
    taken.close();
  },
);

/** Whether this user may not bind the port. */
function isForbidden(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return false;
  } catch (error) {
    return error instanceof Deno.errors.PermissionDenied;
  }
}

browserTest("a listener of the program listens on IPv6, and forwards over it", async (browser) => {
  let target;
  try {
    target = named("six", "::1");
  } catch {
    return console.log("skipped: this machine has no IPv6");
  }
  await inProgram(browser, [], async (page) => {
    const port = freePort("::1");
    await fill(page, {
      "Listen port": port,
      "on address": "::1",
      "Target host": "[::1]",
      "Target port": target.port,
    });
    await page.keyboard.press("Enter");
    await tab(page, new RegExp(`${port} → \\[::1\\]:${target.port}`), true).waitFor();
    assert.equal(await get(port, "/over-six", "[::1]"), "six");
    await page.getByRole("row", { name: /over-six/ }).waitFor();
  });
  await target.shutdown();
});

browserTest(
  "listeners are saved, to the file of --config and as a copy, and come back from both",
  async (browser) => {
    const target = named("kept");
    const folder = Deno.makeTempDirSync();
    const file = `${folder}/ours.json`;
    const ports = [freePort(), freePort()];
    const first = { name: "first", listen: ports[0], target: `127.0.0.1:${target.port}` };
    await Deno.writeTextFile(file, JSON.stringify({ $schema: "tcpmon.schema.json", listeners: [first] }));
    const copy = `${folder}/copy.json`;
    await inProgram(browser, ["--config", file], async (page) => {
      await tab(page, "Add listener").click();
      await fill(page, { "Listen port": ports[1], "Target host": "shop.example.org", "Target port": 80 });
      await page.locator("summary", { hasText: "Host header" }).click();
      await page.getByLabel("Keep").check();
      await page.locator("summary", { hasText: "Upstream proxy" }).click();
      await page.getByLabel("This one").check();
      await fill(page, {
        "Proxy host": "proxy.example.org",
        "Proxy port": 3128,
        "User": "ann",
        "Password": "s3cret",
      });
      await page.locator("summary", { hasText: "Slow link" }).click();
      await page.getByLabel("Slow the link down").check();
      await page.getByLabel("Bandwidth").fill("64 kB/s");
      await button(page, "Add").click();
      await tab(page, new RegExp(String(ports[1])), true).waitFor();

      await tab(page, "Add listener").click();
      await button(page, "Copy as command line").click();
      await page.getByText(/^Copied\. The password of the proxy is not in it/).waitFor();
      assert.equal(
        await page.evaluate(() => navigator.clipboard.readText()),
        `tcpmon -l ${ports[0]} -t 127.0.0.1:${target.port} --name first ` +
          `-l ${
            ports[1]
          } -t shop.example.org:80 --host-header keep --via http://ann@proxy.example.org:3128 ` +
          "--slow 64kB/s",
      );
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        button(page, "Save configuration").click(),
      ]);
      assert.equal(download.suggestedFilename(), "tcpmon.json");
      await download.saveAs(copy);

      await Deno.writeTextFile(file, "{}");
      await button(page, "Save to ours.json").click();
      await page.getByText(/it was changed since tcpmon read it/).waitFor();
      assert.equal(await Deno.readTextFile(file), "{}");
      await button(page, "Overwrite it").click();
      await page.getByText(/^Saved to .*ours\.json\./).waitFor();
    });
    assert.equal(await Deno.readTextFile(`${file}~`), "{}");
    const [kept, copied] = [await Deno.readTextFile(file), await Deno.readTextFile(copy)];
    assert.doesNotMatch(kept + copied, /s3cret/);
    assert.equal(JSON.parse(kept).$schema, "tcpmon.schema.json");
    assert.deepEqual(JSON.parse(kept).listeners, JSON.parse(copied).listeners);
    for (const config of [file, copy]) {
      await inProgram(browser, ["--config", config], async (page) => {
        await tab(page, new RegExp(`${ports[0]} first`)).waitFor();
        await tab(page, new RegExp(`${ports[1]} → shop\\.example\\.org:80`)).click();
        await button(page, "Options").click();
        await page.locator("summary", { hasText: /Host header\s*keep/ }).waitFor();
        await page.locator("summary", { hasText: /Upstream proxy\s*proxy\.example\.org:3128/ }).waitFor();
        await page.locator("summary", { hasText: /Slow link\s*64 kB\/s/ }).waitFor();
        assert.equal(await get(ports[0], "/"), "kept");
      });
    }
    await target.shutdown();
    await Deno.remove(folder, { recursive: true });
  },
);
