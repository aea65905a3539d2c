// XML format with the real program: on and off at any time, for what has come already, whatever is in it.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "./harness.ts";
import { body, format, panes, request, select, shown } from "./panes.ts";

const ITEM =
  '<order><!-- <not> an element --><?print page="1"?><name><![CDATA[a < b && "c"]]></name><price>1.50</price></order>';

/** 8.5 KB of elements in elements, in one line. */
const NESTED = `<?xml version="1.0"?><a><b><c><d>${ITEM.repeat(78)}</d></c></b></a>`;

/** So many elements in each other; a comment and text in the innermost. */
const DEPTH = 2_000;
const DEEP = `${"<n>".repeat(DEPTH)}<!-- deep -->x &amp; y${"</n>".repeat(DEPTH)}`;

/** The whole text of the newest request, laid out as XML. */
function laidOut(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const { exchanges } = await (await fetch("/api/exchanges?limit=1")).json();
    const view = await fetch(`/api/exchanges/${exchanges[0].id}/request/view?as=xml&lines=5000`);
    return (await view.json()).text as string;
  });
}

panes("XML format", {
  "is switched off and on for what has come already, and lays out 8.5 KB with comments, CDATA and instructions":
    async (
      page,
      { ask },
    ) => {
      assert.ok(NESTED.length > 8_500, `${NESTED.length}`);
      await ask("/json", NESTED);
      await select(page, /POST \/json/);
      const pane = request(page);
      await body(pane).getByText("<![CDATA[").first().waitFor();
      const lines = await until(() => shown(pane), (all) => all.length > 10, "the lines");
      assert.deepEqual(lines.slice(0, 9).map((line) => line.trimEnd()), [
        '<?xml version="1.0"?>',
        "<a>",
        "  <b>",
        "    <c>",
        "      <d>",
        "        <order>",
        "          <!-- <not> an element -->",
        '          <?print page="1"?>',
        '          <name><![CDATA[a < b && "c"]]></name>',
      ]);
      assert.equal((await laidOut(page)).replaceAll(/\n */g, ""), NESTED);

      await format(pane).selectOption("text");
      await until(
        () => shown(pane),
        ([first]) => first?.startsWith('<?xml version="1.0"?><a><b>') ?? false,
        "one line",
      );
      await format(pane).selectOption("xml");
      await until(() => shown(pane), (all) => all[1] === "<a>", "the lines again");
    },

  "lays out thousands of elements in each other": async (page, { ask }) => {
    await ask("/markup", DEEP);
    await select(page, /POST \/markup/);
    const pane = request(page);
    await until(
      () => shown(pane),
      ([first, second]) => first === "<n>" && second === "  <n>",
      "the beginning",
    );
    const text = await laidOut(page);
    assert.equal(text.split("\n").length, 2 * DEPTH - 1, "each tag in a line of its own, but the innermost");
    assert.equal(text.replaceAll(/\n */g, ""), DEEP);
    await body(pane).press("Control+End");
    await until(
      () => shown(pane),
      (all) => all.at(-1) === "</n>" && all.at(-2) === "  </n>",
      "the end",
    );
  },
});
