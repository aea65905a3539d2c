// Somebody who uses the page all the time: chooses a row, filters, scrolls, one after the other, and how long each takes.

import { type Browser, chromium, type Page } from "playwright-core";
import { FLAGS } from "../e2e/harness.ts";
import { chromium as path } from "../needs.ts";

/** What is done in turn. */
export const USES = ["a row is chosen", "a filter is written", "the table is scrolled"] as const;
export type Use = typeof USES[number];

/** So long may one take, ms. */
const PATIENCE_MS = 20_000;
/** The time between two, ms. */
const PAUSE_MS = 300;

/** See above. */
export class PageUse {
  /** How long each took, ms. */
  readonly times: Readonly<Record<Use, number[]>> = {
    "a row is chosen": [],
    "a filter is written": [],
    "the table is scrolled": [],
  };
  #over = false;
  #using: Promise<void> = Promise.resolve();
  /** Why the page could not be used to the end. */
  #failed: unknown = null;

  private constructor(private readonly browser: Browser, private readonly page: Page) {}

  /** Opens the page on the tab of `port`, and begins once there is a row. */
  static async begin(url: string, port: number): Promise<PageUse> {
    const browser = await chromium.launch({ executablePath: path ?? undefined, args: FLAGS });
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(url);
      await page.getByRole("tab", { name: `${port}` }).click();
      const use = new PageUse(browser, page);
      use.#using = use.#go().catch((error) => {
        use.#failed = error;
      });
      return use;
    } catch (error) {
      await browser.close();
      throw error;
    }
  }

  /** Ends it. Throws what has kept it from using the page, if something has. */
  async stop(): Promise<void> {
    this.#over = true;
    await this.#using;
    await this.browser.close();
    if (this.#failed !== null) throw this.#failed;
  }

  async #go(): Promise<void> {
    await this.page.locator('[role="grid"] [role="row"][aria-rowindex="5"]').waitFor();
    while (!this.#over) {
      await this.#time("a row is chosen", () => this.#choose());
      await this.#time("a filter is written", () => this.#filter());
      await this.#time("the table is scrolled", () => this.#scroll());
    }
  }

  async #time(use: Use, does: () => Promise<void>): Promise<void> {
    if (this.#over) return;
    const begun = performance.now();
    await does();
    this.times[use].push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }

  /** From the press to what was asked for in the pane. The rows may move away meanwhile, so it is done in the page. */
  async #choose(): Promise<void> {
    await this.page.evaluate(`(async () => {
      const rows = [...document.querySelectorAll('[role="grid"] [role="row"][aria-rowindex]')];
      const row = rows[2 + Math.floor(Math.random() * Math.min(10, rows.length - 3))];
      const shown = () => document.querySelector('[aria-label="Request"]')?.textContent ?? "";
      const before = shown();
      const at = row.querySelector('[role="gridcell"]') ?? row;
      for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
        at.dispatchEvent(new MouseEvent(type, { bubbles: true, button: 0 }));
      }
      const until = performance.now() + 5000;
      while (performance.now() < until) {
        await new Promise(requestAnimationFrame);
        if (document.querySelector('[role="row"][aria-selected="true"]') && shown() !== "" && shown() !== before) return;
        if (document.querySelector('[role="row"][aria-selected="true"]') && before !== "" && shown() === before) return;
      }
      throw new Error("Nothing was shown for a row");
    })()`);
  }

  /** From the text to rows that match it; and without it again. */
  async #filter(): Promise<void> {
    const box = this.page.getByRole("searchbox", { name: "Filter" });
    await box.fill("status:200");
    await this.page.getByText("match the filter").waitFor();
    await box.fill("");
    await this.page.getByText("match the filter").waitFor({ state: "detached" });
  }

  /** From the turn of the wheel to the second frame after it. */
  async #scroll(): Promise<void> {
    await this.page.locator('[role="grid"]').first().hover();
    await this.page.mouse.wheel(0, 400);
    await this.page.evaluate(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))",
    );
    await this.page.mouse.wheel(0, -10_000);
  }
}
