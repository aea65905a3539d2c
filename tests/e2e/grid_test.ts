// The table in a browser: rows as they come, following, selecting, filtering, and tables of any length.

import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { pageTest, until, WIDE } from "./harness.ts";

const grid = (page: Page) => page.getByRole("grid", { name: "Exchanges" });
const row = (page: Page, name: string | RegExp) => page.getByRole("row", { name }).first();
const selected = (page: Page) => page.locator('[role="row"][aria-selected="true"]');
const follow = (page: Page) => page.getByRole("button", { name: "Follow newest" });

async function top(element: Locator): Promise<number> {
  return (await element.boundingBox())?.y ?? NaN;
}

/** The urls of the rows that can be seen. */
function seen(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const box = document.querySelector(".grid")!.getBoundingClientRect();
    return [...document.querySelectorAll("[data-ordinal]")].filter((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= box.top + 22 && bottom <= box.bottom + 1;
    }).map((element) => element.querySelector(".path")?.textContent ?? "");
  });
}

/** Time passes in the page only where a test lets it. */
async function stopClock(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
}

pageTest("the table", {
  "shows method, path and status of each exchange, newest first": async (page) => {
    const cells = page.getByRole("row").nth(1).getByRole("gridcell");
    assert.deepEqual((await cells.allInnerTexts()).filter((text) => text !== ""), [
      "done",
      "10:24:58.114",
      "127.0.0.1:51822",
      "GET",
      "/orders?status=open&limit=50",
      "200",
      "1,014 B",
      "6.4 kB",
      "12 ms",
    ]);
    assert.equal(await grid(page).getAttribute("aria-rowcount"), "215");
    assert.equal(await page.getByRole("row").nth(1).getAttribute("aria-rowindex"), "2");
  },

  "says why a dial failed in place of path and summary": async (page) => {
    const failed = row(page, /refused the connection/);
    assert.equal(await failed.locator(".failure").getAttribute("aria-colspan"), "5");
    assert.match(await failed.innerText(), /failed/);
    for (const width of [1440, 760]) {
      await page.setViewportSize({ width, height: 900 });
      const cell = failed.locator(".failure");
      assert.ok(await cell.evaluate((cell) => cell.scrollWidth <= cell.clientWidth), `${width} px`);
      const [last] = await cell.evaluate((cell) => [cell.nextElementSibling?.className]);
      assert.equal(last, "elapsed");
    }
    await page.setViewportSize(WIDE);
  },

  "has in the panes what no row has room for": async (page, fixture) => {
    const fault = `shop.example.org:80 said no${" and why".repeat(60)}`;
    fixture.change("8081", 212, { fault, responseBytes: 123_456_789, elapsedMs: 754_000 });
    for (const width of [1440, 760]) {
      await page.setViewportSize({ width, height: 900 });
      await page.getByRole("row").nth(2).click();
      const facts = page.getByRole("region", { name: "Response" }).locator(".pane-facts");
      await facts.getByText("complete 12 min 34 s").waitFor();
      assert.ok(
        await facts.evaluate((p) => p.scrollWidth <= p.clientWidth && p.scrollHeight <= p.clientHeight + 1),
        `facts at ${width} px`,
      );
    }
    await page.setViewportSize(WIDE);
  },

  "names line ends, and marks turns that the server opened": async (page) => {
    assert.match(await row(page, /QUIT/).innerText(), /QUIT\s*CR LF/);
    assert.match(await row(page, /ESMTP/).innerText(), /← 220/);
  },

  "offers no curl command for a turn": async (page) => {
    await row(page, /QUIT/).click();
    const curl = page.getByRole("button", { name: "Copy as cURL" });
    await page.getByTitle(/a turn is no HTTP request/).waitFor();
    assert.ok(await curl.isDisabled());
    await row(page, /StockQuote/).first().click();
    await page.locator('button[title*="a command that sends this request"]:enabled').waitFor();
  },

  "shows each state by a word and a sign of its own, not by colour alone": async (page, fixture) => {
    fixture.change("8081", 213, { state: "failed" });
    fixture.change("8081", 212, { state: "done" });
    fixture.change("8081", 211, { state: "open" });
    const signs = await until(
      async () =>
        new Map(
          await page.locator('[role="gridcell"].state').evaluateAll((cells) =>
            cells.map((cell) =>
              [cell.textContent?.trim() ?? "", cell.querySelector("svg.sign")?.innerHTML ?? ""] as const
            )
          ),
        ),
      (found) => found.size >= 3,
      "the states",
    );
    assert.deepEqual([...signs.keys()].sort(), ["done", "failed", "open"]);
    assert.equal(new Set(signs.values()).size, 3, [...signs.values()].join("\n"));
    for (const sign of signs.values()) assert.match(sign, /<path|<circle/);
  },

  "lets the time of an open row go on": async (page) => {
    const elapsed = row(page, /orders\/events/).locator(".elapsed span");
    const before = await elapsed.innerText();
    await until(() => elapsed.innerText(), (now) => now !== before, "elapsed");
  },

  "shows an exchange in both panes when it is chosen": async (page) => {
    await row(page, /getQuote, fault/).click();
    assert.equal(await selected(page).count(), 1);
    await page.getByRole("region", { name: "Request" }).getByText("742 B").waitFor({ state: "detached" });
    await page.getByRole("region", { name: "Response" }).getByText("742 B").waitFor();
  },

  "joins the rows of the chosen one's connection": async (page) => {
    await row(page, /10:24:39.902/).click();
    assert.equal(await page.locator(".thread circle").count(), 3);
  },

  "updates a row in place": async (page, fixture) => {
    fixture.change("8081", 202, { state: "done", status: 299, elapsedMs: 50_000, responseBytes: 99_000 });
    await row(page, /orders\/events .*299/).waitFor();
  },
});

pageTest("following", {
  "puts what comes at the top, and into the panes": async (page, fixture) => {
    fixture.come("8081", 1, { url: "/fresh" });
    await until(() => seen(page), (urls) => urls[0] === "/fresh", "rows");
    await page.getByRole("region", { name: "Request" }).getByText("/fresh").first().waitFor();
    assert.equal(await selected(page).count(), 0);
    assert.equal(await page.getByRole("button", { name: "Remove selected" }).isDisabled(), true);
  },

  "shows the newest in the panes also while an older one keeps growing": async (page, fixture) => {
    let bytes = 20_000;
    const traffic = setInterval(() => fixture.change("8081", 202, { responseBytes: bytes++ }), 30);
    try {
      fixture.come("8081", 1, { url: "/fresh" });
      await page.getByRole("region", { name: "Request" }).getByText("/fresh").first().waitFor();
    } finally {
      clearInterval(traffic);
    }
  },

  "puts nothing else into the panes while the mouse holds something in them": async (page, fixture) => {
    fixture.come("8081", 1, { url: "/read" });
    const region = page.getByRole("region", { name: "Request" });
    const first = page.locator(".row.shown").getByText("/fresh");
    await region.getByText("/read").first().hover();
    await page.mouse.down();
    fixture.come("8081", 1, { url: "/fresh" });
    await first.waitFor();
    // Quick choices are shown once they have come to rest.
    await page.evaluate(() => new Promise((rested) => setTimeout(rested, 300)));
    assert.equal(await region.getByText("/read").count(), 1);
    await page.mouse.up();
    await region.getByText("/fresh").first().waitFor();
    assert.equal(await region.getByText("/read").count(), 0);
  },

  "ends where text is selected in the panes: it stays, and what is new is counted": async (page, fixture) => {
    const region = page.getByRole("region", { name: "Request" });
    const selection = () => page.evaluate(() => getSelection()!.toString().trim());
    const ways = {
      mouse: () => region.getByText("GET", { exact: true }).first().dblclick(),
      keyboard: () =>
        page.getByRole("region", { name: "Response" }).locator(".cm-content").press("Control+a"),
    };
    for (const [way, select] of Object.entries(ways)) {
      fixture.come("8081", 1, { url: `/${way}`, responseBytes: 617 });
      await region.getByText(`/${way}`).first().waitFor();
      await select();
      await follow(page).and(page.locator('[aria-pressed="false"]')).waitFor();
      const before = await selection();
      assert.notEqual(before, "", way);
      fixture.come("8081", 2, { url: "/later" });
      await follow(page).getByText("2 new").waitFor();
      assert.equal(await selection(), before, way);
      assert.match(await selected(page).innerText(), new RegExp(`/${way}`));
      await follow(page).click();
      await region.getByText("/later").first().waitFor();
    }
  },

  "does not put the newest of each telling into the panes while many rows keep coming, but the last": async (
    page,
    fixture,
  ) => {
    const shown = new Set<string>();
    page.on("request", (request) => {
      const id = /\/api\/exchanges\/([^/?]+)$/.exec(request.url())?.[1];
      if (id !== undefined) shown.add(id);
    });
    for (let n = 1; n <= 12; n++) {
      fixture.come("8081", 20, { url: `/busy/${n}` });
      await until(() => seen(page), (urls) => urls[0] === `/busy/${n}`, "rows");
      // As far apart as the program tells them while it is busy.
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    await page.getByRole("region", { name: "Request" }).getByText("/busy/12").first().waitFor();
    assert.ok(shown.size <= 9, `${shown.size} of 12 were shown in the panes`);
  },

  "ends when a row is chosen; rows stay where they are, and what is new is counted": async (
    page,
    fixture,
  ) => {
    const chosen = row(page, /getQuote, fault/);
    await chosen.click();
    const before = await top(chosen);
    for (const count of [1, 2, 300]) fixture.come("8081", count, { url: "/fresh" });
    await follow(page).getByText("303 new").waitFor();
    assert.equal(await top(chosen), before);
    assert.equal(await follow(page).getAttribute("aria-pressed"), "false");
    await follow(page).click();
    await until(() => seen(page), (urls) => urls[0] === "/fresh", "rows");
    assert.equal(await selected(page).count(), 0);
  },

  "ends when the table is scrolled, and nothing moves then": async (page, fixture) => {
    await grid(page).hover();
    await page.mouse.wheel(0, 480);
    await until(() => follow(page).getAttribute("aria-pressed"), (pressed) => pressed === "false", "pressed");
    const before = await seen(page);
    fixture.come("8081", 50);
    await follow(page).getByText("50 new").waitFor();
    assert.deepEqual(await seen(page), before);
    const scrollUp = () => page.mouse.wheel(0, -10_000).then(() => seen(page));
    await until(scrollUp, (urls) => urls[0] === "/health?n=263", "rows");
  },

  "lets a short table grow where the pointer is not": [{ rows: { "8081": 3 } }, async (page, fixture) => {
    await row(page, /n=1/).click();
    await page.mouse.move(400, 700);
    fixture.come("8081", 2);
    await until(() => seen(page), (urls) => urls.length === 5, "rows");
    assert.equal(await selected(page).innerText().then((text) => text.includes("n=1")), true);
  }],

  "keeps a short table in place under the pointer": [{ rows: { "8081": 3 } }, async (page, fixture) => {
    const chosen = row(page, /n=1/);
    await chosen.click();
    const before = await top(chosen);
    fixture.come("8081", 2);
    await follow(page).getByText("2 new").waitFor();
    assert.equal(await top(chosen), before);
    await page.mouse.wheel(0, -500);
    await until(() => seen(page), (urls) => urls.length === 5, "rows");
  }],
});

pageTest("selecting", {
  "goes on with Shift, Ctrl and the keys": async (page) => {
    await row(page, /10:24:57.640/).click();
    await row(page, /10:24:44.853/).click({ modifiers: ["Shift"] });
    assert.equal(await selected(page).count(), 4);
    await row(page, /10:24:55.003/).click({ modifiers: ["ControlOrMeta"] });
    assert.equal(await selected(page).count(), 3);
    await page.keyboard.press("ArrowDown");
    assert.match(await selected(page).innerText(), /10:24:52.377/);
    await page.keyboard.press("Shift+ArrowDown");
    assert.equal(await selected(page).count(), 2);
    await page.keyboard.press("Home");
    assert.match(await selected(page).innerText(), /10:24:58.114/);
    const active = await grid(page).getAttribute("aria-activedescendant");
    assert.equal(await selected(page).getAttribute("id"), active);
  },

  "removes what is selected, and asks before removing more than one": async (page, fixture) => {
    await row(page, /10:24:57.640/).click();
    await row(page, /10:24:55.003/).click({ modifiers: ["Shift"] });
    await page.keyboard.press("Delete");
    await page.getByText("Remove the 2 selected exchanges of port 8081?").waitFor();
    await page.keyboard.press("Escape");
    assert.deepEqual(fixture.calls, []);
    await page.getByText("Remove the 2 selected exchanges of port 8081?").waitFor({ state: "hidden" });
    await page.keyboard.press("Delete");
    await page.getByText("Remove the 2 selected exchanges of port 8081?").waitFor();
    await page.keyboard.press("Enter");
    await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "213", "rows");
    assert.deepEqual(fixture.calls, ['DELETE /api/exchanges {"ids":["l8081-e211","l8081-e212"]}']);
    await page.getByRole("button", { name: "Remove all" }).click();
    await page.getByText("Remove all 212 exchanges of port 8081?").waitFor();
    await page.keyboard.press("Escape");
    assert.equal(fixture.calls.length, 1);
    await page.getByRole("button", { name: "Remove all" }).click();
    await page.keyboard.press("Enter");
    await page.getByText("All exchanges of port 8081 were removed").waitFor();
    await page.getByText("curl -i http://localhost:8081/").waitFor();
    assert.equal(fixture.calls[1], 'DELETE /api/exchanges {"all":true,"listener":"l8081"}');
  },

  "asks before it removes or sends again what the filter may hide, and does neither on Enter": async (
    page,
    fixture,
  ) => {
    const question = page.getByRole("alertdialog");
    const keep = async () => {
      await page.keyboard.press("Enter");
      await question.waitFor({ state: "detached" });
      assert.deepEqual(fixture.calls, []);
    };
    await page.getByRole("row").nth(1).click();
    await page.getByRole("row").nth(3).click({ modifiers: ["Control"] });
    await page.getByRole("searchbox").fill("StockQuote");
    await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "4", "rows");
    await grid(page).focus();
    await page.keyboard.press("Delete");
    await question.getByText(
      "Remove the 2 selected exchanges of port 8081? Their rows are not on the screen, " +
        "and the filter may hide them. The capture file keeps what was recorded.",
    ).waitFor();
    await keep();
    await page.keyboard.press("r");
    await question.getByText(
      /^Send the 2 selected exchanges again, .+\? Their rows are not on the screen, and the filter/,
    ).waitFor();
    await keep();

    await page.getByRole("row").nth(1).click({ modifiers: ["Control"] });
    await page.keyboard.press("Delete");
    await question.getByText(/^Remove the 3 selected .+\? The rows of 2 of them are not on the screen, and/)
      .waitFor();
    await keep();

    await page.getByRole("row").nth(1).click();
    await page.getByRole("searchbox").fill("nothing-like-this");
    await page.getByText("No exchange matches the filter").waitFor();
    await page.getByRole("button", { name: "Resend", exact: true }).click();
    await question.getByText(/^Send the selected exchange again, .+\? Its row is not on the screen, and/)
      .waitFor();
    await keep();
    await page.getByRole("button", { name: "Remove selected" }).click();
    await question.getByText(/^Remove the selected exchange of port 8081\? Its row is not on the screen, and/)
      .waitFor();
    await keep();
    await page.getByRole("button", { name: "Remove selected" }).click();
    await question.getByRole("button", { name: "Remove 1" }).click();
    await until(() => Promise.resolve(fixture.calls.length), (calls) => calls === 1, "calls");
  },

  "removes without a question a row that the filter has, and asks of one that is far from the screen": [
    { rows: { "8081": 2000 } },
    async (page, fixture) => {
      await page.getByRole("searchbox").fill("8081");
      await page.getByText("2,000 match the filter").waitFor();
      await page.getByRole("row").nth(1).click();
      await page.keyboard.press("Delete");
      await until(() => Promise.resolve(fixture.calls.length), (calls) => calls === 1, "calls");

      await page.getByRole("searchbox").fill("");
      await page.getByText(/match the filter/).waitFor({ state: "detached" });
      await grid(page).focus();
      await page.keyboard.press("End");
      await until(
        () => selected(page).getAttribute("data-ordinal"),
        (ordinal) => ordinal === "0",
        "oldest row",
      );
      await page.getByRole("searchbox").fill("8081");
      await page.getByText("1,999 match the filter").waitFor();
      const remove = page.getByRole("button", { name: "Remove selected" });
      await remove.click();
      await page.getByText("Its row is not on the screen, and the filter may hide it.").waitFor();
      await page.keyboard.press("Escape");
      await grid(page).evaluate((grid) => grid.scrollTop = grid.scrollHeight);
      await selected(page).waitFor();
      await remove.click();
      await until(() => Promise.resolve(fixture.calls.length), (calls) => calls === 2, "calls");
    },
  ],

  "reaches over rows that were never seen": [{ rows: { "8081": 5000 } }, async (page, fixture) => {
    await page.getByRole("row").nth(1).click();
    await page.keyboard.press("Shift+End");
    await until(
      () => page.getByRole("button", { name: "Remove selected" }).isEnabled(),
      (on) => on,
      "button",
    );
    await page.keyboard.press("Delete");
    await page.getByText("Remove the 5,000 selected exchanges").waitFor();
    await page.keyboard.press("Enter");
    await until(() => Promise.resolve(fixture.calls.length), (calls) => calls === 1, "calls");
    assert.equal(JSON.parse(fixture.calls[0].split(" ")[2]).ids.length, 5000);
  }],
});

pageTest("filtering", {
  "runs as typed, and says how many match": async (page) => {
    await page.getByRole("searchbox", { name: "Filter" }).fill("StockQuote");
    await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "4", "rows");
    await page.getByText("3 match the filter").waitFor();
  },

  "runs while rows keep coming": async (page, fixture) => {
    const traffic = setInterval(() => fixture.come("8081", 1), 30);
    try {
      await page.getByRole("searchbox", { name: "Filter" }).fill("StockQuote");
      await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "4", "rows");
    } finally {
      clearInterval(traffic);
    }
  },

  "keeps the rows where it is wrong, and says why": async (page) => {
    await page.getByRole("searchbox").fill("status:>=");
    await page.getByRole("alert").getByText("A number is missing after status:>=. The rows are as before.")
      .waitFor();
    assert.equal(await grid(page).getAttribute("aria-rowcount"), "215");
    assert.equal(await page.getByRole("searchbox").getAttribute("aria-invalid"), "true");
    const [line, head] = [
      await page.getByRole("alert").boundingBox(),
      await page.locator(".row.head").boundingBox(),
    ];
    assert.ok(line!.y + line!.height <= head!.y + 1, "it covers no heading");
    await page.getByRole("searchbox").fill("status:>=5");
    await page.getByRole("alert").waitFor({ state: "detached" });
  },

  "does not call it wrong while it is being typed, unless Enter asks": [{ context: {} }, async (page) => {
    const filter = page.getByRole("searchbox");
    const alert = page.getByRole("alert");
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    /** Lets little time pass in the page, though much may here: it calls nothing wrong by itself so soon. */
    const soon = async (): Promise<boolean> => {
      for (let ms = 0; ms < 300 && await alert.count() === 0; ms += 10) await page.clock.runFor(10);
      return await alert.count() > 0;
    };
    const refused = () => page.waitForResponse((response) => response.status() === 400);
    await filter.focus();
    const first = refused();
    await page.keyboard.type("status:>=");
    await page.clock.runFor(130);
    await first;
    assert.equal(await soon(), false);
    await page.keyboard.press("Enter");
    assert.equal(await soon(), true);

    await filter.fill("nothing-like-this");
    await page.clock.runFor(130);
    await page.getByText("No exchange matches the filter").waitFor();
    await filter.fill("status:>=");
    const second = refused();
    await page.keyboard.press("Enter");
    await page.clock.runFor(130);
    await second;
    assert.equal(await soon(), true, "Enter before the answer");
    assert.doesNotMatch(await alert.innerText(), /as before/);
  }],

  "says that nothing matches, and takes up what comes then": async (page, fixture) => {
    await page.getByRole("searchbox").fill("nothing-like-this");
    await page.getByText("No exchange matches the filter").waitFor();
    assert.equal(await page.getByText("Select an exchange to see its request").count(), 0, "it stays shown");
    assert.equal(await page.getByRole("button", { name: "Save" }).isDisabled(), true);
    await page.getByRole("searchbox").fill("methd:NOTHING");
    await page.getByText("“methd:” is no field, so the text “methd:NOTHING” is looked for.").waitFor();
    await page.getByRole("searchbox").fill("nothing-like-this");
    await page.getByText("is no field").waitFor({ state: "detached" });
    fixture.come("8081", 1, { url: "/nothing-like-this" });
    await row(page, /nothing-like-this/).waitFor();
    await page.getByRole("button", { name: "Clear filter" }).click();
    await until(() => grid(page).getAttribute("aria-rowcount"), (rows) => rows === "216", "rows");
  },
});

pageTest("a table of", {
  "10,000 rows has few elements, and every row that is scrolled to is there": [
    { rows: { "8081": 10_000 } },
    async (page) => {
      await grid(page).hover();
      for (let i = 0; i < 40; i++) await page.mouse.wheel(0, 700);
      await until(() => seen(page), (urls) => urls.length > 10 && urls.every((url) => url !== ""), "rows");
      assert.ok(await page.locator("[data-ordinal]").count() < 60);
      await grid(page).focus();
      await page.keyboard.press("End");
      await until(() => seen(page), (urls) => urls.at(-1) === "/health?n=0", "rows");
    },
  ],

  "a million rows is reached from end to end": [{ rows: { "8081": 1_000_000 } }, async (page) => {
    await grid(page).focus();
    await page.keyboard.press("End");
    await until(() => seen(page), (urls) => urls.at(-1) === "/health?n=0", "the oldest");
    await grid(page).hover();
    await page.mouse.wheel(0, -240);
    await until(() => seen(page), (urls) => urls.at(-1) === "/health?n=10", "ten rows up");
    await page.locator(".grid").evaluate((element) => element.scrollTop = element.scrollHeight / 2);
    const middle = await until(() => seen(page), (urls) => /n=\d+$/.test(urls[0] ?? ""), "the middle");
    assert.ok(Math.abs(Number(middle[0].split("=")[1]) - 500_000) < 1_000, middle[0]);
    await page.keyboard.press("Home");
    await until(() => seen(page), (urls) => urls[0] === "/orders?status=open&limit=50", "the newest");
  }],

  "10,000 rows makes no elements for Page Down, and asks nothing for the panes until it rests": [
    { rows: { "8081": 10_000 }, context: {} },
    async (page) => {
      await page.getByRole("row").nth(1).click();
      const shown = page.getByRole("region", { name: "Request" }).locator(".pane-start");
      await shown.getByText("/orders").waitFor();
      await stopClock(page);
      await page.evaluate(`
        globalThis.made = 0;
        new MutationObserver((records) => {
          const added = records.flatMap(({ addedNodes }) => [...addedNodes]);
          globalThis.made += added.filter((node) => node instanceof Element && node.matches(".row")).length;
        }).observe(document.querySelector(".rows"), { childList: true, subtree: true });`);
      const asked: string[] = [];
      page.on("request", (request) => {
        if (/\/exchanges\/[^/]+$/.test(request.url())) asked.push(request.url());
      });
      for (let presses = 0; presses < 12; presses++) {
        await page.keyboard.press("PageDown");
        await page.clock.runFor(20);
      }
      await until(() => seen(page), (urls) => urls.every((url) => url !== ""), "rows");
      const [made, rows] = [await page.evaluate<number>("globalThis.made"), (await seen(page)).length];
      assert.ok(made < rows, `${made} were made, ${rows} are seen`);
      assert.equal(asked.length, 1, "for the first");
      await page.clock.runFor(500);
      await shown.getByText((await selected(page).locator(".path").innerText()).trim()).waitFor();
      assert.equal(asked.length, 2, "for the first and the last");
      assert.ok(await page.locator("[data-ordinal]").count() > rows + 16, "rows to spare come afterwards");
    },
  ],

  "10,000 rows asks for what is seen alone, and draws nothing else, while it jumps about": [
    { rows: { "8081": 10_000 }, context: {} },
    async (page, fixture) => {
      await until(() => seen(page), (urls) => urls.length > 10, "rows");
      await stopClock(page);
      await page.evaluate(`
        globalThis.empty = 0;
        const unknown = '[data-ordinal]:not(:has(.path))';
        new MutationObserver(() => globalThis.empty += document.querySelectorAll(unknown).length)
          .observe(document.querySelector(".rows"), { childList: true, subtree: true });`);
      await page.locator(".grid").evaluate((element) => element.scrollTop = 100_000);
      await until(() => seen(page), (urls) => urls.length > 10 && urls.every((url) => url !== ""), "rows");
      assert.equal(await page.evaluate("globalThis.empty"), 0);
      assert.equal(fixture.asked.length, 1);
      const limit = Number(new URLSearchParams(fixture.asked[0]).get("limit"));
      assert.ok(limit < 100, `${limit} rows`);
      await page.clock.runFor(500);
      await until(() => Promise.resolve(fixture.asked.length), (times) => times === 2, "what is around it");
    },
  ],

  "10,000 rows names no row that is not there while the keyboard jumps far": [
    { rows: { "8081": 10_000 }, context: {} },
    async (page) => {
      await until(() => seen(page), (urls) => urls.length > 10, "rows");
      await page.getByRole("grid").focus();
      await page.keyboard.press("ArrowDown");
      await page.evaluate(`
        globalThis.missing = [];
        globalThis.named = () => document.querySelector(".grid").getAttribute("aria-activedescendant");
        new MutationObserver(() => {
          const id = named();
          if (id !== null && document.getElementById(id) === null) missing.push(id);
        }).observe(document.querySelector(".table"), { attributes: true, childList: true, subtree: true });`);
      for (const key of ["End", "Home"]) {
        await page.keyboard.press(key);
        await selected(page).and(page.locator(`[data-ordinal="${key === "End" ? 0 : 9_999}"]`)).waitFor();
        assert.equal(await page.evaluate("named()"), await selected(page).getAttribute("id"));
      }
      assert.deepEqual(await page.evaluate("missing"), []);
    },
  ],

  "many rows asks for no more than is looked at": [{ rows: { "8081": 10_000 } }, async (page, fixture) => {
    await until(() => seen(page), (urls) => urls.length > 10, "rows");
    assert.deepEqual(fixture.asked, [], "the snapshot told the newest");
    await page.locator(".grid").evaluate((element) => element.scrollTop = 100_000);
    await until(() => seen(page), (urls) => urls.every((url) => url !== ""), "rows");
    assert.ok(fixture.asked.length <= 2, fixture.asked.join(" "));
  }],
});

const COLUMNS: readonly (readonly [width: number, columns: string])[] = [
  [1440, "State Time Client Method Path Summary Status Request Response Elapsed"],
  [1180, "State Time Method Path Summary Status Request Response Elapsed"],
  [980, "State Time Method Path Status Request Response Elapsed"],
  [860, "State Time Method Path Status Response Elapsed"],
  [640, "State Time Method Path Status Elapsed"],
  [500, "State Time Method Path Status"],
  [400, "State Method Path Status"],
];

pageTest("columns", {
  "drop by the width of the table": async (page) => {
    for (const [width, columns] of COLUMNS) {
      await page.setViewportSize({ ...WIDE, width });
      const heads = () =>
        page.getByRole("columnheader").evaluateAll((all) =>
          all.filter((head) => head.checkVisibility()).map((head) => head.textContent?.trim().split(" ")[0])
            .join(" ")
        );
      await until(heads, (names) => names === columns, `${width} px`);
    }
  },
});
