// What every formatter must keep to, whatever it lays out: one suite over all kinds.

import assert from "node:assert/strict";
import { LineCutter, type Lines } from "../../../src/catalog/lines.ts";
import { formatters } from "../../../src/decode/views/mod.ts";
import { pairs, readSource } from "../../golden/pairs.ts";
import { cutAnywhere, inPieces, layOut, oneOf, type Random, seeded, spoil, upTo } from "./pieces.ts";

const BITS = [
  "<",
  ">",
  "</a>",
  "<a>",
  "&amp;",
  "&",
  "=",
  "+",
  "%41",
  "%",
  '"',
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  "1",
  "\\u",
  " ",
  "\r\n",
  "\n",
  "\r",
  '<a b="c">',
  "<b c='d'/>",
  '<a xml:space="preserve">',
  '<a xml:space="x"/>',
  '<e "preserve">',
  "<b>text</b>",
  "<b>&amp; \n</b>",
  "<!-- - -->",
  "<![CDATA[x]]>",
  '"n":1,',
  '"s": "x\\n"',
  '"a\nb",',
  "true,",
];

const GOLDEN_SOURCES = pairs().filter(({ kind }) => kind !== "hex").map(readSource);

/** Golden sources of any kind, spoilt or not, and characters at random. */
function randomText(random: Random): string {
  if (random() < 0.3) {
    const length = upTo(random, 200);
    return String.fromCharCode(
      ...Array.from({ length }, () => upTo(random, oneOf(random, [0x80, 0x100, 0x10000]))),
    );
  }
  if (random() < 0.3) {
    const mark = random() < 0.2 ? "\ufeff" : "";
    return mark + Array.from({ length: upTo(random, 40) }, () => oneOf(random, BITS)).join("");
  }
  const source = oneOf(random, GOLDEN_SOURCES);
  return random() < 0.5 ? source : spoil(random, source, BITS);
}

for (const [name, kind] of Object.entries(formatters)) {
  Deno.test(`formatters.${name} is of its kind`, () => assert.equal(kind.kind, name));

  Deno.test(`formatters.${name} gives the same wherever the text is cut`, () => {
    const random = seeded();
    for (let round = 0; round < 200; round++) {
      const source = randomText(random);
      const whole = layOut(kind, source);
      assert.deepEqual(inPieces(kind, source.split("")), whole, JSON.stringify(source));
      assert.deepEqual(inPieces(kind, cutAnywhere(random, source, 20)), whole, JSON.stringify(source));
    }
  });

  if (kind.create().receiveParts) {
    Deno.test(`formatters.${name} gives the same lines in parts as in one text`, () => {
      const random = seeded();
      for (let round = 0; round < 500; round++) {
        const source = randomText(random);
        const pieces = cutAnywhere(random, source, oneOf(random, [5, 50, 1000]));
        const lines = (receive: (cutter: LineCutter, into: Lines, piece: string) => void) => {
          const [cutter, into] = [new LineCutter(), { texts: [], continued: [] }];
          for (const piece of pieces) receive(cutter, into, piece);
          cutter.end(into);
          return into.texts;
        };
        const [one, other] = [kind.create(), kind.create()];
        assert.deepEqual(
          lines((cutter, into, piece) => cutter.receiveParts(one.receiveParts!(piece), into)),
          lines((cutter, into, piece) => cutter.receive(other.receive(piece), into)),
          JSON.stringify(pieces),
        );
      }
    });
  }

  Deno.test(`formatters.${name} goes on from any snapshot as if nothing had happened`, () => {
    const random = seeded();
    for (let round = 0; round < 150; round++) {
      const source = randomText(random);
      const restored = inPieces(kind, cutAnywhere(random, source, oneOf(random, [1, 5, 50])), (formatter) => {
        const snapshot = formatter.snapshot();
        const plain = structuredClone(snapshot);
        formatter.receive(randomText(random));
        formatter.end();
        assert.deepEqual(snapshot, plain, "a snapshot does not change any more");
        const again = kind.restore(snapshot);
        kind.restore(snapshot).receive(randomText(random));
        return again;
      });
      assert.deepEqual(restored, layOut(kind, source), JSON.stringify(source));
    }
  });

  Deno.test(`formatters.${name} places the fault where the source has it`, () => {
    const random = seeded();
    for (let round = 0; round < 300; round++) {
      const source = randomText(random);
      const { fault } = layOut(kind, source);
      if (!fault) continue;
      assert.ok(fault.offset <= source.length && fault.text !== "", JSON.stringify(source));
      const before = source.slice(0, fault.offset).split("\n");
      assert.deepEqual(
        [fault.line, fault.column],
        [before.length, before.at(-1)!.length + 1],
        JSON.stringify(source),
      );
    }
  });

  // The others say in their comments what else they change.
  if (name !== "form" && name !== "raw" && name !== "tls") {
    Deno.test(`formatters.${name} changes nothing but white space, whatever comes`, () => {
      const random = seeded();
      for (let round = 0; round < 1000; round++) {
        const source = randomText(random);
        assert.equal(visible(layOut(kind, source).text), visible(source), JSON.stringify(source));
      }
    });
  }

  Deno.test(`formatters.${name} gives nothing for nothing`, () => {
    assert.deepEqual(layOut(kind, ""), { text: "", fault: null });
    assert.deepEqual(inPieces(kind, []), { text: "", fault: null });
  });
}

/** Without white space, which a byte order mark is not. */
function visible(text: string): string {
  return text.replaceAll(/[ \t\r\n]+/g, "");
}
