import assert from "node:assert/strict";
import { parseRules, Redactor } from "../../../src/decode/redact/mod.ts";
import { redactBody } from "./redacting.ts";

/** What expressions begin at each time, and find the end of only at the end of the text. */
const REPEATED = [
  "\\",
  "\\\\",
  "&lt;a ",
  "<a ",
  "\\u003ca ",
  "a=",
  '"',
  "{",
  "<password>",
  "a ",
  ": ",
  "<- ",
  "<. ",
  "&lt;- ",
  "x <- 1\n",
  "a &lt;- b\n",
];
const SIZE = 500_000;

for (const repeated of REPEATED) {
  Deno.test(`a text of nothing but ${JSON.stringify(repeated)} takes no longer the longer it is`, () => {
    for (const contentType of ["application/json", "text/xml", "text/plain", null]) {
      const text = repeated.repeat(Math.ceil(SIZE / repeated.length));
      const { bytes } = redactBody({ text, contentType, rules: ["secrets"] });
      assert.ok(bytes.length > 0);
    }
  });
}

Deno.test("a tag of nothing but beginnings of attributes takes no longer the longer it is", () => {
  const names = [' a="', " a='b=\"", " a=&quot;", ' a=\\"', ' a=\\"\\u003c', " a=b", "&lt; ", "< "];
  for (const repeated of names) {
    for (const less of ["<", "&lt;"]) {
      const text = `${less}password ${repeated.repeat(SIZE / repeated.length)}`;
      assert.ok(redactBody({ text, contentType: "text/plain", rules: ["secrets"] }).bytes.length > 0);
      assert.ok(redactBody({ text: `${text}>`, contentType: null, rules: ["secrets"] }).bytes.length > 0);
    }
  }
});

Deno.test("a header value of one long word takes no longer the longer it is", () => {
  for (const name of ["Authorization", "Cookie", "Set-Cookie", "Location", "X"]) {
    const value = "a-".repeat(SIZE);
    const redactor = new Redactor(parseRules(["secrets"]));
    const { headers } = redactor.head({ startLine: null, headers: [{ name, value }], trailers: [] });
    assert.equal(headers.length, 1);
  }
});

Deno.test("members in JSON within JSON within JSON are found, and elements in escaped markup behind others", () => {
  let text = '{"password":"geheim"}';
  for (let depth = 0; depth < 4; depth++) text = JSON.stringify({ inner: text });
  const masked = redactBody({ text, contentType: "text/plain", rules: ["json:password"] });
  assert.ok(!new TextDecoder().decode(masked.bytes).includes("geheim"));
  const markup = '&lt;a x &lt;password kind="plain"&gt;geheim&lt;/password&gt;';
  const hidden = redactBody({ text: markup, contentType: "text/plain", rules: ["xml:password"] });
  assert.ok(!new TextDecoder().decode(hidden.bytes).includes("geheim"));
});
