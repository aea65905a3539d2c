// Layouts: whatever is asked for, in whatever order, and however the text comes, the lines are those that one
// pass over the whole text gives; and what is kept does not grow with the text.

import assert from "node:assert/strict";
import { BlockCache } from "../../src/catalog/blocks.ts";
import { PlainBytes } from "../../src/catalog/body.ts";
import { Layout, type LayoutOptions } from "../../src/catalog/layout.ts";
import { LINE_LIMIT, LineCutter, type Lines } from "../../src/catalog/lines.ts";
import { Slices } from "../../src/catalog/slices.ts";
import { formatters } from "../../src/decode/views/mod.ts";
import type { FormatterKind } from "../../src/decode/views/types.ts";
import { GrowingWire, piecesOf, type Random, randomFrom } from "./growing_wire.ts";

/** The lines of a text, made in one go. */
function linesOf(kind: FormatterKind, text: string): Lines {
  const formatter = kind.create();
  const lines: Lines = { texts: [], continued: [] };
  const cutter = new LineCutter();
  cutter.receive(formatter.receive(text) + formatter.end(), lines);
  cutter.end(lines);
  return lines;
}

function layoutOf(wire: GrowingWire, kind: FormatterKind, options: Partial<LayoutOptions> = {}): Layout {
  return new Layout({
    source: new PlainBytes(wire, 0),
    encoding: "utf-8",
    kind,
    limit: Infinity,
    slices: new Slices(),
    blocks: new BlockCache(),
    ...options,
  });
}

/** Lines from `from` on, as a layout gives them. */
async function read(layout: Layout, from: number, count: number): Promise<string[]> {
  await layout.ask(from + count - 1);
  const texts: string[] = [];
  while (texts.length < count) {
    const block = await layout.block(from + texts.length);
    if (block === null) break;
    const skipped = from + texts.length - block.first;
    for (const text of block.texts.slice(skipped, skipped + count - texts.length)) texts.push(text);
  }
  return texts;
}

/** Text with lines of all lengths and all line ends. */
function someText(length: number, random: Random): string {
  let text = "";
  while (text.length < length) {
    const word = ["ab", "é", "日本", "𝄞", " ", "x".repeat(random(300))][random(6)];
    text += random(8) === 0 ? ["\n", "\r\n", "\r", "\n\n"][random(4)] : word;
    if (random(5000) === 0) text += "𝄞".repeat(random(9000));
  }
  return text;
}

function someXml(length: number, random: Random): string {
  let text = '<?xml version="1.0"?><r>';
  for (let item = 0; text.length < length; item++) {
    text += `<i n="${item}"><a>é ${random(1000)}</a><b><c/>${
      random(3) === 0 ? "text" : "<d>日本</d>"
    }</b></i>`;
  }
  return `${text}</r>`;
}

function someJson(length: number, random: Random): string {
  const parts: string[] = [];
  for (let at = 0; at < length; at += parts[parts.length - 1].length) {
    parts.push(
      JSON.stringify({
        id: random(1000),
        name: "日本 é",
        list: [1, [], {}, null],
        text: "x".repeat(random(200)),
      }),
    );
  }
  return `[${parts.join(",")}]`;
}

const TEXTS: readonly [FormatterKind, (length: number, random: Random) => string][] = [
  [formatters.text, someText],
  [formatters.raw, someText],
  [formatters.xml, someXml],
  [formatters.json, someJson],
];

const CUTS: readonly [text: string, lines: string[]][] = [
  ["", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["\n", [""]],
  ["a\n\nb", ["a", "", "b"]],
  ["a\r\nb\rc\n\rd", ["a", "b", "c", "", "d"]],
  ["a\r", ["a"]],
  ["\r\r\n", ["", ""]],
];

Deno.test("LineCutter ends lines at LF, CR LF and CR, however the text is cut", () => {
  for (const [text, expected] of CUTS) {
    for (let mask = 0; mask < 2 ** Math.max(0, text.length - 1); mask++) {
      const lines: Lines = { texts: [], continued: [] };
      let cutter = new LineCutter();
      for (let at = 0, from = 0; at < text.length; at++) {
        if (at < text.length - 1 && !(mask & (1 << at))) continue;
        cutter.receive(text.slice(from, at + 1), lines);
        cutter = new LineCutter(cutter.state);
        from = at + 1;
      }
      cutter.end(lines);
      assert.deepEqual(lines, { texts: expected, continued: [] }, JSON.stringify([text, mask]));
    }
  }
});

Deno.test("LineCutter cuts long lines into several, never within a character", () => {
  const random = randomFrom(20);
  const long = "x".repeat(LINE_LIMIT - 1) + "𝄞".repeat(5000) + "y".repeat(9000);
  const text = `short\n${long}\n${"z".repeat(LINE_LIMIT)}\nend`;
  const whole: Lines = { texts: [], continued: [] };
  const cutter = new LineCutter();
  cutter.receive(text, whole);
  cutter.end(whole);
  assert.equal(whole.texts.every((line) => line.length <= LINE_LIMIT && line.isWellFormed()), true);
  assert.equal(
    whole.texts.filter((line) => line.length < LINE_LIMIT - 1).length,
    3,
    "only the ends are shorter",
  );
  const joined = whole.texts.map((line, index) =>
    (whole.continued.includes(index) || index === 0 ? "" : "\n") + line
  );
  assert.equal(joined.join(""), text);
  for (const most of [1, 10, 5000]) {
    const lines: Lines = { texts: [], continued: [] };
    const pieces = new LineCutter();
    for (let at = 0; at < text.length;) {
      const to = at + 1 + random(most);
      pieces.receive(text.slice(at, to), lines);
      at = to;
    }
    pieces.end(lines);
    assert.deepEqual(lines, whole, `pieces of up to ${most}`);
  }
});

Deno.test("Layout gives the lines of one pass over the text, read again in any order", async () => {
  const random = randomFrom(21);
  for (const [kind, make] of TEXTS) {
    const text = make(1_500_000, random);
    const expected = linesOf(kind, text);
    // A cache that holds nearly nothing: lines are laid out from their marks again and again.
    const layout = layoutOf(new GrowingWire("length").append(text).complete(), kind, {
      blocks: new BlockCache(0),
    });
    const all = await read(layout, 0, Infinity);
    assert.deepEqual(all, expected.texts, kind.kind);
    assert.equal(layout.total, expected.texts.length);
    assert.equal(layout.finished, true);
    assert.ok(layout.marks > 5, `${kind.kind}: ${layout.marks} marks`);
    for (let round = 0; round < 40; round++) {
      const from = random(expected.texts.length + 10);
      const count = 1 + random(300);
      const name = `${kind.kind}: ${count} lines from ${from}`;
      assert.deepEqual(await read(layout, from, count), expected.texts.slice(from, from + count), name);
      const block = await layout.block(from);
      if (block === null) continue;
      const before = expected.continued.filter((index) => index < block.first).length;
      assert.equal(block.continuedBefore, before, name);
      const within = expected.continued.filter((index) =>
        index >= block.first && index < block.first + block.texts.length
      );
      assert.deepEqual(block.continued.map((index) => index + block.first), within, name);
    }
    await layout.close();
  }
});

Deno.test("Layout.all gives every line once, in order", async () => {
  const text = someText(1_500_000, randomFrom(22));
  const expected = linesOf(formatters.text, text);
  const layout = layoutOf(new GrowingWire("length").append(text).complete(), formatters.text);
  for (const round of ["while it is laid out", "again"]) {
    const texts: string[] = [];
    const continued: number[] = [];
    for await (const block of layout.all()) {
      assert.equal(block.first, texts.length, round);
      assert.equal(block.continuedBefore, continued.length, round);
      continued.push(...block.continued.map((index) => index + texts.length));
      texts.push(...block.texts);
    }
    assert.deepEqual({ texts, continued }, expected, round);
  }
  await layout.close();
});

Deno.test("Layout shows all that has come of a text that grows", async () => {
  const random = randomFrom(23);
  for (const [kind, make] of TEXTS) {
    const text = make(2000, random);
    const wire = new GrowingWire("length");
    const layout = layoutOf(wire, kind);
    for (const piece of piecesOf(new TextEncoder().encode(text), 40, random)) {
      wire.append(piece);
      const bytes = new Uint8Array(wire.extent().length);
      wire.read(0, bytes);
      // A character that is not complete is not shown yet.
      const come = new TextDecoder().decode(bytes, { stream: true });
      const expected = linesOf(kind, come).texts;
      assert.deepEqual(await read(layout, 0, Infinity), expected, `${kind.kind}: ${bytes.length} bytes`);
      assert.equal(layout.total, expected.length);
      assert.equal(layout.finished, false);
    }
    wire.complete();
    assert.deepEqual(await read(layout, 0, Infinity), linesOf(kind, text).texts, kind.kind);
    assert.equal(layout.finished, true);
    await layout.close();
  }
});

Deno.test("Layout keeps no more marks and blocks for more text", async () => {
  const random = randomFrom(24);
  const text = someXml(1_500_000, random);
  const expected = linesOf(formatters.xml, text).texts;
  const wire = new GrowingWire("length").append(text).complete();
  for (const [mostMarks, units, mostBlocks] of [[16, 200_000, 2], [15, Infinity, 15]]) {
    const blocks = new BlockCache(units);
    const layout = layoutOf(wire, formatters.xml, { blocks, markUnits: 1, mostMarks });
    let most = 0;
    for (let from = 0; !layout.finished; from = layout.total) {
      await layout.ask(from);
      most = Math.max(most, layout.marks);
    }
    assert.ok(most <= mostMarks && most > 4, `${most} marks`);
    assert.deepEqual(await read(layout, 0, Infinity), expected);
    assert.ok(blocks.size <= mostBlocks, `${blocks.size} blocks`);
    for (let round = 0; round < 10; round++) {
      const from = random(expected.length);
      assert.deepEqual(await read(layout, from, 50), expected.slice(from, from + 50), `from ${from}`);
    }
    assert.ok(blocks.size <= mostBlocks, `${blocks.size} blocks`);
    await layout.close();
    assert.equal(blocks.size, 0);
  }
});

Deno.test("Layout reads an early line of a large text without reading the rest", async () => {
  const wire = new GrowingWire("length").append("line\n".repeat(4_000_000)).complete();
  const layout = layoutOf(wire, formatters.text);
  assert.deepEqual(await read(layout, 0, 3), ["line", "line", "line"]);
  assert.equal(layout.finished, false);
  assert.ok(layout.total < 4_000_000);
  await layout.close();
  await assert.rejects(layout.ask(0), /closed/);
});

Deno.test("Layout goes on by itself after it was asked", async () => {
  const wire = new GrowingWire("length").append("line\n".repeat(2_000_000)).complete();
  const layout = layoutOf(wire, formatters.text);
  await layout.ask(0);
  const slices = new Slices();
  while (!layout.finished) await slices.pause();
  assert.equal(layout.total, 2_000_000);
  await layout.close();
});

Deno.test("Layout stops where the text is too large", async () => {
  const wire = new GrowingWire("length").append("1,".repeat(200_000)).complete();
  const layout = layoutOf(wire, formatters.json, { limit: 100_000 });
  await layout.ask(Infinity);
  assert.equal(layout.tooLarge, true);
  assert.equal(layout.finished, false);
  await layout.close();
});
