import assert from "node:assert/strict";
import {
  byteMatches,
  changedHexRows,
  Cutter,
  equalHexRow,
  hexSpans,
  meaningful,
  segments,
} from "../../../src/decode/diff/bytes.ts";
import type { DiffRow } from "../../../src/decode/diff/rows.ts";
import { HEX_TEXT_COLUMN, hexColumn, hexLines } from "../../../src/decode/views/hex.ts";
import { generator, printedSeed } from "../draft/requests.ts";
import { run } from "./run.ts";

const encoder = new TextEncoder();

/** All rows of the difference, none left out. */
function rowsOf(a: Uint8Array, b: Uint8Array): DiffRow[] {
  const runs = meaningful(run(byteMatches(a, b))!, a.length, b.length);
  return [...hexSpans(segments(runs, a.length, b.length))].flatMap((span) => {
    if (span.kind === "changed") return changedHexRows(span.row, (at) => a[at], (at) => b[at]);
    return Array.from({ length: span.rows }, (_, n) => {
      const at = span.a + n * 16;
      return equalHexRow(at, span.b + n * 16, [...a.subarray(at, at + 16)]);
    });
  });
}

/** The bytes in a line of hex, and where each of them stands in it. */
function bytesIn(text: string): { readonly bytes: number[]; readonly places: number[] } {
  const bytes: number[] = [];
  const places: number[] = [];
  for (let at = 0; at < 16; at++) {
    const digits = text.slice(hexColumn(at), hexColumn(at) + 2);
    if (digits.trim() === "") continue;
    bytes.push(parseInt(digits, 16));
    places.push(at);
  }
  return { bytes, places };
}

Deno.test("byte by byte: applied to the one it gives the other, what is the same stands at the same place and is not marked", () => {
  const random = generator(printedSeed());
  for (let round = 0; round < 1_000; round++) {
    const letters = 1 + Math.floor(random() * 4);
    const any = (most: number) =>
      Uint8Array.from({ length: Math.floor(random() * most) }, () => 97 + Math.floor(random() * letters));
    const a = any(120);
    const cut = Math.floor(random() * a.length);
    const b = random() < 0.5
      ? any(120)
      : Uint8Array.from([...a.subarray(0, cut), ...any(20), ...a.subarray(cut + Math.floor(random() * 9))]);
    const [one, other]: number[][] = [[], []];
    const isMarked = (row: DiffRow, at: number) =>
      (row.kind === "removed" || row.kind === "added") &&
      row.parts!.some(([from, to]) => from <= hexColumn(at) && hexColumn(at) < to);
    const rows = rowsOf(a, b);
    for (const [n, row] of rows.entries()) {
      assert.ok(row.kind !== "left-out");
      const { bytes, places } = bytesIn(row.text);
      if (row.kind !== "added") assert.equal(row.before, one.length);
      if (row.kind !== "removed") assert.equal(row.after, other.length);
      if (row.kind !== "added") one.push(...bytes);
      if (row.kind === "added") other.push(...bytes);
      if (row.kind === "equal") other.push(...bytesIn(row.other ?? row.text).bytes);
      const next = rows[n + 1];
      if (row.kind !== "removed" || row.pair === undefined || next?.kind !== "added") continue;
      const beside = bytesIn(next.text);
      for (const [index, at] of places.entries()) {
        const there = beside.places.indexOf(at);
        const isSame = there >= 0 && beside.bytes[there] === bytes[index];
        assert.equal(isMarked(row, at), !isSame, `${row.text}\n${next.text}`);
      }
    }
    assert.deepEqual([one, other], [[...a], [...b]]);
    assert.ok(rowsOf(a, a).every(({ kind }) => kind === "equal"));
  }
});

Deno.test("a row looks as in the hex view", () => {
  const bytes = encoder.encode("\x00\x7fabc ~é, and so on");
  const [first] = hexLines(bytes, 0x123456780).split("\n");
  const row = equalHexRow(0x123456780, 0x123456780, [...bytes.subarray(0, 16)]);
  assert.equal(row.kind === "equal" && row.text, first);
  const gap = equalHexRow(0, 1, [0x61, -1, 0x62]);
  assert.equal(gap.kind === "equal" && gap.text.slice(HEX_TEXT_COLUMN), "a b");
});

Deno.test("meaningful drops runs that are chance, but at the ends", () => {
  const runs = [[0, 0, 1], [4, 5, 2], [9, 9, 3], [19, 20, 1]].map(([a, b, length]) => ({ a, b, length }));
  assert.deepEqual(meaningful(runs, 20, 21).map(({ a }) => a), [0, 9, 19]);
});

Deno.test("byteMatches leaves what is too large", () => {
  assert.equal(run(byteMatches(new Uint8Array(9_000), new Uint8Array(1))), null);
});

Deno.test("Cutter cuts by content: the same pieces behind a byte that was put in, whatever the portions are", () => {
  const random = generator(printedSeed());
  const bytes = Uint8Array.from({ length: 20_000 }, () => Math.floor(random() * 256));
  const cut = (bytes: Uint8Array, portion: number) => {
    const cutter = new Cutter();
    const ends: number[] = [];
    for (let from = 0; from < bytes.length; from += portion) {
      const part = bytes.subarray(from, from + portion);
      for (let at = cutter.next(part, 0); at >= 0; at = cutter.next(part, at)) ends.push(from + at);
    }
    return ends;
  };
  const ends = cut(bytes, 20_000);
  assert.deepEqual(cut(bytes, 7), ends);
  const pieces = (bytes: Uint8Array, ends: readonly number[]) =>
    ends.map((end, at) => bytes.slice(ends[at - 1] ?? 0, end).join());
  const more = Uint8Array.from([...bytes.subarray(0, 5_000), 7, ...bytes.subarray(5_000)]);
  const known = new Set(pieces(bytes, ends));
  const others = pieces(more, cut(more, 20_000)).filter((piece) => !known.has(piece));
  // Until both cut at the same place again, which each further piece does twice of three times: more than 20 of the 300
  // are not seen in a lifetime, and a cutter that looks at places has them all.
  assert.ok(others.length <= 20, `${others.length} pieces are other ones`);
  const lengths = ends.map((end, at) => end - (ends[at - 1] ?? 0));
  assert.ok(Math.max(...lengths) <= 1_024 && ends.length > 100, `${ends.length} pieces`);
  // What never ends by its content ends all the same.
  assert.ok(cut(new Uint8Array(5_000), 5_000).length >= 4);
});
