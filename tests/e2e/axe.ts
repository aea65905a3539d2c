// axe-core in a page.

import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe-core finds in the parts of the page that `selector` names, a line each. */
export async function violations(page: Page, selector = "html"): Promise<string[]> {
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(axe.source);
  return await page.evaluate(async (selector) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(selector, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)}: ${failureSummary}`)
    );
  }, selector);
}
