import assert from "node:assert/strict";
import { meantAsField, parseQuery, readQuery } from "../../../src/decode/query/parse.ts";
import { FIELDS } from "../../../src/decode/query/fields.ts";
import { describe } from "../../../src/decode/query/words.ts";

/** A filter, and how it was understood. */
const READ: readonly (readonly [string, string])[] = [
  ["", "everything"],
  ["  \t ", "everything"],
  ["quote", "“quote” anywhere"],
  ["a b", "“a” anywhere and “b” anywhere"],
  ["a and b", "“a” anywhere and “b” anywhere"],
  ["a or b c", "“a” anywhere or (“b” anywhere and “c” anywhere)"],
  ["(a or b) c", "(“a” anywhere or “b” anywhere) and “c” anywhere"],
  ["a OR(b AND NOT c)", "“a” anywhere or (“b” anywhere and not “c” anywhere)"],
  ["-a", "not “a” anywhere"],
  ["--a", "not “-a” anywhere"],
  ["not not a", "“a” anywhere"],
  ["not -a", "“a” anywhere"],
  ["-(a b)", "not (“a” anywhere and “b” anywhere)"],
  ["((a))", "“a” anywhere"],
  ["or", "“or” anywhere"],
  ["and", "“and” anywhere"],
  ["orders android nothing", "“orders” anywhere and “android” anywhere and “nothing” anywhere"],
  ['"or" "not" "and"', "“or” anywhere and “not” anywhere and “and” anywhere"],
  ["f(x) (g(y))", "“f(x)” anywhere and “g(y)” anywhere"],
  ["foo:bar", "“foo:bar” anywhere"],
  ['a"b c"d', "“ab cd” anywhere"],
  ["/orders/17", "“/orders/17” anywhere"],
  ["/orders /returns", "“/orders” anywhere and “/returns” anywhere"],
  ["/order-\\d+/i", "/order-\\d+/i anywhere"],
  ["/a b/ c", "/a b/ anywhere and “c” anywhere"],
  ["(/a/ or /[/]/)", "/a/ anywhere or /[/]/ anywhere"],
  ["-/a/", "not /a/ anywhere"],
  ["path:/orders/", "the path holds “/orders/”"],
  ["path:/^\\/orders\\/\\d+$/", "the path holds /^\\/orders\\/\\d+$/"],
  ["status:>=500", "the status is at least 500"],
  ["status:4xx", "the status is 4xx"],
  ["method:post", "the method is post"],
  ["time:>1.5s wait:<20", "the time is more than 1,500 ms and the wait is less than 20 ms"],
  [
    "size:>1MB request.size:2kb",
    "the response’s size is more than 1,000,000 bytes and the request’s size is 2,000 bytes",
  ],
  ["is:resent is:cut", "it was sent again from here and it is cut"],
  ["is:OPEN", "the state is open"],
  ["request.is:cut response.is:rewritten", "the request is cut and the response was rewritten"],
  ["has:fault request.has:body", "it has a fault and the request has a body"],
  ["body:tracking", "a body holds “tracking”"],
  ['response.body:"not found"', "the response’s body holds “not found”"],
  ["BODY:/x+/", "a body holds /x+/"],
  ["header:SOAPAction", "it has the header soapaction"],
  ["header:content-type=json", "it has the header content-type with “json”"],
  ['header:"content-type: json"', "it has the header content-type with “json”"],
  ["(request.header:x-*=/a|b/)", "the request has the header x-* with /a|b/"],
  ['bytes:"de ad be ef"', "the bytes of a message hold de ad be ef"],
  ["request.bytes:0xDEADBEEF", "the bytes of the request hold de ad be ef"],
  ["bytes:/\\x00\\x01/", "the bytes of a message hold /\\x00\\x01/"],
  ["host:shop", "the server’s name holds “shop”"],
  ["since:10min before:14:03", "it began since 600 s ago and it began before today 14:03:00"],
  ["since:2026-11-27T08:00:05", "it began since 2026-11-27 08:00:05"],
  [
    "on:2026-11-27 on:today on:yesterday",
    "it began on 2026-11-27 and it began on today and it began on yesterday",
  ],
  ["id:E12", "the id is e12"],
  ["response.path:/x", "“response.path:/x” anywhere"],
];

for (const [text, words] of READ) {
  Deno.test(`readQuery: ${text || "(nothing)"}`, () => assert.equal(describe(readQuery(text)), words));
}

/** What is no filter, what is said of it, and the place that is meant. */
const WRONG: readonly (readonly [text: string, message: string, place?: string])[] = [
  ["status:", "A number is missing after status:.", "status:"],
  ["get -status:>=", "A number is missing after -status:>=.", "-status:>="],
  ["get status:abc x", "status:abc has no number such as 404 or 4xx after its colon.", "status:abc"],
  ["state:opn", "state:opn is none of state:open, state:done, state:failed."],
  ["is:opn", "^is:opn is none of is:resent, is:cut, "],
  ["request.is:tls", "request.is:tls has no meaning for one side: write is:tls."],
  ["response.has:fault", "response.has:fault has no meaning for one side: write has:fault."],
  ["-", "A word is missing after -."],
  ['get "not found', 'A quotation mark is missing after "not found.', '"not found'],
  ["a or", "A word is missing after or.", "or"],
  ["a (b and)", "A word is missing after and.", "and"],
  ["not", "A word is missing after not.", "not"],
  ["a (b c", "A ) is missing for this (.", "("],
  ["/a/) b", "There is no ( for this ).", ")"],
  ["()", "Nothing stands between ( and ).", "()"],
  ["x (", "A word is missing after (.", "("],
  ["/[/", "/[/ is no regular expression: Unterminated character class.", "/[/"],
  ["/(/", "/(/ is no regular expression: Unterminated group.", "/(/"],
  ["x body:/a[b/i y", "/a[b/ is no regular expression: Unterminated character class.", "/a[b/i"],
  ["x body:/(/ y", "/(/ is no regular expression: Unterminated group.", "/(/"],
  ["header:", "A name is missing after header:."],
  ['header:"a b"', 'header:"a b" has no name of a header field after its colon.'],
  ["header:a=", "A text is missing after header:a=."],
  ["bytes:xyz", 'bytes:xyz has no bytes in hexadecimal, such as "de ad be ef", after its colon.'],
  ["bytes:abc", "bytes:abc has half a byte: every byte has two digits."],
  ["since:soon", "since:soon has no time such as 10min, 14:03, today or 2026-11-27T14:03 after its colon."],
  ["since:25:00", "since:25:00 has a time that is not on the clock."],
  ["on:2026-02-30", "on:2026-02-30 has a date that is not in the calendar."],
  ["on:10min", "on:10min has no day such as today, yesterday or 2026-11-27 after its colon."],
  ["id:c1", "id:c1 has no id such as e12 after its colon."],
  ["(".repeat(51) + "a", "Parentheses are more than 50 deep here."],
  [
    "x".repeat(1001),
    "Cannot search for 1001 characters: at most 1000 are looked for. Shorten the text.",
  ],
  ["a ".repeat(51), "The filter has 51 terms: at most 50 can be used. Shorten it."],
];

for (const [text, message, place] of WRONG) {
  Deno.test(`parseQuery refuses ${text.slice(0, 40)}`, () => {
    const { error } = parseQuery(text);
    assert.ok(error);
    if (message.startsWith("^")) assert.match(error.message, new RegExp(message));
    else assert.equal(error.message, message);
    if (place !== undefined) assert.equal(text.slice(error.from, error.to), place);
    assert.ok(error.from >= 0 && error.from < error.to && error.to <= text.length);
    assert.throws(() => readQuery(text), new RangeError(error.message));
  });
}

Deno.test("readQuery: a parenthesis that nothing opened is part of the word", () => {
  assert.equal(describe(readQuery("a) b")), "“a)” anywhere and “b” anywhere");
});

Deno.test("readQuery: of connections, an expression is a word, and so is a field that they have not", () => {
  assert.equal(describe(readQuery("/a/ body:x", "connection")), "“/a/” anywhere and “body:x” anywhere");
  assert.equal(describe(readQuery("client:/a/", "connection")), "the client holds “/a/”");
});

Deno.test("readQuery says where its terms stand", () => {
  const text = 'a -status:404 (body:"x y")';
  const query = readQuery(text);
  assert.ok(query.is === "and");
  const [a, status, body] = query.of;
  assert.ok(a.is === "term" && status.is === "not" && status.of.is === "term" && body.is === "term");
  const places = [a, status.of, body].map(({ from, to }) => text.slice(from, to));
  assert.deepEqual(places, ["a", "status:404", 'body:"x y"']);
});

Deno.test("every example of a field is read as that field", () => {
  for (const { name, examples, tables, choices } of FIELDS) {
    for (const table of tables) {
      for (const text of [...examples, ...Object.keys(choices ?? {}).map((choice) => `${name}:${choice}`)]) {
        const query = readQuery(text, table);
        assert.ok(query.is === "term" && query.test.by !== "anywhere", `${text} of ${table}`);
      }
    }
  }
});

Deno.test("readQuery never fails otherwise than with a RangeError that has words, whatever is typed", () => {
  const pieces = [
    "a",
    " ",
    "-",
    "(",
    ")",
    '"',
    "or ",
    "and ",
    "not ",
    "/",
    ":",
    "body:",
    "header:",
    "=",
    "bytes:",
    "status:",
  ];
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * below);
  };
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]).join("");
    const { query, error } = parseQuery(text);
    assert.ok(query ? describe(query) : error && error.message !== "", `seed ${seed}: ${text}`);
  }
});

Deno.test("meantAsField tells of what was found only what may have been found without the text", () => {
  for (
    const text of [
      "-stauts:500",
      "not stauts:500",
      "get or stauts:500",
      "get -(a stauts:500)",
      "-(get or stauts:5)",
    ]
  ) {
    assert.match(meantAsField(text, true) ?? "", /Write status: for that field\.$/, text);
    assert.match(meantAsField(text) ?? "", /Write status: for that field\.$/, text);
  }
  for (const text of ["stauts:500", "get and stauts:500", "(get or post) stauts:500", "not not stauts:500"]) {
    assert.equal(meantAsField(text, true), null, text);
    assert.notEqual(meantAsField(text), null, text);
  }
});

Deno.test("meantAsField tells of a field with another sign than its colon", () => {
  for (
    const [text, written] of [
      ["status=500", "status:500"],
      ["get status==500", "status:500"],
      ["-status=5xx", "status:5xx"],
      ["status>=500", "status:>=500"],
    ]
  ) {
    assert.equal(meantAsField(text)?.endsWith(`Write ${written} for it.`), true, text);
  }
  for (const text of ['"status=500"', "status=soon", "page=5", "status=", "/x?status=500", "/status=500/"]) {
    assert.equal(meantAsField(text), null, text);
  }
  assert.equal(meantAsField("status=500", true), null);
});

Deno.test("meantAsField knows the sides", () => {
  assert.equal(meantAsField("request.body:x"), null);
  assert.match(meantAsField("bdy:x") ?? "", /Write body: for that field\.$/);
});
