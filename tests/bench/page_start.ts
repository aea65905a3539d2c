// How soon the page can be used: starts the program, has some requests relayed at once, and opens the page in a Chromium
// that runs already, as a user's does. Usable is when the first row is on screen; then it is clicked, and must be chosen.

import { type Browser, chromium, type Page } from "playwright-core";
import { FLAGS, WIDE } from "../e2e/harness.ts";
import { TextLineStream } from "../lines.ts";
import { chromium as path } from "../needs.ts";

/** So many requests are relayed while the page loads. */
const REQUESTS = 20;
/** The browser has so long to come to rest before the program is started, ms. */
const REST_MS = 500;
/** The trace events that tell what a load costs. */
const CATEGORIES = ["devtools.timeline", "v8", "disabled-by-default-v8.compile", "blink.user_timing"];

/** One load of the page. Milliseconds, and bytes with their heads as they came over the network. */
export interface LoadFigures {
  /** From the line that says that it listens; NaN for a later load, as is the next. */
  readonly sinceListening: number;
  readonly sinceStart: number;
  readonly painted: number;
  readonly usable: number;
  readonly bytes: number;
  readonly requests: number;
}

/** What a load costs the browser, ms. */
export interface TracedFigures {
  /** Of the script as a whole, on another thread, while it comes. */
  readonly parseMs: number;
  /** Of functions, when they are first called: it is a part of `evaluateMs` and of what runs after it. */
  readonly compileMs: number;
  readonly evaluateMs: number;
  readonly layoutMs: number;
}

/** The page of one program. */
export interface PageFigures {
  readonly first: LoadFigures & TracedFigures;
  /** Loaded again. */
  readonly second: LoadFigures;
  /** A page of one row that nothing draws: what the browser itself takes, each time in a profile of its own. */
  readonly oneRow: LoadFigures;
}

/** Opens the page of a fresh program so many times, and loads it again; null where there is no browser. */
export async function openedPages(
  program: readonly string[],
  rounds: number,
): Promise<readonly PageFigures[] | null> {
  if (path === null) {
    console.error("The page is not measured: apt-get install -y chromium");
    return null;
  }
  const target = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) =>
      url.endsWith(ONE_ROW)
        ? new Response(ONE_ROW_PAGE, { headers: { "content-type": "text/html" } })
        : Response.json({ is: "here" }),
  );
  const browser = await chromium.launch({ executablePath: path, args: FLAGS });
  try {
    const all = [];
    for (let round = 0; round < rounds; round++) {
      all.push(await openedPage(program, `127.0.0.1:${target.addr.port}`, browser));
    }
    return all;
  } finally {
    await browser.close();
    await target.shutdown();
  }
}

async function openedPage(program: readonly string[], target: string, browser: Browser) {
  const oneRow = await oneRowPage(browser, `http://${target}${ONE_ROW}`);
  // A profile of its own: nothing is in its cache.
  const context = await browser.newContext({ viewport: WIDE });
  const page = await context.newPage();
  await page.addInitScript(NOTE_ROWS);
  // The browser of a user is at rest then. Making a profile and a tab takes this one some time.
  await new Promise((resolve) => setTimeout(resolve, REST_MS));
  const began = now();
  const child = new Deno.Command(program[0], {
    args: [...program.slice(1), "-l", "0", "-t", target, "--ui", "0", "--no-open"],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  let listening = NaN;
  let relayed: Promise<unknown> = Promise.resolve();
  try {
    for await (const line of lines) {
      const listen = /^Listening on ([\d.:]+)/.exec(line)?.[1];
      if (listen !== undefined) {
        listening = now();
        relayed = relay(`http://${listen}/`);
      }
      const url = /^Page: (.*)$/.exec(line)?.[1];
      if (url === undefined) continue;
      const first = await loaded(page, () => page.goto(url), { began, listening });
      await click(page);
      const second = await loaded(page, () => page.reload(), null);
      await click(page);
      await relayed;
      // Tracing takes time itself, so what is traced is a load of its own, with an empty cache again.
      return { first: { ...first, ...await traced(browser, url) }, second, oneRow };
    }
    throw new Error("Cannot measure the page: the program told no address of it.");
  } finally {
    await context.close();
    child.kill("SIGTERM");
    await child.status;
  }
}

async function oneRowPage(browser: Browser, url: string): Promise<LoadFigures> {
  const context = await browser.newContext({ viewport: WIDE });
  try {
    const page = await context.newPage();
    await page.addInitScript(NOTE_ROWS);
    return await loaded(page, () => page.goto(url), null);
  } finally {
    await context.close();
  }
}

async function relay(url: string): Promise<void> {
  for (let count = 0; count < REQUESTS; count++) await (await fetch(url)).body?.cancel();
}

/** Chooses the first row, which must be possible. */
async function click(page: Page): Promise<void> {
  await page.locator(ROW).first().click();
  await page.locator(`${ROW}[aria-selected="true"]`).first().waitFor();
}

async function loaded(
  page: Page,
  navigate: () => Promise<unknown>,
  since: { readonly began: number; readonly listening: number } | null,
): Promise<LoadFigures> {
  let [bytes, requests] = [0, 0];
  const network = await page.context().newCDPSession(page);
  network.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests++;
  });
  await network.send("Network.enable");
  const shown = rowsAt(page);
  await navigate();
  const usable = await shown;
  const [origin, painted] = await page.evaluate<[number, number]>(
    "[performance.timeOrigin, performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN]",
  );
  await network.detach();
  return {
    sinceListening: since === null ? NaN : origin + usable - since.listening,
    sinceStart: since === null ? NaN : origin + usable - since.began,
    ...{ painted, usable, bytes, requests },
  };
}

/** When rows are there, as the page says it: a script that is put into it to look would take 20 ms of it. */
async function rowsAt(page: Page): Promise<number> {
  const message = await page.waitForEvent("console", (message) => message.text().startsWith(ROWS_AT));
  return Number(message.text().slice(ROWS_AT.length));
}

/** What a load in a profile of its own costs. */
async function traced(browser: Browser, url: string): Promise<TracedFigures> {
  const context = await browser.newContext({ viewport: WIDE });
  try {
    const page = await context.newPage();
    await browser.startTracing(page, { categories: CATEGORIES });
    await page.goto(url);
    await page.locator(ROW).first().waitFor();
    return costs(JSON.parse(new TextDecoder().decode(await browser.stopTracing())).traceEvents);
  } finally {
    await context.close();
  }
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  /** Microseconds; only whole events have it. */
  readonly dur?: number;
}

function costs(events: readonly TraceEvent[]): TracedFigures {
  const spent = (...names: string[]) =>
    events.reduce((sum, { name, dur = 0 }) => names.includes(name) ? sum + dur : sum, 0) / 1000;
  return {
    parseMs: spent("v8.parseOnBackground"),
    compileMs: spent("V8.CompileCode"),
    evaluateMs: spent("v8.evaluateModule"),
    layoutMs: spent("UpdateLayoutTree", "Layout"),
  };
}

/** Milliseconds since the epoch, in the same clock as the browser's timeOrigin. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

const ROW = '[role="grid"] [role="row"]:not(.head)';

/** Where the target has a page that is no more than a row, and that page. */
const ONE_ROW = "/one-row";
const ONE_ROW_PAGE =
  '<!DOCTYPE html><title>One row</title><div role="grid"><div role="row">A row</div></div>';

/** What it says then, before the time. */
const ROWS_AT = "Rows at ";

/** Says when the first row was painted: a frame has begun after it was there. */
const NOTE_ROWS = `
  const watch = new MutationObserver(() => {
    if (document.querySelector(${JSON.stringify(ROW)}) === null) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => console.debug(${
  JSON.stringify(ROWS_AT)
} + performance.now())));
  });
  watch.observe(document, { childList: true, subtree: true });
`;
