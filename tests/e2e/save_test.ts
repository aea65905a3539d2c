// Saving from the page of the real program: exchanges as one text, a message as its exact bytes or its body; into the
// browser's downloads, and into the file that the browser's dialog gives. Nothing is replaced unasked.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import type { Download, Page } from "playwright-core";
import { Running } from "../running.ts";
import { violations } from "./axe.ts";
import { browserTest, inPage, until } from "./harness.ts";
import { panes, request, response, select, type Through } from "./panes.ts";
import { EVERY_BYTE, SOAP } from "./target.ts";

const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true });
const choice = (page: Page, name: string) => page.getByRole("menuitem", { name });

/** What the browser was given by `act`, and how it is called. */
async function downloaded(page: Page, act: () => Promise<void>, timeout = 10_000) {
  const coming = page.waitForEvent("download", { timeout });
  await act();
  const download: Download = await coming;
  return { name: download.suggestedFilename(), bytes: await Deno.readFile(await download.path()) };
}

/** One character a byte. */
function octets(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** Bytes of the API, with the page's cookie. */
async function apiBytes(page: Page, path: string): Promise<string> {
  return await page.evaluate(
    async (path) => new TextDecoder("latin1").decode(await (await fetch(path)).arrayBuffer()),
    path,
  );
}

/** Lets requests for these paths through, one after the other; the ids of their exchanges, once they are done. */
async function exchangesOf(page: Page, { ask }: Through, paths: readonly string[], body?: string) {
  const list = async () =>
    JSON.parse(await apiBytes(page, "/api/exchanges?limit=50")) as {
      readonly total: number;
      readonly exchanges: readonly { readonly id: string; readonly state: string }[];
    };
  const before = (await list()).total;
  for (const path of paths) await ask(path, body);
  const { exchanges } = await until(
    list,
    ({ total, exchanges }) =>
      total === before + paths.length && exchanges.every(({ state }) => state !== "open"),
    "the exchanges",
  );
  const ids = exchanges.slice(0, paths.length).map(({ id }) => id).reverse();
  await page.locator(".foot").getByText(`${before + paths.length} exchange`).waitFor();
  return ids;
}

/** Gives the page a dialog as of a browser with a user: he takes the name he is offered, or closes it. */
async function withDialog(page: Page, answer: "take" | "close" = "take"): Promise<void> {
  await page.evaluate((answer) => {
    Object.defineProperty(navigator, "webdriver", { get: () => false, configurable: true });
    const offered: string[] = [];
    Object.assign(globalThis, {
      offered,
      showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) => {
        offered.push(suggestedName);
        if (answer === "close") throw new DOMException("closed", "AbortError");
        const folder = await navigator.storage.getDirectory();
        return await folder.getFileHandle("kept.txt", { create: true });
      },
    });
  }, answer);
}

/** The names that the dialog was opened with, and what is in the file that it gave. */
async function kept(page: Page): Promise<{ offered: readonly string[]; text: string }> {
  return await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory();
    const file = await (await folder.getFileHandle("kept.txt", { create: true })).getFile();
    return {
      offered: (globalThis as unknown as { offered: string[] }).offered,
      text: new TextDecoder("latin1").decode(await file.arrayBuffer()),
    };
  });
}

const saved = (page: Page, words: string | RegExp) => page.locator(".foot").getByText(words);

panes("saving exchanges", {
  "gives the selected ones as one text, and no others, oldest first": async (page, through) => {
    const [json, , hints] = await exchangesOf(page, through, ["/json", "/wrong", "/hints", "/cut"]);
    await select(page, /\/hints/);
    await page.getByRole("row", { name: /\/json/ }).first().click({ modifiers: ["Control"] });
    const { name, bytes } = await downloaded(page, async () => {
      await page.keyboard.press("s");
      await choice(page, "Selected, as text 2 exchanges").and(page.locator(":focus")).waitFor();
      await page.keyboard.press("Enter");
    });
    assert.match(name, /^tcpmon-\d+-\d{8}-\d{6}\.txt$/);
    const text = octets(bytes);
    assert.deepEqual([...text.matchAll(/^Exchange: (\w+)$/gm)].map(([, id]) => id), [json, hints]);
    for (
      const heading of ["Listen Port", "Listen Host", "Target Host", "Target Port", "Time", "Elapsed Time"]
    ) {
      assert.equal(text.split(`\n${heading}: `).length, 3, heading);
    }
    for (const id of [json, hints]) {
      for (const side of ["request", "response"]) {
        const wire = await apiBytes(page, `/api/exchanges/${id}/${side}`);
        const heading = side === "request" ? "Request" : "Response";
        assert.ok(wire.length > 0 && text.includes(`==== ${heading} ====\n${wire}\n`), `${side} of ${id}`);
      }
    }
    await saved(page, "Gave 2 exchanges to the browser’s downloads").waitFor();
    await page.getByRole("grid").and(page.locator(":focus")).waitFor();
  },

  "gives all that match the filter, also those that are not on the screen": async (page, through) => {
    await exchangesOf(page, through, [...Array.from({ length: 40 }, () => "/json"), "/hints"]);
    await page.getByRole("searchbox", { name: "Filter" }).fill("path:/json");
    const { bytes } = await downloaded(page, async () => {
      await until(
        async () => await page.locator(".foot .facts").innerText(),
        (text) => /4\d match the filter/.test(text),
        "the filter's answer",
      );
      await save(page).click();
      await choice(page, "All that match the filter, as text").click();
    });
    const text = octets(bytes);
    const all = [...text.matchAll(/^==== Request ====\n(.*)\r$/gm)].map(([, line]) => line);
    assert.ok(all.length >= 40, `${all.length} exchanges`);
    assert.deepEqual(new Set(all), new Set(["GET /json HTTP/1.1"]));
    assert.match(text, new RegExp(`^tcpmon [\\d.]+: ${all.length} exchanges, saved `));
  },

  "names one by its time, method, path and status": async (page, through) => {
    const [id] = await exchangesOf(page, through, ["/json"]);
    await select(page, /\/json/);
    const { name } = await downloaded(page, async () => {
      await save(page).click();
      await choice(page, "Selected, as text 1 exchange").click();
    });
    assert.match(name, new RegExp(`^\\d{8}-\\d{6}-${id}-GET-json-409\\.txt$`));
  },

  "asks where, with the browser's dialog, and streams into the file that it gives": async (page, through) => {
    await exchangesOf(page, through, ["/json"]);
    await select(page, /\/json/);
    await withDialog(page);
    await save(page).click();
    await page.getByText("The browser asks where, and before it replaces a file.").waitFor();
    await choice(page, "Selected, as text").click();
    await saved(page, /^Saved 1 exchange as kept\.txt$/).waitFor();
    const { offered, text } = await kept(page);
    assert.match(offered.join(), /^\d{8}-\d{6}-e\d+-GET-json-409\.txt$/);
    assert.match(text, /^tcpmon [\d.]+: 1 exchange, saved /);
    assert.match(text, /\n==== Response ====\nHTTP\/1\.1 409 Conflict\r\n/);
  },

  "leaves everything as it was where the dialog is closed": async (page, through) => {
    await exchangesOf(page, through, ["/json"]);
    await select(page, /\/json/);
    await withDialog(page);
    await save(page).click();
    await choice(page, "Selected, as text").click();
    await saved(page, /^Saved 1 exchange/).waitFor();
    const { text } = await kept(page);
    await withDialog(page, "close");
    await save(page).click();
    await choice(page, "All, as text").click();
    await until(async () => (await kept(page)).offered.length, (count) => count === 1, "the dialog");
    assert.equal((await kept(page)).text, text);
    assert.equal(await page.getByRole("alert").count(), 0);
  },

  "does not ask where that is switched off, and remembers it": async (page, through) => {
    await exchangesOf(page, through, ["/json"]);
    await select(page, /\/json/);
    await withDialog(page);
    await save(page).click();
    await page.getByRole("menuitemcheckbox", { name: "Ask where", checked: true }).click();
    await page.getByText(
      "Goes to the browser's downloads; a file with the same name stays, and this one gets another name.",
    ).waitFor();
    await downloaded(page, () => choice(page, "Selected, as text").click());
    assert.deepEqual((await kept(page)).offered, []);
    await page.reload();
    await withDialog(page);
    await save(page).click();
    await page.getByRole("menuitemcheckbox", { name: "Ask where", checked: false }).click();
    await page.getByRole("menuitemcheckbox", { name: "Ask where", checked: true }).waitFor();
  },

  "says why it could not, and that the file is not complete": async (page, through) => {
    await exchangesOf(page, through, ["/json"]);
    await select(page, /\/json/);
    await withDialog(page);
    await page.route(
      "**/api/exchanges/save*",
      (route) => route.fulfill({ status: 500, json: { error: "Cannot answer: the disk is gone." } }),
    );
    await save(page).click();
    await choice(page, "Selected, as text").click();
    const words =
      "Cannot save kept.txt: Cannot answer: the disk is gone. Save it again; what is there is not complete.";
    await page.getByRole("alert").getByText(words).waitFor();
  },

  "says how far it is, and can be stopped": async (page, through) => {
    await exchangesOf(page, through, ["/json"]);
    await select(page, /\/json/);
    await withDialog(page);
    await page.evaluate(() => {
      const { fetch } = globalThis;
      const endless = (signal?: AbortSignal | null) =>
        new ReadableStream<Uint8Array>({
          start(controller) {
            controller.enqueue(new Uint8Array(3_000_000));
            signal?.addEventListener("abort", () => controller.error(signal.reason));
          },
        });
      globalThis.fetch = (url, init) =>
        String(url).includes("/save")
          ? Promise.resolve(new Response(endless(init?.signal)))
          : fetch(url, init);
    });
    await save(page).click();
    await choice(page, "Selected, as text").click();
    await saved(page, /^Saving 1 exchange as kept\.txt$/).waitFor();
    await saved(page, "3.0 MB so far").waitFor();
    await page.locator(".foot").getByRole("button", { name: "Stop" }).click();
    await page.getByRole("alert").getByText("Saving kept.txt was stopped: it is not complete.").waitFor();
    await saved(page, /^Saving/).waitFor({ state: "detached" });
  },

  "saves what was shown when the menu was opened, whatever has come since": async (page, through) => {
    const [id] = await exchangesOf(page, through, ["/wrong"]);
    await request(page).getByText("/wrong").first().waitFor();
    await save(page).click();
    await choice(page, "The one shown, as text").waitFor();
    await exchangesOf(page, through, ["/hints"]);
    const { name } = await downloaded(page, () => choice(page, "The one shown, as text").click());
    assert.match(name, new RegExp(`-${id}-GET-wrong-200\\.txt$`));
  },

  "works by keys: arrows go round, Esc goes back": async (page, through) => {
    await exchangesOf(page, through, ["/json"]);
    await select(page, /\/json/);
    await withDialog(page);
    await page.keyboard.press("s");
    const focused = () => page.locator(":focus").innerText();
    assert.match(await focused(), /^Selected/);
    await page.keyboard.press("ArrowDown");
    assert.match(await focused(), /^All/);
    await page.keyboard.press("ArrowDown");
    assert.match(await focused(), /^Export/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.match(await focused(), /^Selected/);
    await page.keyboard.press("ArrowUp");
    assert.match(await focused(), /^Ask where/);
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "detached" });
    await page.getByRole("grid").and(page.locator(":focus")).waitFor();
  },
});

panes("a message to a file", {
  "gives its exact bytes, its body decoded, and its body as it was coded": async (page, through) => {
    const [id] = await exchangesOf(page, through, ["/soap"], "<q>é€</q>");
    await select(page, /\/soap/);
    const put = (pane: ReturnType<typeof request>, name: string) =>
      downloaded(page, async () => {
        await pane.getByRole("button", { name: "To file" }).click();
        await choice(page, name).click();
      });
    const exact = await put(request(page), "Exact bytes");
    assert.match(
      new TextDecoder().decode(exact.bytes),
      /^POST \/soap HTTP\/1\.1\r\nHost: [^]*\r\n\r\n<q>é€<\/q>$/,
    );
    assert.match(exact.name, new RegExp(`^\\d{8}-\\d{6}-${id}-POST-soap-200-request\\.http$`));
    const body = await put(request(page), "Body");
    assert.equal(new TextDecoder().decode(body.bytes), "<q>é€</q>");
    assert.match(body.name, /-POST-soap-200-request-body\.xml$/);

    const wire = await put(response(page), "Exact bytes");
    assert.equal(octets(wire.bytes), await apiBytes(page, `/api/exchanges/${id}/response`));
    assert.match(octets(wire.bytes), /Transfer-Encoding: chunked/);
    const decoded = await put(response(page), "Body, decoded");
    assert.equal(new TextDecoder().decode(decoded.bytes), SOAP);
    assert.match(decoded.name, /-POST-soap-200-response-body\.xml$/);
    const coded = await put(response(page), "Body as it was coded");
    assert.equal(gunzipSync(coded.bytes).toString(), SOAP);
    assert.match(coded.name, /-POST-soap-200-response-body\.xml\.gz$/);
  },

  "gives every byte of a turn": async (page, { send }) => {
    await send("?\0", "read");
    await select(page, /\?·/);
    const { name, bytes } = await downloaded(page, async () => {
      await response(page).getByRole("button", { name: "To file" }).click();
      await choice(page, "Exact bytes").click();
    });
    assert.deepEqual(bytes, EVERY_BYTE);
    assert.match(name, /-tcp-response\.bin$/);
  },

  "says that there is no body": async (page, { ask }) => {
    await ask("/not-modified");
    await select(page, /\/not-modified/);
    await response(page).getByRole("button", { name: "To file" }).click();
    await choice(page, "Body none").and(page.locator(":disabled")).waitFor();
  },

  "has menus without a violation of axe-core": async (page, { ask }) => {
    await ask("/soap", "<a/>");
    await select(page, /\/soap/);
    await withDialog(page);
    await response(page).getByRole("button", { name: "To file" }).click();
    await choice(page, "Body as it was coded").waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    await save(page).click();
    assert.deepEqual(await violations(page), []);
  },
});

/** Answers whatever comes on each connection: one answer for each request, which have no bodies. */
function echo() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answer = new TextEncoder().encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  const serving = (async () => {
    for await (const conn of listener) {
      const buffer = new Uint8Array(65_536);
      let rest = "";
      for (let read = await conn.read(buffer); read !== null; read = await conn.read(buffer)) {
        const requests = (rest + octets(buffer.subarray(0, read))).split("\r\n\r\n");
        rest = requests.pop()!;
        const answers = new Uint8Array(answer.length * requests.length);
        for (let n = 0; n < requests.length; n++) answers.set(answer, n * answer.length);
        for (let at = 0; at < answers.length;) at += await conn.write(answers.subarray(at));
      }
      conn.close();
    }
  })();
  return {
    address: `127.0.0.1:${listener.addr.port}`,
    end: async () => {
      listener.close();
      await serving;
    },
  };
}

browserTest("ten thousand selected exchanges are saved", async (browser) => {
  const COUNT = 10_000;
  const target = echo();
  const running = await Running.start(["-l", "0", "-t", target.address]);
  try {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
    const [reader, writer] = [conn.readable.getReader(), conn.writable.getWriter()];
    const reading = (async () => {
      const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".length;
      for (let left = COUNT * answer; left > 0;) left -= (await reader.read()).value!.length;
    })();
    for (let n = 0; n < COUNT; n += 1_000) {
      const lines = Array.from({ length: 1_000 }, (_, i) => `GET /n/${n + i} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await writer.write(new TextEncoder().encode(lines.join("")));
    }
    await reading;
    await inPage(browser, running.ready.ui, {}, async (page) => {
      await page.locator(".foot").getByText("10,000 exchanges").waitFor({ timeout: 60_000 });
      await page.getByRole("row", { name: /\/n\/9999/ }).click();
      await page.keyboard.press("Control+a");
      await save(page).click();
      await choice(page, "Selected, as text 10,000 exchanges").waitFor({ timeout: 60_000 });
      const { bytes } = await downloaded(
        page,
        () => choice(page, "Selected, as text 10,000 exchanges").click(),
        60_000,
      );
      const text = octets(bytes);
      const paths = [...text.matchAll(/^==== Request ====\nGET (\S+) HTTP\/1\.1\r$/gm)].map(([, path]) =>
        path
      );
      assert.deepEqual(paths, Array.from({ length: COUNT }, (_, n) => `/n/${n}`));
    });
    await writer.close();
    reader.releaseLock();
  } finally {
    await running.stop();
    await target.end();
  }
});
