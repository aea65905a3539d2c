import assert from "node:assert/strict";
import { form } from "../../../src/decode/views/form.ts";
import { inPieces, layOut, oneOf, seeded, upTo } from "./pieces.ts";

const CASES: readonly [source: string, shown: string, fault: string | null][] = [
  ["a=1&b=2", "a = 1\nb = 2", null],
  ["a=x+y%20z&c", "a = x y z\nc", null],
  ["a==&=b&&", "a = =\n = b\n\n", null],
  ["n%C3%A4me=%E2%82%AC+%F0%9F%98%80", "näme = € 😀", null],
  ["a=%3D%26%2B%25", "a = =&+%", null],
  ["a=100%", "a = 100%", '"%" begins no escape'],
  ["a=%zz%4", "a = %zz%4", '"%" begins no escape'],
  ["a=%E4b", "a = %E4b", "%E4 is not UTF-8"],
  ["a=%C3%28", "a = %C3(", "%C3 is not UTF-8"],
  ["a=%C3x", "a = %C3x", "%C3 is not UTF-8"],
  ["a=%C0%80%ED%A0%80", "a = %C0%80%ED%A0%80", "%C0 is not UTF-8"],
  ["a=%80", "a = %80", "%80 is not UTF-8"],
  ["a=%F0%9F%98", "a = %F0%9F%98", "%F0 is not UTF-8"],
  ["a=%0D%0Ab%00%09%E2%80%A8", "a = %0D%0Ab%00%09%E2%80%A8", null],
];

for (const [source, shown, fault] of CASES) {
  Deno.test(`form lays out ${source}`, () => {
    const whole = layOut(form, source);
    assert.equal(whole.text, shown);
    assert.equal(whole.fault?.text ?? null, fault);
    assert.deepEqual(inPieces(form, source.split("")), whole);
  });
}

Deno.test("form shows what URLSearchParams reads", () => {
  const random = seeded();
  const word = () =>
    Array.from({ length: upTo(random, 6) }, () => oneOf(random, [..."ab =&+%ä€😀.*"])).join("");
  for (let round = 0; round < 500; round++) {
    const fields = Array.from({ length: 1 + upTo(random, 4) }, () => [`n${word()}`, word()]);
    const shown = fields.map(([name, value]) => `${name} = ${value}`).join("\n");
    assert.equal(layOut(form, new URLSearchParams(fields).toString()).text, shown);
  }
});
