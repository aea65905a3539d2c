import assert from "node:assert/strict";
import { parseHead } from "../../src/decode/mod.ts";
import { frame } from "../../src/decode/framing.ts";
import { octets } from "./transcript.ts";

type Row = readonly [
  startLine: string,
  headers: string,
  method: string | null,
  expected: string,
  fault?: RegExp,
];

// The rules of RFC 9112, 6.3, in its order, each with what senders get wrong.
const ROWS: readonly Row[] = [
  ["HTTP/1.1 200 OK", "Content-Length: 5", "HEAD", "none"],
  ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "HEAD", "none"],
  ["HTTP/1.1 304 Not Modified", "Content-Length: 5", "GET", "none"],
  ["HTTP/1.1 304 Not Modified", "Transfer-Encoding: chunked", "GET", "none"],
  ["HTTP/1.1 204 No Content", "", "GET", "none"],
  ["HTTP/1.1 204 No Content", "Content-Length: 0", "GET", "none", /^A 204 .* must not have Content-Length$/],
  ["HTTP/1.1 204 No Content", "Content-Length: 0", "HEAD", "none", /^A 204 /],
  ["HTTP/1.1 100 Continue", "Transfer-Encoding: chunked", "GET", "none", /must not have Transfer-Encoding$/],
  ["HTTP/1.1 200 OK", "", "CONNECT", "none"],
  ["HTTP/1.1 200 OK", "Content-Length: 5", "CONNECT", "none", /^A 200 /],
  ["HTTP/1.1 407 No", "Content-Length: 5", "CONNECT", "length 5"],
  ["HTTP/1.1 200 OK", "Content-Length: 5\r\nTransfer-Encoding: chunked", "GET", "chunked", /beside/],
  ["POST / HTTP/1.1", "Transfer-Encoding: gzip;q=1,\r\nTransfer-Encoding: , chunked", null, "chunked"],
  ["POST / HTTP/1.1", "transfer-encoding: ChUnKeD", null, "chunked"],
  ["POST / HTTP/1.1", "Transfer-Encoding: gzip", null, "until-close", /does not end with chunked/],
  ["HTTP/1.1 200 OK", "Transfer-Encoding: gzip", "GET", "until-close"],
  [
    "HTTP/1.1 200 OK",
    "Transfer-Encoding: chunked, gzip",
    "GET",
    "until-close",
    /elsewhere than once at its end/,
  ],
  [
    "HTTP/1.1 200 OK",
    "Transfer-Encoding: chunked, chunked",
    "GET",
    "chunked",
    /elsewhere than once at its end/,
  ],
  ["HTTP/1.0 200 OK", "Transfer-Encoding: chunked", "GET", "chunked", /HTTP\/1.0 has no/],
  ["POST / HTTP/1.1", "Transfer-Encoding: identity", null, "none", /names no coding/],
  ["HTTP/1.1 200 OK", "Transfer-Encoding:\r\nContent-Length: 2", "GET", "length 2", /names no coding/],
  ["POST / HTTP/1.1", "Transfer-Encoding: identity, chunked", null, "chunked", /has identity/],
  [
    "POST / HTTP/1.1",
    "Transfer-Encoding: gzip\r\nTransfer-Encoding: Identity;a=b , chunked",
    null,
    "chunked",
    /has id/,
  ],
  ["POST / HTTP/1.1", "Transfer-Encoding: chunked;foo=bar", null, "chunked", /parameters of chunked/],
  [
    "HTTP/1.1 200 OK",
    "Transfer-Encoding: gzip;a=b, Chunked ; foo=bar",
    "GET",
    "chunked",
    /parameters of chunked/,
  ],
  ["HTTP/1.1 200 OK", "Transfer-Encoding: xidentity, identityx, chunked", "GET", "chunked"],
  ["POST / HTTP/1.1", "Content-Length: 0", null, "length 0"],
  ["POST / HTTP/1.1", "CONTENT-LENGTH: 0042", null, "length 42"],
  ["POST / HTTP/1.1", "Content-Length: 9007199254740991", null, "length 9007199254740991"],
  ["POST / HTTP/1.1", "Content-Length: 9007199254740992", null, "until-close", /is not a length/],
  ["POST / HTTP/1.1", "Content-Length: 5, 5\r\nContent-Length: 05", null, "length 5", /more than once/],
  ["POST / HTTP/1.1", "Content-Length: 5\r\nContent-Length: 6", null, "length 5", /as 5 and as 6; the first/],
  ["POST / HTTP/1.1", "Content-Length: 5\r\nContent-Length: x", null, "until-close", /"x" is not a length/],
  ["POST / HTTP/1.1", "Content-Length:", null, "until-close", /"" is not a length/],
  ["POST / HTTP/1.1", "Content-Length: 1 1", null, "until-close", /is not a length/],
  ["POST / HTTP/1.1", "Content-Length: -1", null, "until-close", /is not a length/],
  ["POST / HTTP/1.1", "Content-Length: 0x5", null, "until-close", /is not a length/],
  ["POST / HTTP/1.1", "Content-Lengthy: 5\r\nXContent-Length: 5", null, "none"],
  ["GET / HTTP/1.1", "", null, "none"],
  ["HTTP/1.1 200 OK", "", "GET", "until-close"],
  ["HTTP/1.1 200 OK", "", null, "until-close"],
];

for (const [startLine, headers, method, expected, fault] of ROWS) {
  const asked = method === null ? "" : ` to ${method}`;
  Deno.test(`frame: ${startLine}${asked}, ${JSON.stringify(headers)}: ${expected}`, () => {
    const kind = startLine.startsWith("HTTP") ? "response" : "request";
    const { head, faults } = parseHead(octets(`${startLine}\r\n${headers}${headers && "\r\n"}\r\n`), 0, kind);
    frame(head, method, faults);
    const { framing, contentLength } = head;
    assert.equal(contentLength === null ? framing : `${framing} ${contentLength}`, expected);
    assert.equal(faults.length, fault === undefined ? 0 : 1, JSON.stringify(faults));
    if (fault !== undefined) assert.match(faults[0].text, fault);
  });
}
