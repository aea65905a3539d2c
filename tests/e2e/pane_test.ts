// What the panes show of real messages: heads, bodies of every kind, what is wrong, what has not ended; and Format.

import assert from "node:assert/strict";
import { until } from "./harness.ts";
import {
  body,
  clipboard,
  facts,
  format,
  hasFact,
  panes,
  request,
  response,
  scroller,
  select,
  shown,
} from "./panes.ts";
import { EVERY_BYTE, SOAP } from "./target.ts";

panes("a pane shows", {
  "nothing while nothing is selected": async (page, { ask }) => {
    await ask("/not-modified");
    await page.getByRole("row", { name: /not-modified/ }).waitFor();
    await page.getByRole("row", { name: /not-modified/ }).click();
    await page.getByRole("row", { name: /not-modified/ }).click({ modifiers: ["Control"] });
    await request(page).getByText("Select an exchange to see its request").waitFor();
    await response(page).getByText("Select an exchange to see its response").waitFor();
    assert.equal(await format(response(page)).isDisabled(), true);
  },

  "head, codings and formatted body": async (page, { ask }) => {
    await ask("/soap", "<q:getQuote xmlns:q='urn:q'><q:symbol>GOOG</q:symbol></q:getQuote>");
    await select(page, /\/soap/);
    assert.match(await request(page).locator(".pane-start").innerText(), /^POST \/soap HTTP\/1\.1$/);
    assert.match(await response(page).locator(".pane-start").innerText(), /^HTTP\/1\.1 200 OK$/);
    const headers = response(page).locator(".pane-header");
    assert.deepEqual(
      await headers.evaluateAll((rows) =>
        rows.map((row) => [...row.children].map(({ textContent }) => textContent))
      ),
      [
        ["Content-Type", "text/xml; charset=utf-8"],
        ["Content-Encoding", "gzip"],
        ["Transfer-Encoding", "chunked"],
        ["X-Quote", "quote"],
      ],
    );
    await hasFact(response(page), "utf-8, declared");
    const [label, size, gzip, ...rest] = await facts(response(page));
    assert.deepEqual([label, size], ["Body", `${new TextEncoder().encode(SOAP).length} B`]);
    assert.match(gzip, /^gzip, \d+ B on the wire$/);
    assert.deepEqual(rest, ["chunked, 2 chunks", "utf-8, declared"]);
    assert.deepEqual((await shown(response(page))).slice(0, 4), [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">',
      "  <soapenv:Body>",
      '    <q:getQuoteResponse xmlns:q="http://quotes.example.org/">',
    ]);
    assert.equal(await response(page).locator(".tok-tag").first().innerText(), "Envelope");
    assert.match(
      await request(page).locator(".pane-facts").innerText(),
      /→\s*\d+ B at \d\d:\d\d:\d\d\.\d{3}/,
    );
    assert.match(
      await response(page).locator(".pane-facts").innerText(),
      /←\s*\d+ B, (first byte .*, )?complete .*/,
    );
  },

  "numbers as they came, and what a status means": async (page, { ask }) => {
    await ask("/json");
    await select(page, /\/json/);
    await body(response(page)).getByText("12345678901234567890").waitFor();
    assert.equal(await response(page).locator(".pane-start .pane-warn").innerText(), " 409 Conflict");
    await hasFact(request(page), "none");
  },

  "markup as text": async (page, { ask }) => {
    await ask("/markup");
    await select(page, /\/markup/);
    await body(response(page)).getByText("document.title").first().waitFor();
    await response(page).getByText("<img src=x onerror=alert(1)>").waitFor();
    assert.equal(await response(page).locator("img, script").count(), 0);
    assert.equal(await page.title() === "taken", false);
  },

  "images": async (page, { ask }) => {
    await ask("/picture");
    await select(page, /\/picture/);
    await hasFact(response(page), "2 × 1 pixels");
    assert.deepEqual(await facts(response(page)), ["Body", "75 B", "image/png", "2 × 1 pixels"]);
    await format(response(page)).selectOption("hex");
    await body(response(page)).getByText("89 50 4e 47").waitFor();
    assert.equal(await response(page).locator("img").count(), 0);
    await format(response(page)).selectOption("auto");
    await response(page).getByRole("img", { name: "Image in the body of the response" }).waitFor();
  },

  "why there is no body": async (page, { ask }) => {
    await ask("/not-modified");
    await select(page, /\/not-modified/);
    await hasFact(response(page), "none: 304 has no body");
    assert.equal(await body(response(page)).count(), 0);
    await format(response(page)).selectOption("raw");
    await body(response(page)).getByText("304 Not Modified").waitFor();
    await format(response(page)).selectOption("auto");
  },

  "what is wrong": async (page, { ask }) => {
    await ask("/cut");
    await select(page, /\/cut/);
    await hasFact(response(page), "Content-Length says 640, the target ended after 9 B");
    await ask("/wrong");
    await select(page, /\/wrong/);
    await hasFact(response(page), /^not well-formed at line 2, column \d+: <\/c> closes nothing$/);
  },

  "interim responses, trailers and long values": async (page, { ask }) => {
    await ask("/hints");
    await select(page, /\/hints/);
    await response(page).getByText("after 103 Early Hints").waitFor();
    await response(page).getByText("</style.css>").waitFor();
    await response(page).getByText("X-Sum").waitFor();
    await ask("/long");
    await select(page, /\/long/);
    await response(page).getByRole("button", { name: /all 1,000 characters/ }).click();
    await response(page).getByText("v".repeat(1_000)).waitFor();
  },

  "a line that was cut for display as one line": async (page, { ask }) => {
    await ask("/long");
    await select(page, /\/long/);
    await body(response(page)).getByText("first").waitFor();
    await response(page).getByRole("button", { name: "Hide headers" }).click();
    const [, second] = await shown(response(page));
    assert.equal(second.length, 3_999, "nothing of it is left out");
    await body(response(page)).press("Control+End");
    await body(response(page)).getByText("last").waitFor();
    const numbers = await response(page).locator(".cm-lineNumbers .cm-gutterElement").allInnerTexts();
    assert.deepEqual(numbers.slice(-2), ["", "3"]);
    await body(response(page)).press("Control+a");
    await body(response(page)).press("Control+c");
    await until(
      () => clipboard(page),
      (text) => text === `first\n${"word ".repeat(3_000)}\nlast`,
      "clipboard",
    );
    await response(page).getByRole("button", { name: "Show headers" }).click();
  },

  "bytes of a protocol that is not known": async (page, { send }) => {
    await send("?\0\x01PING", "read");
    await select(page, /\?··PING/);
    await body(response(page)).getByText("@ABCDEFGHIJKLMNO").waitFor();
    assert.deepEqual(await facts(response(page)), ["Bytes", "no protocol recognised, shown as a turn"]);
    const rows = await shown(response(page));
    assert.equal(rows.length, EVERY_BYTE.length / 16);
    assert.equal(rows[4], "00000040  40 41 42 43 44 45 46 47  48 49 4a 4b 4c 4d 4e 4f  @ABCDEFGHIJKLMNO");
  },

  "why a dial failed": async (page) => {
    await page.getByRole("tab", { name: /127\.0\.0\.1:1/ }).click();
    const listen = (await page.getByText(/^curl -i http/).innerText()).replace(/.*:(\d+)\/$/, "$1");
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(listen) });
    await conn.read(new Uint8Array(1)).catch(() => null);
    conn.close();
    await select(page, /refused the connection/);
    await response(page).getByText("127.0.0.1:1 refused the connection").waitFor();
    await request(page).getByText("None had come from the client when the connection was closed.")
      .waitFor();
    await page.getByRole("tab").first().click();
  },
});

panes("what has not ended", {
  "is waited for in words": async (page, { send, target }) => {
    await send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n", "leave");
    await select(page, /\/wait/);
    await response(page).getByText(/^Waiting for the response, \d s$/).waitFor();
    target.finish();
    await response(page).getByText("The target ended without an answer").waitFor();
  },

  "grows in place": async (page, { send, target }) => {
    await send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n", "read");
    await target.send(Array.from({ length: 100 }, (_, n) => `line ${n}\n`).join(""));
    await select(page, /\/stream/);
    await hasFact(response(page), /^still arriving, \d+ s$/);
    await hasFact(response(page), "until the connection ends");
    await body(response(page)).getByText("line 3", { exact: true }).waitFor();
    await scroller(response(page)).evaluate((element) => element.scrollTop = 360);
    const place = () => scroller(response(page)).evaluate(({ scrollTop }) => scrollTop);
    const height = () => scroller(response(page)).evaluate(({ scrollHeight }) => scrollHeight);
    const before = await height();
    await target.send(Array.from({ length: 100 }, (_, n) => `more ${n}\n`).join(""));
    await until(height, (now) => now > before, "height");
    assert.equal(await place(), 360, "the reader stays where he is");
    target.finish();
    await hasFact(response(page), "until the connection ended");
    await body(response(page)).press("Control+End");
    await body(response(page)).getByText("more 99").waitFor();
  },
});

panes("Format", {
  "is remembered for the kind of content, on each side": async (page, { ask }) => {
    await ask("/soap", "<a/>");
    await ask("/json");
    await select(page, /\/soap/);
    await body(response(page)).getByText("Börse").waitFor();
    assert.deepEqual(await format(response(page)).locator("option").allInnerTexts(), [
      "Auto: XML",
      "XML",
      "JSON",
      "Form",
      "Hex",
      "Text",
      "Raw",
    ]);
    await format(response(page)).selectOption("raw");
    await body(response(page)).getByText("HTTP/1.1 200 OK").waitFor();
    assert.equal(await response(page).locator(".pane-head").count(), 0, "the head is in the text");
    assert.equal(await format(request(page)).inputValue(), "auto");
    await select(page, /\/json/);
    await body(response(page)).getByText("12345678901234567890").waitFor();
    assert.equal(await format(response(page)).inputValue(), "auto");
    await page.reload();
    await select(page, /\/soap/);
    await until(() => format(response(page)).inputValue(), (value) => value === "raw", "format");
    await format(response(page)).selectOption("auto");
    await body(response(page)).getByText("Börse").waitFor();
  },

  "never shows what was chosen before": async (page, { ask }) => {
    await ask("/soap", "<a/>");
    await ask("/json");
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await page.route("**/response/view?**", async (route) => {
      if (new URL(route.request().url()).searchParams.get("as") === "text") await released;
      await route.continue().catch(() => {}); // the page has given it up
    });
    await select(page, /\/soap/);
    await body(response(page)).getByText("Börse").waitFor();
    await format(response(page)).selectOption("text");
    assert.deepEqual((await shown(response(page))).join("").trim(), "", "nothing until the answer comes");
    await select(page, /\/json/);
    await body(response(page)).getByText("12345678901234567890").waitFor();
    release();
    await page.unroute("**/response/view?**");
    await select(page, /\/soap/);
    await until(() => shown(response(page)), (lines) => lines[0] === SOAP, "the text as it came");
    const copyFormatted = response(page).getByRole("button", { name: "Copy formatted" });
    assert.equal(await copyFormatted.isDisabled(), false);
    await format(response(page)).selectOption("raw");
    assert.equal(await copyFormatted.isDisabled(), true);
    assert.match(await copyFormatted.getAttribute("title") ?? "", /Copy exact copies them/);
    await format(response(page)).selectOption("auto");
  },
});
