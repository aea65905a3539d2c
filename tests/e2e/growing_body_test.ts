// A body that grows while its middle is looked at, longer than the editor's scroll bar is true to: what is on the screen
// stays, what is not there yet says so, and what has come is said, and found at the end. Nothing moves while its scroll bar
// is held.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { ExchangeList } from "../../src/catalog/types.ts";
import { server, write } from "../relay/transcript.ts";
import { Running } from "../running.ts";
import { browserTest, drawn, inContext, opened, until } from "./harness.ts";
import { body, find, format, request, scroller } from "./panes.ts";

/** In hex, 16 bytes a line, this is higher than a browser scrolls. */
const LONG = 8_000_000;
const LAST = offset(LONG - 16);
/** And this becomes so. */
const SHORT = 1_000_000;
const LINE_HEIGHT = 18;
const HIGHEST = 7_000_000;

/** As the hex view says it. */
function offset(bytes: number): string {
  return bytes.toString(16).padStart(8, "0");
}

/** The offsets of the lines that are seen, and where: px from the top of the pane. */
type Seen = readonly (readonly [offset: string, top: number])[];

function seen(page: Page): Promise<Seen> {
  return scroller(request(page)).evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return [...element.querySelectorAll(".cm-line")]
      .map((line) => [line.textContent!.slice(0, 8), line.getBoundingClientRect()] as const)
      .filter(([, place]) => place.bottom > top + 1 && place.top < bottom - 1)
      .map(([text, place]) => [text, Math.round(place.top - top)] as const);
  });
}

/** Waits until the lines that are seen are there, and the one that is given among them. */
function seenLines(page: Page, offset?: string): Promise<Seen> {
  const isThere = (lines: Seen) =>
    lines.length > 2 && lines.every(([text]) => text !== "") &&
    (offset === undefined || lines.some(([text]) => text === offset));
  return until(() => seen(page), isThere, `lines${offset === undefined ? "" : ` with ${offset}`}`);
}

/** Waits until the text is so high, px: all of its beginning is there. */
async function higherThan(page: Page, px: number): Promise<void> {
  const height = () => scroller(request(page)).evaluate((element) => element.scrollHeight);
  await until(height, (height) => height >= px, "all of the beginning");
}

/** Moves the scroll bar to a part of its length, and so many px on. */
async function scrollTo(page: Page, part: number, px = 0): Promise<void> {
  await scroller(request(page)).evaluate(
    (element, [part, px]) => element.scrollTop = part * (element.scrollHeight - element.clientHeight) + px,
    [part, px],
  );
}

/** Takes hold of the handle of the scroll bar, at a part of its way, and draws it to another. */
async function hold(page: Page, part: number, from = 0): Promise<void> {
  const { x, y, width, height } = (await scroller(request(page)).boundingBox())!;
  // Behind the button at its end, which may be there.
  const end = 20;
  const [begin, to] = [from, part].map((part) => y + end + part * (height - 2 * end));
  await page.mouse.move(x + width - 6, begin);
  await page.mouse.down();
  // Each of the two moves has its scroll: what is looked at after the first would be gone after the second.
  for (const at of [(begin + to) / 2, to]) {
    const before = await scrollTop(page);
    await page.mouse.move(x + width - 6, at);
    await until(() => scrollTop(page), (now) => now > before + height, "a scroll");
  }
}

function scrollTop(page: Page): Promise<number> {
  return scroller(request(page)).evaluate((element) => element.scrollTop);
}

/** All that would move with the scroll bar: the text, and how long the bar is and what it shows. */
async function bar(page: Page): Promise<string> {
  const { scrollTop, scrollHeight, clientHeight } = await scroller(request(page)).evaluate((
    { scrollTop, scrollHeight, clientHeight },
  ) => ({ scrollTop, scrollHeight, clientHeight }));
  return JSON.stringify({ scrollTop, scrollHeight, clientHeight, seen: await seen(page) });
}

/** Waits until the page has taken what has come since: one look at the end of a view is answered after the other. */
async function looked(page: Page): Promise<void> {
  for (let look = 0; look < 3; look++) await page.waitForResponse(/\/view\?/);
}

/** Whether these lines are not near the beginning of what is long. */
const isFar = (lines: Seen) => lines.every(([text]) => parseInt(text, 16) > LONG / 4);

/** Keeps answers back until `answer` is called; `asked` is settled once there is something to answer. */
async function late(page: Page, url: RegExp): Promise<{ answer: () => void; asked: Promise<unknown> }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(url, (route) => promise.then(() => route.continue()).catch(() => {}));
  return { answer: resolve, asked: page.waitForRequest(url) };
}

const keptBack = (page: Page) => request(page).getByText(/more lines? after the last one here/);

/** Sends the bytes. */
class Client {
  #bytes = 0;
  #growing: Promise<void> | null = null;
  #stops = false;

  constructor(private readonly conn: Deno.TcpConn) {}

  async begin(bytes: number): Promise<void> {
    await write(this.conn, new Uint8Array(bytes).fill(0xee));
    this.#bytes = bytes;
  }

  /** Goes on until it is to stop. */
  grow(): void {
    this.#growing = this.#goOn();
  }

  async #goOn(): Promise<void> {
    const more = new Uint8Array(160_000).fill(0xdd);
    new TextEncoder().encodeInto("a needle", more);
    for (; !this.#stops; this.#bytes += more.length) {
      await write(this.conn, more);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Stops, and gives how many bytes were sent. */
  async stop(): Promise<number> {
    this.#stops = true;
    await this.#growing;
    return this.#bytes;
  }
}

type Step = (page: Page, client: Client) => Promise<void>;

const STEPS: Readonly<Record<string, Step | readonly [bytes: number, Step]>> = {
  "stays where it is while more comes, and has it once none does": async (page, client) => {
    await scrollTo(page, 0.5);
    const before = await seenLines(page);
    client.grow();
    await keptBack(page).waitFor();
    const said = await keptBack(page).innerText();
    await until(() => keptBack(page).innerText(), (now) => now !== said, "more lines");
    // The foot of the pane, which says it, takes some lines' place.
    const now = await seen(page);
    assert.ok(now.length > before.length - 4, `${now.length}`);
    assert.deepEqual(now, before.slice(0, now.length));
    await client.stop();
    await keptBack(page).waitFor({ state: "hidden" });
    assert.deepEqual((await seen(page)).slice(0, now.length), now);
  },
  "is followed from its end": async (page, client) => {
    await scrollTo(page, 0.5);
    await seenLines(page);
    client.grow();
    await request(page).getByRole("button", { name: "Go to the end" }).press("Enter");
    await keptBack(page).waitFor({ state: "hidden" });
    const bytes = await client.stop();
    await seenLines(page, offset(bytes - 16));
  },
  "has what is found in lines that were kept back": async (page, client) => {
    await scrollTo(page, 0.5);
    await seenLines(page);
    client.grow();
    await keptBack(page).waitFor();
    await find(request(page), "a needle", /^1 of /);
    await seenLines(page, offset(LONG));
  },
  "goes on where one has read to its end": async (page, client) => {
    await scrollTo(page, 1);
    await seenLines(page, LAST);
    await scrollTo(page, 1, -200);
    client.grow();
    // In the page itself: what is kept back is added once nobody has scrolled for a second and no more came.
    await scroller(request(page)).evaluate((element) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (!/after the last one here/.test(element.closest("[role=region]")!.textContent!)) {
            requestAnimationFrame(look);
            return;
          }
          element.scrollTop = element.scrollHeight;
          resolve();
        };
        look();
      })
    );
    await client.stop();
    await until(
      async () => (await seenLines(page, LAST)).findIndex(([text]) => text === LAST),
      (at) => at > 2,
      "the line that was the last, and those before it",
    );
  },
  "says which lines are not there yet": async (page) => {
    const answers = Promise.withResolvers<void>();
    await page.route(/\/view\?/, (route) => answers.promise.then(() => route.continue()).catch(() => {}));
    await scrollTo(page, 0.5);
    const loading = request(page).locator(".line-loading").first();
    await until(
      () => loading.evaluate((line) => getComputedStyle(line, "::before").visibility),
      (visibility) => visibility === "visible",
      "that lines are loading",
    );
    answers.resolve();
    await seenLines(page);
    await loading.waitFor({ state: "detached" });
  },
  "stays under a scroll bar that is held, and has what has come once it is let go": async (page, client) => {
    await hold(page, 0.5);
    const shown = await seenLines(page);
    const before = await bar(page);
    client.grow();
    await looked(page);
    assert.equal(await bar(page), before);
    const bytes = await client.stop();
    await page.mouse.up();
    await until(() => seen(page), (now) => JSON.stringify(now) === JSON.stringify(shown), "the same lines");
    const goToEnd = () => body(request(page)).press("Control+End").then(() => seen(page));
    const last = offset(bytes - 16);
    await until(goToEnd, (lines) => lines.some(([text]) => text === last), "the end of all that has come");
  },
  "is not drawn away from a scroll bar that is held at its end": async (page, client) => {
    await hold(page, 1.1);
    await seenLines(page, LAST);
    const before = await bar(page);
    client.grow();
    await looked(page);
    assert.equal(await bar(page), before);
    await page.mouse.up();
    await until(() => bar(page), (now) => now !== before, "more than before");
    await client.stop();
  },
  "becomes no longer than a browser scrolls while its scroll bar is held": [SHORT, async (page, client) => {
    await hold(page, 0.5);
    const shown = await seenLines(page);
    const before = await bar(page);
    client.grow();
    await looked(page);
    assert.equal(await bar(page), before);
    await page.mouse.up();
    await until(() => bar(page), (now) => now !== before, "more than before");
    await client.stop();
    assert.deepEqual((await seen(page)).slice(0, 4), shown.slice(0, 4));
  }],
  "is not drawn back to where one has gone before": async (page) => {
    await body(request(page)).press("Control+g");
    await page.keyboard.type("0x1000");
    await page.keyboard.press("Enter");
    await seenLines(page, offset(0x1000));
    await hold(page, 0.5);
    await until(() => seen(page), isFar, "lines where the scroll bar was drawn to");
    await drawn(page);
    assert.ok(isFar(await seen(page)), JSON.stringify(await seen(page)));
    await page.mouse.up();
  },
  "is not moved by a hit that is found while its scroll bar is held, nor once it is let go": async (page) => {
    const { answer, asked } = await late(page, /\/find\?/);
    await body(request(page)).press("Control+f");
    await page.keyboard.type("ee ee");
    await asked;
    await hold(page, 0.5);
    await seenLines(page);
    const before = await bar(page);
    answer();
    await request(page).getByText(/^1 of /).waitFor();
    await drawn(page);
    assert.equal(await bar(page), before);
    await page.mouse.up();
    await drawn(page);
    assert.ok(isFar(await seen(page)), JSON.stringify(await seen(page)));
  },
  "is not moved by a place that is found while its scroll bar is held, nor once it is let go": async (
    page,
  ) => {
    await body(request(page)).press("Control+g");
    const { answer, asked } = await late(page, /\/view\?.*lines=1(&|$)/);
    await page.keyboard.type("0x1000");
    await page.keyboard.press("Enter");
    await asked;
    await hold(page, 0.5);
    answer();
    await request(page).getByLabel("Go to offset", { exact: true }).waitFor({ state: "detached" });
    await until(() => seen(page), isFar, "lines where the scroll bar was drawn to");
    await page.mouse.up();
    await drawn(page);
    assert.ok(isFar(await seen(page)), JSON.stringify(await seen(page)));
  },
  "shows the first hit of the filter when it is come back to, if its scroll bar was held before": async (
    page,
  ) => {
    const { answer, asked } = await late(page, /\/find\?/);
    await page.getByRole("searchbox", { name: "Filter" }).fill("bytes:eeee");
    await asked;
    await hold(page, 0.5);
    answer();
    await request(page).getByText(/^Filter: 1 of /).waitFor();
    await drawn(page);
    assert.ok(isFar(await seen(page)), JSON.stringify(await seen(page)));
    await page.mouse.up();
    await format(request(page)).selectOption("text");
    await until(() => seen(page), (lines) => !lines.some(([text]) => /^[\da-f]{8}/.test(text)), "text");
    await format(request(page)).selectOption("auto");
    await higherThan(page, HIGHEST);
    await request(page).getByText(/^Filter: 1 of /).waitFor();
    await drawn(page);
    await seenLines(page, "00000000");
  },
  "shows its end when that is asked for, though its scroll bar is held": async (page, client) => {
    await scrollTo(page, 0.5);
    await seenLines(page);
    client.grow();
    await keptBack(page).waitFor();
    await hold(page, 0.8, 0.5);
    await client.stop();
    await request(page).getByRole("button", { name: "Go to the end" }).evaluate((button: HTMLElement) =>
      button.click()
    );
    await keptBack(page).waitFor({ state: "hidden" });
    await page.mouse.up();
  },
};

browserTest("a body that grows while it is looked at", async (browser, t) => {
  const target = server(async (conn) => {
    while (await conn.read(new Uint8Array(1 << 18)) !== null);
  });
  const running = await Running.start(["-l", "0", "-t", `${target.address.host}:${target.address.port}`]);
  try {
    await inContext(browser, {}, async (page) => {
      for (const [what, given] of Object.entries(STEPS)) {
        const [bytes, step] = typeof given === "function" ? [LONG, given] as const : given;
        await t.step(what, async () => {
          // The open row is this client's then.
          await until(
            async () => (await running.json<ExchangeList>("/exchanges")).exchanges.map(({ state }) => state),
            (states) => !states.includes("open"),
            "the end of those before",
          );
          using conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
          const client = new Client(conn);
          await client.begin(bytes);
          await opened(page, running.ready.ui, async (page) => {
            await page.getByRole("row", { name: /open/ }).first().click();
            await seenLines(page, "00000000");
            await request(page).getByText(`${(bytes / 1e6).toFixed(1)} MB`).waitFor();
            await higherThan(page, Math.min(HIGHEST, bytes / 16 * LINE_HEIGHT));
            await step(page, client).finally(() => client.stop());
          });
        });
      }
    });
  } finally {
    await running.stop();
    await target.close();
  }
}, { scrollBars: true });
