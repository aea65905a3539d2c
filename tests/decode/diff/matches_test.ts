import assert from "node:assert/strict";
import { type Match, matches, matchesOf } from "../../../src/decode/diff/matches.ts";
import { generator, printedSeed } from "../draft/requests.ts";

function run<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** The length of the longest common subsequence, the slow way. */
function longest(a: Int32Array, b: Int32Array): number {
  let before = new Int32Array(b.length + 1);
  for (const x of a) {
    const row = new Int32Array(b.length + 1);
    for (let j = 1; j <= b.length; j++) {
      row[j] = x === b[j - 1] ? before[j - 1] + 1 : Math.max(before[j], row[j - 1]);
    }
    before = row;
  }
  return before[b.length];
}

function check(
  a: Int32Array,
  b: Int32Array,
  found: readonly Match[],
): number {
  let [atA, atB, same] = [0, 0, 0];
  for (const match of found) {
    assert.ok(match.a >= atA && match.b >= atB && match.length > 0, JSON.stringify(found));
    for (let i = 0; i < match.length; i++) assert.equal(a[match.a + i], b[match.b + i]);
    [atA, atB] = [match.a + match.length, match.b + match.length];
    same += match.length;
  }
  assert.ok(atA <= a.length && atB <= b.length);
  return same;
}

Deno.test("matches finds the longest common subsequence of random sequences", () => {
  const random = generator(printedSeed());
  for (let round = 0; round < 3000; round++) {
    const letters = 1 + Math.floor(random() * 6);
    const sequence = () =>
      Int32Array.from({ length: Math.floor(random() * 25) }, () => Math.floor(random() * letters));
    const [a, b] = [sequence(), sequence()];
    assert.equal(check(a, b, run(matches(a, b, 6)).runs), longest(a, b), `${a} and ${b}`);
  }
});

Deno.test("matches gives runs as long as they can be", () => {
  const cases: [a: string, b: string, found: string][] = [
    ["", "", ""],
    ["abc", "abc", "0 0 3"],
    ["abc", "", ""],
    ["abcd", "abxd", "0 0 2, 3 3 1"],
    ["abcdef", "bcdxef", "1 0 3, 4 4 2"],
    ["aaaa", "aa", "0 0 2"],
  ];
  for (const [a, b, found] of cases) {
    const { runs } = run(matchesOf([...a], [...b]));
    assert.equal(runs.map(({ a, b, length }) => `${a} ${b} ${length}`).join(", "), found, `${a} and ${b}`);
  }
});

Deno.test("matches goes by what occurs once where the shortest edit is too long", () => {
  const random = generator(printedSeed());
  // 20,000 elements of which every tenth is the same and occurs once, and nothing else is.
  const a = Int32Array.from({ length: 20_000 }, (_, i) => i % 10 === 0 ? i : 100_000 + i);
  const b = Int32Array.from(
    { length: 20_000 },
    (_, i) => i % 10 === 0 ? i : 200_000 + Math.floor(random() * 9),
  );
  const { runs, isShortest } = run(matches(a, b, 300_000));
  assert.deepEqual([check(a, b, runs), isShortest], [2000, false]);
});

Deno.test("matches bounds its work, and pauses", () => {
  const random = generator(printedSeed());
  const sequence = (letters: number) =>
    Int32Array.from({ length: 50_000 }, () => Math.floor(random() * letters));
  for (const letters of [2, 10, 1_000_000]) {
    const [a, b] = [sequence(letters), sequence(letters)];
    const work = matches(a, b, letters);
    let pauses = 0;
    for (;;) {
      const { done, value } = work.next();
      if (done) {
        check(a, b, value.runs);
        break;
      }
      pauses++;
    }
    assert.ok(pauses > 0);
  }
});
