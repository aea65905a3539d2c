// Empty lines for the editor: as those of its own making, and no more memory for hundreds of millions than for a few.

import assert from "node:assert/strict";
import { EditorState, Text } from "@codemirror/state";
import { emptyLines } from "../../src/ui/page/pane/empty_lines.ts";

/** How many parts a document is made of, those that are the same one counted once. */
function parts(text: Text): number {
  const seen = new Set<Text>();
  const look = (part: Text) => {
    if (seen.has(part)) return;
    seen.add(part);
    part.children?.forEach(look);
  };
  look(text);
  return seen.size;
}

for (const count of [1, 2, 31, 32, 33, 64, 767, 768, 769, 833, 5_000, 32 ** 3 + 1, 100_000]) {
  Deno.test(`emptyLines gives ${count} lines as the editor knows them`, () => {
    const text = emptyLines(count);
    const plain = Text.of(new Array<string>(count).fill(""));
    assert.equal(text.lines, count);
    assert.equal(text.length, plain.length);
    assert.ok(text.eq(plain));
    for (const number of [1, Math.ceil(count / 2), count]) {
      const { from, to } = text.line(number);
      assert.deepEqual([from, to, text.lineAt(from).number], [number - 1, number - 1, number]);
    }
  });
}

Deno.test("a document grows by hundreds of millions of empty lines without being made of more", () => {
  let state = EditorState.create();
  const grow = (total: number, stays: number) => {
    const { doc } = state;
    const from = stays === doc.lines ? doc.length : doc.line(stays + 1).from;
    const insert = emptyLines(total - stays + (stays === doc.lines ? 1 : 0));
    state = state.update({ changes: { from, to: doc.length, insert } }).state;
  };
  grow(1_000_000, 1);
  const changes = Array.from({ length: 1_700 }, (_, index) => {
    const { from, to } = state.doc.line(index + 1);
    return { from, to, insert: `line ${index + 1}` };
  });
  state = state.update({ changes }).state;
  for (let turn = 1; turn <= 16; turn++) {
    grow(1_000_000 + turn * 19_123_457, 1_800);
    assert.equal(state.doc.lines, 1_000_000 + turn * 19_123_457);
    assert.ok(parts(state.doc) < 2_000, `${parts(state.doc)} parts`);
  }
  assert.equal(state.doc.line(1_700).text, "line 1700");
  assert.equal(state.doc.line(1_701).text, "");
  // Lines that come where nobody has been yet.
  const { from } = state.doc.line(200_000_000);
  state = state.update({ changes: { from, insert: "in the middle" } }).state;
  assert.equal(state.doc.line(200_000_000).text, "in the middle");
  assert.ok(parts(state.doc) < 2_000);
});
