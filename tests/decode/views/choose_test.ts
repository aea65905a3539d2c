import assert from "node:assert/strict";
import { chooseView } from "../../../src/decode/views/choose.ts";

const SOAP = '<?xml version="1.0"?><soapenv:Envelope xmlns:soapenv="x"><soapenv:Body/></soapenv:Envelope>';
const PNG = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01";
const JPEG = "\xff\xd8\xff\xe0\0\x10JFIF";
const GZIP = "\x1f\x8b\x08\0\0\0\0\0\0\x03\xcbH\xcd\xc9\xc9W(\xcf/\xcaI\x01\0";
const XHTML =
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><html xmlns="http://www.w3.org/1999/xhtml">';

const CASES: readonly [mediaType: string | null, body: string, view: string][] = [
  // What is declared, where the content fits.
  ["application/json", '{"a":1}', "json"],
  ["application/json; charset=utf-8", "[1,2", "json"],
  ["application/problem+json", " {", "json"],
  ["application/x-ndjson", '{"a":1}\n{"b":2}', "json"],
  ["application/json", '{"a":1,,}', "json"],
  ["application/json", "true", "json"],
  ["text/xml", SOAP, "xml"],
  ["application/soap+xml; action=x", "<e:Envelope/>", "xml"],
  ["application/xml", "<a><b></a>", "xml"],
  ["application/xhtml+xml", "<html><br></html>", "xml"],
  ["application/x-www-form-urlencoded", "a=1&b=2", "form"],
  ["text/html", "<!DOCTYPE html><html><br></html>", "text"],
  ["text/html; charset=x-unknown", "<html><body>", "text"],
  ["text/css", "a{b:c}", "text"],
  ["text/javascript", "[1,2]", "text"],
  ["text/event-stream", "data: {}\n\n", "text"],
  ["multipart/form-data; boundary=x", "--x\r\n", "text"],
  ["image/png", PNG, "image"],
  ["image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>", "image"],
  ["image/bmp", "BM\0\0\0\0", "image"],
  ["application/json", "", "json"],
  ["image/png", "", "image"],
  [null, "", "text"],
  // The content, where the declaration is general or missing.
  ["text/plain", '{"a":1}', "json"],
  ["application/octet-stream", SOAP, "xml"],
  ["text/plain", "\ufeff \n[1]", "json"],
  [null, "<!-- x --><a/>", "xml"],
  [null, "<!DOCTYPE a><a/>", "xml"],
  ["application/vnd.custom", '{"a":1}', "json"],
  ["text/plain", "[INFO] started", "text"],
  ["text/plain", "[2024-01-01] started", "text"],
  ["text/plain", "{not json}", "text"],
  ["text/plain", "<user@example.org> wrote", "text"],
  ["text/plain", "a < b", "text"],
  ["text/plain", "<!doctype html><p>x", "text"],
  ["text/plain", "<html><body>x", "text"],
  ["text/plain", "just words", "text"],
  ["application/octet-stream", PNG, "image"],
  [null, JPEG, "image"],
  [null, "GIF89a....", "image"],
  [null, "RIFF\x24\0\0\0WEBPVP8 ", "image"],
  ["application/octet-stream", GZIP, "hex"],
  ["text/plain", GZIP, "hex"],
  [null, "\x16\x03\x01\x02\0\x01", "hex"],
  [null, "Gr\xfc\xdfe aus K\xf6ln", "text"],
  [null, "\xe4\xf6\xfc\xdf\xc4\xd6\xdc", "hex"],
  // The content, where it contradicts the declaration.
  ["application/json", SOAP, "xml"],
  ["application/json", "<html>Bad Gateway</html>", "text"],
  ["application/json", "Internal Server Error", "text"],
  ["application/json", GZIP, "hex"],
  ["text/xml", '{"error":"x"}', "json"],
  ["text/xml", "Internal Server Error", "text"],
  ["application/x-www-form-urlencoded", '{"a":1}', "json"],
  ["application/x-www-form-urlencoded", SOAP, "xml"],
  ["text/html", SOAP, "xml"],
  ["text/html", XHTML, "xml"],
  ["image/png", '{"error":"x"}', "json"],
  ["image/png", "Not found", "text"],
  ["image/x-unknown", GZIP, "hex"],
  ["image/svg+xml", "Not found", "text"],
  ["application/json", PNG, "image"],
];

for (const [mediaType, body, view] of CASES) {
  Deno.test(`chooseView shows ${mediaType} with ${JSON.stringify(body.slice(0, 30))} as ${view}`, () => {
    const bodyPrefix = body.includes("\ufeff") ? new TextEncoder().encode(body) : bytesOf(body);
    assert.equal(chooseView({ mediaType, bodyPrefix, isTurn: false }), view);
  });
}

Deno.test("chooseView goes by the content of a turn alone, and never shows an image", () => {
  const cases: readonly [string, string][] = [
    ["EHLO build-7.example.org\r\n", "text"],
    ["220 mail.example.org ESMTP ready\r\n", "text"],
    ["Q\0\0\0ZSELECT id", "hex"],
    ["X\0\0\0\x04", "hex"],
    ['{"id":1}\n{"id":2}\n', "json"],
    ["<presence/><message><body>hi</body></message>", "text"],
    ["<stream:stream to='x'><a/>", "xml"],
    [PNG, "hex"],
    ["a=1&b=2", "text"],
  ];
  for (const [body, view] of cases) {
    assert.equal(
      chooseView({ mediaType: "application/json", bodyPrefix: bytesOf(body), isTurn: true }),
      view,
      body,
    );
  }
});

Deno.test("chooseView reads text in its charset", () => {
  const wide = (text: string) =>
    new Uint8Array(Uint16Array.from(text, (character) => character.charCodeAt(0)).buffer);
  assert.equal(
    chooseView({ mediaType: "text/plain", bodyPrefix: wide('\ufeff{"a":1}'), isTurn: false }),
    "json",
  );
  assert.equal(chooseView({ mediaType: "text/xml", bodyPrefix: wide("<a><b/></a>"), isTurn: false }), "xml");
  const japanese = Uint8Array.of(0x93, 0xfa, 0x96, 0x7b, 0x8c, 0xea);
  assert.equal(
    chooseView({ mediaType: "text/plain; charset=shift_jis", bodyPrefix: japanese, isTurn: false }),
    "text",
  );
});

Deno.test("chooseView does not mind where the prefix ends", () => {
  const body = new TextEncoder().encode(`{"name":"Müller & Söhne","list":[1,2,{"a":true}]}`);
  for (let length = 1; length <= body.length; length++) {
    assert.equal(
      chooseView({ mediaType: null, bodyPrefix: body.subarray(0, length), isTurn: false }),
      "json",
    );
  }
});

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
