// Exports with something masked: it is in none of them in any form, the rest is there, and what was masked is listed.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import type { ExportFormat } from "../../../src/catalog/types.ts";
import { Capture, get } from "../capture.ts";
import { exported, exportedText, withCatalog } from "./exporting.ts";
import { archiveOf } from "./har_judge.ts";

const SECRET = "tok-4f1d9ac37be2";
const RULES = ["header:authorization,x-key", "json:password", "query:token"];
const FORMATS: readonly ExportFormat[] = ["ndjson", "har", "pcapng", "html", "curl", "raw"];

/** A connection in which the secret stands in many places, once in a large body that is coded and comes in pieces. */
function record(capture: Capture): void {
  capture.opened(1);
  capture.connected(1);
  const body = JSON.stringify({ user: "ann", password: SECRET, kept: "kept words" });
  const request =
    `POST /login?token=${SECRET}&q=1 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${SECRET}\r\n` +
    `Referer: http://localhost/?token=${SECRET}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  capture.chunk(1, "upstream", request.slice(0, 60));
  capture.edited(1, "upstream", request.indexOf("Referer"), 9, `X-Referer: ${SECRET}`);
  capture.chunk(1, "upstream", request.slice(60));
  const filler = Array.from({ length: 1_500 }, (_, n) => ({ n, text: `filler ${n * 7919}` }));
  const large = gzipSync(JSON.stringify([...filler, { password: SECRET, echo: `echo ${SECRET}` }]));
  capture.chunk(1, "downstream", `HTTP/1.1 103 Early Hints\r\nX-Key: ${SECRET}\r\n\r\n`);
  capture.chunk(
    1,
    "downstream",
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nX-Key: ${SECRET}\r\n` +
      `Content-Length: ${large.length}\r\n\r\n`,
  );
  for (let at = 0; at < large.length; at += 10_000) {
    capture.chunk(1, "downstream", large.subarray(at, at + 10_000));
  }
  capture.chunk(1, "upstream", get("/plain"));
  capture.chunk(1, "downstream", "HTTP/1.1 204 No Content\r\n\r\n");
  capture.ended(1, "client");
  capture.closed(1, "error", `broke after Bearer ${SECRET}`);
}

/** Every form in which it could be read. */
function forms(): Buffer[] {
  const base64 = [0, 1, 2].map((at) =>
    Buffer.from("xx".slice(0, at) + SECRET).toString("base64").slice(4, -4)
  );
  return [SECRET, SECRET.slice(4), encodeURIComponent(SECRET), ...base64].map((text) => Buffer.from(text));
}

function mustNotHold(bytes: Uint8Array, what: string): void {
  for (const form of forms()) assert.equal(Buffer.from(bytes).indexOf(form), -1, `${what} holds ${form}`);
}

Deno.test("masked forms: what is masked is in no export, in no form; what is not is there, and the list says what was", async () => {
  using capture = new Capture();
  record(capture);
  await withCatalog(capture, async (catalog) => {
    for (const format of FORMATS) {
      const bytes = await exported(catalog, { format, redact: RULES });
      mustNotHold(bytes, format);
      const text = Buffer.from(bytes).toString("latin1");
      assert.match(text, /kept words/, format);
      assert.match(text, /\/plain/, format);
      assert.match(text, /masked.*authorization/is, format);
    }
    const lines = (await exportedText(catalog, { format: "ndjson", redact: RULES })).trim().split("\n");
    const [, login, plain] = lines.map((line) => JSON.parse(line));
    assert.equal(JSON.parse(login.response.body).length, 1_501);
    assert.equal(login.response.bytes, login.response.headBytes + login.response.bodyBytes);
    assert.equal(JSON.parse(login.request.body).user, "ann");
    assert.equal(plain.response.startLine, "HTTP/1.1 204 No Content");
    archiveOf(await exportedText(catalog, { format: "har", redact: RULES }));
  });
});
