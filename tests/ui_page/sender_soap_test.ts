import assert from "node:assert/strict";
import {
  contentTypeOf,
  formatContentType,
  parameter,
  withParameter,
} from "../../src/ui/page/sender/content_type.ts";
import { envelopeOf, soapOf, withSoap } from "../../src/ui/page/sender/soap.ts";
import { withMethod, withTarget } from "../../src/ui/page/sender/start_line.ts";
import { formatters } from "../../src/decode/views/mod.ts";

Deno.test("a content type is taken apart, and put together again", () => {
  const cases: readonly [value: string, media: string, parameters: [string, string][], again: string][] = [
    ["text/xml", "text/xml", [], "text/xml"],
    ["text/xml;charset=utf-8", "text/xml", [["charset", "utf-8"]], "text/xml; charset=utf-8"],
    [
      'Application/SOAP+xml ; Charset="UTF-8"; action="a\\"b;c"',
      "Application/SOAP+xml",
      [["charset", "UTF-8"], ["action", 'a"b;c']],
      'Application/SOAP+xml; charset=UTF-8; action="a\\"b;c"',
    ],
    ["text/plain; charset", "text/plain; charset", [], "text/plain; charset"],
    ["", "", [], ""],
  ];
  for (const [value, media, parameters, again] of cases) {
    const type = contentTypeOf(value);
    assert.deepEqual([type.media, type.parameters], [media, parameters], value);
    assert.equal(formatContentType(type), again);
  }
});

Deno.test("a parameter is changed in its place, added, or taken out", () => {
  const type = contentTypeOf("a/b; charset=x; v=1");
  assert.equal(formatContentType(withParameter(type, "charset", "y")), "a/b; charset=y; v=1");
  assert.equal(formatContentType(withParameter(type, "w", "2 3")), 'a/b; charset=x; v=1; w="2 3"');
  assert.equal(formatContentType(withParameter(type, "charset", null)), "a/b; v=1");
  assert.equal(parameter(type, "nothing"), null);
});

const PLAIN = "GET /quote HTTP/1.1\nHost: localhost\nX-Own: 1";
const ACTION = "http://quotes.example.org/getQuote";

Deno.test("SOAP 1.1 has a quoted SOAPAction and text/xml, 1.2 its action in application/soap+xml", () => {
  const one = withSoap(PLAIN, { version: "1.1", action: ACTION });
  assert.equal(
    one,
    "POST /quote HTTP/1.1\nHost: localhost\nX-Own: 1\nContent-Type: text/xml; charset=utf-8\n" +
      `SOAPAction: "${ACTION}"`,
  );
  assert.deepEqual(soapOf(one), { version: "1.1", action: ACTION });
  const two = withSoap(one, { version: "1.2", action: ACTION });
  assert.equal(
    two,
    "POST /quote HTTP/1.1\nHost: localhost\nX-Own: 1\n" +
      `Content-Type: application/soap+xml; charset=utf-8; action="${ACTION}"`,
  );
  assert.deepEqual(soapOf(two), { version: "1.2", action: ACTION });
  assert.equal(withSoap(two, { version: "1.1", action: ACTION }), one, "and back");
  assert.equal(
    withSoap(two, { version: "none", action: "" }),
    "POST /quote HTTP/1.1\nHost: localhost\nX-Own: 1\nContent-Type: text/xml; charset=utf-8",
  );
});

Deno.test("SOAP keeps charset, media type of XML and method; an empty action is said as such", () => {
  const head = "PUT / HTTP/1.1\nContent-Type: application/xml; charset=iso-8859-1";
  assert.equal(withSoap(head, { version: "1.1", action: "" }), `${head}\nSOAPAction: ""`);
  assert.equal(
    withSoap(head, { version: "1.2", action: "" }),
    "PUT / HTTP/1.1\nContent-Type: application/soap+xml; charset=iso-8859-1",
  );
  assert.match(withSoap(head, { version: "1.1", action: 'a"b' }), /SOAPAction: "a%22b"$/);
  assert.deepEqual(soapOf("POST / HTTP/1.1\nsoapaction: bare"), { version: "1.1", action: "bare" });
});

Deno.test("the sample envelope is well-formed, and named by the action", () => {
  for (const version of ["1.1", "1.2"] as const) {
    for (const action of [ACTION, "", "urn:shop#list", 'http://a/?b&"<c']) {
      const envelope = envelopeOf({ version, action }, "utf-8");
      const formatter = formatters.xml.create();
      formatter.receive(envelope);
      formatter.end();
      assert.equal(formatter.fault, null, envelope);
    }
  }
  assert.match(
    envelopeOf({ version: "1.1", action: ACTION }, "utf-8"),
    /<m:getQuote xmlns:m="http:\/\/quotes\.example\.org"/,
  );
  assert.match(
    envelopeOf({ version: "1.2", action: "" }, "utf-8"),
    /2003\/05\/soap-envelope[^]*<m:operation /,
  );
});

Deno.test("the start line: method and target change, the rest stays", () => {
  assert.equal(withMethod("GET /a HTTP/1.1\nA: b", "PRO PFIND"), "PROPFIND /a HTTP/1.1\nA: b");
  assert.equal(withMethod("GET", "$&"), "$&");
  assert.equal(withTarget("GET /a  HTTP/1.0\nA: b", "/c?$1"), "GET /c?$1  HTTP/1.0\nA: b");
  assert.equal(withTarget("GET", "/x"), "GET /x HTTP/1.1");
});
