// The panes in a browser, in front of the real program: what is shown of real messages, how large and growing ones are
// read, Find, Format, folding, selecting bytes, copying, and what is said where there is nothing.

import assert from "node:assert/strict";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { Running } from "../running.ts";
import { violations } from "./axe.ts";
import { browserTest, inPage, NARROW, until } from "./harness.ts";
import { EVERY_BYTE, LARGE, largeItem, SOAP, Target } from "./target.ts";

/** One thing to see: the page, and how to let something through the listener first. */
type Step = (page: Page, through: Through) => Promise<void>;

/** A client of the listener. */
interface Through {
  readonly target: Target;
  /** Sends a request for `path` and reads the answer to its end; the request's bytes are returned. */
  ask(path: string, body?: string): Promise<string>;
  /** Sends these bytes and reads until the answer pauses, or does not wait for it. */
  send(bytes: string, answer: "read" | "leave"): Promise<Deno.TcpConn>;
}

const CLIPBOARD: BrowserContextOptions = { permissions: ["clipboard-read", "clipboard-write"] };

function panes(
  name: string,
  steps: Readonly<Record<string, Step>>,
  context: BrowserContextOptions = {},
): void {
  browserTest(name, async (browser, t) => {
    const target = new Target();
    const running = await Running.start(["-l", "0", "-t", target.address, "-l", "0", "-t", "127.0.0.1:1"]);
    const open: Deno.TcpConn[] = [];
    const send = async (text: string, answer: "read" | "leave") => {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
      open.push(conn);
      await conn.write(new TextEncoder().encode(text));
      if (answer === "read") await conn.read(new Uint8Array(65_536));
      return conn;
    };
    const ask = async (path: string, body = "") => {
      const head = body === ""
        ? `GET ${path} HTTP/1.1\r\nHost: shop.example.org\r\n\r\n`
        : `POST ${path} HTTP/1.1\r\nHost: shop.example.org\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n`;
      const conn = await send(head + body, "leave");
      const buffer = new Uint8Array(1 << 20);
      while (await conn.read(buffer) !== null);
      return head + body;
    };
    try {
      for (const [what, step] of Object.entries(steps)) {
        await t.step(
          what,
          () =>
            inPage(
              browser,
              running.ready.ui,
              { ...CLIPBOARD, ...context },
              (page) => step(page, { target, ask, send }),
            ),
        );
      }
    } finally {
      for (const conn of open) conn.close();
      await running.stop();
      await target.end();
    }
  });
}

const request = (page: Page) => page.getByRole("region", { name: "Request" });
const response = (page: Page) => page.getByRole("region", { name: "Response" });
const format = (pane: Locator) => pane.getByRole("combobox", { name: "Format" });
const body = (pane: Locator) => pane.locator(".cm-content");
const shown = (pane: Locator) => pane.locator(".cm-line").allInnerTexts();
const scroller = (pane: Locator) => pane.locator(".cm-scroller");

/** Selects the newest exchange whose row matches. */
async function select(page: Page, row: RegExp): Promise<void> {
  await page.getByRole("row", { name: row }).first().click();
}

/** The statements of a pane's body line. */
async function facts(pane: Locator): Promise<string[]> {
  return await pane.locator(".pane-body-line > *").allInnerTexts();
}

async function hasFact(pane: Locator, fact: string | RegExp): Promise<void> {
  const matches = (one: string) => typeof fact === "string" ? one === fact : fact.test(one);
  await until(() => facts(pane), (all) => all.some(matches), `body line with ${fact}`);
}

function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Opens Find in a pane and types; waits for the count. */
async function find(pane: Locator, text: string, count: string | RegExp): Promise<void> {
  if (await pane.getByLabel("Find", { exact: true }).and(pane.locator("input")).count() === 0) {
    await pane.getByRole("button", { name: "Find", exact: true }).click();
  }
  await pane.locator(".pane-find-text").fill(text);
  await pane.getByText(count, { exact: true }).waitFor();
}

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
      /←\s*\d+ B, first byte .*, complete .*/,
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
    await request(page).getByText("No request was recorded").waitFor();
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
    assert.equal(await response(page).getByRole("button", { name: "Copy formatted" }).isDisabled(), true);
    await format(response(page)).selectOption("auto");
  },
});

panes("a large body", {
  "opens at once, and is read where it is looked at": async (page, { ask }) => {
    await ask("/large");
    await page.getByRole("row", { name: /\/large.*MB/ }).waitFor();
    await select(page, /\/large/);
    await body(response(page)).getByText("Widget 3 – größer").waitFor({ timeout: 2_000 });
    await until(
      () => facts(response(page)),
      (all) => !all.some((fact) => fact.startsWith("laying out")),
      "laid out",
    );
    await body(response(page)).press("Control+End");
    await body(response(page)).getByText(`Widget ${LARGE - 1} – größer`).waitFor();
    const numbers = await response(page).locator(".cm-lineNumbers .cm-gutterElement").allInnerTexts();
    assert.equal(Math.max(...numbers.map(Number)), 4 * LARGE + 3);
    await scroller(response(page)).evaluate((element) => element.scrollTop = element.scrollHeight / 2);
    await until(
      () => shown(response(page)),
      (lines) =>
        lines.some((line) => new RegExp(`Widget ${LARGE / 2}`).test(line)) ||
        lines.some((line) => /Widget (29|30)\d\d\d/.test(line)),
      "the middle",
    );
    assert.ok(await response(page).locator(".cm-line").count() < 400, "only what is on the screen is drawn");
  },

  "is searched as a whole": async (page) => {
    await select(page, /\/large/);
    await find(response(page), `Widget ${LARGE - 7} `, "1 of 1");
    await until(
      () => response(page).locator(".hit-current").allInnerTexts(),
      (hits) => hits.join("") === `Widget ${LARGE - 7} `,
      "the hit",
    );
  },

  "of one line is read to its end": async (page, { ask }) => {
    await ask("/one-line");
    await page.getByRole("row", { name: /\/one-line.*MB/ }).waitFor();
    await select(page, /\/one-line/);
    await format(response(page)).selectOption("raw");
    await body(response(page)).getByText("200 OK").waitFor();
    assert.equal(await response(page).locator(".special-char").first().innerText(), "CR");
    await until(
      () => facts(response(page)),
      (all) => !all.some((fact) => fact.startsWith("laying out")),
      "laid out",
    );
    await body(response(page)).press("Control+End");
    await until(
      () =>
        response(page).locator(".cm-line").last().evaluate((line) => {
          const place = line.closest(".cm-scroller")!.getBoundingClientRect();
          return line.textContent!.endsWith('"item 299999"]') &&
            line.getBoundingClientRect().bottom <= place.bottom + 1;
        }),
      (isSeen) => isSeen,
      "the end of the line",
    );
    await format(response(page)).selectOption("auto");
  },

  "is copied as far as it is selected": async (page) => {
    await select(page, /\/large/);
    await body(response(page)).getByText("Widget 3 – größer").waitFor();
    await body(response(page)).press("Control+a");
    await body(response(page)).press("Control+c");
    await response(page).getByText(/^Copied [\d,]+ lines$/).waitFor();
    const text = await clipboard(page);
    const whole = Array.from({ length: LARGE }, (_, n) => largeItem(n)).join("");
    assert.ok(
      text.replace(/>\s+</g, "><") === `<?xml version="1.0"?><list>${whole}</list>`,
      "the whole text",
    );
  },
});

panes("Find", {
  "goes through head and body": async (page, { ask }) => {
    await ask("/soap", "<a/>");
    await select(page, /\/soap/);
    await body(response(page)).getByText("Börse").waitFor();
    const pane = response(page);
    await pane.getByRole("button", { name: "Find", exact: true }).click();
    await page.keyboard.type("quote");
    await pane.getByText("1 of 7", { exact: true }).waitFor();
    const current = () => pane.locator(".hit-current").first().innerText();
    assert.equal(await current(), "Quote", "in the name of a header");
    await page.keyboard.press("Enter");
    await pane.getByText("2 of 7", { exact: true }).waitFor();
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.press("Shift+Enter");
    await pane.getByText("7 of 7", { exact: true }).waitFor();
    await pane.getByRole("button", { name: "Match case" }).click();
    await pane.getByText("1 of 4", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    assert.equal(await pane.getByRole("search").count(), 0);
    assert.equal(await pane.locator(".hit").count(), 0);
    assert.equal(await body(pane).evaluate((element) => element === document.activeElement), true);
    await page.keyboard.press("Control+f");
    assert.equal(await pane.getByRole("search").count(), 1);
  },

  "unfolds what hides a hit": async (page, { ask }) => {
    await ask("/soap", "<a/>");
    await select(page, /\/soap/);
    const pane = response(page);
    await body(pane).getByText("Börse").waitFor();
    await pane.locator(".fold-arrow:visible").first().click();
    await pane.getByText("11 lines").waitFor();
    assert.deepEqual(await shown(pane), [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">11 lines</soapenv:Envelope>',
    ]);
    await find(pane, "Börse", "1 of 1");
    await body(pane).getByText("Börse").waitFor();
  },

  "takes expressions, and says what is wrong with one": async (page, { ask }) => {
    await ask("/soap", "<a/>");
    await select(page, /\/soap/);
    const pane = response(page);
    await find(pane, "\\d+\\.\\d{2}", "none");
    await pane.getByRole("button", { name: "Regular expression" }).click();
    await pane.getByText("1 of 1", { exact: true }).waitFor();
    await pane.locator(".pane-find-text").fill("(");
    await pane.getByRole("alert").getByText("not a regular expression").waitFor();
  },

  "finds bytes, in hex": async (page, { ask }) => {
    await ask("/soap", "<a/>");
    await select(page, /\/soap/);
    const pane = response(page);
    await pane.getByRole("button", { name: "Find", exact: true }).click();
    await pane.getByRole("button", { name: "Find in hex" }).click();
    await pane.locator(".pane-find-text").fill("0d 0a 0d 0a");
    await pane.getByText("1 of 2", { exact: true }).waitFor();
    await until(
      async () => (await pane.locator(".hit").allInnerTexts()).join(" ").replace(/\s+/g, " "),
      (text) => text === "0d 0a 0d 0a 0d 0a 0d 0a",
      "the hit",
    );
    await page.keyboard.press("Escape");
    await body(pane).getByText("Börse").waitFor();
  },
});

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
    await pane.getByRole("link", { name: "Save them to a file" }).click();
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
