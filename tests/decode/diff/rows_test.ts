import assert from "node:assert/strict";
import { paired } from "../../../src/decode/diff/parts.ts";
import { type Difference, difference } from "../../../src/decode/diff/rows.ts";
import { generator, printedSeed } from "../draft/requests.ts";

function diff(before: string, after: string, context = 1): Difference {
  const lines = (text: string) => text === "" ? [] : text.split("\n");
  const work = difference(lines(before), lines(after), context);
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Rows as text: " 1 1 equal", "-2 «removed»", "+2 added", "5 lines equal"; parts stand in « ». */
function shown({ rows }: Difference): string[] {
  return rows.map((row) => {
    switch (row.kind) {
      case "equal":
        return ` ${row.before} ${row.after} ${row.text}`;
      case "left-out":
        return `${row.lines} lines equal from ${row.before} ${row.after}`;
      default: {
        let text = row.text;
        for (const [from, to] of [...row.parts ?? []].reverse()) {
          text = `${text.slice(0, from)}«${text.slice(from, to)}»${text.slice(to)}`;
        }
        return row.kind === "removed" ? `-${row.before} ${text}` : `+${row.after} ${text}`;
      }
    }
  });
}

Deno.test("difference: a head of which one line differs", () => {
  const head = (time: string) =>
    `HTTP/1.1 200 OK\nDate: Wed, 04 Mar 2026 ${time} GMT\nServer: x\nA: 1\nB: 2\nC: 3\nD: 4`;
  const found = diff(head("10:24:41"), head("10:24:57"));
  assert.deepEqual([found.before, found.after, found.removed, found.added], [7, 7, 1, 1]);
  assert.deepEqual(shown(found), [
    " 0 0 HTTP/1.1 200 OK",
    "-1 Date: Wed, 04 Mar 2026 10:24:«41» GMT",
    "+1 Date: Wed, 04 Mar 2026 10:24:«57» GMT",
    " 2 2 Server: x",
    "4 lines equal from 3 3",
  ]);
});

Deno.test("difference: a formatted body, with the words that are other", () => {
  const before = `<q:quote symbol="GOOG" exchange="XNAS">
  <q:price currency="EUR">141.80</q:price>
</q:quote>
<q:name>Alphabet Inc., Kl. C — Börse Zürich</q:name>`;
  const after = `<q:quote symbol="MSFT" exchange="XNAS">
  <q:price currency="USD">402.56</q:price>
</q:quote>
<q:name>Microsoft Corp. — Börse Zürich</q:name>`;
  assert.deepEqual(shown(diff(before, after)), [
    '-0 <q:quote symbol="«GOOG»" exchange="XNAS">',
    '-1   <q:price currency="«EUR»">«141.80»</q:price>',
    '+0 <q:quote symbol="«MSFT»" exchange="XNAS">',
    '+1   <q:price currency="«USD»">«402.56»</q:price>',
    " 2 2 </q:quote>",
    "-3 <q:name>«Alphabet Inc., Kl. C» — Börse Zürich</q:name>",
    "+3 <q:name>«Microsoft Corp». — Börse Zürich</q:name>",
  ]);
});

const CASES: readonly [name: string, before: string, after: string, rows: readonly string[]][] = [
  ["nothing differs", "a\nb\nc", "a\nb\nc", ["3 lines equal from 0 0"]],
  ["nothing is there", "", "", []],
  ["all is new", "", "a\nb", ["+0 a", "+1 b"]],
  ["all is gone", "a\nb", "", ["-0 a", "-1 b"]],
  ["a line was put in", "a\nb", "a\nx\nb", [" 0 0 a", "+1 x", " 1 2 b"]],
  ["a line between two changes is context of both", "1\na\n2", "3\na\n4", [
    "-0 1",
    "+0 3",
    " 1 1 a",
    "-2 2",
    "+2 4",
  ]],
  [
    "one line is never left out",
    "1\na\nb\nc\n2",
    "3\na\nb\nc\n4",
    ["-0 1", "+0 3", " 1 1 a", " 2 2 b", " 3 3 c", "-4 2", "+4 4"],
  ],
  ["lines with nothing in common have no parts", "alpha beta", "gamma delta", [
    "-0 alpha beta",
    "+0 gamma delta",
  ]],
  ["white space counts", "a  b c", "a b c", ["-0 a«  »b c", "+0 a« »b c"]],
  [
    "of a block of other size the lines that are alike are compared",
    "x = 1;\ny = two words;",
    "// new\n// more\ny = three words;",
    ["-0 x = 1;", "-1 y = «two» words;", "+0 // new", "+1 // more", "+2 y = «three» words;"],
  ],
];

for (const [name, before, after, rows] of CASES) {
  Deno.test(`difference: ${name}`, () => assert.deepEqual(shown(diff(before, after)), rows));
}

Deno.test("difference shows every line of both texts, or says that it is left out", () => {
  const random = generator(printedSeed());
  for (let round = 0; round < 500; round++) {
    const text = () =>
      Array.from(
        { length: Math.floor(random() * 30) },
        () => "abc d".slice(0, Math.floor(random() * 5)) + "|",
      ).join("\n");
    const [before, after] = [text(), text()];
    const context = Math.floor(random() * 4);
    const { rows, removed, added } = diff(before, after, context);
    const [one, other]: string[][] = [[], []];
    const lines = (text: string) => text === "" ? [] : text.split("\n");
    for (const row of rows) {
      if (row.kind === "left-out") {
        assert.ok(row.lines > 1);
        const equal = lines(before).slice(row.before, row.before + row.lines);
        assert.deepEqual(equal, lines(after).slice(row.after, row.after + row.lines));
        one.push(...equal);
        other.push(...equal);
        continue;
      }
      for (const [from, to] of "parts" in row ? row.parts ?? [] : []) {
        assert.ok(from < to && to <= row.text.length);
      }
      if ("before" in row) assert.equal(one.push(row.text), row.before + 1);
      if ("after" in row) assert.equal(other.push(row.text), row.after + 1);
    }
    assert.deepEqual([one, other], [lines(before), lines(after)]);
    assert.deepEqual([
      rows.filter(({ kind }) => kind === "removed").length,
      rows.filter(({ kind }) => kind === "added").length,
    ], [removed, added]);
  }
});

Deno.test("paired keeps the order, and pairs nothing in a large block of other size", () => {
  assert.deepEqual(paired(["a b c d", "e f g h"], ["e f g x", "a b c y", "z"]), [[1, 0]]);
  assert.deepEqual(paired(Array<string>(50).fill("a"), Array<string>(51).fill("a")), []);
});

Deno.test("difference removes and adds as few lines as diff -d", async () => {
  const random = generator(printedSeed());
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-test-" });
  try {
    for (let round = 0; round < 12; round++) {
      const letters = 2 + Math.floor(random() * 30);
      const text = () =>
        Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * letters)).join("\n");
      const [before, after] = [text(), text()];
      await Deno.writeTextFile(`${folder}/a`, before === "" ? "" : `${before}\n`);
      await Deno.writeTextFile(`${folder}/b`, after === "" ? "" : `${after}\n`);
      const { stdout } = await new Deno.Command("diff", { args: ["-d", "a", "b"], cwd: folder }).output();
      const judged = new TextDecoder().decode(stdout).split("\n").filter((line) => /^[<>]/.test(line)).length;
      const { removed, added } = diff(before, after);
      assert.equal(removed + added, judged, `${before}\n--\n${after}`);
      const back = diff(after, before);
      assert.deepEqual([back.removed, back.added], [added, removed]);
      assert.equal(diff(before, before).removed, 0);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
