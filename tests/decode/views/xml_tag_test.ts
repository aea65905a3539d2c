import assert from "node:assert/strict";
import {
  AFTER,
  CUT,
  DOUBLE,
  EMPTY,
  END,
  FAULT,
  faultIn,
  SINGLE,
  step,
} from "../../../src/decode/views/xml_tag.ts";

/** Goes through what follows a tag's name; the words of the first fault, and what the tag ends with. */
function read(text: string): { readonly end: number; readonly fault: string | null } {
  let phase = AFTER;
  let fault: string | null = null;
  for (let at = 0; at < text.length; at++) {
    if (phase === DOUBLE || phase === SINGLE) {
      at = text.indexOf(phase === DOUBLE ? '"' : "'", at);
      phase = AFTER;
      continue;
    }
    const next = step(phase, text.charCodeAt(at));
    if (next >= FAULT) fault ??= faultIn(phase);
    phase = next & ~FAULT;
  }
  return { end: phase, fault };
}

Deno.test("step goes through tags that are well-formed", () => {
  for (const text of [">", "  >", ' a="1">', " a='>' b = \"'\"\t>", "\n xml:ä-1._='/'\r\n>"]) {
    assert.deepEqual(read(text), { end: END, fault: null }, text);
    assert.deepEqual(read(`${text.slice(0, -1)}/>`), { end: EMPTY, fault: null }, text);
  }
});

Deno.test("step goes through malformed tags and marks the fault", () => {
  const cases: readonly [text: string, end: number, fault: string | null][] = [
    [' a="1"b="2">', END, "white space is missing before an attribute"],
    ['"x">', END, "white space is missing before an attribute"],
    [' "x">', END, "an attribute has no name"],
    [" a>", END, "an attribute has no value"],
    [" a b='1'/>", EMPTY, "an attribute has no value"],
    [" a=1/>", END, "an attribute's value is not in quotes"],
    [" a=>", END, "an attribute's value is not in quotes"],
    ["/ >", END, '"/" does not end the tag'],
    ["//>", EMPTY, '"/" does not end the tag'],
    [" a='1'<", CUT, null],
    [" <", CUT, null],
  ];
  for (const [text, end, fault] of cases) assert.deepEqual(read(text), { end, fault }, text);
});
