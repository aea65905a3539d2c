// Sending again from the page of the real program: the targets keep every byte, and judge what was sent by that.

import assert from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import type { Locator, Page } from "playwright-core";
import type { Exchange } from "../../src/ui/types.ts";
import { Running } from "../running.ts";
import { violations } from "./axe.ts";
import { asksToLeave, browserTest, inContext, opened, until, WIDE } from "./harness.ts";
import { httpTarget, lineTarget, octetsOf } from "./heard.ts";
import { clipboard, request, response } from "./panes.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** One character a byte. */
const octets = (text: string) => octetsOf(encoder.encode(text));
const bytesOf = (octets: string) => Uint8Array.from(octets, (char) => char.charCodeAt(0));

const SOAP =
  '<?xml version="1.0" encoding="utf-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">' +
  "<e:Body><q:getQuote xmlns:q='urn:q'><q:symbol>GOOG</q:symbol></q:getQuote></e:Body></e:Envelope>";

/** What a step has. */
interface Scene {
  readonly page: Page;
  readonly running: Running;
  readonly http: ReturnType<typeof httpTarget>;
  readonly lines: ReturnType<typeof lineTarget>;
  /** Lets a client send this through the listener, waits for the row, selects it, and gives its Exchange. */
  ask(sent: string | Uint8Array): Promise<Exchange>;
  /** What the HTTP target hears next, once it has all of it: `length` bytes, or as many as come. */
  next(test: (heard: string) => boolean): Promise<string>;
}

/** Steps that share a program and its targets, each with a page of its own. */
function scene(name: string, steps: Readonly<Record<string, (scene: Scene) => Promise<void>>>): void {
  browserTest(name, async (browser, t) => {
    const http = httpTarget();
    const lines = lineTarget();
    const running = await Running.start(["-l", "0", "-t", http.address, "-l", "0", "-t", lines.address]);
    try {
      const permissions = ["clipboard-read", "clipboard-write"];
      await inContext(browser, { permissions }, async (page) => {
        for (const [what, step] of Object.entries(steps)) {
          await t.step(what, () =>
            opened(page, running.ready.ui, async (page) => {
              await step({
                page,
                running,
                http,
                lines,
                ask: (sent) => ask(page, running, sent),
                next: async (test) => {
                  const at = http.heard.length;
                  return await until(
                    () => Promise.resolve(http.heard.slice(at).at(-1) ?? ""),
                    test,
                    "the target hears",
                  );
                },
              });
            }));
        }
      });
    } finally {
      await running.stop();
      await http.end();
      await lines.end();
    }
  });
}

async function ask(page: Page, running: Running, sent: string | Uint8Array): Promise<Exchange> {
  const before = (await newest(running))?.id ?? null;
  const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
  const bytes = typeof sent === "string" ? encoder.encode(sent) : sent;
  for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
  await conn.read(new Uint8Array(65_536));
  conn.close();
  const row = await until(
    () => newest(running),
    (row) => row !== null && row.id !== before && row.state === "done",
    "the row of the request",
  );
  await selectNewest(page, running, row!);
  return row!;
}

/** Selects the newest row, once the table has it. */
async function selectNewest(page: Page, running: Running, { listener }: Exchange): Promise<void> {
  const { total } = await running.json<{ total: number }>(`/exchanges?listener=${listener}&limit=1`);
  await page.locator(`[role="grid"][aria-rowcount="${total + 1}"]`).waitFor();
  await select(page, 0);
  await page.locator('.row[aria-selected="true"]').and(page.locator(".row:not(.head)").first()).waitFor();
}

/** The newest Exchange of the first listener. */
async function newest(running: Running, at = 0): Promise<Exchange | null> {
  const { exchanges } = await running.json<{ exchanges: Exchange[] }>(
    `/exchanges?listener=${running.ready.listeners[at].id}&limit=1`,
  );
  return exchanges[0] ?? null;
}

/** Selects the row at this place, 0 being the topmost, once the table has come to rest on it. */
async function select(page: Page, at: number): Promise<void> {
  await page.locator(".row:not(.head)").nth(at).click();
}

const region = request;
const head = (page: Page) => region(page).getByRole("textbox", { name: "Head of the draft" });
const body = (page: Page) => region(page).getByRole("textbox", { name: /^Body of the draft/ });
const send = (page: Page) => region(page).getByRole("button", { name: /^Send/ });
const said = (page: Page, text: string | RegExp) => region(page).getByText(text).first();

async function edit(page: Page): Promise<void> {
  await request(page).getByRole("button", { name: "Edit", exact: true }).and(page.locator(":enabled"))
    .click();
  await send(page).and(page.locator(":enabled")).waitFor();
}

/** Types into an editor in the place of all that is there. */
async function write(page: Page, editor: Locator, text: string): Promise<void> {
  await editor.focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
}

/** Discards the Draft, also where that asks. */
async function discard(page: Page): Promise<void> {
  await region(page).getByRole("button", { name: "Discard" }).click();
  const question = page.getByRole("alertdialog").getByRole("button", { name: /^Discard/ });
  await until(
    async () => await question.isVisible() || await send(page).count() === 0,
    (is) => is,
    "the question, or nothing",
  );
  if (await question.isVisible()) await question.click();
  await send(page).waitFor({ state: "detached" });
}

const post = (body: string, about = "") =>
  `POST /orders HTTP/1.1\r\nhost: shop.example.org\r\nContent-Type: text/xml; charset=utf-8\r\n${about}Content-Length: ${
    encoder.encode(body).length
  }\r\n\r\n${body}`;

scene("a draft in a low window", {
  "scrolls, and nothing in it lies over another": async ({ page, ask }) => {
    await ask(`POST /low HTTP/1.1\r\nHost: a\r\nContent-Length: ${SOAP.length}\r\n\r\n${SOAP}`);
    await edit(page);
    const controls = region(page).locator(
      ".pane-bar .button, .cm-content, .draft-foot input, .draft-foot button",
    );
    for (
      const [width, height] of [[620, 800], [620, 700], [760, 700], [760, 800], [400, 700], [400, 560], [
        1024,
        500,
      ]]
    ) {
      await page.setViewportSize({ width, height });
      for (const control of await controls.all()) {
        await until(
          () =>
            control.evaluate((one) => {
              one.scrollIntoView({ block: "nearest" });
              const { left, top, width, height } = one.getBoundingClientRect();
              const y = top + Math.min(height / 2, 12);
              const hit = document.elementFromPoint(left + width / 2, y);
              return one.contains(hit) ? "" : `${hit?.className} over ${one.className}${one.textContent}`;
            }),
          (over) => over === "",
          `at ${width} × ${height}`,
        );
      }
    }
    await page.setViewportSize(WIDE);
  },
});

scene("resend as it was", {
  "straight and through the listener, byte for byte, with a link to where it came from": async (
    { page, running, ask, next },
  ) => {
    // A lone line feed, white space, and two headers of one name: nothing of it may be put in order.
    const sent =
      "POST /odd?x=%zz HTTP/1.1\nHost:  shop.example.org \r\nx-a: 1\r\nX-A: 2\nContent-Length: 3\r\n\r\na\0\xff";
    const origin = await ask(bytesOf(sent));
    for (const way of [/^Straight to/, /^Through port/]) {
      await page.getByRole("button", { name: "Which way to send again" }).click();
      await page.getByRole("radio", { name: way }).check();
      await page.keyboard.press("Escape");
      const heard = next((text) => text.length >= sent.length);
      await page.getByRole("button", { name: "Resend", exact: true }).click();
      assert.equal(await heard, sent);
      const row = await until(
        () => newest(running),
        (row) => row?.resendOf === origin.id && row.state === "done",
        "the new row",
      );
      await until(
        () => page.locator('.row[aria-selected="true"] .summary').innerText(),
        (text) => /resend of \d\d:\d\d:\d\d\.\d{3}/.test(text),
        "the new row is selected and names its origin",
      );
      assert.equal(row!.client, "tcpmon");
      const connection = await running.json<{ listen: string }>(`/connections/${row!.connection}`);
      assert.equal(connection.listen, running.ready.listeners[0].listen);
      // Back to the origin.
      await page.locator('.row[aria-selected="true"]').getByRole("button", { name: /:/ }).click();
      await until(
        () => page.locator('.row[aria-selected="true"] .client').innerText(),
        (client) => client === origin.client,
        "the origin is selected",
      );
    }
  },
  "several selected rows go in order, and what cannot be sent is said": async (
    { page, running, http, ask },
  ) => {
    for (const path of ["/first", "/second", "/third"]) await ask(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const at = http.heard.length;
    await select(page, 0);
    await page.locator(".row:not(.head)").nth(2).click({ modifiers: ["Shift"] });
    await page.keyboard.press("r");
    await page.getByText("Sent 3 of 3 exchanges again").waitFor();
    const paths = http.heard.slice(at).map((text) => text.split(" ")[1]);
    assert.deepEqual(paths, ["/first", "/second", "/third"]);
    await page.getByRole("button", { name: "Dismiss" }).click();

    await running.json(`/listeners/${running.ready.listeners[0].id}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ state: "stopped" }),
    });
    await page.getByRole("tab", { name: /stopped/ }).waitFor();
    await page.getByRole("button", { name: "Which way to send again" }).click();
    await page.getByRole("radio", { name: /^Through port/ }).check();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Resend", exact: true }).click();
    await page.getByText(
      /Sent 0 of 3 exchanges again, 3 could not be sent. Cannot send through .* not listening/,
    ).waitFor();
    await page.getByRole("button", { name: "Dismiss" }).click();
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByRole("button", { name: "Stop", exact: true }).waitFor();
  },
});

scene("resend edited", {
  "a SOAP request with é€: Content-Length is right in bytes, and the record stays": async (
    { page, running, ask, next },
  ) => {
    const sent = post(SOAP, 'SOAPAction: "urn:getQuote"\r\n');
    const origin = await ask(sent);
    await edit(page);
    const changed = SOAP.replace("GOOG", "é€😀");
    await write(page, body(page), changed);
    await said(page, `will be sent as ${encoder.encode(changed).length}`).waitFor();
    const wanted = octets(post(changed, 'SOAPAction: "urn:getQuote"\r\n'));
    const heard = next((text) => text.length >= wanted.length);
    await page.keyboard.press("Control+Enter");
    assert.equal(await heard, wanted);
    const record = await running.api(`/exchanges/${origin.id}/request`);
    assert.equal(await record.text(), sent, "the record is as it was");

    await until(
      () => newest(running),
      (row) => row?.resendOf === origin.id && row.state === "done",
      "the row",
    );
    await response(page).getByRole("button", { name: "Difference" }).click();
    const shown = response(page).getByRole("group", { name: "Difference of the response" });
    await shown.getByText(/^Head: 1 of \d lines differs$/).waitFor();
    await shown.locator(".diff-row.removed", { hasText: /<number>\d+<\/number>/ }).last().waitFor();
    await discard(page);
    await request(page).getByRole("button", { name: "Difference" }).click();
    const requests = request(page).getByRole("group", { name: "Difference of the request" });
    await requests.getByText("é€😀").first().waitFor();
    assert.deepEqual(await requests.locator(".diff-row.added .diff-part").allInnerTexts(), [
      String(encoder.encode(changed).length),
      "é€😀",
    ]);
    assert.deepEqual(await violations(page, '[role="region"]'), []);
  },
  "Content-Length is left wrong on purpose": async ({ page, ask, next }) => {
    await ask(post("<a>1</a>"));
    await edit(page);
    await write(page, body(page), "<a>12345</a>");
    await region(page).getByRole("radio", { name: "Leave 8 as typed" }).check();
    const wanted = post("<a>1</a>").replace("<a>1</a>", "<a>12345</a>");
    const heard = next((text) => text.length >= wanted.length);
    await send(page).click();
    assert.equal(await heard, wanted);
    await discard(page);
  },
  "the head as it is typed: any method, any header, a lone line feed kept": async ({ page, ask, next }) => {
    await ask("GET /a HTTP/1.1\nHost: a\r\nx-odd:   1\n\r\n");
    await edit(page);
    await write(page, head(page), "BREW /pot HTTP/1.1\nHost: a\nx-odd:   1\nX-Empty:");
    const wanted = "BREW /pot HTTP/1.1\nHost: a\r\nx-odd:   1\nX-Empty:\n\r\n";
    const heard = next((text) => text.length >= wanted.length);
    await send(page).click();
    assert.equal(await heard, wanted);
    await discard(page);
  },
  "a chunked body is coded in chunks again, with its trailers": async ({ page, ask, next }) => {
    const about = "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    await ask(`${about}3;x=1\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n`);
    await edit(page);
    await said(page, "sent in its chunks as they came").waitFor();
    await write(page, body(page), "äbcdef");
    await said(page, "sent as one chunk").waitFor();
    const wanted = octets(`${about}7\r\näbcdef\r\n0\r\nX-Sum: 5\r\n\r\n`);
    const heard = next((text) => text.length >= wanted.length);
    await send(page).click();
    assert.equal(await heard, wanted);
    await discard(page);
  },
  "a gzip-coded body is edited without its coding, and coded again or not": async ({ page, ask, next }) => {
    const coded = gzipSync("<a>1</a>");
    const about = `PATCH /z HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\n`;
    const sent = encoder.encode(`${about}Content-Length: ${coded.length}\r\n\r\n`);
    await ask(Uint8Array.from([...sent, ...coded]));
    await edit(page);
    await said(page, "shown without gzip, sent as recorded").waitFor();
    await write(page, body(page), "<a>22</a>");
    await said(page, "will be coded with gzip again").waitFor();
    let heard = await (async () => {
      const hears = next((text) => isWhole(text));
      await send(page).click();
      return await hears;
    })();
    assert.ok(heard.startsWith(`${about}Content-Length: `));
    assert.equal(
      decoder.decode(gunzipSync(bytesOf(heard.slice(heard.indexOf("\r\n\r\n") + 4)))),
      "<a>22</a>",
    );

    await region(page).getByRole("radio", { name: "Send it without" }).check();
    await said(page, "sent without gzip").waitFor();
    const hears = next((text) => isWhole(text));
    await send(page).click();
    heard = await hears;
    assert.equal(
      heard,
      "PATCH /z HTTP/1.1\r\nHost: a\r\nContent-Type: text/xml\r\nContent-Length: 9\r\n\r\n<a>22</a>",
    );
    await discard(page);
  },
  "a binary body is edited in hex": async ({ page, ask, next }) => {
    const about = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: ";
    await ask(bytesOf(`${about}4\r\n\r\n\x00\xff\x80\x0a`));
    await edit(page);
    assert.equal(await body(page).innerText(), "00 ff 80 0a");
    await write(page, body(page), "00 ff 8");
    await region(page).getByText('Cannot read "8" in line 1 as bytes').waitFor();
    assert.equal(await send(page).isDisabled(), true);
    await write(page, body(page), "00ff 81\n0d 00");
    const wanted = `${about}5\r\n\r\n\x00\xff\x81\x0d\x00`;
    const heard = next((text) => text.length >= wanted.length);
    await send(page).click();
    assert.equal(await heard, wanted);
    await discard(page);
  },
  "a charset is kept, and what it has not is refused at its place": async ({ page, ask, next }) => {
    const about =
      "POST /l HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Length: ";
    await ask(bytesOf(`${about}4\r\n\r\nB\xf6rs`));
    await edit(page);
    await write(page, body(page), "Börse\n1 €");
    await region(page).getByText('Cannot write "€" (U+20AC) in iso-8859-1, first in line 2, column 3')
      .waitFor();
    assert.equal(await region(page).locator(".draft-wrong").innerText(), "€");
    assert.equal(await send(page).isDisabled(), true);
    await write(page, body(page), "Börsé");
    const wanted = `${about}5\r\n\r\nB\xf6rs\xe9`;
    const heard = next((text) => text.length >= wanted.length);
    await send(page).click();
    assert.equal(await heard, wanted);
    await discard(page);
  },
  "laying out changes white space, and only when it is asked for": async ({ page, ask, next }) => {
    await ask(post("<a><b>1</b></a>"));
    await edit(page);
    assert.equal(await body(page).innerText(), "<a><b>1</b></a>");
    await region(page).getByRole("button", { name: "Lay out" }).click();
    const wanted = post("<a>\n  <b>1</b>\n</a>");
    const heard = next((text) => text.length >= wanted.length);
    await send(page).click();
    assert.equal(await heard, wanted);
    await discard(page);
  },
  "a body with an empty line in it is counted whole, and the head ends where it ends": async (
    { page, ask, next },
  ) => {
    await ask(post("<a>1</a>"));
    await edit(page);
    const changed = "<a>\n\n2\r\n\r\n</a>";
    await write(page, body(page), changed);
    const wanted = post(changed.replaceAll("\r", ""));
    const heard = next((text) => text.length >= wanted.length);
    await send(page).click();
    assert.equal(await heard, wanted);
    await discard(page);
  },
  "a body that is too large to be edited says so, and is sent as it was below an edited head": async (
    { page, ask, next },
  ) => {
    const large = new Uint8Array(1_000_001).fill(0xff);
    const about = (path: string) =>
      `PUT ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: ${large.length}\r\n\r\n`;
    await ask(Uint8Array.from([...encoder.encode(about("/large")), ...large]));
    await edit(page);
    await said(page, /^It has 1,000,001 B\. Up to 1,000,000 B can be edited/).waitFor();
    await write(page, head(page), about("/other").trimEnd().replaceAll("\r", ""));
    const wanted = about("/other") + octetsOf(large);
    const heard = next((text) => text.length >= wanted.length);
    await send(page).click();
    assert.ok(await heard === wanted, "its bytes are those of the record");
    await discard(page);
  },
  "what came before on the connection is sent first": async ({ page, running, http, ask }) => {
    const [login, read] = ["GET /login HTTP/1.1\r\nHost: a\r\n\r\n", "GET /read HTTP/1.1\r\nHost: a\r\n\r\n"];
    await ask(login + read);
    await until(
      () => newest(running),
      (row) => row?.url === "/read" && row.state === "done",
      "the second request",
    );
    await selectNewest(page, running, (await newest(running))!);
    await edit(page);
    await region(page).getByRole("checkbox", { name: /^Send what came before .* \(1 request\)$/ }).check();
    await write(page, head(page), "GET /write HTTP/1.1\nHost: a");
    const at = http.heard.length;
    await send(page).click();
    const wanted = login + read.replace("read", "write");
    await until(() => Promise.resolve(http.heard[at] ?? ""), (text) => text === wanted, "both requests");
    await discard(page);
  },
  "a changed draft is discarded only after a question, and stays when sending fails": async (
    { page, running, ask },
  ) => {
    await ask(post("<a>1</a>"));
    await edit(page);
    await page.keyboard.press("Escape");
    await send(page).waitFor({ state: "detached" });
    await edit(page);
    await write(page, body(page), "<a>kept</a>");
    await page.keyboard.press("Escape");
    await page.getByText(/^Discard the changed draft of/).waitFor();
    await page.keyboard.press("Escape");
    await body(page).getByText("kept").waitFor();

    const listener = running.ready.listeners[0].id;
    const headers = { "content-type": "application/json" };
    const put = (state: string) =>
      running.json(`/listeners/${listener}`, { method: "PATCH", headers, body: JSON.stringify({ state }) });
    await region(page).getByRole("radio", { name: /^Straight to/ }).check();
    await region(page).getByRole("radio", { name: /^Through port/ }).check();
    await put("stopped");
    await page.getByRole("tab", { name: /stopped/ }).waitFor();
    await send(page).click();
    await region(page).getByText(/^Cannot send through .*: it is not listening/).waitFor();
    await body(page).getByText("kept").waitFor();
    assert.deepEqual(await violations(page, '[role="region"]'), []);
    await put("listening");
    await discard(page);
  },
  "a changed draft is asked about before the page goes, and no longer once it was sent": async (
    { page, ask, next },
  ) => {
    await ask(post("<a>1</a>"));
    await edit(page);
    assert.equal(await asksToLeave(page), false, "nothing was typed");
    await ask(post("<a>2</a>"));
    await edit(page);
    await write(page, body(page), "<a>kept</a>");
    assert.equal(await asksToLeave(page), true);
    await body(page).getByText("kept").waitFor();
    const heard = next((heard) => heard.endsWith("<a>kept</a>"));
    await send(page).click();
    await heard;
    await send(page).and(page.locator(":enabled")).waitFor();
    assert.equal(await asksToLeave(page), false, "it was sent");
  },
  "a changed draft is named where its listener is closed, and goes with it": async (
    { page, running, http },
  ) => {
    const headers = { "content-type": "application/json" };
    const route = JSON.stringify({ listen: "127.0.0.1:0", target: http.address });
    const { listen } = await running.json<{ listen: string }>("/listeners", {
      ...{ method: "POST", headers, body: route },
    });
    const answer = await fetch(`http://${listen}/closed`, { method: "POST", body: "<a/>" });
    await answer.body?.cancel();
    await page.getByRole("tab", { name: listen.split(":")[1] }).click();
    await page.getByRole("row", { name: /\/closed/ }).click();
    await edit(page);
    await write(page, body(page), "<a>typed</a>");
    await page.getByRole("button", { name: "Close", exact: true }).click();
    await page.getByText(/^Close port .*, and discards the changed draft\./).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("tab", { name: listen.split(":")[1] }).waitFor({ state: "detached" });
    assert.equal(await asksToLeave(page), false, "nobody sees it any more");
  },
  "Find goes through head and body, marks what is edited, and Esc closes it before the draft": async (
    { page, ask },
  ) => {
    await ask(post(SOAP, "X-Symbol: goog\r\n"));
    await edit(page);
    await body(page).focus();
    await page.keyboard.press("Control+f");
    const find = region(page).getByRole("search", { name: "Find in the draft" });
    await find.getByRole("textbox", { name: "Find" }).fill("goog");
    await find.getByText("1 of 2", { exact: true }).waitFor();
    await head(page).locator(".hit-current").waitFor();
    await page.keyboard.press("Enter");
    await body(page).locator(".hit-current", { hasText: "GOOG" }).waitFor();
    await write(page, head(page), "POST /goog/goog HTTP/1.1\nContent-Length: 0");
    await find.getByText("2 of 3", { exact: true }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    await find.waitFor({ state: "detached" });
    assert.equal(await region(page).locator(".hit").count(), 0);
    await discard(page);
  },
  "a curl command is copied": async ({ page, ask }) => {
    await ask(post("<a>é</a>"));
    await request(page).getByRole("button", { name: "Copy as cURL" }).click();
    await request(page).getByText(/^Copied a curl command/).waitFor();
    const command = await clipboard(page);
    assert.match(command, /^curl /);
    assert.match(command, /--data-raw '<a>é<\/a>'/);
  },
});

scene("resend turns of raw TCP", {
  "turns are edited, added and sent, each after the target's": async ({ page, running, lines }) => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port(1) });
    const buffer = new Uint8Array(1_000);
    await conn.read(buffer);
    for (const line of ["EHLO here\r\n", "MAIL FROM:<a>\r\n"]) {
      await conn.write(encoder.encode(line));
      await conn.read(buffer);
    }
    conn.close();
    await page.getByRole("tab").nth(1).click();
    const row = page.locator(".row:not(.head)").filter({ hasText: "MAIL FROM" });
    await row.first().click();

    const at = lines.heard.length;
    const answered = async () => {
      const { exchanges } = await running.json<{ exchanges: Exchange[] }>(
        `/exchanges?listener=${running.ready.listeners[1].id}&limit=1`,
      );
      const answer = await running.api(`/exchanges/${exchanges[0].id}/response`);
      return await answer.text();
    };
    await page.getByRole("button", { name: "Resend", exact: true }).click();
    await until(
      () => Promise.resolve(lines.heard[at] ?? ""),
      (text) => text === "EHLO here\r\nMAIL FROM:<a>\r\n",
      "both turns",
    );
    await until(
      answered,
      (text) => text === "250 2 MAIL FROM:<a>\r\n",
      "the second turn waited for the first answer",
    );

    await row.last().click();
    await edit(page);
    await region(page).getByText("220 ready\\r\\n").waitFor();
    const turn = (n: number) => region(page).getByRole("textbox", { name: `Turn ${n}`, exact: true });
    await write(page, turn(2), "MAIL FROM:<é\\x00>\\r\\n");
    await region(page).getByRole("button", { name: "Add a turn" }).click();
    await write(page, turn(3), "RSET\\q");
    await region(page).getByText(/^Cannot read \\q in line 1, column 5/).waitFor();
    await write(page, turn(3), "RSET\\n");
    await region(page).getByRole("button", { name: "Move turn 3 up" }).click();
    await region(page).getByRole("button", { name: "Remove turn 1" }).click();
    assert.deepEqual(await violations(page, '[role="region"]'), []);
    await page.keyboard.press("Control+Enter");
    const wanted = octets("RSET\nMAIL FROM:<é\0>\r\n");
    await until(
      () => Promise.resolve(lines.heard.at(-1) ?? ""),
      (text) => text === wanted,
      "the turns as edited",
    );
    await until(answered, (text) => text === "250 2 MAIL FROM:<é\0>\r\n", "the second turn waited again");
  },
});

/** Whether a request has as many bytes of body as it says. */
function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  const length = /content-length: (\d+)/i.exec(text)?.[1];
  return end > 0 && length !== undefined && text.length >= end + 4 + Number(length);
}
