// What each cost is as a function of its size, over three orders of magnitude and more:
// deno task bench:growth [--only WORD] [--markdown] [--plot FILE]. Anything that grows faster than n log n is a defect, and
// ends this with 1. A cost is not measured at sizes at which it would take too long.

import "./begin.ts";
import process from "node:process";
import { parseArgs } from "node:util";
import { exponentOf, isTooSteep } from "./growth/fit.ts";
import { FAMILIES } from "./growth/mod.ts";
import { plot } from "./growth/plot.ts";
import type { Cost, Curve, Family } from "./growth/types.ts";
import { table } from "./table.ts";

/** A short cost is done again and again for so long, ms, at most so often; the least counts. */
const AGAIN_MS = 40;
const MOST_TIMES = 20;
/** A size at which it would take longer, as the last step has grown, is left out, once it takes a tenth of that. */
const MOST_MS = 4_000;

const { values: { only, markdown, plot: file } } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    markdown: { type: "boolean", default: false },
    plot: { type: "string" },
  },
});

/** What it takes, ms: its time, or all its threads' on processors where that is less, for others may use them too. */
async function timed(run: Cost["run"]): Promise<number> {
  const [began, used] = [performance.now(), process.cpuUsage()];
  await run();
  const { user, system } = process.cpuUsage(used);
  return Math.min(performance.now() - began, (user + system) / 1_000);
}

async function measured({ run, once, unit = "ms" }: Cost): Promise<number> {
  let least = Infinity;
  const until = performance.now() + AGAIN_MS;
  for (let times = 0; times < (once ? 1 : MOST_TIMES); times++) {
    least = Math.min(least, unit === "ms" ? await timed(run) : Number(await run()));
    if (performance.now() > until) break;
  }
  return least;
}

async function curvesOf({ by, sizes, prepare }: Family): Promise<Curve[]> {
  const points = new Map<string, { unit: "ms" | "MB"; points: [number, number][] }>();
  const left = new Set<string>();
  for (const size of sizes) {
    const { costs, close } = await prepare(size);
    try {
      for (const cost of costs) {
        if (left.has(cost.what) && !cost.once) continue;
        const value = await measured(cost);
        const curve = points.get(cost.what) ?? { unit: cost.unit ?? "ms", points: [] };
        points.set(cost.what, curve);
        curve.points.push([size, value]);
        const before = curve.points.at(-2)?.[1] ?? value / 3;
        const isLong = curve.unit === "ms" && value > MOST_MS / 10;
        if (isLong && value * Math.max(1, value / before) > MOST_MS) left.add(cost.what);
      }
    } finally {
      await close?.();
    }
    if (costs.every(({ what }) => left.has(what))) break;
  }
  return [...points].map(([what, curve]) => ({ by, what, ...curve }));
}

if (!FAMILIES.some(({ by }) => by.includes(only))) {
  console.error(
    `Cannot measure "${only}": --only takes a word of ${FAMILIES.map(({ by }) => by).join(", ")}.`,
  );
  Deno.exit(1);
}
const curves: Curve[] = [];
for (const family of FAMILIES) {
  if (!family.by.includes(only)) continue;
  const began = performance.now();
  curves.push(...await curvesOf(family));
  console.error(`${family.by}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

const rows = curves.map((curve) => {
  const exponent = exponentOf(curve);
  const [[least, first], [most, last]] = [curve.points[0], curve.points.at(-1)!];
  return [
    curve.by,
    curve.what,
    `${count(least)}: ${written(first)} ${curve.unit}`,
    `${count(most)}: ${written(last)} ${curve.unit}`,
    exponent === null ? "–" : exponent.toFixed(2),
    isTooSteep(curve) ? "more than n log n" : "",
  ];
});
rows.unshift(["by", "cost", "least", "most", "exponent", ""]);
// What is too steep is seen in the picture.
const shown = markdown ? rows.map((row) => row.slice(0, 5)) : rows;
console.log(table(shown, { isMarkdown: markdown, words: 2 }).join("\n"));
if (file !== undefined) await Deno.writeTextFile(file, plot(curves));
if (curves.some(isTooSteep)) Deno.exitCode = 1;

function count(size: number): string {
  return size.toLocaleString("en");
}

function written(value: number): string {
  return value >= 99.5 ? Math.round(value).toLocaleString("en") : value.toPrecision(2);
}
