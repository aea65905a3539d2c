// Views: what lays JSON, XML, forms and bytes out as lines. Beside them what everybody has: JSON.parse and stringify, which
// loses big numbers and the order of keys, and saxes, which reads and prints nothing.

import { SaxesParser } from "saxes";
import { hexLines } from "../../../src/decode/views/hex.ts";
import { formatters } from "../../../src/decode/views/mod.ts";
import { bytesOf, jsonRecords, repeated, soap } from "./inputs.ts";
import type { PureGroup } from "./types.ts";

const SIZE = 500_000;
const PIECE = 64 * 1024;

type Kind = keyof typeof formatters;

/**
 * Lays a text out in pieces, and makes UTF-8 of them, as who answers with them does; returns what counts the bytes that
 * are no white space, which are those of the source.
 */
function laidOut(kind: Kind, text: string): () => number {
  const formatter = formatters[kind].create();
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < text.length; at += PIECE) {
    pieces.push(bytesOf(formatter.receive(text.slice(at, at + PIECE))));
  }
  pieces.push(bytesOf(formatter.end()));
  return () => pieces.reduce((visible, piece) => visible + blackIn(piece), 0);
}

function blackIn(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => byte > 0x20 ? count + 1 : count, 0);
}

const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);

const JSON_TEXTS: readonly (readonly [name: string, make: () => string])[] = [
  ["records on one line", () => jsonRecords(SIZE)],
  ["one string of escapes", () => `["${repeated(SIZE, () => "\\u00e4\\n\\\\")}"]`],
  ["huge numbers", () => `[0${repeated(SIZE, (count) => `,${"123456789".repeat(20)}.${count}e-7`)}]`],
  ["nested 50 deep", () => `[0${repeated(SIZE, () => `,${deep("[", "]", 50)}`)}]`],
  ["many members", () => `{"":0${repeated(SIZE, (count) => `,"member${count}":${count}`)}}`],
];

const XML_TEXTS: readonly (readonly [name: string, make: () => string])[] = [
  ["SOAP on one line", () => soap(SIZE)],
  ["many attributes", () => `<a ${repeated(SIZE, (count) => ` b${count}="value ${count}"`)}/>`],
  ["nothing but comments", () => `<a>${repeated(SIZE, () => "<!-- nothing - to see -->")}</a>`],
  ["one long text", () => `<a>${repeated(SIZE, () => "Müller &amp; Söhne &#228; ")}</a>`],
  ["nested 50 deep", () => `<r>${repeated(SIZE, () => deep("<a>", "</a>", 50))}</r>`],
];

/** See above. */
export const json: PureGroup = {
  group: "JSON view",
  cases: () =>
    JSON_TEXTS.flatMap(([name, make]) => {
      const text = make();
      const bytes = bytesOf(text);
      return [
        { name, bytes: bytes.length, run: () => laidOut("json", text), expected: blackIn(bytes) },
        {
          name: `${name}: JSON.parse, stringify`,
          isPeer: true,
          bytes: bytes.length,
          run: () => Math.sign(JSON.stringify(JSON.parse(text), null, 2).length),
          expected: 1,
        },
      ];
    }),
};

/** See above. */
export const xml: PureGroup = {
  group: "XML view",
  cases: () =>
    XML_TEXTS.flatMap(([name, make]) => {
      const text = make();
      const bytes = bytesOf(text);
      const elements = text.match(/<\w/g)!.length;
      return [
        { name, bytes: bytes.length, run: () => laidOut("xml", text), expected: blackIn(bytes) },
        {
          name: `${name}: saxes`,
          isPeer: true,
          bytes: bytes.length,
          run: () => elementsIn(text),
          expected: elements,
        },
      ];
    }),
};

function elementsIn(text: string): number {
  const parser = new SaxesParser({ xmlns: true });
  let count = 0;
  parser.on("opentag", () => {
    count++;
  });
  for (let at = 0; at < text.length; at += PIECE) parser.write(text.slice(at, at + PIECE));
  parser.close();
  return count;
}

/** See above. */
export const others: PureGroup = {
  group: "Other views",
  cases: () => {
    const form = repeated(SIZE, (count) => `${count ? "&" : ""}f${count}=some+words+%C3%A4`);
    const log = repeated(SIZE, (count) => `Line ${count} of a log, as it was sent.\r\n`);
    const bytes = bytesOf(log);
    const lines = form.split("&").length;
    return [
      {
        name: "form",
        bytes: form.length,
        run: () => formatters.form.create().receive(form).split("\n").length,
        expected: lines,
      },
      { name: "text", bytes: log.length, run: () => laidOut("text", log), expected: blackIn(bytes) },
      {
        name: "hex",
        bytes: bytes.length,
        run: () => hexLines(bytes, 0).split("\n").length,
        expected: Math.ceil(bytes.length / 16),
      },
    ];
  },
};
