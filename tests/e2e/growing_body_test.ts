// A body that grows while its middle is looked at, longer than the editor's scroll bar is true to: what is on the screen
// stays, what is not there yet says so, and what has come is said, and found at the end.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { ExchangeList } from "../../src/catalog/types.ts";
import { server, write } from "../relay/transcript.ts";
import { Running } from "../running.ts";
import { browserTest, inContext, opened, until } from "./harness.ts";
import { find, request, scroller } from "./panes.ts";

/** In hex, 16 bytes a line, this is higher than a browser scrolls. */
const BEGINNING = new Uint8Array(8_000_000).fill(0xee);
const LAST = (BEGINNING.length - 16).toString(16).padStart(8, "0");

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

/** Moves the scroll bar to a part of its length, and so many px on. */
async function scrollTo(page: Page, part: number, px = 0): Promise<void> {
  await scroller(request(page)).evaluate(
    (element, [part, px]) => element.scrollTop = part * (element.scrollHeight - element.clientHeight) + px,
    [part, px],
  );
}

const keptBack = (page: Page) => request(page).getByText(/more lines? after the last one here/);

/** Sends the bytes. */
class Client {
  #bytes = 0;
  #growing: Promise<void> | null = null;
  #stops = false;

  constructor(private readonly conn: Deno.TcpConn) {}

  async begin(): Promise<void> {
    await write(this.conn, BEGINNING);
    this.#bytes = BEGINNING.length;
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

const STEPS: Readonly<Record<string, Step>> = {
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
    await seenLines(page, (bytes - 16).toString(16).padStart(8, "0"));
  },
  "has what is found in lines that were kept back": async (page, client) => {
    await scrollTo(page, 0.5);
    await seenLines(page);
    client.grow();
    await keptBack(page).waitFor();
    await find(request(page), "a needle", /^1 of /);
    await seenLines(page, BEGINNING.length.toString(16).padStart(8, "0"));
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
};

browserTest("a body that grows while it is looked at", async (browser, t) => {
  const target = server(async (conn) => {
    while (await conn.read(new Uint8Array(1 << 18)) !== null);
  });
  const running = await Running.start(["-l", "0", "-t", `${target.address.host}:${target.address.port}`]);
  try {
    await inContext(browser, {}, async (page) => {
      for (const [what, step] of Object.entries(STEPS)) {
        await t.step(what, async () => {
          // The open row is this client's then.
          await until(
            async () => (await running.json<ExchangeList>("/exchanges")).exchanges.map(({ state }) => state),
            (states) => !states.includes("open"),
            "the end of those before",
          );
          using conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
          const client = new Client(conn);
          await client.begin();
          await opened(page, running.ready.ui, async (page) => {
            await page.getByRole("row", { name: /open/ }).first().click();
            await seenLines(page, "00000000");
            await request(page).getByText("8.0 MB").waitFor();
            await until(
              () => scroller(request(page)).evaluate((element) => element.scrollHeight),
              (height) => height >= 7_000_000,
              "all of the beginning",
            );
            await step(page, client).finally(() => client.stop());
          });
        });
      }
    });
  } finally {
    await running.stop();
    await target.close();
  }
});
