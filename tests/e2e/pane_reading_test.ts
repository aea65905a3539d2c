// Reading in the panes: large bodies, by ranges, and Find.

import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import { hasFocus, until } from "./harness.ts";
import {
  body,
  clipboard,
  facts,
  find,
  format,
  panes,
  request,
  response,
  scroller,
  select,
  shown,
} from "./panes.ts";
import { LARGE, largeItem, ONE_LINE } from "./target.ts";

panes("a large body", {
  "opens at once, and is read where it is looked at": async (page, { ask }) => {
    await ask("/large");
    await page.getByRole("row", { name: /\/large.*MB/ }).waitFor();
    await select(page, /\/large/);
    await body(response(page)).getByText("Widget 3 – größer").waitFor();
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

  "of one line of 10 MB is shown, found in, and read to its end": async (page, { ask }) => {
    await ask("/one-line");
    await page.getByRole("row", { name: /\/one-line.*10\.\d MB/ }).waitFor();
    await select(page, /\/one-line/);
    await body(response(page)).getByText('"item 1",', { exact: true }).waitFor();
    const last = `item ${ONE_LINE - 1}`;
    await find(response(page), last, "1 of 1");
    const current = () => response(page).locator(".hit-current").allInnerTexts();
    await until(current, (hits) => hits.join("") === last, "the hit in what is laid out");
    await format(response(page)).selectOption("raw");
    await until(current, (hits) => hits.join("") === last, "the hit in the one line");
    await page.keyboard.press("Escape");
    await body(response(page)).press("Control+Home");
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
        response(page).locator(".cm-line").last().evaluate((line, last) => {
          const place = line.closest(".cm-scroller")!.getBoundingClientRect();
          return line.textContent!.endsWith(`"${last}"]`) &&
            line.getBoundingClientRect().bottom <= place.bottom + 1;
        }, last),
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
    await pane.getByText(/^\d of 4$/).waitFor();
    await page.keyboard.press("Escape");
    await until(
      () => pane.locator("[role=search], .hit").count(),
      (left) => left === 0,
      "the bar and the hits",
    );
    await hasFocus(body(pane));
    await page.keyboard.press("Control+f");
    await pane.getByRole("search").waitFor();
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

panes("what the filter looks for", {
  "is marked in head and body, apart from what Find finds, and gone through": async (page, { ask }) => {
    await ask("/soap", "<quote/>");
    await page.getByRole("searchbox", { name: "Filter" }).fill("response.body:börse or /q[u]ote/i");
    await select(page, /\/soap/);
    const pane = response(page);
    const bar = pane.getByRole("group", { name: "What the filter finds in the response" });
    await bar.getByText("Filter: 1 of 8", { exact: true }).waitFor();
    assert.equal(await pane.locator(".hit-filter.hit-current").innerText(), "Quote", "in the head");
    await body(pane).locator(".hit-filter", { hasText: "Börse" }).waitFor();
    await request(page).getByText("Filter: 1 of 1", { exact: true }).waitFor();
    await body(pane).focus();
    await page.keyboard.press("Shift+F3");
    await bar.getByText("Filter: 8 of 8", { exact: true }).waitFor();
    await page.keyboard.press("F3");
    await bar.getByRole("button", { name: "Next hit of the filter" }).click();
    await bar.getByText("Filter: 2 of 8", { exact: true }).waitFor();
    await find(pane, "soapenv", /^1 of \d+$/);
    assert.equal(await body(pane).locator(".hit-filter", { hasText: "Börse" }).count(), 1);
    await pane.getByText("Filter: 2 of 8", { exact: true }).waitFor();
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Clear filter" }).click();
    await until(() => page.locator(".hit, .pane-marks").count(), (left) => left === 0, "the marks");
  },

  "is brought into view in a large body, and shown in the view that has it": async (page, { ask }) => {
    await ask("/large");
    await page.getByRole("searchbox", { name: "Filter" }).fill(
      `response.body:"Widget ${LARGE - 7} –" or bytes:"0d 0a 0d 0a"`,
    );
    await select(page, /\/large/);
    await body(response(page)).locator(".hit-filter.hit-current").waitFor();
    const pane = request(page);
    await pane.getByText("Filter: 1 hit that this view does not show").waitFor();
    await pane.getByRole("button", { name: "Show as Hex" }).click();
    await pane.getByText("Filter: 1 of 1", { exact: true }).waitFor();
    assert.equal(await format(pane).inputValue(), "hex");
    await until(
      async () => (await pane.locator(".hit-filter").allInnerTexts()).join(" ").replace(/\s+/g, " "),
      (text) => text.includes("0d 0a 0d 0a"),
      "the bytes",
    );
  },
});
