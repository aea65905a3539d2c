import assert from "node:assert/strict";
import { headDifference } from "../../../src/decode/diff/heads.ts";
import type { DiffRow } from "../../../src/decode/diff/rows.ts";
import { generator, printedSeed } from "../draft/requests.ts";
import { run } from "./run.ts";

function diff(before: string, after: string, context = 100, hasStart = true) {
  const lines = (text: string) => text === "" ? [] : text.split("\n");
  return run(headDifference(lines(before), lines(after), context, hasStart));
}

/** Parts stand in « », what is written otherwise in ( ), a note in [ ]. */
function shown(rows: readonly DiffRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === "left-out") return `${row.lines} left out`;
    const other = row.kind === "equal" && row.other !== undefined ? ` (${row.other})` : "";
    const more = other + (row.kind !== "removed" && row.note !== undefined ? ` [${row.note}]` : "");
    let { text } = row;
    for (const [from, to] of row.kind === "equal" ? [] : [...row.parts ?? []].reverse()) {
      text = `${text.slice(0, from)}«${text.slice(from, to)}»${text.slice(to)}`;
    }
    return `${row.kind === "equal" ? " " : row.kind === "removed" ? "-" : "+"}${text}${more}`;
  });
}

const CASES: readonly [name: string, before: string, after: string, rows: readonly string[]][] = [
  [
    "the order of names means nothing, and is noted",
    "GET / HTTP/1.1\nHost: a\nAccept: b",
    "GET / HTTP/1.1\nAccept: b\nHost: a",
    [
      " GET / HTTP/1.1",
      " Host: a [line 3 after]",
      " Accept: b",
    ],
  ],
  [
    "nor do capital letters in names, and they are noted",
    "GET / HTTP/1.1\nHOST: a\nX-b:c",
    "GET / HTTP/1.1\nhost: a\nX-B: c",
    [
      " GET / HTTP/1.1",
      " HOST: a (host: a) [other capital letters after]",
      " X-b:c (X-B: c) [other white space after]",
    ],
  ],
  ["in values they do", "GET / HTTP/1.1\nX: a b", "GET / HTTP/1.1\nX: a B", [
    " GET / HTTP/1.1",
    "-X: a «b»",
    "+X: a «B»",
  ]],
  ["a start line is compared with a start line", "HTTP/1.1 200 OK", "HTTP/1.1 404 Not Found", [
    "-HTTP/1.1 «200 OK»",
    "+HTTP/1.1 «404 Not Found»",
  ]],
  [
    "fields that came stand behind those that they follow",
    "A / B\nA: 1\nC: 3",
    "A / B\nA: 1\nB: 2\nC: 3\nD: 4",
    [
      " A / B",
      " A: 1",
      "+B: 2",
      " C: 3",
      "+D: 4",
    ],
  ],
  ["the order of lines with one name means something", "x\nVia: a\nVia: b", "x\nVia: b\nVia: a", [
    " x",
    "-Via: a",
    "+Via: a [at another place among its like]",
    " Via: b",
  ]],
  [
    "but not that of cookies, which go by their names",
    "x\nSet-Cookie: a=1; Path=/\nSet-Cookie: b=2",
    "x\nSet-Cookie: b=2\nSet-Cookie: a=3; Path=/",
    [
      " x",
      "-Set-Cookie: a=«1»; Path=/",
      "+Set-Cookie: a=«3»; Path=/",
      " Set-Cookie: b=2",
    ],
  ],
  ["of several with one name, what is the same stays", "x\nA: 1\nA: 2\nA: 3", "x\nA: 1\nA: 3", [
    " x",
    " A: 1",
    "-A: 2",
    " A: 3",
  ]],
  ["a field that goes on in the next line is one", "x\nA: 1\n  2", "x\nA: 1 2", ["2 left out"]],
  ["what is no field is compared as it is", "x\nno colon\n: y", "x\nno colon\n: z", [
    " x",
    " no colon",
    "-: y",
    "+: z",
  ]],
  ["nothing was there", "", "x\nA: 1", ["+x", "+A: 1"]],
];

for (const [name, before, after, rows] of CASES) {
  Deno.test(`headDifference: ${name}`, () => assert.deepEqual(shown(diff(before, after).rows), rows));
}

Deno.test("headDifference leaves out what is far from a change, and gives it all the same", () => {
  const found = diff("x\nA: 1\nB: 1\nC: 1\nD: 1", "x\nB: 1\nC: 1\nA: 1\nD: 2", 1);
  assert.deepEqual(shown(found.rows), [
    " x",
    " A: 1 [line 4 after]",
    " B: 1",
    " C: 1",
    "-D: «1»",
    "+D: «2»",
  ]);
  const folded = diff("x\nA: 1\nB: 1\nC: 1\nD: 1", "x\nA: 1\nB: 1\nC: 1\nD: 2", 1).rows[0];
  assert.deepEqual(folded.kind === "left-out" && folded.rows?.map((row) => "text" in row && row.text), [
    "x",
    "A: 1",
    "B: 1",
  ]);
});

Deno.test("headDifference of trailers has no start line", () => {
  assert.deepEqual(shown(diff("A: 1\nB: 2", "b: 2\nA: 1", 9, false).rows), [
    " A: 1 [line 2 after]",
    " B: 2 (b: 2) [other capital letters after]",
  ]);
});

Deno.test("headDifference: applied to the one head it gives the other; equal heads differ in nothing; swapped it mirrors", () => {
  const random = generator(printedSeed());
  const pick = (texts: readonly string[]) => texts[Math.floor(random() * texts.length)];
  const head = () =>
    ["GET / HTTP/1.1"].concat(Array.from(
      { length: Math.floor(random() * 9) },
      () =>
        `${pick(["A", "a", "B", "Via", "set-cookie", "Set-Cookie"])}: ${pick(["1", "x=1", "x=2", "2 3"])}`,
    ));
  for (let round = 0; round < 2_000; round++) {
    const [before, after] = [head(), head()];
    const found = run(headDifference(before, after, 1_000));
    // Where it says each line of the one and of the other is.
    const [one, other] = [[] as string[], [] as string[]];
    for (const row of found.rows.flatMap((row) => row.kind === "left-out" ? row.rows! : [row])) {
      if (row.kind === "equal") {
        one[row.before] = row.text;
        other[row.after] = row.other ?? row.text;
        assert.equal(row.text.toLowerCase(), (row.other ?? row.text).toLowerCase());
      } else if (row.kind === "removed") one[row.before] = row.text;
      else if (row.kind === "added") other[row.after] = row.text;
    }
    assert.deepEqual([one, other], [before, after]);
    const back = run(headDifference(after, before, 1_000));
    assert.deepEqual([back.removed, back.added], [found.added, found.removed]);
    const shuffled = [before[0], ...before.slice(1).toSorted()];
    const isOrdered = new Set(before.map((line) => line.split(":")[0].toLowerCase())).size === before.length;
    if (isOrdered) assert.equal(run(headDifference(before, shuffled, 1_000)).removed, 0);
    assert.deepEqual(run(headDifference(before, before, 1_000)).added, 0);
  }
});
