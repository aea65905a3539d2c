// Tests in a real browser: one Chromium for a test, a fresh page and a fresh stand-in of the program for each step.
// Where Chromium is missing the tests are ignored, and it is said how to get it.

import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Dialog,
  type Locator,
  type Page,
} from "playwright-core";
import { windowless } from "../needs.ts";
import { Fixture } from "./fixture.ts";

if (windowless === null) {
  console.log("skipped: Chromium is missing: apt-get install chromium chromium-headless-shell");
}

/** Flags that keep Chromium from talking to anybody, and from needing what a container has not. */
export const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A wide and a narrow window. */
export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 760, height: 900 };

/** How long to wait for what is to come, ms: long, because machines that test everything at once are slow. */
const PATIENCE_MS = 20_000;

/** One thing to see in a page. `fixture` is what the page talks to. */
export type Step = (page: Page, fixture: Fixture) => Promise<void>;

/** What the page of a step is opened with. */
export interface Opening {
  /** How many rows each port has. */
  readonly rows?: Readonly<Record<string, number>>;
  /** Called before the page is opened. */
  readonly prepare?: (fixture: Fixture) => void;
  readonly context?: BrowserContextOptions;
}

/**
 * Defines a test whose steps each get a page of the stand-in, opened and with its table or form there. Steps without a
 * context of their own share a tab of the browser: their stand-ins have other ports, and so nothing else in common.
 */
export function pageTest(
  name: string,
  steps: Readonly<Record<string, Step | readonly [Opening, Step]>>,
): void {
  browserTest(name, async (browser, t) => {
    await inContext(browser, {}, async (shared) => {
      for (const [what, given] of Object.entries(steps)) {
        const [opening, step] = typeof given === "function" ? [{}, given] as const : given;
        await t.step(what, async () => {
          const fixture = new Fixture(opening.rows);
          opening.prepare?.(fixture);
          const look = (page: Page) => opened(page, fixture.url, (page) => step(page, fixture));
          try {
            await (opening.context ? inContext(browser, opening.context, look) : look(shared));
          } finally {
            await fixture.end();
          }
        });
      }
    });
  });
}

/** What a test in a browser needs. */
export interface Needs {
  /** Whether something else is missing that it needs. */
  readonly missing?: boolean;
  /** The path of its browser; unless given, one without windows, where there is one. */
  readonly path?: string | null;
  /** Whether it has scroll bars. */
  readonly scrollBars?: boolean;
}

/** Defines a test that gets a browser; it is ignored where there is none, or where something else is missing. */
export function browserTest(
  name: string,
  test: (browser: Browser, t: Deno.TestContext) => Promise<void>,
  { missing = false, path = windowless, scrollBars = false }: Needs = {},
): void {
  Deno.test({
    name,
    ignore: missing || path === null,
    fn: async (t) => {
      const browser = await chromium.launch({
        executablePath: path ?? undefined,
        args: FLAGS,
        ignoreDefaultArgs: scrollBars ? ["--hide-scrollbars"] : [],
      });
      try {
        await test(browser, t);
      } finally {
        await browser.close();
      }
    },
  });
}

/** Opens `url` in a tab of its own and calls `look`; fails for an error in the page that `look` did not see. */
export async function inPage(
  browser: Browser,
  url: string,
  context: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  await inContext(browser, context, (page) => opened(page, url, look));
}

/** Calls `use` with an empty tab. */
export async function inContext(
  browser: Browser,
  context: BrowserContextOptions,
  use: (page: Page) => Promise<void>,
): Promise<void> {
  const opened = await browser.newContext({ viewport: WIDE, colorScheme: "light", ...context });
  try {
    const page = await opened.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await use(page);
  } finally {
    await opened.close();
  }
}

/** Opens `url` in `page` and calls `look`; fails for an error in the page that `look` did not see. */
export async function opened(page: Page, url: string, look: (page: Page) => Promise<void>): Promise<void> {
  const errors: Error[] = [];
  const note = (error: Error) => errors.push(error);
  page.on("pageerror", note);
  try {
    await page.goto(url);
    await page.locator('[role="grid"], form').first().waitFor();
    await allLoaded(page);
    await look(page);
  } finally {
    page.off("pageerror", note);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    // What is opened next in this tab is a window of its own, of a browser that remembers nothing.
    await page.evaluate(() => [sessionStorage, localStorage].forEach((storage) => storage.clear()));
    await page.goto("about:blank");
  }
  if (errors.length > 0) throw errors[0];
}

/** Waits for the last of what comes later than the table; later_test.ts tries the page before that. */
export async function allLoaded(page: Page): Promise<void> {
  await page.locator('dialog[aria-labelledby="keys-title"]').waitFor({ state: "attached" });
}

/** Loads the page again, unless it asks before; whether it does. The user stays then. */
export async function asksToLeave(page: Page): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const stay = (dialog: Dialog) => dialog.dismiss().then(() => resolve(true));
  const gone = () => resolve(false);
  page.on("dialog", stay);
  page.on("load", gone);
  try {
    await page.evaluate(() => void setTimeout(() => location.reload()));
    return await promise;
  } finally {
    page.off("dialog", stay);
    page.off("load", gone);
  }
}

/** Waits until the page has drawn what it knows. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

/** Waits until this has the focus. */
export async function hasFocus(where: Locator): Promise<void> {
  await where.and(where.page().locator(":focus")).waitFor();
}

/** Waits until `test` of a value from the page holds; says the last value when it never does. */
export async function until<T>(
  read: () => Promise<T>,
  test: (value: T) => boolean,
  what: string,
): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await read();
    if (test(value)) return value;
    if (Date.now() > end) throw new Error(`${what}: still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
