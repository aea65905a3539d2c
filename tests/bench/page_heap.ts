// What the page keeps in memory while it is left open: after each share of the exchanges, once it knows of all of them,
// its heap once garbage is collected, its nodes and listeners, and how far behind decoding was when the last had come. A share comes while it follows, one under a filter, one while rows are selected.

import { memoryOf, type OpenPage, withPage } from "./page_open.ts";
import { paced, startSmall } from "./page_traffic.ts";
import { table } from "./table.ts";

const RATE = 4_000;
const CONNECTIONS = 16;
/** A row is selected so often while they come, ms. */
const SELECT_MS = 500;
/** So many come before it is looked at first. */
const FIRST = 100;
/** How long decoding and the page may take until they know of all, ms. */
const CATCH_UP_MS = 180_000;

interface Share {
  readonly name: string;
  readonly part: number;
  readonly begin: (open: OpenPage) => Promise<void>;
  /** Again and again while exchanges come. */
  readonly meanwhile?: (open: OpenPage) => Promise<void>;
}

const SHARES: readonly Share[] = [
  { name: "following the newest", part: 0.4, begin: () => Promise.resolve() },
  {
    name: "with a filter",
    part: 0.3,
    begin: ({ page }) => page.getByRole("searchbox", { name: "Filter" }).fill("path:/row/9"),
  },
  {
    name: "with rows selected",
    part: 0.3,
    begin: ({ page }) => page.getByRole("searchbox", { name: "Filter" }).fill(""),
    meanwhile: async ({ page }) => {
      await page.locator("[role=row][data-ordinal]").nth(3).click();
      await page.getByRole("button", { name: /new$|Follow/ }).first().click();
    },
  },
];

/** Measures and prints. */
export async function measureHeap(
  program: readonly string[],
  count: number,
  isMarkdown: boolean,
): Promise<void> {
  const server = startSmall();
  const rows = [["exchanges", "", "JS heap", "nodes", "detached", "listeners", "behind"]];
  try {
    await withPage(program, server.port, async (open) => {
      const { page } = open;
      let done = 0;
      const note = async (name: string) => {
        const behind = await page.locator("footer .behind").allTextContents();
        const all = new Intl.NumberFormat("en").format(FIRST + done);
        await page.locator("footer").getByText(`${all} exchanges`).waitFor({ timeout: CATCH_UP_MS });
        const { heap, nodes, listeners, detached } = await memoryOf(open);
        const words = [`${(heap / 1e6).toFixed(1)} MB`, nodes, detached, listeners, behind.join("")];
        console.error(`${done} ${name}: ${words.join("  ")}`);
        rows.push([new Intl.NumberFormat("en").format(done), name, ...words.map(String)]);
      };
      await paced(open.port, { rate: 200, count: FIRST, connections: 4, first: 1_000_000 });
      await note("at first");
      for (const { name, part, begin, meanwhile } of SHARES) {
        console.error(`heap: ${name}`);
        await begin(open);
        const share = Math.round(count * part);
        let isOver = false;
        const coming = paced(open.port, { rate: RATE, count: share, first: done, connections: CONNECTIONS });
        const over = () => void (isOver = true);
        coming.then(over, over);
        while (meanwhile !== undefined && !isOver) {
          await meanwhile(open);
          await new Promise((resolve) => setTimeout(resolve, SELECT_MS));
        }
        await coming;
        done += share;
        await note(name);
      }
    });
  } finally {
    await server.stop();
  }
  console.log(table(rows, { isMarkdown }).join("\n"));
}
