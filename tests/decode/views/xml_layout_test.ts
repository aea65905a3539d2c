import assert from "node:assert/strict";
import { beginLayout, LOOKAHEAD, XmlLayout } from "../../../src/decode/views/xml_layout.ts";

/** What a token of these small texts tells a layout: "(" opens an element, ")" closes it, "." is markup, "x" text. */
function layOut(text: string, cuts: readonly number[] = []): string {
  const state = beginLayout();
  const layout = new XmlLayout(state);
  let out = "";
  let gapFrom = 0;
  let offset = 0;
  for (const end of [...cuts, text.length]) {
    const piece = text.slice(offset, end);
    layout.begin(piece, offset);
    gapFrom = 0;
    for (const [at, token] of [...piece].entries()) {
      if (token === " ") continue;
      if (token === "x") {
        if (!layout.inline && layout.depth > 0) layout.text(at);
        else layout.keepGap();
      } else if (!layout.inline) {
        layout.breakBefore(at, gapFrom, layout.depth - (token === ")" ? 1 : 0));
      }
      if (token === "(") layout.open("", at + 1, false);
      if (token === ")") layout.close();
      gapFrom = at + 1;
    }
    if (end === text.length) layout.decide();
    out += layout.pause(layout.inline ? piece.length : gapFrom, piece.length).join("\n");
    offset = end;
  }
  return out;
}

const WIDE = " ".repeat(LOOKAHEAD - 1);

const CASES: readonly [text: string, shown: string][] = [
  ["(..)", "(\n  .\n  .\n)"],
  [" ( .  (.) )", "(\n  .\n  (\n    .\n  )\n)"],
  ["(x)", "(x)"],
  ["(. x .)", "(. x .)"],
  ["((.) (.)x)", "((.) (.)x)"],
  ["((.)((.) x).)", "(\n  (\n    .\n  )\n  ((.) x)\n  .\n)"],
  ["(.)(.)", "(\n  .\n)\n(\n  .\n)"],
  [`(${".".repeat(LOOKAHEAD)}x.)`, `(${".".repeat(LOOKAHEAD)}x.)`],
  [`(${".".repeat(LOOKAHEAD + 1)}x.)`, `(${"\n  .".repeat(LOOKAHEAD + 1)}x.)`],
  [`(.(.${WIDE}x))`, `(\n  .\n  (.${WIDE}x)\n)`],
];

for (const [text, shown] of CASES) {
  Deno.test(`XmlLayout lays out ${text.replace(/(.)\1{9,}/g, "$1…")}, wherever it is cut`, () => {
    assert.ok(layOut(text) === shown, JSON.stringify(layOut(text).slice(0, 100)));
    for (let cut = 0; cut <= Math.min(text.length, 40); cut++) assert.equal(layOut(text, [cut]), shown);
    const everywhere = Array.from({ length: text.length }, (_, at) => at);
    assert.equal(layOut(text, everywhere), shown);
  });
}
