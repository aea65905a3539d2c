import assert from "node:assert/strict";
import { beginsTls, DECISIVE, isMysqlRequest, looksLikeTls } from "../../../src/decode/tls/begins.ts";
import { octets } from "../transcript.ts";
import { alert, clientHello, handshake, handshakeRecord, hello13, record, SERVER_13 } from "./records.ts";

Deno.test("beginsTls needs eleven bytes of a ClientHello, and no more", () => {
  for (const text of [hello13("a"), handshakeRecord(1, clientHello({ version: 0x0300 }), 0x0300)]) {
    for (let length = 0; length < DECISIVE; length++) {
      assert.equal(beginsTls(octets(text.slice(0, length)), false), "more", `${length} B`);
    }
    assert.equal(beginsTls(octets(text.slice(0, DECISIVE)), false), "yes");
    assert.equal(beginsTls(octets(text), false), "yes");
  }
});

Deno.test("beginsTls knows a ClientHello that is spread over many records", () => {
  const hello = handshake(1, clientHello({}));
  assert.equal(beginsTls(octets(record(22, hello.slice(0, 6)) + record(22, hello.slice(6))), false), "yes");
  assert.equal(beginsTls(octets(record(22, hello.slice(0, 5)) + record(22, hello.slice(5))), false), "no");
});

Deno.test("beginsTls is certain of what is none as early as can be", () => {
  const cases = [
    "G",
    "\x16G",
    "\x16\x02",
    "\x16\x03\x09",
    "\x16\x03\x01\x02\0\x02",
    "\x17\x03\x03\0\x50\x01",
    "\x80\x20\x02",
  ];
  for (const text of cases) assert.equal(beginsTls(octets(text), true), "no", JSON.stringify(text));
});

Deno.test("beginsTls takes a ClientHello of SSL 2.0 at the beginning of a Connection only", () => {
  const hello = octets("\x80\x1c\x01\0\x02\0\x03\0\0\0\x10\x01\0\x80" + "c".repeat(16));
  assert.equal(beginsTls(hello, true), "yes");
  assert.equal(beginsTls(hello, false), "no");
  assert.equal(
    beginsTls(octets("\x80\x1d\x01\0\x02\0\x03\0\0\0\x10\x01\0\x80" + "c".repeat(16)), true),
    "no",
  );
});

Deno.test("looksLikeTls knows what either side begins with", () => {
  for (const text of [hello13("a"), SERVER_13, alert(2, 70)]) assert.ok(looksLikeTls(octets(text)));
  for (const text of ["", "\x16\x03", "\x15\x03\x01\0\x03\x02F", "HTTP/1.1 200 OK"]) {
    assert.ok(!looksLikeTls(octets(text)));
  }
});

Deno.test("isMysqlRequest knows MySQL's request for TLS, MariaDB's too", () => {
  const request = (flags: string, rest: string) =>
    octets(`\x20\0\0\x01\x85${flags}\xff\x19\0\0\0\x01\x21${rest}`);
  assert.ok(isMysqlRequest(request("\xae", "\0".repeat(23))));
  assert.ok(isMysqlRequest(request("\xae", "\0".repeat(19) + "\x1d\0\0\0")));
  assert.ok(!isMysqlRequest(request("\xa6", "\0".repeat(23))), "without CLIENT_SSL");
  assert.ok(!isMysqlRequest(request("\xae", "root\0".padEnd(23, "\0"))), "the whole answer");
  assert.ok(!isMysqlRequest(request("\xae", "\0".repeat(22))), "not yet whole");
});
