// Going to a line of a view, some of whose lines are cut for display, and to an offset in hex: against views that are
// made up, and asked row by row.

import assert from "node:assert/strict";
import { seek } from "../../src/ui/page/pane/go_to.ts";
import type { ViewPart } from "../../src/ui/types.ts";

/**
 * A view whose line `n`, from 0, has `rows[n]` rows; answers as the program does, and counts the questions. For each it is
 * laid out up to the row that is asked for, and `piece` rows more.
 */
class MadeUpView {
  asked = 0;
  #laidOut = 0;
  readonly #continued: readonly boolean[];

  constructor(
    rows: readonly number[],
    private readonly known: Partial<ViewPart> = {},
    private readonly piece = Infinity,
  ) {
    this.#continued = rows.flatMap((count) => Array.from({ length: count }, (_, n) => n > 0));
  }

  readonly ask = (from: number): Promise<ViewPart> => {
    this.asked++;
    const all = this.#continued.length;
    const total = this.#laidOut = Math.min(all, Math.max(this.#laidOut, from + 1) + this.piece);
    const continued = this.#continued.slice(from, Math.min(total, from + 1));
    const before = this.#continued.slice(0, from).filter((is) => is).length;
    return Promise.resolve({
      as: "text",
      from,
      text: "",
      lines: continued.length,
      total,
      complete: total === all,
      doneBytes: total,
      bytes: all,
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

Deno.test("seek finds lines of a view that is still being laid out", async () => {
  const rows = new Array(300).fill(9);
  for (const piece of [1, 70]) {
    for (const line of [1, 2, 150, 299, 300]) {
      assert.deepEqual(await seek(String(line), "line", new MadeUpView(rows, {}, piece).ask), {
        place: { line: 9 * (line - 1), from: 0, to: Infinity },
      });
    }
    assert.deepEqual(await seek("301", "line", new MadeUpView(rows, {}, piece).ask), {
      wrong: "Line 301 is beyond the end: the last line is 300.",
    });
  }
});

Deno.test("seek gives up on a line of a body that comes as fast as it is looked at", async () => {
  const growing = new MadeUpView([20_000], {}, 1);
  const sought = await seek("3", "line", growing.ask);
  assert.deepEqual(sought, { wrong: "Line 3 is beyond the end: the last line so far is 1." });
  assert.ok(growing.asked < 200, `${growing.asked}`);
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
      ["1,5", "line", open, "“1,5” is not the number of a line. Type a number, such as 120."],
      ["1,0000", "line", open, "“1,0000” is not the number of a line. Type a number, such as 120."],
      ["1g", "offset", hex, "“1g” is not an offset. Type a number, such as 512, 0x200 or 00000200."],
      ["1,5", "offset", hex, "“1,5” is not an offset. Type a number, such as 512, 0x200 or 00000200."],
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
      ["00001000", 0x100, 10],
      ["00001a2f", 0x1a2, 56],
      ["1F40", 0x1f4, 10],
      ["01000", 62, 35],
      ["10001000", 625_062, 35],
      ["100000001", 6_250_000, 13],
      ["4,294,967,297", 2 ** 28, 14],
    ] as const
  ) assert.deepEqual(await seek(typed, "offset", view.ask), { place: { line, from, to: from + 2 } });
});
