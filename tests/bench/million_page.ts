// The page over a capture of very many exchanges, in Chromium: how soon the tab shows rows, how many frames are late
// while it is scrolled, how soon a filter shows rows and their count, with and without new exchanges; and what memory
// the program and the page take.

import { chromium, type Page } from "playwright-core";
import { FLAGS, WIDE } from "../e2e/harness.ts";
import { chromium as path } from "../needs.ts";
import { Running } from "../running.ts";

/** How long an action is looked at, ms; a frame is late after LATE. */
const LOOK_MS = 3_000;
const LATE_MS = 25;
/** New exchanges a second, where there are some, over so many connections. */
const RATE = 1_000;
const CLIENTS = 4;

type Row = readonly string[];
const ms = (figure: number) => `${figure.toFixed(0)} ms`;

/** What was seen of a capture with so many exchanges; `ports` are those of its listener. */
export async function lookAtMillion(
  file: string,
  exchanges: number,
  ports: { readonly listen: number; readonly target: number },
): Promise<readonly Row[]> {
  if (path === null) return [["Chromium is missing", "apt-get install chromium"]];
  const server = Deno.serve({ hostname: "127.0.0.1", port: ports.target, onListen: () => {} }, () => {
    return new Response('{"ok":true}', { headers: { "content-type": "application/json" } });
  });
  const route = ["-l", `${ports.listen}`, "-t", `127.0.0.1:${ports.target}`];
  const running = await Running.start([...route, "--capture", file]);
  const browser = await chromium.launch({ executablePath: path, args: FLAGS });
  try {
    const indexed = async () => (await running.json<{ total: number }>("/exchanges?limit=1")).total;
    while (await indexed() < exchanges) await pause(500);
    const page = await browser.newPage({ viewport: WIDE });
    await page.goto(running.ready.ui);
    await page.getByRole("tab", { name: "Add listener" }).click();
    const rows: Row[] = [];
    rows.push(["tab chosen to rows painted", ms(await openedIn(page, ports.listen))]);
    const grid = page.getByRole("grid", { name: "Exchanges" });
    await grid.hover();
    const scrolls: readonly (readonly [string, () => Promise<void>])[] = [
      ["wheel", () => page.mouse.wheel(0, 120)],
      ["Page Down", () => page.keyboard.press("PageDown")],
      ["scroll bar dragged", () => dragged(page)],
    ];
    for (const [name, act] of scrolls) {
      await grid.focus();
      rows.push([`frames, ${name}`, await framesWhile(page, act)]);
    }
    for (const filter of ["status:>=500", "path:nowhere", "method:POST"]) {
      rows.push([`filter ${filter}`, await filtered(page, filter)]);
    }
    await filtered(page, "");
    for (const [name, filter] of [["no filter", ""], ["status:2xx", "status:2xx"]]) {
      await filtered(page, filter);
      const frames = await framesWhile(page, () => exchanged(ports.listen));
      rows.push([`frames, ${RATE.toLocaleString("en")} new a second, ${name}`, frames]);
    }
    rows.push(["memory of the program", await memoryOf(running.pid)]);
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    rows.push(["JS heap of the page", `${(usedSize / 1e6).toFixed(1)} MB`]);
    return rows;
  } finally {
    await browser.close();
    await running.stop();
    await server.shutdown();
  }
}

// What runs in the page is text: this file is checked for Deno, which has no documents.

/** Notes when the tab with a port in its name is pressed, and when there are rows. */
const NOTE_OPENED = (port: number) => `
  const tab = [...document.querySelectorAll('[role="tab"]')].find((one) => one.textContent.includes("${port}"));
  tab.addEventListener("mousedown", () => globalThis.pressed = performance.now(), { capture: true, once: true });
  globalThis.painted = 0;
  const look = () => requestAnimationFrame(() => {
    if (!document.querySelector('[role="grid"] [data-ordinal] [role="gridcell"]')) return look();
    requestAnimationFrame(() => globalThis.painted = performance.now());
  });
  look();`;

/** Notes how long each frame takes. */
const NOTE_FRAMES = `
  [globalThis.frames_, globalThis.over_] = [[], false];
  let last = performance.now();
  const frame = () => {
    const now = performance.now();
    globalThis.frames_.push(now - last);
    last = now;
    if (!globalThis.over_) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);`;

/** Notes when a filter is typed, and whenever the table says another number of rows. */
const NOTE_COUNTS = `
  [globalThis.typed, globalThis.changes] = [0, []];
  document.addEventListener("input", () => globalThis.typed = performance.now(), { capture: true, once: true });
  globalThis.counts?.disconnect();
  globalThis.counts = new MutationObserver(() => globalThis.changes.push(performance.now()));
  globalThis.counts.observe(document.querySelector('[role="grid"]'),
    { attributes: true, attributeFilter: ["aria-rowcount"] });`;

const DRAG = `
  const grid = document.querySelector('[role="grid"]');
  const most = grid.scrollHeight - grid.clientHeight;
  grid.scrollTop = (grid.scrollTop + most / 40) % most;`;

/** From pressing the tab to the frame after rows are there, ms. */
async function openedIn(page: Page, port: number): Promise<number> {
  await run(page, NOTE_OPENED(port));
  await page.getByRole("tab", { name: `${port}` }).click();
  await page.waitForFunction("globalThis.painted > 0");
  return await page.evaluate("globalThis.painted - globalThis.pressed");
}

/** How many frames there were in LOOK_MS of doing something over and over, how many late, and the longest. */
async function framesWhile(page: Page, act: () => Promise<void>): Promise<string> {
  await run(page, NOTE_FRAMES);
  for (const end = performance.now() + LOOK_MS; performance.now() < end;) await act();
  const frames = await page.evaluate<number[]>("(globalThis.over_ = true, globalThis.frames_)");
  const late = frames.filter((took) => took > LATE_MS).length;
  const perSecond = frames.length / (frames.reduce((sum, took) => sum + took, 0) / 1000);
  return `${perSecond.toFixed(0)} a second, ${late} of ${frames.length} late, longest ${
    ms(Math.max(...frames))
  }`;
}

/** Takes the scroll bar some way, as dragging it does: far jumps, to the end and again from the beginning. */
async function dragged(page: Page): Promise<void> {
  await run(page, DRAG);
  await pause(16);
}

/** From typing a filter to its first rows, and to the count that stays, ms. */
async function filtered(page: Page, filter: string): Promise<string> {
  const box = page.getByRole("searchbox", { name: "Filter" });
  await box.click();
  await run(page, NOTE_COUNTS);
  await box.fill(filter);
  const count = "globalThis.changes.length";
  for (let [known, quiet, left] = [0, 0, 60]; quiet < 8 && left > 0; left--) {
    await pause(100);
    const now = await page.evaluate<number>(count);
    quiet = now > 0 && now === known ? quiet + 1 : 0;
    known = now;
  }
  const [first, whole] = await page.evaluate<[number, number]>(
    "[globalThis.changes[0] - globalThis.typed, globalThis.changes.at(-1) - globalThis.typed]",
  );
  return `first ${ms(first)}, whole ${ms(whole)}`;
}

function run(page: Page, script: string): Promise<void> {
  return page.evaluate(`(() => {${script}})()`);
}

/** A tenth of a second of new exchanges. */
async function exchanged(port: number): Promise<void> {
  const began = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, async () => {
    for (let made = 0; made < RATE / 10 / CLIENTS; made++) {
      await (await fetch(`http://127.0.0.1:${port}/live/${made}`)).arrayBuffer();
    }
  }));
  await pause(Math.max(0, 100 - (performance.now() - began)));
}

async function memoryOf(pid: number): Promise<string> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) / 1024;
  return `${of("VmRSS").toFixed(0)} MiB, at most ${of("VmHWM").toFixed(0)} MiB`;
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}
