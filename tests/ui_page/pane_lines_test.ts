// Which lines of a view are loaded, which are wanted, which are given up, and what number stands beside each.

import assert from "node:assert/strict";
import { LineTable } from "../../src/ui/page/pane/lines.ts";

const lines = (count: number, length = 4) => Array.from({ length: count }, () => "x".repeat(length));
const whole = (count: number) => Array.from({ length: count }, () => false);
const never = () => false;

function table(blockLines: number, total: number): LineTable {
  const made = new LineTable(blockLines);
  made.total = total;
  return made;
}

Deno.test("LineTable.put loads blocks from their beginning on", () => {
  const made = table(10, 35);
  assert.deepEqual(made.put(0, lines(25), whole(25), 0), { from: 0, to: 25 });
  assert.deepEqual([0, 1, 2, 3].map((n) => made.missing(n)), [
    { from: 10, to: 10 },
    { from: 20, to: 20 },
    { from: 25, to: 30 },
    { from: 30, to: 35 },
  ]);
  assert.equal(made.isLoaded(24), true);
  assert.equal(made.isLoaded(25), false);
  assert.deepEqual(made.loaded(), [{ from: 0, to: 25 }]);
});

Deno.test("LineTable.put keeps only lines that join those of their block", () => {
  const made = table(10, 40);
  assert.deepEqual(made.put(12, lines(5), whole(5), 0), { from: 12, to: 12 }, "nothing joins");
  assert.deepEqual(made.put(12, lines(10), whole(10), 0), { from: 20, to: 22 }, "the next block begins");
  made.put(10, lines(3), whole(3), 0);
  assert.deepEqual(made.put(12, lines(5), whole(5), 0), { from: 12, to: 17 }, "the last line comes again");
  assert.deepEqual(made.loaded(), [{ from: 10, to: 17 }, { from: 20, to: 22 }]);
});

Deno.test("LineTable.missing grows with the view", () => {
  const made = table(10, 7);
  made.put(0, lines(7), whole(7), 0);
  assert.deepEqual(made.missing(0), { from: 7, to: 7 });
  made.total = 9;
  assert.deepEqual(made.missing(0), { from: 7, to: 9 });
});

Deno.test("LineTable.blocksOf begins with the middle of the screen", () => {
  const made = table(10, 100);
  assert.deepEqual(made.blocksOf({ from: 25, to: 55 }), [3, 4, 2, 5]);
  assert.deepEqual(made.blocksOf({ from: 95, to: 300 }), [9], "not beyond the end");
  assert.deepEqual(table(10, 0).blocksOf({ from: 0, to: 1 }), [0]);
});

Deno.test("LineTable.numberOf counts lines that were cut once", () => {
  const made = table(4, 12);
  made.put(0, lines(8), [false, true, true, false, true, false, false, true], 0);
  assert.deepEqual(
    Array.from({ length: 8 }, (_, n) => made.numberOf(n)),
    [1, null, null, 2, null, 3, 4, null],
  );
  assert.equal(made.isContinued(1), true);
  assert.equal(made.isContinued(3), false);
  made.put(8, lines(4), whole(4), 4);
  assert.equal(made.numberOf(8), 5, "as many before as the program says");
});

Deno.test("LineTable.numberOf of a line that comes again is the same", () => {
  const made = table(10, 3);
  made.put(0, lines(3), [false, true, false], 0);
  made.total = 4;
  made.put(2, lines(2), [false, true], 1);
  assert.deepEqual([0, 1, 2, 3].map((n) => made.numberOf(n)), [1, null, 2, null]);
});

Deno.test("LineTable.giveUp leaves what is on the screen, and what is pinned", () => {
  const made = table(10, 100);
  for (let n = 0; n < 10; n++) made.put(n * 10, lines(10, 10), whole(10), 0);
  const shown = { from: 50, to: 60 };
  assert.deepEqual(made.giveUp(shown, { chars: 1_000, lines: 100 }, never), [], "within the budget");
  const given = made.giveUp(shown, { chars: 400, lines: 100 }, ({ from }) => from === 0);
  assert.deepEqual(given.map(({ from }) => from), [10, 20, 90, 30, 80, 40, 70], "the farthest first");
  assert.deepEqual(made.loaded(), [{ from: 0, to: 10 }, { from: 50, to: 70 }], "well within the budget");
});

Deno.test("LineTable.giveUp counts lines too, for they may be empty", () => {
  const made = table(10, 100);
  for (let n = 0; n < 10; n++) made.put(n * 10, lines(10, 0), whole(10), 0);
  assert.ok(made.giveUp({ from: 0, to: 10 }, { chars: 1_000, lines: 50 }, never).length > 0);
});
