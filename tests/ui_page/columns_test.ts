// Which columns the table shows, by its width and by what was chosen.

import assert from "node:assert/strict";
import {
  AT_FIRST,
  type Columns,
  columnsOf,
  shownColumns,
  withChosen,
  withMoved,
  withWidth,
} from "../../src/ui/page/grid/columns.ts";

const WIDTHS: readonly (readonly [width: number, columns: string])[] = [
  [1181, "state time client method url summary status request response elapsed"],
  [1180, "state time method url summary status request response elapsed"],
  [980, "state time method url status request response elapsed"],
  [860, "state time method url status response elapsed"],
  [640, "state time method url status elapsed"],
  [500, "state time method url status"],
  [400, "state method url status"],
];

Deno.test("shownColumns drops by the width, and the rest has room in it", () => {
  for (const [width, columns] of WIDTHS) {
    const shown = shownColumns(width, AT_FIRST);
    assert.equal(shown.columns.join(" "), columns, `${width} px`);
    assert.equal(shown.isBehind, width <= 980);
    assert.equal(shown.hasBars, width > 780);
    if (width > 360) assert.ok(shown.least <= width, `${width} px: ${shown.least}`);
    assert.equal(shown.template.split(/ (?![^(]*\))/).length, shown.columns.length);
  }
});

Deno.test("shownColumns keeps what was chosen at any width, and shows nothing that was hidden", () => {
  const chosen = withChosen(
    withChosen(withChosen(AT_FIRST, "target", true), "client", true),
    "status",
    false,
  );
  for (const width of [400, 700, 1400]) {
    const { columns } = shownColumns(width, chosen);
    assert.ok(columns.includes("target") && columns.includes("client") && !columns.includes("status"));
  }
  const summary = shownColumns(700, withChosen(AT_FIRST, "summary", true));
  assert.deepEqual([summary.isBehind, summary.columns.includes("summary")], [false, true]);
  assert.equal(shownColumns(700, withChosen(AT_FIRST, "summary", false)).isBehind, false);
});

Deno.test("withWidth keeps within bounds; null puts a column back", () => {
  assert.equal(withWidth(AT_FIRST, "url", 3).widths.url, 40);
  assert.equal(withWidth(AT_FIRST, "url", 1e9).widths.url, 2000);
  assert.match(shownColumns(1400, withWidth(AT_FIRST, "url", 300)).template, / 300px minmax/);
  assert.deepEqual(withWidth(withWidth(AT_FIRST, "url", 300), "url", null), AT_FIRST);
});

Deno.test("withMoved moves by one place, and not beyond the ends", () => {
  assert.deepEqual(withMoved(AT_FIRST, "time", -1).order.slice(0, 2), ["time", "state"]);
  assert.equal(withMoved(AT_FIRST, "state", -1), AT_FIRST);
  assert.equal(withMoved(AT_FIRST, "elapsed", 1), AT_FIRST);
});

Deno.test("columnsOf reads what was kept, and passes over what it does not understand", () => {
  const kept: Columns = withWidth(
    withMoved(withChosen(withChosen(AT_FIRST, "target", true), "client", false), "url", -1),
    "time",
    120,
  );
  assert.deepEqual(columnsOf(JSON.parse(JSON.stringify(kept))), kept);
  for (
    const wrong of [
      undefined,
      null,
      3,
      [],
      { order: "state", chosen: 1, widths: null },
      { order: ["state"], widths: { url: "wide", time: -1 } },
      { order: ["colour"], chosen: { colour: true, client: "yes" } },
    ]
  ) assert.deepEqual(columnsOf(wrong), AT_FIRST, JSON.stringify(wrong));
});

Deno.test("the longest time that a row can tell has room in its column", () => {
  // Of digits of 7 px, as they are in 12.5 px, and a "min" of 25.
  const [longest, before] = [7 * 5 + 25 + 12, 5];
  for (const width of [531, 640, 780, 781, 1440]) {
    const { columns, template, hasBars, least } = shownColumns(width, AT_FIRST);
    assert.equal(columns.at(-1), "elapsed");
    const own = Number(/(\d+)px$/.exec(template)?.[1]) - (hasBars ? 44 + 8 : 0);
    assert.ok(own >= longest + (hasBars ? 0 : before), `${width} px: ${own}`);
    assert.ok(least <= width);
  }
});
