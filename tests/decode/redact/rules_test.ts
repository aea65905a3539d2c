import assert from "node:assert/strict";
import { parseRules, RULE_KINDS, ruleFault, SECRETS } from "../../../src/decode/redact/mod.ts";

Deno.test("parseRules reads kinds, names, sets and patterns", () => {
  assert.deepEqual(parseRules([" Header: Authorization , x-b "]), [
    { kind: "header", name: "Authorization", omit: false },
    { kind: "header", name: "x-b", omit: false },
  ]);
  assert.deepEqual(parseRules(["omit:xml:wsse:Password"]), [
    { kind: "xml", name: "wsse:Password", omit: true },
  ]);
  assert.deepEqual(parseRules(["any:a"]).map(({ kind }) => kind), [
    "header",
    "cookie",
    "query",
    "json",
    "xml",
  ]);
  assert.deepEqual(parseRules(["text:/a,b:c/i"]), [{ kind: "text", name: "/a,b:c/i", omit: false }]);
  assert.ok(parseRules([SECRETS.toUpperCase()]).length > 50);
  for (const { example } of RULE_KINDS) assert.equal(ruleFault(example), null, example);
});

Deno.test("parseRules says what is wrong and what to do, and repeats no pattern", () => {
  const cases: [rule: string, words: RegExp][] = [
    [
      "",
      /Cannot redact by "": it is no rule\. Write secrets for the usual ones, or for example any:password\.$/,
    ],
    [
      "password",
      /Cannot redact by "password": it is no rule\. Write secrets for the usual ones, or for example any:password\.$/,
    ],
    [
      "secret",
      /Cannot redact by "secret": it is no rule\. Write secrets, or any:secret for fields of that name\.$/,
    ],
    [
      "jsn:a",
      /no rule begins with "jsn:"\. Write secrets for the usual ones, or header:NAME, .*, xml:NAME, any:NAME or text:\/PATTERN\/\.$/,
    ],
    ["json:", /a name is missing/],
    ["json:a,,b", /a name is missing/],
    ["text:hunter2", /not between slashes/],
    ["text:/hunter2(/", /no regular expression/],
    ["text:/(hunter2)?/", /finds nothing at all too/],
    ["text:/größe/", /ASCII/],
    ["omit:text:/a/", /Cannot leave out/],
    ["json:" + "a".repeat(2000), /1000 are the most/],
  ];
  for (const [rule, words] of cases) {
    const fault = ruleFault(rule);
    assert.match(fault ?? "", words);
    assert.ok(!fault?.includes("hunter2"), fault ?? "");
    assert.throws(() => parseRules([rule]), RangeError);
  }
});

Deno.test("docs/redact.md shows rules that can be read, and all kinds", async () => {
  const text = await Deno.readTextFile(new URL("../../../docs/redact.md", import.meta.url));
  const rules = [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, rule]) => rule);
  assert.ok(rules.length >= 10, `only ${rules.length} rules`);
  for (const rule of rules) assert.equal(ruleFault(rule), null, rule);
  for (const { kind } of RULE_KINDS) assert.ok(rules.some((rule) => rule.startsWith(`${kind}:`)), kind);
});
