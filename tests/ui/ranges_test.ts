// The Range header, by the examples of RFC 9110, 14, and by what clients send that is none.

import assert from "node:assert/strict";
import { type ByteRange, contentRange, isSatisfiable, parseRange } from "../../src/ui/ranges.ts";

const CASES: readonly [header: string | undefined, range: ByteRange | undefined][] = [
  [undefined, undefined],
  ["bytes=0-499", { from: 0, to: 499 }],
  ["bytes=500-", { from: 500 }],
  ["bytes=-500", { last: 500 }],
  ["bytes=-0", { last: 0 }],
  ["BYTES=0-0", { from: 0, to: 0 }],
  ["bytes= 1-2 ", { from: 1, to: 2 }],
  ["bytes=0-99999999999999999999", { from: 0, to: Number.MAX_SAFE_INTEGER }],
  ["bytes=2-1", undefined],
  ["bytes=-", undefined],
  ["bytes=", undefined],
  ["bytes=0-0,-1", undefined],
  ["bytes=a-b", undefined],
  ["bytes=0x1-2", undefined],
  ["bytes=1--2", undefined],
  ["lines=0-1", undefined],
  ["0-1", undefined],
];

Deno.test("parseRange reads one range and passes over everything else", () => {
  for (const [header, range] of CASES) assert.deepEqual(parseRange(header), range, header);
});

Deno.test("isSatisfiable needs one byte", () => {
  const cases: readonly [range: ByteRange, total: number, satisfiable: boolean][] = [
    [{ from: 0 }, 1, true],
    [{ from: 0 }, 0, false],
    [{ from: 10 }, 10, false],
    [{ from: 9, to: 500 }, 10, true],
    [{ last: 500 }, 10, true],
    [{ last: 500 }, 0, false],
    [{ last: 0 }, 10, false],
  ];
  for (const [range, total, satisfiable] of cases) {
    assert.equal(isSatisfiable(range, total), satisfiable, `${JSON.stringify(range)} of ${total}`);
  }
});

Deno.test("contentRange counts to the last byte, and says the length alone where there is no range", () => {
  assert.equal(contentRange(1000, 0, 500), "bytes 0-499/1000");
  assert.equal(contentRange(1000), "bytes */1000");
});
