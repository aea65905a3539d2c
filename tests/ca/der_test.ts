import assert from "node:assert/strict";
import { bitString, element, elements, oid, positive, sequence, TAG, time } from "../../src/ca/der.ts";

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test("der makes the octets of X.690", () => {
  const cases: [bytes: Uint8Array, octets: string][] = [
    [oid("2.5.29.17"), "0603551d11"],
    [oid("1.2.840.10045.4.3.2"), "06082a8648ce3d040302"],
    [positive(Uint8Array.of(0)), "020100"],
    [positive(Uint8Array.of(0, 0, 0x7f)), "02017f"],
    [positive(Uint8Array.of(0x80)), "02020080"],
    [bitString(Uint8Array.of(0x04), 2), "03020204"],
    [sequence(), "3000"],
    [time(Date.UTC(2049, 11, 31, 23, 59, 59, 999)), "170d3439313233313233353935395a"],
    [time(Date.UTC(2050, 0, 1)), "180f32303530303130313030303030305a"],
  ];
  for (const [bytes, octets] of cases) assert.equal(hex(bytes), octets);
});

Deno.test("element writes lengths in their shortest form, and elements reads them", () => {
  for (const length of [0, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000]) {
    const contents = crypto.getRandomValues(new Uint8Array(Math.min(length, 60_000)));
    const padded = new Uint8Array(length);
    padded.set(contents);
    const whole = element(TAG.octetString, padded);
    const header = length < 0x80 ? 2 : length < 0x100 ? 3 : length < 0x1_0000 ? 4 : 5;
    assert.equal(whole.byteLength, header + length);
    const two = new Uint8Array([...whole, ...sequence()]);
    const [first, second, ...more] = elements(two);
    assert.deepEqual(first.contents, padded);
    assert.deepEqual(first.whole, whole);
    assert.equal(second.tag, TAG.sequence);
    assert.deepEqual(more, []);
  }
});

Deno.test("elements refuses what is no DER", () => {
  for (
    const octets of [[0x30], [0x30, 0x80], [0x30, 0x02, 0x05], [0x30, 0x82, 0xff, 0xff], [
      0x30,
      0x85,
      1,
      1,
      1,
      1,
      1,
    ]]
  ) {
    assert.throws(() => elements(Uint8Array.from(octets)), RangeError);
  }
});
