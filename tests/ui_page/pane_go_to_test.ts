// Going to a line of a view, some of whose lines are cut for display, and to an offset in hex: against views that are
// made up, and asked row by row.

import assert from "node:assert/strict";
import { seek } from "../../src/ui/page/pane/go_to.ts";
import type { ViewPart } from "../../src/ui/types.ts";

/** A view whose line `n`, from 0, has `rows[n]` rows; answers as the program does, and counts the questions. */
class MadeUpView {
  asked = 0;
  readonly #continued: readonly boolean[];

  constructor(rows: readonly number[], private readonly known: Partial<ViewPart> = {}) {
    this.#continued = rows.flatMap((count) => Array.from({ length: count }, (_, n) => n > 0));
  }

  readonly ask = (from: number): Promise<ViewPart> => {
    this.asked++;
    const continued = this.#continued.slice(from, from + 1);
    const before = this.#continued.slice(0, from).filter((is) => is).length;
    return Promise.resolve({
      as: "text",
      from,
      text: "",
      lines: continued.length,
      total: this.#continued.length,
      complete: true,
      doneBytes: 0,
      bytes: 0,
      charset: null,
      charsetFrom: null,
      fault: null,
      notes: [],
      ...(continued.includes(true) ? { continued } : {}),
      ...(before > 0 ? { continuedBefore: before } : {}),
      ...this.known,
    });
  };
}

Deno.test("seek finds every line, however many are cut", async () => {
  for (
    const rows of [
      [1],
      [1, 1, 1],
      [4],
      [1, 3, 1],
      [5, 1, 1, 9, 1, 1],
      Array.from({ length: 40 }, (_, n) => 1 + n % 7),
    ]
  ) {
    const view = new MadeUpView(rows);
    for (let line = 0, row = 0; line < rows.length; row += rows[line++]) {
      assert.deepEqual(await seek(String(line + 1), "line", view.ask), {
        place: { line: row, from: 0, to: Infinity },
      });
    }
    const beyond = await seek(String(rows.length + 1), "line", view.ask);
    assert.deepEqual(beyond, {
      wrong: `Line ${rows.length + 1} is beyond the end: the last line is ${rows.length}.`,
    });
  }
});

Deno.test("seek asks once where no line is cut, and else for few rows", async () => {
  const plain = new MadeUpView(new Array(10_000).fill(1));
  await seek("9,000", "line", plain.ask);
  assert.equal(plain.asked, 1);
  const cut = new MadeUpView(new Array(5_000).fill(2));
  await seek("4000", "line", cut.ask);
  assert.ok(cut.asked < 17, `${cut.asked}`);
});

Deno.test("seek says what is wrong", async () => {
  const open = new MadeUpView([1, 1], { complete: false });
  const hex = new MadeUpView([1, 1], { as: "hex", bytes: 32 });
  for (
    const [typed, unit, view, words] of [
      ["", "line", open, "Type a number, such as 120."],
      ["x", "line", open, "“x” is not the number of a line. Type a number, such as 120."],
      ["-1", "line", open, "“-1” is not the number of a line. Type a number, such as 120."],
      ["0", "line", open, "Lines count from 1."],
      [
        "9".repeat(30),
        "line",
        open,
        "Line 9,007,199,254,740,991 is beyond the end: the last line so far is 2.",
      ],
      ["1", "line", new MadeUpView([]), "There are no lines."],
      ["1f", "offset", hex, "“1f” is not an offset. Type a number, such as 512 or 0x200."],
      ["32", "offset", hex, "Offset 32 (0x0020) is beyond the end: the last byte is at 31 (0x001f)."],
      ["0", "offset", new MadeUpView([]), "There are no bytes."],
    ] as const
  ) assert.deepEqual(await seek(typed, unit, view.ask), { wrong: words });
});

Deno.test("seek finds bytes by offsets of either kind, also where rows begin with more digits", async () => {
  const view = new MadeUpView([1], { bytes: 2 ** 33 });
  for (
    const [typed, line, from] of [
      ["0", 0, 10],
      [" 17 ", 1, 13],
      ["0x1F", 1, 56],
      ["4,294,967,297", 2 ** 28, 14],
    ] as const
  ) assert.deepEqual(await seek(typed, "offset", view.ask), { place: { line, from, to: from + 2 } });
});
