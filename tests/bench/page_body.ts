// A body of 50 MB in its pane: from the press on its row to the first screen and to all of it laid out, how evenly it
// scrolls, how soon its end, a search and another format are there, and what that takes of memory.

import { type OpenPage, withPage } from "./page_open.ts";
import type { PageTrace } from "./page_trace.ts";
import { LARGE, type Large, startLarge } from "./page_traffic.ts";
import { table } from "./table.ts";

const PANE = "Response";
/** A body that is not all laid out by then is said to take longer, ms. */
const PATIENCE_MS = 20_000;
/** Whether it is there is looked at so often, ms; when it was is in the trace. */
const LOOK_MS = 50;
/** The wheel turns so many times, so far each time, at 60 a second. */
const WHEEL = { times: 120, px: 120 };
const PAGES = 30;

/** Measures and prints. */
export async function measureBodies(
  program: readonly string[],
  named: string,
  isMarkdown: boolean,
): Promise<void> {
  const server = startLarge();
  const rows = [[
    "50 MB",
    "first screen",
    "all laid out",
    "End",
    "as text",
    "find",
    "wheel: frames, late, very late, longest",
    "PageDown",
    "scroll bar",
    "longest task",
    "program",
  ]];
  try {
    for (const large of LARGE.filter(({ name }) => name.includes(named))) {
      await withPage(program, server.port, async (open) => {
        const row = await measureBody(open, large);
        rows.push(row);
        console.error(row.join("  "));
      });
    }
  } finally {
    await server.stop();
  }
  console.log(table(rows, { isMarkdown }).join("\n"));
}

async function measureBody(open: OpenPage, large: Large): Promise<string[]> {
  const { page, port } = open;
  for (const path of ["/small", large.path, "/small"]) {
    await (await fetch(`http://127.0.0.1:${port}${path}`)).bytes();
  }
  const row = (path: string) => page.locator("[role=row][data-ordinal]", { hasText: `${path}` }).first();
  await row(large.path).waitFor();
  // A small one first, so that what is measured is the body and not the first pane.
  await row("/small").click();
  await page.getByLabel("Body of the response").getByText("small").waitFor();

  const at = { opened: 0, wheel: [0, 0], keys: [0, 0], bar: [0, 0] };
  const clock = async () => await page.evaluate("performance.now()") as number;
  const expect = (begins: string) => page.evaluate(`watch.expect(${JSON.stringify({ begins, pane: PANE })})`);
  const until = async (what: "isThere" | "isComplete") => {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end;) {
      if (await page.evaluate(`watch.state()?.${what}`)) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  const during = async (work: () => Promise<void>) => {
    const from = await clock();
    await work();
    return [from, await clock()];
  };
  let find = 0;
  const trace = await open.traced(async () => {
    await expect(large.begins);
    await row(large.path).click();
    await until("isThere");
    await until("isComplete");
    const pane = page.getByLabel("Body of the response");
    await pane.click({ position: { x: 300, y: 30 } });
    at.wheel = await during(async () => {
      // As a hand does it, which waits for no answer.
      const turned: Promise<void>[] = [];
      const began = performance.now();
      for (let turn = 1; turn <= WHEEL.times; turn++) {
        turned.push(page.mouse.wheel(0, WHEEL.px));
        await new Promise((resolve) =>
          setTimeout(resolve, Math.max(0, began + turn * 1000 / 60 - performance.now()))
        );
      }
      await Promise.all(turned);
    });
    at.keys = await during(async () => {
      for (let turn = 0; turn < PAGES; turn++) await page.keyboard.press("PageDown");
    });
    at.bar = await during(async () => {
      for (let part = 0.1; part < 1; part += 0.1) {
        await page.evaluate(`{
          const scroller = document.querySelector('[aria-label="${PANE}"] .cm-scroller');
          scroller.scrollTop = scroller.scrollHeight * ${part};
        }`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    await page.evaluate("watch.expect({ begins: '', pane: 'Response' })");
    await page.keyboard.press("Control+End");
    await until("isThere");
    if (large.name !== "hex" && !large.type.startsWith("text/plain")) {
      await expect(large.begins);
      await page.getByRole("region", { name: PANE }).getByLabel("Format", { exact: true }).selectOption(
        "text",
      );
      await until("isThere");
    }
    const began = performance.now();
    await page.keyboard.press("Control+f");
    await page.getByRole("region", { name: PANE }).getByRole("textbox").first().fill("no such text");
    await page.getByRole("region", { name: PANE }).getByText(/^none$/).first()
      .waitFor({ timeout: PATIENCE_MS }).catch(() => {});
    find = performance.now() - began;
  });
  return rowOf(large, trace, at, find, await memoryOfProgram(open.pid));
}

function rowOf(
  { name }: Large,
  trace: PageTrace,
  at: { readonly wheel: number[]; readonly keys: number[]; readonly bar: number[] },
  find: number,
  memory: number,
): string[] {
  const { marks } = trace;
  const texts = marks.filter(({ name }) => name === "text");
  const presses = marks.filter(({ name }) => name === "pressed");
  const complete = marks.find(({ name }) => name === "complete");
  const painted = (turn: number) => {
    const text = texts.at(turn);
    const there = text === undefined ? null : trace.paintedAfter(text.at);
    return there === null ? "–" : ms(there - presses[turn].at);
  };
  const scrolled = ([from, to]: readonly number[]) => {
    const { frames, late, veryLate, longest, longestTask } = trace.smoothness(from, to);
    return { words: `${frames}, ${late}, ${veryLate}, ${ms(longest)}`, longestTask };
  };
  const [wheel, keys, bar] = [at.wheel, at.keys, at.bar].map(scrolled);
  return [
    name,
    painted(0),
    complete === undefined ? "–" : ms(complete.at - presses[0].at),
    painted(1),
    painted(2),
    ms(find),
    wheel.words,
    keys.words,
    bar.words,
    ms(Math.max(wheel.longestTask, keys.longestTask, bar.longestTask)),
    `${Math.round(memory / 1e6)} MB`,
  ];
}

function ms(time: number): string {
  return `${Math.round(time)} ms`;
}

/** Resident memory, bytes. */
async function memoryOfProgram(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
