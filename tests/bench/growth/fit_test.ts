import assert from "node:assert/strict";
import { exponentOf, isTooSteep } from "./fit.ts";
import { plot } from "./plot.ts";
import type { Curve } from "./types.ts";

const SIZES = [1e2, 1e3, 1e4, 1e5];

function curve(law: (size: number) => number): Curve {
  return { by: "exchanges", what: "listed", unit: "ms", points: SIZES.map((size) => [size, law(size)]) };
}

const LAWS:
  readonly (readonly [name: string, law: (size: number) => number, exponent: number, steep: boolean])[] = [
    ["one that does not grow", () => 3, 0, false],
    ["n", (n) => n / 1e3, 1, false],
    ["n log n", (n) => n * Math.log(n) / 1e4, 1.1, false],
    ["n²", (n) => n * n / 1e6, 2, true],
    ["n³", (n) => n ** 3 / 1e9, 3, true],
  ];

for (const [name, law, exponent, steep] of LAWS) {
  Deno.test(`a cost of ${name} is told as such`, () => {
    assert.ok(Math.abs(exponentOf(curve(law))! - exponent) < 0.05, `${exponentOf(curve(law))}`);
    assert.equal(isTooSteep(curve(law)), steep);
  });
}

Deno.test("what never comes out of the noise has no exponent", () => {
  assert.equal(exponentOf(curve(() => 0.1)), null);
});

Deno.test("plot names each curve in the panel of its kind", () => {
  const other = { ...curve((n) => n), by: "bytes", what: "read" };
  const svg = plot([curve((n) => n / 1e3), other]);
  assert.match(svg, /^<svg [^>]*viewBox="0 0 \d+ \d+"/);
  for (const text of ["By exchanges", "By bytes", ">listed, 100 ms<", ">read, 100 s<"]) {
    assert.ok(svg.includes(text), text);
  }
});

Deno.test("plot fills no line, and keeps names apart and within their panel", () => {
  const curves = Array.from({ length: 18 }, (_, at) => ({ ...curve((n) => n / 1e3), what: `cost ${at}` }));
  const svg = plot(curves);
  assert.match(svg, /\.axis, \.grid \{ fill: none \}/);
  const heights = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)" style/g)].map(([, y]) => Number(y));
  assert.equal(heights.length, 18);
  const sorted = heights.toSorted((a, b) => a - b);
  for (let at = 1; at < 18; at++) assert.ok(sorted[at] - sorted[at - 1] > 11, `${sorted}`);
  assert.ok(sorted[0] > 20, `${sorted}`);
});
