import assert from "node:assert/strict";
import { MAX_DEPTH, MAX_INDENT } from "../../../src/decode/views/indent.ts";
import { xml } from "../../../src/decode/views/xml.ts";
import { LOOKAHEAD } from "../../../src/decode/views/xml_layout.ts";
import { cutAnywhere, inPieces, layOut, seeded, spoil } from "./pieces.ts";
import { essence, expectedLayout, randomDocument, tokensOf, treeOf } from "./xml_documents.ts";

Deno.test("xml keeps markup and text of random documents, and what saxes makes of them", () => {
  const random = seeded();
  for (let round = 0; round < 1500; round++) {
    const document = randomDocument(random);
    const { text, fault } = layOut(xml, document);
    assert.equal(fault, null, document);
    assert.deepEqual(tokensOf(text), tokensOf(document), document);
    const [before, after] = [treeOf(document), treeOf(text)];
    if (document.length <= LOOKAHEAD) {
      assert.deepEqual(essence(after), essence(before), document);
      assert.equal(text, expectedLayout(document));
    }
    if (text.length <= LOOKAHEAD) assert.equal(layOut(xml, text).text, text, "laid out once more");
  }
});

Deno.test("xml gives every child of a block its own line, indented by its depth", () => {
  const document = "<a><b><c/><!-- x --><d>1</d></b><e></e></a>";
  assert.equal(
    layOut(xml, document).text,
    ["<a>", "  <b>", "    <c/>", "    <!-- x -->", "    <d>1</d>", "  </b>", "  <e></e>", "</a>"].join("\n"),
  );
});

Deno.test("xml keeps the lines of a start tag, and indents them under it", () => {
  const document =
    `<a\n x="1"\r\n\t y="two\nlines"  z='3'\n><b\n\n   c="1" d\n=\n"2"\n/><e\nf="1">text</e></a>`;
  assert.equal(
    layOut(xml, document).text,
    [
      "<a",
      '    x="1"',
      '    y="two',
      `lines"  z='3'`,
      ">",
      "  <b",
      '      c="1" d',
      "=",
      '"2"',
      "  />",
      "  <e",
      '      f="1">text</e>',
      "</a>",
    ].join("\n"),
  );
});

Deno.test("xml leaves the lines of a start tag beside text, and long white space, as they came", () => {
  const beside = "<a>text <b\n c='1'\n/></a>";
  assert.equal(layOut(xml, beside).text, beside);
  const long = `<a${" ".repeat(299)}\nb='1'${" ".repeat(300)}\nc='1'/>`;
  assert.equal(layOut(xml, long).text, `<a\n    b='1'${" ".repeat(300)}\nc='1'/>`);
});

Deno.test("xml takes no control character for white space: it stays", () => {
  for (const control of ["\0", "\x01", "\v", "\x1f"]) {
    const { text } = layOut(xml, `<r><a${control}\n b='1'\n${control}c='1'/><a${control}\n b='1'/></r>`);
    assert.equal(
      text.replaceAll(/[ \n]/g, ""),
      `<r><a${control}b='1'${control}c='1'/><a${control}b='1'/></r>`,
    );
    assert.equal(text.split("\n").slice(-3).join("\n"), `  <a${control}\n      b='1'/>\n</r>`);
  }
});

Deno.test("xml keeps a byte order mark, which is white space to markup at the beginning only", () => {
  assert.deepEqual(layOut(xml, "\ufeff\n<a><b/></a>"), { text: "\ufeff<a>\n  <b/>\n</a>", fault: null });
  assert.equal(inPieces(xml, ["", "\ufeff", "", "<a><b/></a>"]).text, "\ufeff<a>\n  <b/>\n</a>");
  assert.deepEqual(layOut(xml, "\ufeff"), { text: "\ufeff", fault: null });
  assert.equal(layOut(xml, "\ufeffhello").text, "\ufeffhello");
  assert.equal(layOut(xml, "<a>\ufeff<b/></a>").text, "<a>\ufeff<b/></a>");
});

Deno.test("xml adds no white space beside text outside the root element", () => {
  assert.equal(
    layOut(xml, "<a/><![CDATA[x]]><b/> <c><d/></c>").text,
    "<a/><![CDATA[x]]><b/>\n<c>\n  <d/>\n</c>",
  );
  assert.equal(layOut(xml, "x <a/> y").text, "x <a/> y");
});

Deno.test("xml changes nothing but white space of spoilt documents, wherever they are cut", () => {
  const random = seeded();
  const bits = [
    "<",
    ">",
    "&",
    '"',
    "'",
    "</a>",
    "<a>",
    "/",
    "=",
    "<!",
    "<!--",
    "]]>",
    "<![CDATA[",
    "<?",
    "\0",
    "\ud800",
    " ",
  ];
  let faults = 0;
  for (let round = 0; round < 2000; round++) {
    const document = spoil(random, randomDocument(random), bits);
    const whole = layOut(xml, document);
    assert.equal(withoutWhite(whole.text), withoutWhite(document), document);
    assert.deepEqual(inPieces(xml, cutAnywhere(random, document, 7)), whole, document);
    if (whole.fault) faults += 1;
  }
  assert.ok(faults > 500, `${faults} faults`);
});

const FAULTS: readonly [document: string, line: number, column: number, words: string][] = [
  ["<a>\n  <q:quote>\n    </q:qoute></a>", 3, 5, "</q:qoute> closes nothing"],
  ["<a><b></a>", 1, 7, "</a> comes before </b>"],
  ["<a/></a>", 1, 5, "</a> closes nothing"],
  ["<a></a\n x>", 2, 2, "an end tag holds more than a name"],
  ["<a>< b/></a>", 1, 4, '"<" begins no tag'],
  ["<a><!ELEMENT b ANY></a>", 1, 4, '"<" begins no tag'],
  ["<a>\r\n<b <c/></a>", 2, 4, '"<" inside a tag'],
  ['<a b="1"c="2"/>', 1, 9, "white space is missing before an attribute"],
  ['<a ="1"/>', 1, 4, "an attribute has no name"],
  ["<a b/>", 1, 5, "an attribute has no value"],
  ["<a b c='1'/>", 1, 6, "an attribute has no value"],
  ["<a b=1/>", 1, 6, "an attribute's value is not in quotes"],
  ["<a b='1'/ >", 1, 10, '"/" does not end the tag'],
  ['<a b="<"/>', 1, 7, '"<" in the value of an attribute'],
  ['<a b="&"/>', 1, 7, '"&" begins no reference'],
  ["<a>fish & chips</a>", 1, 9, '"&" begins no reference'],
  ["<a>&#xzz;</a>", 1, 4, '"&" begins no reference'],
  ["<a>&amp</a>", 1, 4, '"&" begins no reference'],
  [`<a>&${"x".repeat(80)};</a>`, 1, 4, '"&" begins no reference'],
  ["<a/>\n<b/>", 2, 1, "a second root element, <b>"],
  ["oops <a/>", 1, 1, "text outside the root element"],
  ["<a/><![CDATA[x]]>", 1, 5, "text outside the root element"],
  ["<a>\n<b>1</b>", 2, 9, "the text ends before </a>"],
  ["<a><b c='", 1, 10, "the text ends inside a tag"],
  ["<a></a", 1, 7, "the text ends inside a tag"],
  ["<a><!-- x --", 1, 13, "the text ends inside a comment"],
  ["<a><![CDATA[x]]", 1, 16, "the text ends inside a CDATA section"],
  ["<?x ?", 1, 6, "the text ends inside a processing instruction"],
  ["<!DOCTYPE a [", 1, 14, "the text ends inside a document type declaration"],
  ["<!-- only this -->", 1, 19, "the text ends before the root element"],
  [`<${"n".repeat(500)}/>`, 1, 1, "a name is too long"],
];

for (const [document, line, column, text] of FAULTS) {
  Deno.test(`xml tells the place of the fault in ${JSON.stringify(document.slice(0, 30))}`, () => {
    const { fault } = layOut(xml, document);
    const lines = document.split("\n").slice(0, line);
    const offset = lines.slice(0, -1).join("\n").length + (line > 1 ? 1 : 0) + column - 1;
    assert.deepEqual(fault, { line, column, offset, text });
    assert.deepEqual(inPieces(xml, [...document]).fault, fault);
  });
}

Deno.test("xml finds nothing wrong with documents that are well-formed or empty", () => {
  for (
    const document of [
      "",
      " \n",
      "\ufeff<a/>",
      "<a/>",
      "<a b='1' c = \"2\"\n/>",
      "<?xml version='1.0'?><!-- x --><a>&lt;</a>\n<!-- y -->",
    ]
  ) {
    assert.equal(layOut(xml, document).fault, null, document);
  }
});

Deno.test("xml leaves an element with text as it came when the text comes within the lookahead", () => {
  const filler = (length: number) => `<b>${"x".repeat(length - 7)}</b>`;
  const near = `<a>${filler(LOOKAHEAD)} text <c/></a>`;
  assert.equal(layOut(xml, near.replace(" text", "text")).text, near.replace(" text", "text"));
  const far = `<a>${filler(LOOKAHEAD)}<d/>text <c/></a>`;
  assert.equal(layOut(xml, far).text, `<a>\n  ${filler(LOOKAHEAD)}\n  <d/>text <c/></a>`);
  const within = `<r><a>${filler(LOOKAHEAD - 20)}<d/>text <c/> </a><e/></r>`;
  assert.equal(layOut(xml, within).text, `<r>\n  ${within.slice(3, -8)}\n  <e/>\n</r>`);
});

Deno.test("xml goes on laying out what follows an element whose text came too late", () => {
  const filler = `<b>${"x".repeat(LOOKAHEAD)}</b>`;
  assert.equal(
    layOut(xml, `<r><a>${filler}text<c/></a><e><f/></e></r>`).text,
    `<r>\n  <a>\n    ${filler}text<c/></a>\n  <e>\n    <f/>\n  </e>\n</r>`,
  );
});

Deno.test("xml indents deep nesting no further than MAX_INDENT and follows it to MAX_DEPTH", () => {
  for (const depth of [20_000, MAX_DEPTH - 1]) {
    const document = "<a>".repeat(depth) + "<b/>" + "</a>".repeat(depth);
    const { text, fault } = layOut(xml, document);
    assert.equal(fault, null);
    const lines = text.split("\n");
    assert.equal(lines.length, 2 * depth + 1);
    assert.equal(lines[depth], `${"  ".repeat(MAX_INDENT)}<b/>`);
  }
  const { text, fault } = layOut(xml, "<a>".repeat(MAX_DEPTH + 5));
  assert.match(fault?.text ?? "", /^nested more than 30,000 levels deep$/);
  assert.ok(text.endsWith("\n" + "  ".repeat(MAX_INDENT) + "<a><a><a><a><a><a>"));
});

const LONG: readonly [what: string, before: string, piece: string, after: string][] = [
  ["a text", "<a><b>", "some text &amp; ", "</b></a>"],
  ["a text without anything in it", "<a><b>", "x", "</b></a>"],
  ["white space", "<a>", " \n", "<b/></a>"],
  ["white space before the root", "", "   ", "<a/>"],
  ["an attribute", '<a><b c="', "value &lt; > ", '"/></a>'],
  ["many attributes", "<a><b ", "c='1' ", "/></a>"],
  ["a comment", "<a><b/><!--", "- > --", "--></a>"],
  ["a CDATA section", "<a><b/><![CDATA[", "]] >", "]]></a>"],
  ["a processing instruction", "<a><b/><?x ", "? >", "?></a>"],
  ["a document type", "<!DOCTYPE a [", "<!ENTITY e ']>'>", "]><a/>"],
  ["an end tag", "<a><b/></a", "\n ", ">"],
  ["many children", "<a>", "<b>1</b>", "</a>"],
  ["mixed content", "<a>x", "<b>1</b> ", "</a>"],
  ["what follows a fault", "<a></b>", "<c> &", ""],
  ["a name that is too long", "<a", "b", ">"],
];

for (const [what, before, piece, after] of LONG) {
  Deno.test(`xml holds little of ${what}, however long`, () => {
    const pieces = [before, ...Array<string>(4000).fill(piece.repeat(8)), after];
    let largest = 0;
    const laidOut = inPieces(xml, pieces, (formatter) => {
      largest = Math.max(largest, JSON.stringify(formatter.snapshot()).length);
      return formatter;
    });
    assert.equal(withoutWhite(laidOut.text), withoutWhite(pieces.join("")));
    assert.ok(largest < 4 * LOOKAHEAD, `${largest} characters`);
  });
}

function withoutWhite(text: string): string {
  return text.replace(/[ \t\r\n]+/g, "");
}

Deno.test("xml reads what is plain as it reads it character by character", () => {
  for (
    const source of [
      '<r><a xml:space="x"/><b c="d"/><e "preserve"> <f/> <g/> </e></r>',
      '<r><a xml:space="preserve"> <b c="d"/> </a><e ="preserve"> <f/> </e></r>',
      `<r><${"n".repeat(300)}>x</${"n".repeat(300)}><a/></r>`,
      '<r>\n<a b=">">x\r\ny</a><a b="\n"/>\r<a b=">" >\r</a></r>',
      "<r><a>&amp;&#65;</a><a> x</a><a>x</a ><a></ab></a></r>",
      `<r>${`<a>${"&lt;".repeat(1_001)}</a>`}<b/></r>`,
    ]
  ) assert.deepEqual(inPieces(xml, source.split("")), layOut(xml, source), source.slice(0, 100));
});
