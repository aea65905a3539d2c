// What llhttp accepts must be read the same way here; what it refuses must be shown here with a fault. It sees one side
// at a time, so where HTTP has ended on a Connection, its judgement of what follows does not count.

import assert from "node:assert/strict";
import type { Direction, Message } from "../../src/decode/mod.ts";
import { CASES } from "./cases/mod.ts";
import { judge } from "./llhttp.ts";
import type { Judged, Judgement } from "./llhttp.ts";
import { bothEnd, bytesOf, client, dice, latin1, randomPieces, run, seed, target } from "./transcript.ts";
import type { Outcome, Step } from "./transcript.ts";

/** Where llhttp sees a mistake and there is none. */
const MISTAKEN: Readonly<Record<string, string>> = {
  "forms of the request target, unknown methods (upstream)": "any token is a method: RFC 9110, 9.1",
  "chunked: white space before an extension (upstream)": "it is allowed there: RFC 9112, 7.1.1",
  "a response to a HEAD whose head is incomplete (downstream)": "llhttp was not told the method",
  '"get / HTTP/1.1\\r\\n\\r\\n"': "any token is a method: RFC 9110, 9.1",
  '"BREW / HTTP/1.1\\r\\n\\r\\n"': "any token is a method: RFC 9110, 9.1",
};

/** What llhttp refuses, with its error, and is shown with a fault here, or as turns where HTTP has ended. */
const REFUSED: Readonly<Record<string, string>> = {
  "Upgrade of a request whose body is not complete yet (upstream)": "HPE_INVALID_METHOD",
  "101 though nobody asked for it (upstream)": "HPE_INVALID_METHOD",
  "the other protocol begins before 101 is there (upstream)": "HPE_INVALID_METHOD",
  "the other protocol begins before 101, and is no text (upstream)": "HPE_INVALID_METHOD",
  "lines that end with LF only (upstream)": "HPE_INVALID_VERSION",
  "lines that end with LF only (downstream)": "HPE_CR_EXPECTED",
  "a CR without LF, bytes above 0x7f, control bytes, folding (upstream)": "HPE_INVALID_URL",
  "header lines that are none (upstream)": "HPE_UNEXPECTED_SPACE",
  "request lines with a loose grammar (upstream)": "HPE_INVALID_CONSTANT",
  "status lines with a loose grammar (downstream)": "HPE_INVALID_CONSTANT",
  "Content-Length given twice, the same (upstream)": "HPE_UNEXPECTED_CONTENT_LENGTH",
  "Content-Length given twice, the same (downstream)": "HPE_INVALID_CONTENT_LENGTH",
  "Content-Length given twice, not the same (upstream)": "HPE_UNEXPECTED_CONTENT_LENGTH",
  "Content-Length that is no length (upstream)": "HPE_INVALID_CONTENT_LENGTH",
  "Content-Length that is no length (downstream)": "HPE_INVALID_CONTENT_LENGTH",
  "Content-Length beside Transfer-Encoding (upstream)": "HPE_INVALID_TRANSFER_ENCODING",
  "TLS to a target that speaks plain HTTP (upstream)": "HPE_INVALID_METHOD",
  "Transfer-Encoding that does not end with chunked (upstream)": "HPE_INVALID_TRANSFER_ENCODING",
  "Transfer-Encoding: identity (upstream)": "HPE_INVALID_CONTENT_LENGTH",
  "white space after a chunk size (downstream)": "HPE_INVALID_CHUNK_SIZE",
  "a chunk size that is no number (downstream)": "HPE_INVALID_CHUNK_SIZE",
  "a chunk size with a sign (downstream)": "HPE_INVALID_CHUNK_SIZE",
  "a chunk size that cannot be counted (downstream)": "HPE_INVALID_CHUNK_SIZE",
  "a chunk size followed by rubbish (downstream)": "HPE_INVALID_CHUNK_SIZE",
  "a chunk longer than its size (downstream)": "HPE_STRICT",
  "a chunk size line with a CR alone (downstream)": "HPE_STRICT",
  "chunk data with a CR alone (downstream)": "HPE_STRICT",
  "more bytes than Content-Length says, then HTTP goes on (downstream)": "HPE_INVALID_CONSTANT",
  "more bytes than Content-Length says, at once, to the end (downstream)": "HPE_INVALID_CONSTANT",
  "a response that is not HTTP, when one was before (downstream)": "HPE_INVALID_CONSTANT",
  "a request that is not HTTP, when one was before (upstream)": "HPE_INVALID_METHOD",
  "no request, but the answer is HTTP: an exchange (upstream)": "HPE_INVALID_METHOD",
};

/** Single messages with something odd about them, and what llhttp says: null where it accepts them. */
const ODD: readonly (readonly [head: string, error: string | null])[] = [
  ["GET / HTTP/1.1\r\nA: b\r\n\r\n", null],
  ["GET  / HTTP/1.1\r\n\r\n", null],
  ["GET /a b HTTP/1.1\r\n\r\n", "HPE_INVALID_CONSTANT"],
  ["GET / HTTP/1.1 \r\n\r\n", "HPE_INVALID_VERSION"],
  ["GET / http/1.1\r\n\r\n", "HPE_INVALID_CONSTANT"],
  ["GET / HTTP/1.2\r\n\r\n", "HPE_INVALID_VERSION"],
  ["GET / HTTP/2.0\r\n\r\n", null],
  ["GET / HTTP/11.1\r\n\r\n", "HPE_INVALID_VERSION"],
  ["GET HTTP/1.1\r\n\r\n", "HPE_INVALID_URL"],
  ["get / HTTP/1.1\r\n\r\n", "HPE_INVALID_METHOD"],
  ["BREW / HTTP/1.1\r\n\r\n", "HPE_INVALID_METHOD"],
  ["GET foo HTTP/1.1\r\n\r\n", "HPE_INVALID_URL"],
  ["GET * HTTP/1.1\r\n\r\n", null],
  ["GET /\xe9 HTTP/1.1\r\n\r\n", "HPE_INVALID_URL"],
  ["GET /\x01 HTTP/1.1\r\n\r\n", "HPE_INVALID_URL"],
  ["GET /#a HTTP/1.1\r\n\r\n", null],
  ["GET / HTTP/1.1\r\r\n\r\n", "HPE_STRICT"],
  ["GET / HTTP/1.1\r\nA : b\r\n\r\n", "HPE_INVALID_HEADER_TOKEN"],
  ["GET / HTTP/1.1\r\nA b: c\r\n\r\n", "HPE_INVALID_HEADER_TOKEN"],
  ["GET / HTTP/1.1\r\n: b\r\n\r\n", "HPE_INVALID_HEADER_TOKEN"],
  ["GET / HTTP/1.1\r\nAb\r\n\r\n", "HPE_INVALID_HEADER_TOKEN"],
  ["GET / HTTP/1.1\r\n A: b\r\n\r\n", "HPE_UNEXPECTED_SPACE"],
  ["GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", "HPE_INVALID_HEADER_TOKEN"],
  ["GET / HTTP/1.1\r\nA: b\rc\r\n\r\n", "HPE_LF_EXPECTED"],
  ["GET / HTTP/1.1\r\nA: \x00\r\n\r\n", "HPE_INVALID_HEADER_TOKEN"],
  ["GET / HTTP/1.1\r\nA: \x7f\r\n\r\n", "HPE_INVALID_HEADER_TOKEN"],
  ["GET / HTTP/1.1\r\nA: \xe9\r\n\r\n", null],
  ["GET / HTTP/1.1\r\nA\xe9: b\r\n\r\n", "HPE_INVALID_HEADER_TOKEN"],
  ["GET / HTTP/1.1\nA: b\r\n\r\n", "HPE_INVALID_VERSION"],
  ["GET / HTTP/1.1\r\nA: b\n\r\n", "HPE_CR_EXPECTED"],
  ["GET / HTTP/1.1\r\nA: b\r\n\n", "HPE_INVALID_HEADER_TOKEN"],
  ["\nGET / HTTP/1.1\r\n\r\n", null],
  ["POST / HTTP/1.1\r\nContent-Length: \r\n\r\n", "HPE_INVALID_CONTENT_LENGTH"],
  ["POST / HTTP/1.1\r\nContent-Length: 1 1\r\n\r\nx", "HPE_INVALID_CONTENT_LENGTH"],
  ["POST / HTTP/1.1\r\nContent-Length: 0x1\r\n\r\n", "HPE_INVALID_CONTENT_LENGTH"],
  ["POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "HPE_INVALID_CONTENT_LENGTH"],
  ["POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n", "HPE_INVALID_CONTENT_LENGTH"],
  ["POST / HTTP/1.1\r\nContent-Length: 000\r\n\r\n", null],
  ["POST / HTTP/1.1\r\nContent-Length : 1\r\n\r\nx", "HPE_INVALID_HEADER_TOKEN"],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n", "HPE_INVALID_TRANSFER_ENCODING"],
  ["POST / HTTP/1.1\r\nTransfer-Encoding:\r\n\r\n", null],
  [
    "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
    "HPE_INVALID_TRANSFER_ENCODING",
  ],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", null],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n", null],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: "chunked"\r\n\r\n', "HPE_INVALID_TRANSFER_ENCODING"],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n", "HPE_INVALID_CHUNK_SIZE"],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n", "HPE_CR_EXPECTED"],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n", "HPE_CR_EXPECTED"],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;\xff\x00\r\na\r\n0\r\n\r\n", "HPE_STRICT"],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n 1\r\na\r\n0\r\n\r\n", "HPE_INVALID_CHUNK_SIZE"],
  ["POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA b\r\n\r\n", "HPE_INVALID_HEADER_TOKEN"],
  ["HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", null],
  ["HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", null],
  ["HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n", "HPE_INVALID_STATUS"],
  ["HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", null],
  ["HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n", null],
  ["HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n", "HPE_INVALID_STATUS"],
  ["HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n", "HPE_INVALID_STATUS"],
  ["HTTP/1.1 OK\r\nContent-Length: 0\r\n\r\n", "HPE_INVALID_STATUS"],
  ["HTTP/1.1 200 \xe9\r\nContent-Length: 0\r\n\r\n", null],
  ["HTTP/1.1 200 \x01\r\nContent-Length: 0\r\n\r\n", null],
  ["HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n", "HPE_STRICT"],
  ["http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HPE_INVALID_CONSTANT"],
  ["HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n", "HPE_INVALID_VERSION"],
  ["HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", "HPE_UNEXPECTED_CONTENT_LENGTH"],
  ["HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nx", null],
  ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\nx", null],
  ["HTTP/1.1 204 OK\r\nTransfer-Encoding: chunked\r\n\r\n", null],
];

Deno.test("decode reads what llhttp reads, in every case that is HTTP", () => {
  const refused: Record<string, string> = {};
  for (const { name, steps } of CASES) {
    const ours = run(steps);
    if (!ours.exchanges.some(({ protocol }) => protocol === "http")) continue;
    for (const direction of ["upstream", "downstream"] as const) {
      const where = `${name} (${direction})`;
      const error = compare(where, direction, steps, ours);
      if (error !== null && !(where in MISTAKEN)) refused[where] = error;
    }
  }
  assert.deepEqual(refused, REFUSED);
});

Deno.test("decode shows single odd messages as llhttp does, or with a fault", () => {
  for (const [head, error] of ODD) {
    const response = /^http/i.test(head);
    const steps = response
      ? [client("GET / HTTP/1.1\r\n\r\n"), target(head), ...bothEnd]
      : [client(head), target("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), ...bothEnd];
    const direction = response ? "downstream" : "upstream";
    assert.equal(compare(JSON.stringify(head), direction, steps, run(steps)), error, JSON.stringify(head));
  }
});

Deno.test("decode reads random valid messages as llhttp does", () => {
  const roll = dice(seed);
  for (let i = 0; i < 300; i++) {
    const methods = Array.from(
      { length: 1 + roll(4) },
      () => ["GET", "POST", "HEAD", "PUT", "DELETE"][roll(5)],
    );
    const steps = [
      client(methods.map((method) => validRequest(method, roll)).join("")),
      target(methods.map((method) => validResponse(method, roll)).join("")),
      ...bothEnd,
    ];
    const ours = run(steps, randomPieces(roll));
    const where = `TCPMON_SEED=${seed}, ${JSON.stringify(latin1(bytesOf("upstream", steps)))}`;
    assert.equal(ours.exchanges.length, methods.length, where);
    for (const { state, request, response } of ours.exchanges) {
      assert.deepEqual([state, request?.faults, response?.faults], ["done", [], []], where);
    }
    for (const direction of ["upstream", "downstream"] as const) {
      assert.equal(compare(where, direction, steps, ours), null, where);
    }
  }
});

Deno.test("decode reads mutated messages as llhttp does, or with a fault", () => {
  const roll = dice(seed);
  let accepted = 0;
  for (let i = 0; i < 1500; i++) {
    const steps = [
      client(mutated(validRequest("POST", roll) + validRequest("GET", roll), roll)),
      target(mutated(validResponse("POST", roll) + validResponse("GET", roll), roll)),
      ...bothEnd,
    ];
    const ours = run(steps);
    for (const direction of ["upstream", "downstream"] as const) {
      const where = `TCPMON_SEED=${seed}, ${JSON.stringify(latin1(bytesOf(direction, steps)))}`;
      const judgement = judged(direction, steps, ours, () => Infinity);
      const messages = messagesOf(direction, ours);
      if (
        judgement.error !== null || messages.some(({ http, faults }) => http === null || faults.length > 0)
      ) continue;
      accepted++;
      assert.deepEqual(messages.map(asJudged), judgement.messages, where);
    }
  }
  assert.ok(accepted > 300, `${accepted} messages were accepted`);
});

/** Compares what llhttp and the Decoder make of one Direction; gives the error of llhttp, unless it is just a cut. */
function compare(where: string, direction: Direction, steps: readonly Step[], ours: Outcome): string | null {
  if (bytesOf(direction, steps).length === 0) return null;
  const messages = messagesOf(direction, ours);
  const mine = messages.filter(({ http }) => http !== null).map(asJudged);
  const brokeOff = steps.some((step) => "how" in step && step.direction === direction && step.how !== "end");
  const roll = dice(seed);
  const { error } = judged(direction, steps, ours, () => Infinity);
  for (const piece of [() => Infinity, () => 1, () => 1 + roll(30)]) {
    const judgement = judged(direction, steps, ours, piece);
    assert.equal(judgement.error, error, where);
    // Up to where llhttp stopped; the message in which it did is not compared.
    const whole = error === null ? judgement.messages : judgement.messages.filter(({ complete }) => complete);
    if (brokeOff) [mine, whole].forEach((list) => list.forEach((message) => message.complete = true));
    assert.deepEqual(error === null ? mine : mine.slice(0, whole.length), whole, where);
  }
  if (error === null || error === "HPE_PAUSED_UPGRADE") return null;
  const shown = messages.some(({ http, faults }) => http === null || faults.length > 0);
  assert.ok(shown || where in MISTAKEN, `${where}: no fault for ${error}`);
  return error === "HPE_INVALID_EOF_STATE" ? null : error;
}

function judged(direction: Direction, steps: readonly Step[], ours: Outcome, piece: () => number): Judgement {
  const methods = ours.exchanges.filter(({ protocol, response }) => protocol === "http" && response?.http)
    .map(({ request }) => request?.http?.method ?? null);
  const kind = direction === "upstream" ? "request" : "response";
  const judgement = judge(kind, bytesOf(direction, steps), piece, methods);
  // llhttp leaves it to its user to take the white space off the end of a value (RFC 9112, 5.1).
  for (const { headers, trailers } of judgement.messages) {
    for (const field of [...headers, ...trailers]) field[1] = field[1].replace(/[ \t]+$/, "");
  }
  return judgement;
}

function messagesOf(direction: Direction, { exchanges }: Outcome): Message[] {
  const all = exchanges.flatMap(({ request, interim, response }) => [request, ...interim, response]);
  return [...new Set(all)].filter((message) => message !== null)
    .filter((message) => message.direction === direction)
    .sort((a, b) => a.start - b.start);
}

function asJudged({ http, bodyPrefix, state }: Message): Judged {
  assert.ok(http !== null);
  return {
    startLine: http.method === null ? `${http.status} ${http.reason}` : `${http.method} ${http.target}`,
    version: http.version,
    headers: http.headers.map(({ name, value }) => [name, value]),
    body: latin1(bodyPrefix),
    trailers: http.trailers.map(({ name, value }) => [name, value]),
    complete: state === "done",
  };
}

type Roll = (below: number) => number;

function validRequest(method: string, roll: Roll): string {
  const target =
    ["/", "/a/b?c=d%20e&f", "http://shop.example:8080/x", `/${"long".repeat(roll(100))}`][roll(4)];
  return `${method} ${target} HTTP/1.1\r\n${validRest(method === "POST", roll)}`;
}

function validResponse(method: string, roll: Roll): string {
  const status = ["200 OK", "404 Not Found", "500 ", "299 Some Words"][roll(4)];
  if (roll(5) === 0) return "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + validResponse(method, roll);
  if (roll(5) === 0) {
    return `HTTP/1.1 ${["204 No Content", "304 Not Modified"][roll(2)]}\r\n${fields(roll)}\r\n`;
  }
  if (method === "HEAD") return `HTTP/1.1 ${status}\r\nContent-Length: 640\r\n${fields(roll)}\r\n`;
  return `HTTP/1.1 ${status}\r\n${validRest(true, roll)}`;
}

/** Header lines, and a body of a known length or in chunks. */
function validRest(hasBody: boolean, roll: Roll): string {
  const body = Array.from({ length: roll(60) }, () => String.fromCharCode(roll(256))).join("");
  if (!hasBody) return `${fields(roll)}\r\n`;
  if (roll(2) === 0) return `${fields(roll)}content-length:${body.length}\r\n${fields(roll)}\r\n${body}`;
  let chunks = "";
  for (let i = 0; i < body.length;) {
    const data = body.slice(i, i + 1 + roll(30));
    chunks += `${data.length.toString(16)}${[";a", ";a=b", ';a="b c"', ""][roll(4)]}\r\n${data}\r\n`;
    i += data.length;
  }
  const trailers = roll(2) === 0 ? "" : "X-Trailer: 1\r\nX-Other:\r\n";
  return `${fields(roll)}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n${trailers}\r\n`;
}

function fields(roll: Roll): string {
  const lines = [
    "X-Host: a",
    "X-Empty:",
    "X-Spaces: \t a  b \t",
    "Accept: */*;q=0.1",
    'Cookie: a=b; c="d"',
    "!#$%&'*+-.^_`|~: x",
  ];
  return Array.from({ length: roll(4) }, () => `${lines[roll(lines.length)]}\r\n`).join("");
}

/**
 * The text with one or two characters of it changed, removed or added; no tab is added, because llhttp does not take one
 * off the end of a Transfer-Encoding, though it is white space like any other (RFC 9112, 5.1).
 */
function mutated(text: string, roll: Roll): string {
  for (let times = 1 + roll(2); times > 0; times--) {
    const at = roll(text.length);
    const add = ["", String.fromCharCode(32 + roll(224)), " ", "\r", "\n", "0", ":"][roll(7)];
    text = text.slice(0, at) + add + text.slice(at + roll(2));
  }
  return text;
}
