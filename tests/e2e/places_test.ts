// Places in the text of a pane: going to a line or an offset, and coming back to where a view was looked at.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { violations } from "./axe.ts";
import { until } from "./harness.ts";
import { body, find, format, panes, response, scroller, select } from "./panes.ts";
import { LARGE } from "./target.ts";

/** The number of the line of `/large` in which an element begins. */
const lineOf = (item: number) => 3 + 4 * item;

const field = (pane: Locator) => pane.getByLabel(/^Go to (line|offset)$/);

/** What has the focus: its name where it has one, or its role. */
function focused(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const { activeElement: element } = document;
    const isSearch = element?.getAttribute("type") === "search";
    return isSearch ? "searchbox" : element?.getAttribute("aria-label") ?? element?.role ?? element!.tagName;
  });
}

/** Waits until this is selected, on the screen of the response, which has the focus. */
async function selected(page: Page, text: string): Promise<void> {
  const look = () =>
    body(response(page)).evaluate((content) => {
      const selection = getSelection()!;
      const { top, bottom } = content.closest(".cm-scroller")!.getBoundingClientRect();
      const place = selection.rangeCount === 0 ? null : selection.getRangeAt(0).getBoundingClientRect();
      const isSeen = place !== null && place.top >= top && place.bottom <= bottom;
      return { text: selection.toString(), isSeen, hasFocus: content === document.activeElement };
    });
  await until(look, (now) => now.text === text && now.isSeen && now.hasFocus, `“${text}” selected`);
}

/** The lines of the response that are seen, and where: px from the top of its text. */
function seen(page: Page): Promise<readonly (readonly [text: string, top: number])[]> {
  return scroller(response(page)).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return [...element.querySelectorAll(".cm-line")]
      .map((line) => [line.textContent!.slice(0, 40), line.getBoundingClientRect()] as const)
      .filter(([, place]) => place.bottom > top + 1 && place.top < bottom - 1)
      .map(([text, place]) => [text, Math.round(place.top - top)] as const);
  });
}

/** Waits until the lines that are seen are loaded, are others than these, and stay. */
async function seenOtherThan(page: Page, others: unknown): Promise<Awaited<ReturnType<typeof seen>>> {
  let before = "";
  return await until(() => seen(page), (lines) => {
    const now = JSON.stringify(lines);
    const isSame = now === before;
    before = now;
    return isSame && lines.length > 0 && lines.every(([text]) => text !== "") &&
      now !== JSON.stringify(others);
  }, "other lines");
}

/** Waits until exactly these lines are seen. */
async function seenAgain(page: Page, lines: unknown): Promise<void> {
  await until(
    () => seen(page),
    (now) => JSON.stringify(now) === JSON.stringify(lines),
    JSON.stringify(lines),
  );
}

panes("going to a place", {
  "of a large body: its line, which is selected": async (page, { ask }) => {
    await ask("/large");
    await page.getByRole("row", { name: /\/large.*MB/ }).waitFor();
    await select(page, /\/large/);
    const pane = response(page);
    await body(pane).getByText("Widget 3 – größer").waitFor();
    await body(pane).press("Control+g");
    await page.keyboard.type(String(lineOf(30_000)));
    await page.keyboard.press("Enter");
    await selected(page, '  <item n="30000">');
    assert.equal(await field(pane).count(), 0, "the field is closed");

    await pane.getByRole("button", { name: "Go to", exact: true }).click();
    await page.keyboard.type("999,999");
    await pane.getByRole("button", { name: "Go", exact: true }).click();
    const last = (4 * LARGE + 3).toLocaleString("en-US");
    await pane.getByRole("alert").getByText(`Line 999,999 is beyond the end: the last line is ${last}.`)
      .waitFor();
    assert.deepEqual(await violations(page), []);
    await field(pane).fill("0");
    await pane.getByRole("alert").waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await pane.getByRole("alert").getByText("Lines count from 1.").waitFor();
    await field(pane).fill("the end");
    await page.keyboard.press("Enter");
    await pane.getByRole("alert").getByText("“the end” is not the number of a line.").waitFor();
    await page.keyboard.press("Escape");
    await selected(page, '  <item n="30000">');
    assert.equal(await field(pane).count(), 0, "the field is closed");
  },

  "by the numbers beside lines, of which long ones are cut for display": async (page, { ask }) => {
    await ask("/long");
    await select(page, /\/long/);
    const pane = response(page);
    await body(pane).getByText("first").waitFor();
    await body(pane).press("Control+g");
    await field(pane).fill("3");
    await page.keyboard.press("Enter");
    await selected(page, "last");
    await body(pane).press("Control+g");
    await field(pane).fill("4");
    await page.keyboard.press("Enter");
    await pane.getByRole("alert").getByText("Line 4 is beyond the end: the last line is 3.").waitFor();
  },

  "in hex: the byte at an offset, which is selected": async (page, { ask }) => {
    await ask("/large");
    await page.getByRole("row", { name: /\/large.*MB/ }).first().waitFor();
    await select(page, /\/large/);
    const pane = response(page);
    await format(pane).selectOption("hex");
    await body(pane).getByText("00000000").waitFor();
    for (
      const [typed, offset] of [["0x1234", 0x1234], ["4,000,001", 4_000_001], ["00001000", 0x1000]] as const
    ) {
      await body(pane).press("Control+g");
      await field(pane).fill(typed);
      await page.keyboard.press("Enter");
      const row = body(pane).locator(".cm-line", {
        hasText: (offset - offset % 16).toString(16).padStart(8, "0"),
      });
      const column = 10 + offset % 16 * 3 + (offset % 16 >= 8 ? 1 : 0);
      await row.waitFor();
      await selected(page, (await row.innerText()).slice(column, column + 2));
      await pane.locator(".pane-foot").getByText(`0x${offset.toString(16).padStart(4, "0")}`).waitFor();
    }
    await body(pane).press("Control+g");
    await field(pane).fill("0xFFFFFFFFF");
    await page.keyboard.press("Enter");
    await pane.getByRole("alert").getByText(
      /^Offset 68,719,476,735 \(0xfffffffff\) is beyond the end: the last byte is at [\d,]+ \(0x[\da-f]+\)\.$/,
    )
      .waitFor();
    await field(pane).fill("1f4g");
    await page.keyboard.press("Enter");
    await pane.getByRole("alert").getByText("“1f4g” is not an offset. Type a number, such as 512, 0x200")
      .waitFor();
    assert.deepEqual(await violations(page), []);
    await format(pane).selectOption("auto");
  },

  "of one exchange: its field goes with it, and takes the focus from nothing": async (page, { ask }) => {
    await ask("/soap");
    await ask("/json");
    await select(page, /\/soap/);
    const pane = response(page);
    await body(pane).getByText("Börse").waitFor();
    await body(pane).press("Control+g");
    await field(pane).fill("2");
    await select(page, /\/json/);
    await body(pane).getByText("12345678901234567890").waitFor();
    assert.equal(await field(pane).count(), 0, "the field is closed");
    assert.equal(await focused(page), "Exchanges");
    await select(page, /\/soap/);
    await body(pane).getByText("Börse").waitFor();
    assert.equal(await field(pane).count(), 0, "the field stays closed");
    assert.equal(await focused(page), "Exchanges");
  },

  "of one exchange: where its field goes with the focus, the pane has it": async (page, { ask }) => {
    await ask("/soap");
    await select(page, /\/soap/);
    const pane = response(page);
    await page.getByRole("button", { name: "Follow" }).click();
    await body(pane).press("Control+g");
    await ask("/json");
    await body(pane).getByText("12345678901234567890").waitFor();
    assert.equal(await field(pane).count(), 0, "the field is closed");
    assert.equal(await focused(page), "Response");
  },

  "that is found late: the focus stays where it is by then, and words tell of it": async (page, { ask }) => {
    await ask("/large");
    await page.getByRole("row", { name: /\/large.*MB/ }).first().waitFor();
    await select(page, /\/large/);
    const pane = response(page);
    await body(pane).getByText("Widget 3 – größer").waitFor();
    await body(pane).press("Control+g");
    await field(pane).fill(String(lineOf(30_000)));
    const answers = Promise.withResolvers<void>();
    const isOne = /\/view\?.*lines=1(&|$)/;
    await page.route(isOne, (route) => answers.promise.then(() => route.continue()).catch(() => {}));
    const words = page.evaluate(() =>
      new Promise<number>((resolve) => {
        let asked = 0;
        document.addEventListener("keydown", () => asked = performance.now(), { capture: true, once: true });
        const look = () =>
          document.body.innerText.includes("looking for it")
            ? resolve(performance.now() - asked)
            : requestAnimationFrame(look);
        look();
      })
    );
    await page.keyboard.press("Enter");
    assert.ok(await words > 290, `words after ${await words} ms`);
    const filter = page.getByRole("searchbox", { name: "Filter" });
    await filter.focus();
    answers.resolve();
    await body(pane).getByText("Widget 30000 ").waitFor();
    assert.equal(await field(pane).count(), 0, "the field is closed");
    assert.equal(await focused(page), "searchbox");
  },
});

panes("Find", {
  "takes the focus when it is asked for, and not when another exchange is shown": async (page, { ask }) => {
    await ask("/soap");
    await ask("/json");
    await select(page, /\/soap/);
    const pane = response(page);
    await find(pane, "o", /^1 of /);
    await select(page, /\/json/);
    await body(pane).getByText("12345678901234567890").waitFor();
    await pane.getByLabel("Find", { exact: true }).and(pane.locator("input")).waitFor();
    assert.equal(await focused(page), "Exchanges");
    await body(pane).press("Control+f");
    assert.equal(await focused(page), "Find");
  },

  "keeps the focus while it shows another exchange": async (page, { ask }) => {
    await ask("/soap");
    await select(page, /\/soap/);
    const pane = response(page);
    await page.getByRole("button", { name: "Follow" }).click();
    await find(pane, "o", /^1 of /);
    await ask("/json");
    await body(pane).getByText("12345678901234567890").waitFor();
    assert.equal(await focused(page), "Find");
  },
});

panes("a view that was left", {
  "is where it was when it is shown again, until another message is": async (page, { ask }) => {
    await ask("/large");
    await page.getByRole("row", { name: /\/large.*MB/ }).waitFor();
    await ask("/json");
    await select(page, /\/large/);
    const pane = response(page);
    await body(pane).getByText("Widget 3 – größer").waitFor();
    const start = await seenOtherThan(page, []);
    // Its text is one line, cut into rows that wrap; one ends somewhere in such a row, or at the end.
    const parts = { auto: 0.3, text: 0.6, hex: 1, raw: 0.5 };
    const left: Record<string, unknown> = {};
    for (const [view, part] of Object.entries(parts)) {
      await format(pane).selectOption(view);
      await seenOtherThan(page, Object.values(left).at(-1));
      const before = await seen(page);
      await body(pane).hover();
      await page.mouse.wheel(0, 90);
      await scroller(pane).evaluate((element, part) => {
        element.scrollTop = Math.round(part * (element.scrollHeight - element.clientHeight));
      }, part);
      left[view] = await seenOtherThan(page, before);
    }
    for (const view of ["text", "hex", "auto", "raw", "text"]) {
      await format(pane).selectOption(view);
      await seenAgain(page, left[view]);
    }
    await format(pane).selectOption("auto");
    await seenAgain(page, left.auto);
    await select(page, /\/json/);
    await body(pane).getByText("12345678901234567890").waitFor();
    await select(page, /\/large/);
    await seenAgain(page, start);
  },

  "is left alone by the filter, which had shown its first hit": async (page, { ask }) => {
    await ask("/large");
    await page.getByRole("row", { name: /\/large.*MB/ }).first().waitFor();
    await page.getByRole("searchbox", { name: "Filter" }).fill('response.body:"Widget 59000 "');
    await select(page, /\/large/);
    const pane = response(page);
    await body(pane).locator(".hit-filter").waitFor();
    await body(pane).press("Control+g");
    await field(pane).fill(String(lineOf(30_000)));
    await page.keyboard.press("Enter");
    await body(pane).getByText("Widget 30000 ").waitFor();
    const left = await seenOtherThan(page, []);
    await format(pane).selectOption("hex");
    await body(pane).locator(".hit-filter").waitFor();
    await format(pane).selectOption("auto");
    await body(pane).getByText("Widget 30000 ").waitFor();
    await pane.getByText("Filter: 1 of 1", { exact: true }).waitFor();
    await seenAgain(page, left);
  },
});
