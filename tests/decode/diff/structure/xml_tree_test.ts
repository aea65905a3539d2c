import assert from "node:assert/strict";
import { faultOf, shown } from "./differences.ts";

const PREFIXES = "[the prefixes of namespaces, which mean nothing, differ in ";
const CASES: readonly [name: string, before: string, after: string, found: readonly string[]][] = [
  ["attribute order means nothing", '<a b="1" c="2"/>', "<a c='2' b='1'></a>", [
    "written /a/@b: \"1\" → '1'",
    "written /a/@c: \"2\" → '2'",
    "[the order of members, which means nothing, differs in 1 place]",
  ]],
  ["nor does white space between elements", "<a><b>1</b><c/></a>", "<a>\n  <b>1</b>\n  <c/>\n</a>\n", []],
  [
    "but within text, and where it is to be kept",
    "<a><b> 1</b><c xml:space='preserve'> <d/></c></a>",
    "<a><b>1</b><c xml:space='preserve'><d/></c></a>",
    [
      "changed /a/b/text():  1 → 1",
      "removed /a/c/text():  ",
    ],
  ],
  ["and where it is all there is", "<a> </a>", "<a></a>", ["removed /a/text():  "]],
  ["prefixes mean nothing", '<p:a xmlns:p="urn:x" p:b="1"/>', '<q:a xmlns:q="urn:x" q:b="1"/>', [
    `${PREFIXES}1 name]`,
  ]],
  [
    "nor does the default namespace instead of one",
    '<p:a xmlns:p="urn:x"><p:b/></p:a>',
    '<a xmlns="urn:x"><b/></a>',
    [
      `${PREFIXES}2 names]`,
    ],
  ],
  ["namespaces do", '<a xmlns="urn:x">1</a>', '<a xmlns="urn:y">1</a>', [
    'removed /a: <a xmlns="urn:x">1</a>',
    'added /a: <a xmlns="urn:y">1</a>',
  ]],
  [
    "a type is a name too",
    '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="urn:x" i:type="x:t"/>',
    '<a xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:y="urn:x" i:type="y:t"/>',
    [
      'written /a/@i:type: "x:t" → "y:t"',
    ],
  ],
  ["characters are what they stand for", "<a>&#65;&lt;</a>", "<a><![CDATA[A<]]></a>", [
    "written /a/text(): &#65;&lt; → <![CDATA[A<]]>",
  ]],
  ["what an entity stands for is not known", "<a>&x;</a>", "<a>&y;</a>", ["changed /a/text(): &x; → &y;"]],
  ["elements come, go and change", "<a><b>1</b><b>2</b><b>3</b></a>", "<a><b>1</b><b>3</b><c/></a>", [
    "removed /a/b[2]: <b>2</b>",
    "added /a/c: <c/>",
  ]],
  ["an attribute changes, comes and goes", '<a b="1" c="2"/>', '<a b="3" d="4"/>', [
    'changed /a/@b: "1" → "3"',
    'removed /a/@c: "2"',
    'added /a/@d: "4"',
  ]],
  ["an element is moved", "<a><b>1</b><c>2</c><d>3</d></a>", "<a><c>2</c><d>3</d><b>1</b></a>", [
    "moved /a/b",
  ]],
  ["the declaration and the byte order mark mean nothing", '\ufeff<?xml version="1.0"?><a/>', "<a/>", []],
  ["comments and instructions do", "<a><!-- x --><?p 1?></a>", "<a><!-- y --><?p 2?></a>", [
    "changed /a/comment(): <!-- x --> → <!-- y -->",
    "changed /a/processing-instruction(): <?p 1?> → <?p 2?>",
  ]],
  ["a document type is one", '<!DOCTYPE a [<!ENTITY b "x>y"><!-- ] -->]><a/>', "<a/>", [
    'removed /doctype(): <!DOCTYPE a [<!ENTITY b "x>y"><!-- ] -->]>',
  ]],
  ["line ends are one", "<a>1\r\n2</a>", "<a>1\n2</a>", ["written /a/text(): 1\r\n2 → 1\n2"]],
];

for (const [name, before, after, found] of CASES) {
  Deno.test(`xmlTree: ${name}`, () => assert.deepEqual(shown("xml", before, after), found));
}

Deno.test("xmlTree says why a text has no tree", () => {
  const cases = [
    ["", "there is no element at 0"],
    ["x<a/>", "there is text outside of the root element at 0"],
    ["<a/><b/>", "there are two root elements at 4"],
    ["<a></b>", "</b> closes nothing at 3"],
    ["<a>", "<a> does not end at 3"],
    ["<a b=1/>", "<a> is malformed at 3"],
    ['<a b="1" b="2"/>', "b is there twice at 11"],
    ["<a><!-- </a>", "a comment does not end at 3"],
    ["<a><![CDATA[ </a>", "a CDATA section does not end at 3"],
    ["<?x <a/>", "a processing instruction does not end at 0"],
    ["<!DOCTYPE a [ <a/>", "the document type does not end at 0"],
    ["<>", "a tag has no name at 0"],
  ];
  for (const [text, fault] of cases) assert.equal(faultOf("xml", text), fault, text);
});

Deno.test("xmlTree is not slow where nothing fits", () => {
  const subset = `<!DOCTYPE a [${"<!-- x --><!ENTITY b 'c'>".repeat(20_000)}`;
  assert.match(faultOf("xml", subset)!, /document type does not end/);
  assert.match(faultOf("xml", `<a ${'b="1" '.repeat(20_000)}`)!, /malformed|twice/);
  const deep = "<a>".repeat(50_000) + "</a>".repeat(50_000);
  assert.deepEqual(shown("xml", deep, deep), []);
});
