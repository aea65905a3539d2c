// Edits that are planned before their bytes come, however those are divided.

import assert from "node:assert/strict";
import { type PlannedEdit, PlannedEdits } from "../../src/relay/planned_edits.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** "abcdefghij" becomes "XcdeYfjZ". */
const EDITS: readonly PlannedEdit[] = [
  { offset: 0, removed: 2, inserted: bytes("X") },
  { offset: 5, removed: 0, inserted: bytes("Y") },
  { offset: 6, removed: 3, inserted: bytes("") },
  { offset: 10, removed: 0, inserted: bytes("Z") },
];

Deno.test("PlannedEdits makes its edits as their bytes pass, and tells each once all that it removes has come", () => {
  for (const size of [1, 2, 3, 4, 7, 10, 11]) {
    const edits = new PlannedEdits();
    for (const edit of EDITS) edits.plan(edit);
    let [out, received] = ["", 0];
    const told: PlannedEdit[] = [];
    for (let at = 0; at < 11; at += size) {
      const piece = "abcdefghijk".slice(at, at + size);
      out += text(edits.receive(bytes(piece)));
      received += piece.length;
      for (const edit of edits.takeEdits()) {
        assert.ok(edit.offset + edit.removed <= received);
        told.push(edit);
      }
    }
    assert.equal(out, "XcdeYfjZk", `in pieces of ${size}`);
    assert.deepEqual(told, EDITS);
    assert.equal(edits.end().length, 0);
  }
});

Deno.test("PlannedEdits passes what is not edited as it is, without copying it", () => {
  const edits = new PlannedEdits();
  edits.plan({ offset: 100, removed: 1, inserted: bytes("x") });
  const piece = bytes("abc");
  assert.equal(edits.receive(piece), piece);
  assert.deepEqual(edits.takeEdits(), []);
});
