import assert from "node:assert/strict";
import { editHeads, type Rules } from "../../../src/decode/rewrite/mod.ts";
import { MAX_EDITED_LINE } from "../../../src/decode/rewrite/line_rules.ts";
import { octets } from "../transcript.ts";
import { pass, randomSizes, type Said } from "./passing.ts";

/** Rules that show in what is sent which line was edited, and for which request. */
const RULES: Rules = {
  requests: {
    target: { heldFrom: "scheme", change: (target) => target.replace(/^http:\/\/[^/?#]*/i, "") || "/" },
    fields: {
      host: {
        change: (value, asked) => {
          if (asked !== null) asked.host ??= value;
          return "TARGET";
        },
      },
      "proxy-connection": { drop: () => true },
      "proxy-note": { drop: (value) => value === "drop" },
    },
  },
  responses: {
    fields: {
      location: {
        change: (_, asked) => asked === null ? null : `${asked.method}@${asked.host}`,
      },
    },
  },
};

const ASK = "GET / HTTP/1.1\r\nHost: me\r\n\r\n";
const ASKED = "GET / HTTP/1.1\r\nHost: TARGET\r\n\r\n";
const MOVED = "HTTP/1.1 302 Found\r\nLocation: /a\r\nContent-Length: 0\r\n\r\n";
const MOVED_BY_GET = "HTTP/1.1 302 Found\r\nLocation: GET@me\r\nContent-Length: 0\r\n\r\n";

interface Case {
  readonly name: string;
  readonly said: readonly Said[];
  /** What was passed on, where it differs from what was said. */
  readonly up?: string;
  readonly down?: string;
  readonly stopped?: RegExp;
}

const CASES: readonly Case[] = [
  { name: "one exchange", said: [[">", ASK], ["<", MOVED]], up: ASKED, down: MOVED_BY_GET },
  {
    name: "every request of a keep-alive connection, in any case of letters",
    said: [
      [">", ASK],
      ["<", MOVED],
      [">", "POST /x HTTP/1.1\r\nhOST:me\r\nContent-Length: 11\r\n\r\nHost: body\n"],
      ["<", "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nLocation: body"],
      [">", "GET /2 HTTP/1.0\nHOST : \t me \t\n\n"],
      ["<", "HTTP/1.1 302\r\nLOCATION:\t/a \r\n\r\nLocation: until the end\r\n"],
    ],
    up: ASKED + "POST /x HTTP/1.1\r\nhOST:TARGET\r\nContent-Length: 11\r\n\r\nHost: body\n" +
      "GET /2 HTTP/1.0\nHOST : \t TARGET \t\n\n",
    down: MOVED_BY_GET + "HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nLocation: body" +
      "HTTP/1.1 302\r\nLOCATION:\tGET@me \r\n\r\nLocation: until the end\r\n",
  },
  {
    name: "pipelined requests, HEAD among them, interim responses and those without a body",
    said: [
      [">", ASK + ASK.replace("GET", "HEAD").replace("me", "him") + ASK.replace("GET", "PUT") + ASK],
      ["<", "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + MOVED],
      ["<", "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 1000\r\n\r\n"],
      ["<", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nLocation: /\r\n\r\n"],
      ["<", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\nLocation: /\r\n\r\n"],
    ],
    up: ASKED + ASKED.replace("GET", "HEAD") + ASKED.replace("GET", "PUT") + ASKED,
    down: "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + MOVED_BY_GET +
      "HTTP/1.1 302 Found\r\nLocation: HEAD@him\r\nContent-Length: 1000\r\n\r\n" +
      "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nLocation: PUT@me\r\n\r\n" +
      "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\nLocation: GET@me\r\n\r\n",
  },
  {
    name: "chunked bodies with heads in them, and trailers",
    said: [
      [
        ">",
        "POST / HTTP/1.1\r\nHost: me\r\nTransfer-Encoding: chunked\r\n\r\n" +
        "1d;x=y\r\nGET / HTTP/1.1\r\nHost: me\r\n\r\n!\r\n0\r\nHost: trailer\r\n\r\n",
      ],
      [
        "<",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nD\r\nLocation: /a\n\r\n0\r\nLocation: /\r\n\r\n",
      ],
      [">", ASK],
      ["<", MOVED],
    ],
    up: "POST / HTTP/1.1\r\nHost: TARGET\r\nTransfer-Encoding: chunked\r\n\r\n" +
      "1d;x=y\r\nGET / HTTP/1.1\r\nHost: me\r\n\r\n!\r\n0\r\nHost: trailer\r\n\r\n" + ASKED,
    down:
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nD\r\nLocation: /a\n\r\n0\r\nLocation: /\r\n\r\n" +
      MOVED_BY_GET,
  },
  {
    name: "an absolute-form target, and lines that are dropped",
    said: [[
      ">",
      "GET HTTP://me:81/a?b HTTP/1.1\r\nProxy-Connection: keep-alive\r\nhost: me\r\nProxy-Note: drop\r\nProxy-Note: keep\r\n" +
      "Proxy-Notes: drop\r\nProxy\r\n\r\n" +
      "GET http://me HTTP/1.1\r\n\r\nGET https://me/ HTTP/1.1\r\n\r\nGET /http://me/ HTTP/1.1\r\n\r\n",
    ]],
    up: "GET /a?b HTTP/1.1\r\nhost: TARGET\r\nProxy-Note: keep\r\nProxy-Notes: drop\r\nProxy\r\n\r\n" +
      "GET / HTTP/1.1\r\n\r\nGET https://me/ HTTP/1.1\r\n\r\nGET /http://me/ HTTP/1.1\r\n\r\n",
  },
  {
    name: "empty lines before a message, and an empty value",
    said: [[">", "\r\n\nGET / HTTP/1.1\r\nHost:\r\n\r\n"], ["<", "\r\n" + MOVED]],
    up: "\r\n\nGET / HTTP/1.1\r\nHost:TARGET\r\n\r\n",
    down: "\r\n" + MOVED.replace("/a", "GET@"),
  },
  {
    name: "values that not everybody would read alike",
    said: [[
      ">",
      "GET / HTTP/1.1\r\nHost: a\rHost: b\r\nHost: \x00\r\nX: y\r\n Host: z\r\nHosts: q\r\nHost\r\n: s\r\n\r\n",
    ]],
  },
  {
    name: "a response while the request is sent",
    said: [[">", "POST / HTTP/1.1\r\nHost: me\r\nContent-Length: 9\r\n\r\nab"], ["<", MOVED], [
      ">",
      "cdefghi" + ASK,
    ]],
    up: "POST / HTTP/1.1\r\nHost: TARGET\r\nContent-Length: 9\r\n\r\nabcdefghi" + ASKED,
    down: MOVED_BY_GET.replace("GET", "POST"),
  },
  {
    name: "bytes above 0x7f",
    said: [[">", "GET /\xe9 HTTP/1.1\r\nX: \xff\r\nHost: \xfc\r\n\r\n"]],
    up: "GET /\xe9 HTTP/1.1\r\nX: \xff\r\nHost: TARGET\r\n\r\n",
  },
  // ── where HTTP ends ──
  {
    name: "another protocol after 101",
    said: [
      [">", ASK.replace("\r\n\r\n", "\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")],
      ["<", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nLocation: /\r\n\r\n" + MOVED],
      [">", ASK],
      ["<", MOVED],
    ],
    up: ASKED.replace("\r\n\r\n", "\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n") + ASK,
    down: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nLocation: GET@me\r\n\r\n" + MOVED + MOVED,
  },
  {
    name: "an upgrade that is not granted",
    said: [[">", ASK.replace("\r\n\r\n", "\r\nUpgrade: x\r\n\r\n")], ["<", MOVED], [">", ASK], ["<", MOVED]],
    up: ASKED.replace("\r\n\r\n", "\r\nUpgrade: x\r\n\r\n") + ASKED,
    down: MOVED_BY_GET + MOVED_BY_GET,
  },
  {
    name: "a tunnel",
    said: [
      [">", "CONNECT a:1 HTTP/1.1\r\nHost: me\r\n\r\n" + ASK],
      ["<", "HTTP/1.1 200 OK\r\nLocation: /\r\nContent-Length: 3\r\n\r\n" + MOVED],
    ],
    up: "CONNECT a:1 HTTP/1.1\r\nHost: TARGET\r\n\r\n" + ASK,
    down: "HTTP/1.1 200 OK\r\nLocation: CONNECT@me\r\nContent-Length: 3\r\n\r\n" + MOVED,
  },
  {
    name: "the preface of HTTP/2",
    said: [[">", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + ASK], ["<", "\x00\x00\x06\x04" + MOVED]],
  },
  {
    name: "a server that speaks first",
    said: [["<", "220 mail\r\n"], [">", "HELO\r\n" + ASK], ["<", MOVED]],
  },
  {
    name: "a target that does not answer in HTTP",
    said: [[">", ASK], ["<", "+PONG\r\n" + MOVED], [">", ASK]],
    up: ASKED + ASK,
  },
  { name: "commands of another protocol", said: [[">", "SET http://me x\r\n" + ASK], ["<", "+OK\r\n"]] },
  {
    name: "a response to nothing",
    said: [["<", "HTTP/1.1 408 Late\r\nLocation: /\r\nContent-Length: 0\r\n\r\n" + MOVED]],
  },
  // ── where it is in doubt ──
  {
    name: "two lengths",
    said: [
      [">", ASK.replace("\r\n\r\n", "\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n") + "ab" + ASK],
      ["<", MOVED + MOVED],
    ],
    up: ASKED.replace("\r\n\r\n", "\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n") + "ab" + ASK,
    down: MOVED_BY_GET + MOVED,
    stopped: /^Content-Length is given as 1 and as 2/,
  },
  {
    name: "a length beside chunks",
    said: [[">", ASK], ["<", MOVED.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n") + MOVED], [
      ">",
      ASK,
    ]],
    up: ASKED + ASKED,
    down: MOVED_BY_GET.replace("\r\n\r\n", "\r\nTransfer-Encoding: chunked\r\n\r\n") + MOVED,
    stopped: /beside Transfer-Encoding/,
  },
  {
    name: "a request whose coding does not end",
    said: [[">", ASK.replace("\r\n\r\n", "\r\nTransfer-Encoding: gzip\r\n\r\n") + ASK]],
    up: ASKED.replace("\r\n\r\n", "\r\nTransfer-Encoding: gzip\r\n\r\n") + ASK,
    stopped: /does not end with chunked/,
  },
  {
    name: "damaged chunks",
    said: [[">", ASK], ["<", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" + MOVED]],
    up: ASKED,
    stopped: /^The chunks of the response are damaged$/,
  },
  {
    name: "no request after a request",
    said: [[">", ASK + "\x16\x03\x01\x00\n" + ASK]],
    up: ASKED + "\x16\x03\x01\x00\n" + ASK,
    stopped: /^These bytes are not an HTTP request$/,
  },
];

for (const { name, said, up, down, stopped } of CASES) {
  Deno.test(`editHeads: ${name}`, () => {
    const all = (side: Said[0]) => said.filter(([by]) => by === side).map(([, text]) => text).join("");
    const check = (how: string, sizes?: () => number) => {
      const passed = pass(editHeads(RULES), said, sizes);
      assert.equal(passed.upstream, up ?? all(">"), how);
      assert.equal(passed.downstream, down ?? all("<"), how);
      assert.match(passed.stopped.join("; "), stopped ?? /^$/, how);
    };
    check("whole");
    check("byte by byte", () => 1);
    for (let round = 0; round < 20; round++) {
      const seed = Math.floor(Math.random() * 2 ** 32);
      check(`seed ${seed}`, randomSizes(seed));
    }
  });
}

Deno.test("editHeads holds nothing back but the end of a line that a rule may change", () => {
  const rows: readonly [came: string, passed: string][] = [
    ["PING", "PING"],
    ["G", "G"],
    ["GET", "GET"],
    ["GET ", "GET "],
    ["GET h", "GET "],
    ["GET ht!", "GET ht!"],
    ["GET http://me/x HTTP/1.1\r", "GET "],
    ["GET http://me/x HTTP/1.1\r\n", "GET /x HTTP/1.1\r\n"],
    ["GET / HTTP/1.1\r\nHos", "GET / HTTP/1.1\r\nHos"],
    ["GET / HTTP/1.1\r\nHost: m", "GET / HTTP/1.1\r\nHost:"],
    ["GET / HTTP/1.1\r\nHosts: m", "GET / HTTP/1.1\r\nHosts: m"],
    ["GET / HTTP/1.1\r\nProxy-Con", "GET / HTTP/1.1\r\n"],
    ["GET / HTTP/1.1\r\nProxy-Cona", "GET / HTTP/1.1\r\nProxy-Cona"],
    ["GET / HTTP/1.1\r\nHost: me\r\n\r", "GET / HTTP/1.1\r\nHost: TARGET\r\n\r"],
    [
      "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nHost: m",
      "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nHost: m",
    ],
  ];
  for (const [came, expected] of rows) {
    for (const size of [came.length, 1]) {
      const { upstream } = editHeads(RULES);
      let passed = "";
      for (let from = 0; from < came.length; from += size) {
        passed += String.fromCharCode(...upstream.receive(octets(came.slice(from, from + size))));
      }
      assert.equal(passed, expected, JSON.stringify(came));
      const rest = String.fromCharCode(...upstream.end());
      if (upstream.takeEdits().length === 0 && !expected.includes("TARGET") && !expected.includes("GET /x")) {
        assert.equal(passed + rest, came, "what was held comes at the end");
      }
    }
  }
});

Deno.test("editHeads passes a line that is too long as it is, and goes on", () => {
  const long = "x".repeat(MAX_EDITED_LINE);
  const request =
    `GET http://${long} HTTP/1.1\r\nHost: ${long}\r\nProxy-Connection: ${long}\r\nHost: me\r\n\r\n`;
  for (const size of [Infinity, 1000]) {
    const { upstream } = pass(editHeads(RULES), [[">", request]], () => size);
    assert.equal(upstream, request.replace("Host: me", "Host: TARGET"));
  }
});

Deno.test("editHeads gives bodies as they were given, without a copy", () => {
  const { upstream } = editHeads(RULES);
  upstream.receive(octets("POST / HTTP/1.1\r\nHost: me\r\nContent-Length: 100\r\n\r\n"));
  const body = octets("Host: me\r\n");
  assert.equal(upstream.receive(body), body);
  const other = editHeads(RULES).upstream;
  other.receive(octets("\x16\x03\x01"));
  assert.equal(other.receive(body), body);
});

Deno.test("editHeads passes random bytes as they come, and holds none of them back (seeded)", () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = randomSizes(seed);
  for (let round = 0; round < 200; round++) {
    const { upstream, downstream } = editHeads(RULES);
    for (let piece = 0; piece < 10; piece++) {
      // No letter of "http://" follows a space, and nothing is a status line.
      const bytes = Uint8Array.from({ length: random() }, () => (random() * 41 + random()) & 0xdf);
      for (const editor of [upstream, downstream]) {
        assert.deepEqual(editor.receive(bytes.slice()), bytes, `seed ${seed}`);
      }
    }
    for (const editor of [upstream, downstream]) assert.deepEqual(editor.takeEdits(), [], `seed ${seed}`);
  }
});
