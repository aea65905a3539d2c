// Runs pure_bench.ts and says what it measured in MB/s, beside what is kept of an earlier time, so that a slip shows:
// deno task bench:pure [--markdown] [--keep]. Machines differ: figures are compared after division by how quick the
// calibration was in the same run. The quickest of all passes counts, which others on the machine disturb least.

import "./begin.ts";
import { parseArgs } from "node:util";
import { CALIBRATION } from "./pure/calibration.ts";
import { PURE_GROUPS } from "./pure/mod.ts";
import { table } from "./table.ts";

/** Slower than this share of what is kept is a slip. */
const SLIP = 0.75;
const KEPT = new URL("./pure/kept.json", import.meta.url);

/** What is kept: the calibration in ms, and MB/s by name. */
interface Kept {
  readonly calibrationMs: number;
  readonly figures: Readonly<Record<string, number>>;
}

interface Output {
  readonly benches: readonly {
    readonly name: string;
    readonly results: readonly { readonly ok?: { readonly min: number }; readonly failed?: unknown }[];
  }[];
}

const { values: { markdown, keep } } = parseArgs({
  options: { markdown: { type: "boolean", default: false }, keep: { type: "boolean", default: false } },
});

const command = new Deno.Command(Deno.execPath(), {
  args: ["bench", "-A", "--no-check", "--json", new URL("./pure_bench.ts", import.meta.url).pathname],
  stderr: "inherit",
});
const { stdout } = await command.output();
const { benches } = JSON.parse(new TextDecoder().decode(stdout)) as Output;
const ms = new Map(benches.map(({ name, results: [{ ok, failed }] }) => {
  if (!ok) throw new Error(`Cannot measure "${name}": ${JSON.stringify(failed)}`);
  return [name, ok.min / 1e6];
}));
const calibrationMs = ms.get(CALIBRATION)!;
const kept = await readKept();

const rows = [["part", "case", "MB/s", "kept", "ratio", ""]];
const figures: Record<string, number> = {};
for (const { group, cases } of PURE_GROUPS) {
  for (const { name, bytes, isPeer } of cases()) {
    const key = `${group}: ${name}`;
    const figure = figures[key] = bytes / ms.get(key)! / 1e3;
    const before = kept?.figures[key];
    const ratio = kept && before ? figure * calibrationMs / (before * kept.calibrationMs) : null;
    const slipped = ratio !== null && ratio < SLIP && !isPeer ? "slower" : "";
    rows.push([
      group,
      name,
      written(figure),
      before ? written(before) : "–",
      ratio?.toFixed(2) ?? "–",
      slipped,
    ]);
  }
}
// Docs have the figures of one machine alone.
const shown = markdown ? rows.map((row) => row.slice(0, 3)) : rows;
console.log(table(shown, { isMarkdown: markdown, words: 2 }).join("\n"));
if (keep) {
  const rounded = Object.entries(figures).map(([name, figure]) => [name, Number(figure.toPrecision(3))]);
  const text = { calibrationMs: Number(calibrationMs.toFixed(2)), figures: Object.fromEntries(rounded) };
  await Deno.writeTextFile(KEPT, `${JSON.stringify(text, null, 2)}\n`);
}

async function readKept(): Promise<Kept | null> {
  try {
    return JSON.parse(await Deno.readTextFile(KEPT));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function written(figure: number): string {
  return figure >= 10 ? Math.round(figure).toLocaleString("en") : figure.toPrecision(2);
}
