import assert from "node:assert/strict";
import { parseHead } from "../../src/decode/mod.ts";
import { MAX_FAULTS } from "../../src/decode/faults.ts";
import { octets } from "./transcript.ts";

const START = 1000;

interface Case {
  readonly name: string;
  readonly head: string;
  /** [name, value, offset from the start]. */
  readonly headers: readonly (readonly [name: string, value: string, offset: number])[];
  /** [offset from the start, part of its words]. */
  readonly faults?: readonly (readonly [offset: number, words: RegExp])[];
}

const CASES: readonly Case[] = [
  { name: "no header", head: "GET / HTTP/1.1\r\n\r\n", headers: [] },
  {
    name: "order, case of letters and repetition as they came; white space around values taken off",
    head: "GET / HTTP/1.1\r\nB: \t 1 2 \t\r\na:3\r\nB:\r\n\r\n",
    headers: [["B", "1 2", 16], ["a", "3", 28], ["B", "", 33]],
  },
  {
    name: "the end of the bytes ends the head, too",
    head: "GET / HTTP/1.1\r\nA: b\r\nC: d",
    headers: [["A", "b", 16], ["C", "d", 22]],
  },
  {
    name: "what follows the empty line is not read",
    head: "GET / HTTP/1.1\r\nA: b\r\n\r\nC: d\r\n",
    headers: [["A", "b", 16]],
  },
  {
    name: "every byte is one character",
    head: "GET / HTTP/1.1\r\nA: \x80\x9f\xe9\xff\r\n\r\n",
    headers: [["A", "\x80\x9f\xe9\xff", 16]],
    faults: [[19, /byte 0x80 in the header "A" is not ASCII/]],
  },
  {
    name: "folded lines are one value",
    head: "GET / HTTP/1.1\r\nA: b\r\n\tc \r\n  \r\n d\r\nE:\r\n f\r\n\r\n",
    headers: [["A", "b c d", 16], ["E", "f", 35]],
    faults: [[22, /"A" is folded/], [27, /"A" is folded/], [31, /"A" is folded/], [39, /"E" is folded/]],
  },
  {
    name: "line ends of both kinds",
    head: "GET / HTTP/1.1\nA: b\r\nC: d\n\n",
    headers: [["A", "b", 15], ["C", "d", 21]],
    faults: [[14, /LF alone/]],
  },
  {
    name: "a colon in the value",
    head: "GET / HTTP/1.1\r\nA: b:c\r\n\r\n",
    headers: [["A", "b:c", 16]],
  },
  {
    name: "several colons and no name",
    head: "GET / HTTP/1.1\r\n::a\r\n \r\n\r\n",
    headers: [["", ":a", 16]],
    faults: [[16, /no name/], [21, /is folded/]],
  },
];

for (const { name, head, headers, faults = [] } of CASES) {
  Deno.test(`parseHead: ${name}`, () => {
    const parsed = parseHead(octets(head), START, "request");
    assert.deepEqual(
      parsed.head.headers,
      headers.map(([name, value, offset]) => ({ name, value, offset: START + offset })),
    );
    assert.deepEqual(parsed.faults.map(({ offset }) => offset - START), faults.map(([offset]) => offset));
    parsed.faults.forEach(({ text }, i) => assert.match(text, faults[i][1]));
  });
}

Deno.test("parseHead gives the parts of a request line", () => {
  const { head } = parseHead(octets("M-SEARCH /a?b=c%20d HTTP/1.0\r\n\r\n"), 0, "request");
  const { version, method, target, status, reason } = head;
  assert.deepEqual([version, method, target, status, reason], [
    "HTTP/1.0",
    "M-SEARCH",
    "/a?b=c%20d",
    null,
    null,
  ]);
});

Deno.test("parseHead gives the parts of a status line, the reason as it came", () => {
  for (
    const [line, status, reason] of [
      ["HTTP/1.1 200 OK", 200, "OK"],
      ["HTTP/1.1 404 Not  Found ", 404, "Not  Found "],
      ["HTTP/1.1 204 ", 204, ""],
      ["HTTP/1.1 204", 204, ""],
      ["HTTP/1.1", null, ""],
      ["HTTP/1.1 12345678901234567890 ", null, ""],
    ] as const
  ) {
    const { head } = parseHead(octets(`${line}\r\n\r\n`), 0, "response");
    assert.deepEqual(
      [head.method, head.target, head.status, head.reason],
      [null, null, status, reason],
      line,
    );
  }
});

Deno.test("parseHead gives something for no bytes at all", () => {
  const { head, faults } = parseHead(octets(""), START, "request");
  assert.deepEqual([head.method, head.target, head.version, head.headers], ["", "", "", []]);
  assert.equal(faults[0].offset, START);
});

Deno.test("parseHead bounds the number of faults of the worst heads, and comes to an end", () => {
  const heads = ["a\n", " a\n", "a: b\r", "a:\x00\r\n", ":", " ", "\xff"].map((part) =>
    octets(`GET / HTTP/1.1\r\n${part.repeat(2 ** 20 / part.length)}\r\n\r\n`)
  );
  for (const head of heads) assert.ok(parseHead(head, 0, "request").faults.length <= MAX_FAULTS);
});
