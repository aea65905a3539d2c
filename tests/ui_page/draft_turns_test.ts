// The turns of a client while they are edited.

import assert from "node:assert/strict";
import {
  type TurnsEditing,
  turnsOf,
  turnsOutcomeOf,
  withChosen,
  withEnd,
  withoutTurn,
  withQuiet,
  withTurn,
  withTurnAdded,
  withTurnMode,
  withTurnMoved,
} from "../../src/ui/page/draft/turns.ts";

const octets = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const answer = { start: "250 ok\\r\\n", bytes: 8 };
const recorded = turnsOf(
  [{ bytes: octets("EHLO a\r\n"), answer }, { bytes: octets("\0\x01\xff"), answer: null }],
  { start: "220\\r\\n", bytes: 5 },
);
const sent = (editing: TurnsEditing) =>
  turnsOutcomeOf(editing).turns?.map((bytes) =>
    Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")
  );

Deno.test("turnsOf opens the last turn, in hex where it is no text", () => {
  assert.deepEqual(recorded.turns.map(({ mode, text }) => [mode, text]), [
    ["escapes", "EHLO a\\r\\n"],
    ["hex", "00 01 ff"],
  ]);
  assert.equal(recorded.chosen, 1);
  assert.deepEqual(sent(recorded), ["EHLO a\r\n", "\0\x01\xff"]);
});

Deno.test("turns are changed, moved, added and removed, and the last one stays", () => {
  assert.deepEqual(sent(withTurn(recorded, 0, "QUIT\\n")), ["QUIT\n", "\0\x01\xff"]);
  assert.deepEqual(sent(withTurnMoved(recorded, 1, -1)), ["\0\x01\xff", "EHLO a\r\n"]);
  assert.equal(withTurnMoved(recorded, 0, -1), recorded);
  const one = withoutTurn(recorded, 1);
  assert.deepEqual([sent(one), one.chosen], [["EHLO a\r\n"], 0]);
  assert.equal(withoutTurn(one, 0), one);
  const added = withTurnAdded(one);
  assert.deepEqual([added.chosen, added.turns[1].id], [2, 2], "an id is never given again");
  assert.deepEqual(sent(withTurn(added, 2, "x")), ["EHLO a\r\n", "x"]);
  assert.equal(withChosen(added, null).chosen, null);
  assert.equal(withEnd(added, true).endAfterTurns, true);
});

Deno.test("withTurnMode keeps the bytes, and what cannot be read", () => {
  const hex = withTurnMode(recorded, 0, "hex");
  assert.equal(hex.turns[0].text, "45 48 4c 4f 20 61 0d 0a");
  assert.deepEqual(sent(hex), sent(recorded));
  const wrong = withTurn(hex, 0, "4");
  assert.deepEqual(withTurnMode(wrong, 0, "escapes").turns[0], wrong.turns[0]);
});

Deno.test("turnsOutcomeOf says what cannot be sent", () => {
  const wrong = withTurn(recorded, 0, "a\\q");
  assert.equal(turnsOutcomeOf(wrong).turns, null);
  assert.deepEqual(turnsOutcomeOf(wrong).errors.get(0)?.place, { line: 1, column: 2 });
  assert.match(turnsOutcomeOf(withTurn(recorded, 1, "")).errors.get(1)!.text, /empty turn/);
  for (const quiet of ["", "9", "60001", "1e3", "-200"]) {
    const { turns, quietError } = turnsOutcomeOf(withQuiet(recorded, quiet));
    assert.equal(turns, null, quiet);
    assert.match(quietError!, /from 10 to 60,000/);
  }
  assert.equal(turnsOutcomeOf(withQuiet(recorded, " 500 ")).quietMs, 500);
});
