import assert from "node:assert/strict";
import { decode } from "../../src/decode/mod.ts";
import type { Changes } from "../../src/decode/mod.ts";
import { MAX_HEAD, MAX_UNKNOWN_LINE } from "../../src/decode/detect.ts";
import { MAX_FAULTS } from "../../src/decode/faults.ts";
import { MAX_INTERIM } from "../../src/decode/http1.ts";
import { MAX_WAITING } from "../../src/decode/waiting.ts";
import { CASES } from "./cases/mod.ts";
import {
  bothEnd,
  byteByByte,
  client,
  describe,
  describeAll,
  dice,
  ends,
  octets,
  randomPieces,
  randomSkips,
  run,
  seed,
  target,
} from "./transcript.ts";
import type { Case, Feeding, Step } from "./transcript.ts";

const NEXT_REQUEST = "GET /next HTTP/1.1\r\n\r\n";
const NEXT_RESPONSE = "HTTP/1.1 204 No Content\r\n\r\n";

for (const { name, steps, exchanges, goesOn } of CASES) {
  const expected = exchanges.trim();
  const expect = (feeding: Feeding, how: string) => {
    assert.equal(describeAll(run(steps, feeding).exchanges), expected, how);
  };

  Deno.test(`decode: ${name}`, () => {
    expect({}, "whole");
    expect(byteByByte, "byte by byte");
    const roll = dice(seed);
    for (let i = 0; i < 5; i++) {
      expect(randomPieces(roll), `in random pieces, TCPMON_SEED=${seed}`);
      expect(randomSkips(roll), `with skips, TCPMON_SEED=${seed}`);
    }
  });

  if (!goesOn) continue;
  Deno.test(`decode: ${name}; and another exchange without a gap`, () => {
    const more = followed(steps);
    const next = describeNext(steps);
    for (const feeding of [{}, byteByByte, randomPieces(dice(seed))]) {
      assert.equal(describeAll(run(more, feeding).exchanges), `${expected}\n${next}`, `TCPMON_SEED=${seed}`);
    }
  });
}

/** The steps, with another request and its response in the same pieces as the last bytes of each side. */
function followed(steps: readonly Step[]): readonly Step[] {
  const bytes = steps.filter((step) => "bytes" in step);
  const lastOf = (direction: string) => bytes.findLastIndex((step) => step.direction === direction);
  const [asked, answered] = [lastOf("upstream"), lastOf("downstream")];
  const more = bytes.map((step, i) => {
    const text = i === asked ? NEXT_REQUEST : i === answered && answered > asked ? NEXT_RESPONSE : "";
    return { ...step, bytes: Uint8Array.from([...step.bytes, ...octets(text)]) };
  });
  return [...more, ...(answered > asked ? [] : [target(NEXT_RESPONSE)]), ...bothEnd];
}

function describeNext(steps: readonly Step[]): string {
  const sum = (direction: string) =>
    steps.reduce(
      (n, step) => n + (step.direction === direction && "bytes" in step ? step.bytes.length : 0),
      0,
    );
  const [up, down] = [sum("upstream"), sum("downstream")];
  return [
    "http done",
    `> GET /next HTTP/1.1 [${up} ${up + NEXT_REQUEST.length} ${up + NEXT_REQUEST.length}] none`,
    `< HTTP/1.1 204 No Content [${down} ${down + NEXT_RESPONSE.length} ${down + NEXT_RESPONSE.length}] none`,
  ].join("\n");
}

/** What calls report, as text; "-" for nothing. */
function report({ changed, withdrawn }: Changes): string {
  const gone = withdrawn.map((exchange) => `withdrawn ${exchange.protocol}`);
  return [...gone, ...changed.map((exchange) => describe(exchange).replaceAll("\n", " "))].join("; ") || "-";
}

interface Telling {
  readonly name: string;
  readonly steps: readonly [step: Step, report: string][];
}

const TELLINGS: readonly Telling[] = [
  {
    name: "a request is told when its head is complete, a response too, then every byte of a body",
    steps: [
      [client("GET / HTTP/1.1\r\nHost: a\r\n\r"), "-"],
      [client("\n"), "http open > GET / HTTP/1.1 [0 27 27] none"],
      [target("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r"), "-"],
      [target("\n"), "http open > GET / HTTP/1.1 [0 27 27] none < HTTP/1.1 200 OK [0 38 38] length 2 open"],
      [
        target("o"),
        `http open > GET / HTTP/1.1 [0 27 27] none < HTTP/1.1 200 OK [0 38 39] length 2 open "o"`,
      ],
      [target("k"), `http done > GET / HTTP/1.1 [0 27 27] none < HTTP/1.1 200 OK [0 38 40] length 2 "ok"`],
      [target(""), "-"],
    ],
  },
  {
    name: "a turn is told at its first byte, and is done when the next one begins",
    steps: [
      [client("\x00"), `tcp open > raw [0 0 1] open "\\u0000"`],
      [target("a"), `tcp open > raw [0 0 1] "\\u0000" < raw [0 0 1] open "a"`],
      [
        client("b"),
        `tcp done > raw [0 0 1] "\\u0000" < raw [0 0 1] "a"; tcp open > raw [1 1 2] open "b"`,
      ],
      [ends("client"), `tcp open > raw [1 1 2] "b"`],
      [ends("target"), `tcp done > raw [1 1 2] "b"`],
    ],
  },
  {
    name: "what may be a request line is not told until the target answers",
    steps: [
      [client("HELLO wor"), "-"],
      [client("ld"), "-"],
      [target("?"), `tcp open > raw [0 0 11] "HELLO world" < raw [0 0 1] open "?"`],
    ],
  },
  {
    name: "what may be a request line is not told until the line ends otherwise",
    steps: [
      [client("HELLO world"), "-"],
      [client("\n"), `tcp open > raw [0 0 12] open "HELLO world\\n"`],
    ],
  },
  {
    name: "what may be a request line is told when the client ends",
    steps: [
      [client("G"), "-"],
      [ends("client"), `tcp open > raw [0 0 1] "G"`],
    ],
  },
  {
    name: "a server that may be speaking HTTP first is told when that is certain",
    steps: [
      [target("HTTP"), "-"],
      [target("?"), `tcp open < raw [0 0 5] open "HTTP?"`],
    ],
  },
  {
    name: "a request is withdrawn when the answer is not HTTP",
    steps: [
      [
        client("GET / HTTP/1.1\r\n\r\n"),
        "http open > GET / HTTP/1.1 [0 18 18] none   !0 An HTTP/1.1 request has no Host",
      ],
      [target("H"), "-"],
      [
        target("i"),
        `withdrawn http; tcp open > raw [0 0 18] "GET / HTTP/1.1\\r\\n\\r\\n" < raw [0 0 2] open "Hi"`,
      ],
    ],
  },
  {
    name: "a turn is withdrawn when the answer is HTTP",
    steps: [
      [client("\x16\x03\x01"), `tcp open > raw [0 0 3] open "\\u0016\\u0003\\u0001"`],
      [
        target("HTTP/1.1 400 \r\n\r\n"),
        `withdrawn tcp; http open > raw [0 0 3] open "\\u0016\\u0003\\u0001"   !0 These bytes are not an HTTP request` +
        ` < HTTP/1.1 400 [0 17 17] until-close open`,
      ],
    ],
  },
  {
    name: "a request whose head is incomplete is told with its answer",
    steps: [
      [client("GET / HTTP/1.1\r\nHo"), "-"],
      [
        target("HTTP/1.1 408 \r\nContent-Length: 0\r\n\r\n"),
        `http open > raw [0 0 18] open < HTTP/1.1 408 [0 36 36] length 0`,
      ],
      [client("st"), "http open > raw [0 0 20] open < HTTP/1.1 408 [0 36 36] length 0"],
      [client(":\r\n\r\n"), "http done > GET / HTTP/1.1 [0 25 25] none < HTTP/1.1 408 [0 36 36] length 0"],
    ],
  },
];

for (const { name, steps } of TELLINGS) {
  Deno.test(`decode tells: ${name}`, () => {
    const decoder = decode();
    for (const [step, expected] of steps) {
      const changes = "how" in step
        ? decoder.end(step.direction, step.how, 0)
        : decoder.receive(step.direction, step.bytes, 0);
      assert.equal(report(changes), expected);
    }
  });
}

Deno.test("decode returns the same frozen object where nothing has changed", () => {
  const decoder = decode();
  const nothing = decoder.receive("upstream", octets("GET "), 0);
  assert.ok(
    Object.isFrozen(nothing) && Object.isFrozen(nothing.changed) && Object.isFrozen(nothing.withdrawn),
  );
  assert.equal(decoder.receive("upstream", octets("/"), 0), nothing);
  assert.equal(decode().receive("downstream", octets(""), 0), nothing);
});

Deno.test("decode keeps the times of first and last byte", () => {
  const decoder = decode();
  decoder.receive("upstream", octets("POST / HTTP/1.1\r\nConte"), 10);
  decoder.receive("upstream", octets("nt-Length: 2\r\n\r\n"), 20);
  decoder.receive("upstream", octets("hi"), 30);
  decoder.receive("downstream", octets("HTT"), 40);
  const { changed: [{ request, response }] } = decoder.receive(
    "downstream",
    octets("P/1.1 204 \r\n\r\n"),
    50,
  );
  assert.deepEqual([request?.startedAt, request?.endedAt, response?.startedAt, response?.endedAt], [
    10,
    30,
    40,
    50,
  ]);
});

Deno.test("decode.skippable is 0 until the first bytes of a body were seen, then the rest of it", () => {
  const decoder = decode();
  const bytes = octets("x".repeat(4096));
  decoder.receive("upstream", octets("PUT / HTTP/1.1\r\nContent-Length: 10000\r\n\r\n"), 0);
  assert.equal(decoder.skippable("upstream"), 0);
  decoder.receive("upstream", bytes, 0);
  assert.equal(decoder.skippable("upstream"), 10000 - 4096);
  decoder.skip("upstream", 5000, 0);
  assert.equal(decoder.skippable("upstream"), 904);
  assert.throws(
    () => decoder.skip("upstream", 905, 0),
    /^RangeError: Cannot skip 905 bytes: 904 need not be read/,
  );
  assert.throws(() => decoder.skip("upstream", -1, 0), RangeError);
  const { changed: [{ request }] } = decoder.skip("upstream", 904, 7);
  assert.deepEqual([request?.state, request?.bodyBytes, request?.endedAt], ["done", 10000, 7]);
  decoder.receive("downstream", octets("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2000\r\n"), 0);
  assert.equal(decoder.skippable("downstream"), 0);
  decoder.receive("downstream", bytes, 0);
  assert.equal(decoder.skippable("downstream"), 0x2000 - 4096);
});

Deno.test("decode.skippable is Infinity in a body that ends with the connection and in a turn", () => {
  const [http, turns, bytes] = [decode(), decode(), octets("\x01".repeat(4096))];
  http.receive("upstream", octets("GET / HTTP/1.0\r\n\r\n"), 0);
  http.receive("downstream", octets("HTTP/1.0 200 OK\r\n\r\n"), 0);
  http.receive("downstream", bytes, 0);
  turns.receive("upstream", bytes, 0);
  assert.deepEqual([http.skippable("downstream"), turns.skippable("upstream")], [Infinity, Infinity]);
  assert.equal(turns.skippable("downstream"), 0, "the answer has not begun");
});

Deno.test("decode takes a head of 1 MiB, and shows a longer one raw", () => {
  const head = (length: number) => `${"GET / HTTP/1.1\r\nA: ".padEnd(length - 4, "a")}\r\n\r\n`;
  for (const feeding of [{}, { piece: () => 65536 }]) {
    const [whole, long] = [MAX_HEAD, MAX_HEAD + 1].map((length) =>
      run([client(head(length)), target("HTTP/1.1 431 \r\nContent-Length: 0\r\n\r\n"), ...bothEnd], feeding)
        .exchanges
    );
    assert.equal(whole[0].request?.http?.headers[0].value.length, MAX_HEAD - 23);
    assert.equal(long[0].request?.http, null);
    assert.equal(long[0].request?.end, MAX_HEAD + 1);
    assert.match(long[0].request?.faults[0].text ?? "", /longer than 1 MiB/);
    assert.equal(long[0].response?.http?.status, 431);
  }
});

Deno.test("decode takes a long first line for HTTP only where its method is known", () => {
  const line = (method: string) => client(`${method} /${"a".repeat(MAX_UNKNOWN_LINE)} HTTP/1.1\r\n\r\n`);
  for (const feeding of [{}, { piece: () => 5000 }]) {
    assert.equal(run([line("GET"), ...bothEnd], feeding).exchanges[0].protocol, "http");
    assert.equal(run([line("GOT"), ...bothEnd], feeding).exchanges[0].protocol, "tcp");
  }
});

Deno.test("decode bounds what it keeps of one exchange: faults and interim responses", () => {
  const steps = [
    client(`GET / HTTP/1.1\r\n${"bad line\r\n".repeat(1000)}\r\n`),
    target("HTTP/1.1 102 Processing\r\n\r\n".repeat(1000) + "HTTP/1.1 204 No Content\r\n\r\n"),
  ];
  const { exchanges: [{ request, interim, response }] } = run(steps);
  assert.equal(request?.faults.length, MAX_FAULTS);
  assert.match(request.faults[MAX_FAULTS - 1].text, /not listed/);
  assert.equal(interim.length, MAX_INTERIM);
  assert.equal(response?.http?.status, 204);
});

Deno.test("decode bounds how many requests wait for their answers", () => {
  const steps = [
    client("GET / HTTP/1.1\r\n\r\n".repeat(MAX_WAITING + 2)),
    target("HTTP/1.1 204 \r\n\r\n"),
    ...bothEnd,
  ];
  const { exchanges } = run(steps, { piece: () => 50_000 });
  assert.equal(exchanges.length, MAX_WAITING + 1);
  assert.deepEqual(exchanges.slice(0, 2).map(({ state }) => state), ["done", "failed"]);
  const last = exchanges[MAX_WAITING].request;
  assert.deepEqual([last?.http?.framing, last?.bodyBytes], ["until-close", 18]);
});

Deno.test("decode keeps nothing of exchanges that are done", () => {
  const decoder = decode();
  const request = octets(`POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n${"x".repeat(1000)}`);
  const response = octets(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${"x".repeat(1000)}`);
  const before = Deno.memoryUsage();
  for (let i = 0; i < 100_000; i++) {
    decoder.receive("upstream", request, i);
    decoder.receive("downstream", response, i);
  }
  const after = Deno.memoryUsage();
  const grown = (after.heapUsed + after.external - before.heapUsed - before.external) / 2 ** 20;
  assert.ok(grown < 100, `${Math.round(grown)} MiB more after 100,000 exchanges of 2 kB`);
});

Deno.test("decode gives the same for mutated bytes however they are cut, and never throws", () => {
  console.log(`TCPMON_SEED=${seed}`);
  const roll = dice(seed);
  const until = performance.now() + 2000;
  let count = 0;
  for (; count < 100 || (count < 5000 && performance.now() < until); count++) {
    const steps = mutated(CASES[roll(CASES.length)], roll);
    const where = () => `TCPMON_SEED=${seed}, transcript ${count}: ${JSON.stringify(steps.map(stepText))}`;
    try {
      const whole = describeAll(run(steps).exchanges);
      assert.equal(describeAll(run(steps, randomPieces(roll)).exchanges), whole);
      assert.equal(describeAll(run(steps, randomSkips(roll)).exchanges), whole);
    } catch (error) {
      throw new Error(where(), { cause: error });
    }
  }
  console.log(`${count} transcripts`);
});

function stepText(step: Step): string {
  return `${step.direction} ${"how" in step ? step.how : String.fromCharCode(...step.bytes)}`;
}

/** The bytes of a case with some changed, removed, repeated or made longer, its steps in disorder; both sides end. */
function mutated({ steps }: Case, roll: (below: number) => number): readonly Step[] {
  const changed: Step[] = steps.flatMap((step) =>
    "bytes" in step ? [{ ...step, bytes: mutate(step.bytes, roll) }] : []
  );
  if (changed.length > 1 && roll(4) === 0) {
    const [i, j] = [roll(changed.length), roll(changed.length)];
    [changed[i], changed[j]] = [changed[j], changed[i]];
  }
  const how = (["end", "end", "reset", "error"] as const)[roll(4)];
  return [
    ...changed,
    ...(roll(2) === 0 ? [ends("client"), ends("target", how)] : [ends("target"), ends("client", how)]),
  ];
}

/** What breaks protocols, and what is long enough to be skipped. */
const PIECES = ["\r", "\n", "\r\n", "\r\n\r\n", " ", ":", "\0", "\xff", "0", "HTTP/1.1", "x".repeat(6000)];

function mutate(bytes: Uint8Array, roll: (below: number) => number): Uint8Array {
  let all = [...bytes];
  for (let times = roll(4); times > 0; times--) {
    const at = roll(all.length + 1);
    const length = roll(3) === 0 ? roll(20) : 1;
    const kind = roll(4);
    if (kind === 0) all.splice(at, length);
    else if (kind === 1) all.splice(at, 0, ...octets(PIECES[roll(PIECES.length)]));
    else if (kind === 2) all.splice(at, 1, roll(256));
    else all = [...all.slice(0, at), ...all.slice(Math.max(0, at - length))];
  }
  return Uint8Array.from(all);
}
