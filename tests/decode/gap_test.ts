import assert from "node:assert/strict";
import { decode } from "../../src/decode/mod.ts";
import { fillGap, gapWords } from "../../src/decode/gap.ts";
import type { DecodedExchange, Direction } from "../../src/decode/types.ts";

/** What one Direction has next: text, or how many bytes are missing. */
type Step = readonly [Direction, string | number];

const [UP, DOWN] = ["upstream", "downstream"] as const;

/** Decodes steps, each text in pieces of at most `piece` bytes, and says what came of each Exchange. */
function told(steps: readonly Step[], piece: number): string[] {
  const decoder = decode();
  const found: DecodedExchange[] = [];
  const note = ({ changed, withdrawn }: ReturnType<typeof decoder.gap>) => {
    for (const one of withdrawn) found.splice(found.indexOf(one), 1);
    for (const one of changed) if (!found.includes(one)) found.push(one);
  };
  for (const [direction, what] of steps) {
    if (typeof what === "number") note(decoder.gap(direction, what, 1));
    else {
      const bytes = new TextEncoder().encode(what);
      for (let at = 0; at < bytes.length; at += piece) {
        note(decoder.receive(direction, bytes.subarray(at, at + piece), 1));
      }
    }
  }
  note(decoder.end(UP, "end", 2));
  note(decoder.end(DOWN, "end", 2));
  return found.map(({ protocol, state, request, response }) => {
    const side = (message: DecodedExchange["request"]) => {
      if (message === null) return "-";
      const { http, start, end, faults } = message;
      const first = http?.method ?? http?.status ?? "raw";
      return `${first} ${message.state} ${start}-${end}${faults.map(({ text }) => ` (${text})`).join("")}`;
    };
    return `${protocol} ${state}: ${side(request)} | ${side(response)}`;
  });
}

const GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"; // 28 bytes
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n"; // 39 bytes
const MISSING = "bytes are missing in the capture";

const CASES: Readonly<
  Record<string, { readonly steps: readonly Step[]; readonly found: readonly string[] }>
> = {
  "within a body of known length": {
    steps: [[UP, GET], [DOWN, OK + "01"], [DOWN, 5], [DOWN, "789"], [UP, GET], [DOWN, OK + "0123456789"]],
    found: [
      `http done: GET done 0-28 | 200 done 0-49 (5 ${MISSING})`,
      "http done: GET done 28-56 | 200 done 49-98",
    ],
  },
  "over the end of a body and the next head": {
    steps: [
      [UP, GET],
      [DOWN, OK + "01"],
      [UP, GET],
      [DOWN, 30],
      [DOWN, "tent-Length: 3\r\n\r\nabc"],
      [UP, GET],
      [DOWN, OK + "0123456789"],
    ],
    found: [
      `http failed: GET done 0-28 | 200 cut 0-92 (30 ${MISSING})`,
      "http failed: GET done 28-56 (Its answer is among bytes that are missing in the capture) | -",
      "http done: GET done 56-84 | 200 done 92-141",
    ],
  },
  "in the head of a request": {
    steps: [[UP, "GET /a HT"], [UP, 12], [UP, "x\r\n\r\n"], [DOWN, OK + "0123456789"], [UP, GET], [
      DOWN,
      OK + "0123456789",
    ]],
    found: [
      `http failed: raw cut 0-26 (12 ${MISSING}) | 200 done 0-49`,
      "http done: GET done 26-54 | 200 done 49-98",
    ],
  },
  "a whole request": {
    steps: [[UP, GET], [DOWN, OK + "0123456789"], [UP, 28], [DOWN, OK + "0123456789"], [UP, GET], [
      DOWN,
      OK + "0123456789",
    ]],
    found: [
      "http done: GET done 0-28 | 200 done 0-49",
      "http done: - | 200 done 49-98",
      `http done: GET done 56-84 (Before this request, 28 ${MISSING}) | 200 done 98-147`,
    ],
  },
  "a whole response": {
    steps: [[UP, GET], [DOWN, 49], [UP, GET], [DOWN, OK + "0123456789"]],
    found: [
      "http failed: GET done 0-28 (Its answer is among bytes that are missing in the capture) | -",
      `http done: GET done 28-56 | 200 done 49-98 (Before this response, 49 ${MISSING})`,
    ],
  },
  "the beginning, of unknown length": {
    steps: [[UP, 0], [DOWN, 0], [DOWN, "the rest of a body"], [UP, GET], [DOWN, OK + "0123456789"]],
    found: [
      "http failed: - | raw cut 0-18 (What came before this is not in the capture)",
      "http done: GET done 0-28 | 200 done 18-67",
    ],
  },
  "in chunks": {
    steps: [
      [UP, GET],
      [DOWN, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n01"],
      [DOWN, 6],
      [DOWN, "\r\n0\r\n\r\n"],
    ],
    found: [`http done: GET done 0-28 | 200 done 0-65 (6 ${MISSING})`],
  },
  "in turns": {
    steps: [[UP, "hello"], [DOWN, "wor"], [DOWN, 1460], [DOWN, "ld"]],
    found: [`tcp done: raw done 0-5 | raw done 0-1465 (1,460 ${MISSING})`],
  },
};

for (const [name, { steps, found }] of Object.entries(CASES)) {
  for (const piece of [1000, 7, 1]) {
    Deno.test(`gap: ${name}, in pieces of ${piece}`, () => assert.deepEqual(told(steps, piece), found));
  }
}

Deno.test("fillGap: says in words what is missing, in its own length, from any place", () => {
  const whole = new Uint8Array(1460);
  fillGap(1460, 0, whole);
  assert.equal(new TextDecoder().decode(whole).trimEnd(), "\n[1,460 bytes are missing here]");
  assert.equal(whole[1459], 0x0a);
  for (const [from, length] of [[0, 1], [3, 20], [31, 2], [1400, 60]]) {
    const part = new Uint8Array(length);
    fillGap(1460, from, part);
    assert.deepEqual(part, whole.subarray(from, from + length));
  }
  assert.equal(gapWords(1), "1 byte is missing here");
});
