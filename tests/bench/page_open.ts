// The program with its page open in Chromium, and what is asked of both while they are measured: their processor time,
// their memory, and how the page's clock stands to this process's.

import { type Browser, type CDPSession, chromium, type Page } from "playwright-core";
import { FLAGS, WIDE } from "../e2e/harness.ts";
import { chromium as path } from "../needs.ts";
import { tcpmon } from "./contestants.ts";
import { ownFolder } from "./programs.ts";
import { CATEGORIES, PageTrace } from "./page_trace.ts";
import { now } from "./page_traffic.ts";
import { WATCH } from "./page_watch.ts";
import { type ThreadSeconds, threadSeconds } from "./usage.ts";

/** Whether there is a browser. */
export const hasBrowser = path !== null;

/** The page, and the program behind it. */
export interface OpenPage {
  readonly page: Page;
  readonly cdp: CDPSession;
  /** Where the program listens. */
  readonly port: number;
  readonly api: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the program. */
  readonly pid: number;
  /** The capture file. */
  readonly capture: string;
  /** Adds a listener; gives its port. */
  listen(target: number): Promise<number>;
  /** Traces while `work` goes on. */
  traced(work: () => Promise<void>): Promise<PageTrace>;
  /** What is to be added to a time of the page's clock for one of this process's, and how wrong that may be; ms. */
  alignment(): Promise<{ readonly add: number; readonly error: number }>;
  usage(): Promise<Usage>;
}

/** Processor seconds so far. */
export interface Usage {
  readonly program: ThreadSeconds;
  /** Of Chromium's processes, by their kinds. */
  readonly browser: ReadonlyMap<string, number>;
}

/** Memory in bytes. */
export interface Memory {
  readonly heap: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly detached: number;
}

/** Opens the page of `program` before a server at `server`, and calls `use`. */
export async function withPage(
  program: readonly string[],
  server: number,
  use: (open: OpenPage) => Promise<void>,
): Promise<void> {
  const folder = await ownFolder();
  const capture = `${folder}/capture.pcapng`;
  const browser = await chromium.launch({ executablePath: path ?? undefined, args: FLAGS });
  try {
    let at = { url: "", api: "", token: "", port: 0 };
    const look = (told: typeof at) => {
      at = told;
      return Promise.resolve({ stop: () => Promise.resolve() });
    };
    const contestant = tcpmon([...program, "--capture", capture], null, { name: "page", look });
    const running = await contestant.start(server);
    try {
      const page = await browser.newPage({ viewport: WIDE });
      page.on("pageerror", (error) => console.error(`The page has failed: ${error.message}`));
      await page.addInitScript(WATCH);
      await page.goto(at.url);
      await page.getByRole("tab", { name: `${at.port}` }).click();
      await use(await opened(browser, page, at, running.pid!, capture));
    } finally {
      await running.stop();
    }
  } finally {
    await browser.close();
    await Deno.remove(folder, { recursive: true });
  }
}

async function opened(
  browser: Browser,
  page: Page,
  { api, token, port }: { readonly api: string; readonly token: string; readonly port: number },
  pid: number,
  capture: string,
): Promise<OpenPage> {
  const cdp = await page.context().newCDPSession(page);
  const whole = await browser.newBrowserCDPSession();
  const headers = { Authorization: `Bearer ${token}` };
  return {
    ...{ page, cdp, port, api, headers, pid, capture },
    listen: async (target) => {
      const route = { listen: "127.0.0.1:0", target: `127.0.0.1:${target}` };
      const answer = await fetch(`${api}/listeners`, {
        method: "POST",
        headers,
        body: JSON.stringify(route),
      });
      const { listen } = await answer.json();
      return Number(listen.split(":").at(-1));
    },
    traced: async (work) => {
      await browser.startTracing(page, { categories: CATEGORIES });
      let trace: Uint8Array;
      try {
        await page.evaluate("performance.mark('traced')");
        await work();
      } finally {
        trace = await browser.stopTracing();
      }
      return new PageTrace(trace);
    },
    alignment: async () => {
      let best = { add: 0, error: Infinity };
      for (let round = 0; round < 50; round++) {
        const before = now();
        const { result } = await cdp.send("Runtime.evaluate", { expression: "performance.now()" });
        const after = now();
        const error = (after - before) / 2;
        if (error < best.error) best = { add: before + error - result.value, error };
      }
      return best;
    },
    usage: async () => {
      const { processInfo } = await whole.send("SystemInfo.getProcessInfo");
      const kinds = new Map<string, number>();
      for (const { type, cpuTime } of processInfo) kinds.set(type, (kinds.get(type) ?? 0) + cpuTime);
      return { program: await threadSeconds(pid), browser: kinds };
    },
  };
}

/** What the page keeps, once what is garbage is collected. */
export async function memoryOf({ cdp }: OpenPage): Promise<Memory> {
  await cdp.send("HeapProfiler.enable");
  // Once for what is garbage, and again for what only that has held.
  for (let round = 0; round < 2; round++) await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await cdp.send("Memory.getDOMCounters");
  await cdp.send("DOM.enable");
  const { detachedNodes } = await cdp.send("DOM.getDetachedDomNodes");
  await cdp.send("DOM.disable");
  await cdp.send("HeapProfiler.disable");
  return { heap: usedSize, nodes, listeners: jsEventListeners, detached: detachedNodes.length };
}

/** How many processors something used over so many ms, in percent of one. */
export function percentOf(seconds: number, ms: number): string {
  return `${Math.round(seconds * 100_000 / ms)} %`;
}
