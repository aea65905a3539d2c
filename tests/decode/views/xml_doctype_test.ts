import assert from "node:assert/strict";
import { type DoctypePhase, readDoctype } from "../../../src/decode/views/xml_doctype.ts";

const CASES = [
  " a>",
  ' a SYSTEM "x>[y">',
  ' a PUBLIC \'-//">\' "]>">',
  " a []>",
  " a [<!ELEMENT a ANY><!ATTLIST a b CDATA ']>'>] >",
  " a [<!-- ]> ' -- > -->]>",
  " a [<?x ]> ' ?>]>",
  " a [<!ENTITY % p \"<!ENTITY q '>]'>\">%p;]>",
];

for (const declaration of CASES) {
  Deno.test(`readDoctype finds the end of <!DOCTYPE${declaration}`, () => {
    const text = `${declaration}<a/>`;
    assert.deepEqual(readDoctype(text, 0, "outer"), { at: declaration.length, phase: "done" });
    let phase: DoctypePhase = "outer";
    let from = 0;
    for (let to = 1; to <= declaration.length; to++) {
      const progress = readDoctype(text.slice(from, to), 0, phase);
      assert.ok(to === declaration.length || progress.phase !== "done");
      from += progress.at;
      phase = progress.phase;
      assert.ok(to - from <= 3, "no more than the beginning of a mark waits");
    }
    assert.equal(phase, "done");
  });
}
