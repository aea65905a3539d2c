// The rows of a difference as they are drawn.

import assert from "node:assert/strict";
import type { DiffRow } from "../../src/ui/types.ts";
import { changesIn, differenceWords, drawnRows, piecesOf } from "../../src/ui/page/pane/diff_text.ts";

Deno.test("differenceWords counts lines", () => {
  const cases = [
    [7, 7, 1, 1, "1 of 7 lines differs"],
    [16, 14, 6, 4, "6 of 16 lines differ"],
    [1, 1, 0, 0, "equal, 1 line"],
    [0, 0, 0, 0, "none in both"],
    [0, 1, 0, 1, "none before, 1 line after"],
    [2, 0, 2, 0, "2 lines before, none after"],
  ] as const;
  for (const [before, after, removed, added, words] of cases) {
    assert.equal(differenceWords({ before, after, removed, added, rows: [] }), words);
  }
});

Deno.test("piecesOf cuts where colours and changes begin and end, and loses nothing", () => {
  const pieces = piecesOf("<a>new</a>", [
    { from: 0, to: 1, kind: "punct" },
    { from: 1, to: 2, kind: "tag" },
    { from: 2, to: 3, kind: "punct" },
  ], [[1, 6]]);
  assert.deepEqual(pieces, [
    { text: "<", kind: "punct", isChanged: false },
    { text: "a", kind: "tag", isChanged: true },
    { text: ">", kind: "punct", isChanged: true },
    { text: "new", kind: null, isChanged: true },
    { text: "</a>", kind: null, isChanged: false },
  ]);
  assert.deepEqual(piecesOf("", [], []), []);
});

const ROWS: readonly DiffRow[] = [
  { kind: "equal", before: 0, after: 0, text: "<!-- a" },
  { kind: "removed", before: 1, text: "b -->" },
  { kind: "added", after: 1, text: "c -->" },
  { kind: "left-out", before: 2, after: 2, lines: 5 },
  { kind: "added", after: 7, text: "<d/>" },
];

Deno.test("drawnRows numbers changes, and goes on with the colours of the side a line is from", () => {
  const drawn = drawnRows(ROWS, "xml", 2);
  assert.deepEqual(drawn.map(({ change }) => change), [null, 2, null, null, 3]);
  assert.equal(changesIn(ROWS), 2);
  assert.deepEqual(drawn.map(({ pieces }) => pieces.map(({ kind }) => kind)), [
    ["comment"],
    ["comment"],
    ["comment"],
    [],
    ["punct", "tag", "punct"],
  ]);
});

Deno.test("drawnRows of a head knows names", () => {
  const [start, header] = drawnRows(
    [
      { kind: "equal", before: 0, after: 0, text: "GET http://a/ HTTP/1.1" },
      { kind: "equal", before: 1, after: 1, text: "Host: a:80" },
    ],
    "head",
    0,
  );
  assert.deepEqual(start.pieces.map(({ kind }) => kind), [null]);
  assert.deepEqual(header.pieces.map(({ text, kind }) => [text, kind]), [["Host", "tag"], [":", "punct"], [
    " a:80",
    null,
  ]]);
});
