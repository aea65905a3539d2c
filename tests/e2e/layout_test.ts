// Table, panes and dividers in a browser: where they stand, how they are moved, and what is remembered.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { allLoaded, NARROW, pageTest, until, WIDE } from "./harness.ts";

const grid = (page: Page) => page.getByRole("grid");
const request = (page: Page) => page.getByRole("region", { name: "Request" });
const response = (page: Page) => page.getByRole("region", { name: "Response" });
const switchLayout = (page: Page) => page.getByRole("button", { name: "Switch layout" });

async function box(element: Locator) {
  const found = await element.boundingBox();
  assert.ok(found, "it is not on the screen");
  return found;
}

/** Whether `second` stands right of `first`, or below it. */
async function arrangement(first: Locator, second: Locator): Promise<"right" | "below" | "overlapping"> {
  const [a, b] = [await box(first), await box(second)];
  if (b.x >= a.x + a.width) return "right";
  return b.y >= a.y + a.height ? "below" : "overlapping";
}

async function layout(page: Page): Promise<string> {
  return `${await arrangement(grid(page), request(page))}, ${await arrangement(
    request(page),
    response(page),
  )}`;
}

pageTest("the layout", {
  "is side by side at first, then stacked, and is remembered": async (page) => {
    assert.equal(await layout(page), "below, right");
    await switchLayout(page).click();
    assert.equal(await layout(page), "right, below");
    assert.equal(Math.round((await box(grid(page))).width), 600);
    await page.reload();
    await grid(page).waitFor();
    await allLoaded(page);
    assert.equal(await layout(page), "right, below");
    await page.keyboard.press("l");
    await until(() => layout(page), (now) => now === "below, right", "layout");
  },

  "keeps the chosen row in view": async (page) => {
    await switchLayout(page).click();
    const chosen = page.getByRole("row", { name: /n=185 / });
    await chosen.click();
    await switchLayout(page).click();
    await until(
      async () => {
        const [row, table] = [await box(chosen), await box(grid(page))];
        return row.y >= table.y + 23 && row.y + row.height <= table.y + table.height;
      },
      (inView) => inView,
      "in view",
    );
  },

  "is one column where it is narrow": [{ context: { viewport: NARROW } }, async (page) => {
    assert.equal(await layout(page), "below, below");
    assert.equal(await switchLayout(page).isDisabled(), true);
    await page.setViewportSize(WIDE);
    await until(() => layout(page), (now) => now === "below, right", "layout");
  }],

  "leaves the path of a whole URL and a fault in narrow rows, and a fast row's facts in one line": [
    { context: { viewport: NARROW } },
    async (page, fixture) => {
      const url = "https://a-long-name.of.the.shop.example.org/orders/A-20931";
      fixture.come("8081", 1, { url, summary: "json, gzip" });
      fixture.come("8081", 1, { summary: "getQuote, fault Server: no such symbol" });
      const cut = (row: Locator) =>
        row.locator(".host, .rest, .summary, .path, .fault").evaluateAll((all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.className)
        );
      const whole = page.getByRole("row", { name: `${url} json, gzip` });
      await until(() => cut(whole), (parts) => parts.join() === "host", "of the URL");
      const faulty = page.getByRole("row", { name: /getQuote, fault Server: no such symbol/ }).first();
      await until(() => cut(faulty), (parts) => parts.join() === "path", "where there is a fault");
      await page.setViewportSize(WIDE);
      fixture.come("8081", 1, { responseBytes: 1_980, firstByteMs: 0.4, elapsedMs: 0.8 });
      const facts = response(page).locator(".pane-facts");
      await facts.getByText("complete < 1 ms").waitFor();
      assert.ok((await box(facts)).height < 20, "in one line");
    },
  ],

  "fits the window, and nothing hangs over": [{ context: {} }, async (page) => {
    for (const viewport of [WIDE, NARROW, { width: 1024, height: 640 }, { width: 500, height: 700 }]) {
      await page.setViewportSize(viewport);
      const scrolls = await page.evaluate(() => [
        document.documentElement.scrollWidth - innerWidth,
        document.documentElement.scrollHeight - innerHeight,
      ]);
      assert.deepEqual(scrolls, [0, 0], `${viewport.width} × ${viewport.height}`);
      const foot = await box(page.getByRole("contentinfo"));
      assert.equal(foot.y + foot.height, viewport.height);
    }
  }],
});

/** What of these is cut by the window, or lies over another of them. */
function misplaced(elements: Locator): Promise<string[]> {
  return elements.evaluateAll((all) => {
    const boxes = all.map((one) => ({ name: one.textContent, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1);
    return boxes.filter(({ box }, at) =>
      box.left < 0 || box.right > innerWidth ||
      boxes.some(({ box: other }, otherAt) =>
        otherAt !== at && box.left < other.right && other.left < box.right &&
        box.top < other.bottom && other.top < box.bottom
      )
    ).map(({ name }) => name);
  });
}

pageTest("at every width from 320 to 800 px", {
  "the toolbar and the heads of the panes have all of their parts in the window, and none over another": [
    { context: {} },
    async (page) => {
      await page.getByRole("row", { name: /getQuote/ }).first().click();
      await request(page).locator(".pane-part").first().waitFor();
      for (let width = 320; width <= 800; width += 10) {
        await page.setViewportSize({ width, height: 900 });
        for (
          const parts of [
            ".toolbar .filter, .toolbar > .button, .toolbar div:not(.filter) > .button",
            ".pane-title, .pane-part, .pane-tools > *",
          ]
        ) {
          await until(
            () => misplaced(page.locator(parts)),
            (names) => names.length === 0,
            `misplaced at ${width} px`,
          );
        }
      }
    },
  ],
});

pageTest("a new window of the browser", {
  "begins with the layout, the dividers, the columns, the sort and the tab of the one before": [
    { rows: { "8081": 3, "8082": 30 }, context: {} },
    async (page, fixture) => {
      await page.getByRole("tab", { name: /8082/ }).click();
      await switchLayout(page).click();
      const divider = page.getByRole("separator", { name: "Width of the table" });
      await divider.focus();
      await page.keyboard.press("ArrowRight");
      await until(async () => (await box(grid(page))).width, (width) => width === 616, "width");
      await page.getByRole("columnheader", { name: "Path" }).getByRole("button").click();
      await page.getByRole("button", { name: "Columns" }).click();
      await page.getByRole("checkbox", { name: "Client" }).uncheck();
      await page.getByRole("checkbox", { name: "Target" }).check();
      await page.keyboard.press("Escape");
      const other = await page.context().newPage();
      await other.goto(fixture.url);
      await other.getByRole("tab", { name: /8082/, selected: true }).waitFor();
      await allLoaded(other);
      assert.equal(await layout(other), "right, below");
      assert.equal((await box(grid(other))).width, 616);
      const path = other.getByRole("columnheader", { name: "Path" });
      assert.match(await path.getAttribute("aria-sort") ?? "", /^(a|de)scending$/);
      await other.getByRole("button", { name: "Columns" }).click();
      assert.equal(await other.getByRole("checkbox", { name: "Client" }).isChecked(), false);
      assert.equal(await other.getByRole("checkbox", { name: "Target" }).isChecked(), true);
      await other.close();
    },
  ],
});

pageTest("a window that is loaded again", {
  "has the filter and the chosen exchange that it had": [{ context: {} }, async (page) => {
    await page.getByRole("searchbox", { name: "Filter" }).fill("n=1");
    // Rows move when the filter has its answer.
    await page.getByText(/match the filter/).first().waitFor();
    await page.getByRole("row", { name: /n=195 / }).click();
    await page.getByRole("row", { name: /n=195 /, selected: true }).waitFor();
    await page.reload();
    await page.getByRole("row", { name: /n=195 /, selected: true }).waitFor();
    assert.equal(await page.getByRole("searchbox", { name: "Filter" }).inputValue(), "n=1");
  }],

  "has what was typed into the form for a listener, but no password": [{ context: {} }, async (page) => {
    await page.getByRole("tab", { name: "Add listener" }).click();
    await page.getByLabel("Listen port").fill("8090");
    await page.locator("summary", { hasText: "Upstream proxy" }).click();
    await page.getByLabel("This one").check();
    await page.getByLabel("User").fill("ann");
    await page.getByLabel("Password").fill("s3cret");
    await page.reload();
    await page.getByRole("tab", { name: "Add listener" }).click();
    assert.equal(await page.getByLabel("Listen port").inputValue(), "8090");
    await page.locator("summary", { hasText: "Upstream proxy" }).click();
    assert.equal(await page.getByLabel("User").inputValue(), "ann");
    assert.equal(await page.getByLabel("Password").inputValue(), "");
    const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    assert.doesNotMatch(kept, /s3cret/);
  }],
});

pageTest("dividers", {
  "move by 16 px with the arrow keys, and are remembered for each layout": async (page) => {
    const divider = page.getByRole("separator", { name: "Height of the table" });
    const before = (await box(grid(page))).height;
    await divider.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await until(async () => (await box(grid(page))).height, (height) => height === before + 32, "height");
    assert.equal(await divider.getAttribute("aria-valuenow"), String(before + 32));
    await page.keyboard.press("l");
    await page.getByRole("separator", { name: "Width of the table" }).waitFor();
    assert.equal((await box(grid(page))).width, 600);
    await page.reload();
    await page.keyboard.press("l");
    await divider.waitFor();
    assert.equal((await box(grid(page))).height, before + 32);
  },

  "go where they are dragged, and back with a double click": async (page) => {
    const divider = page.getByRole("separator", { name: "Width of the request" });
    const at = await box(divider);
    await page.mouse.move(at.x, at.y + 100);
    await page.mouse.down();
    await page.mouse.move(500, at.y + 100, { steps: 4 });
    await page.mouse.up();
    await until(async () => (await box(request(page))).width, (width) => Math.abs(width - 500) <= 2, "width");
    await divider.dblclick();
    await until(async () => (await box(request(page))).width, (width) => Math.abs(width - 720) <= 2, "width");
  },

  "stop at the least sizes": async (page) => {
    await page.getByRole("separator", { name: "Height of the table" }).focus();
    await page.keyboard.press("Home");
    await until(
      async () => (await box(grid(page))).height,
      (height) => height === 23 + 5 * 24,
      "least table",
    );
    await page.keyboard.press("End");
    await until(async () => (await box(request(page))).height, (height) => height === 120, "least pane");
    await page.getByRole("separator", { name: "Width of the request" }).focus();
    await page.keyboard.press("Home");
    await until(async () => (await box(request(page))).width, (width) => width === 300, "least pane");
  },
});
