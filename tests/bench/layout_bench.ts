// How long views of 50 MB take: until the first screen is there, until all is laid out, a screen anywhere
// afterwards, and a search through all of it. Nothing else runs beside it, as in the worker that answers.
// deno run -A tests/bench/layout_bench.ts

import "./begin.ts";
import zlib from "node:zlib";
import { type MessageFacts, messageFacts } from "../../src/catalog/content.ts";
import { Views } from "../../src/catalog/view.ts";
import { GrowingWire } from "../catalog/growing_wire.ts";
import { largeJson, largeXml } from "../catalog/large_bodies.ts";
import { findWorker } from "../catalog/find_worker.ts";

const ROUNDS = 3;
const SCREEN = 100;

interface Case {
  readonly name: string;
  readonly as: "xml" | "json" | "text";
  readonly facts: MessageFacts;
  readonly body: Uint8Array | string;
}

const json = largeJson();
const gzip = messageFacts([{ name: "Content-Encoding", value: "gzip" }]);
const plain = messageFacts([]);

const CASES: readonly Case[] = [
  { name: "XML", as: "xml", facts: plain, body: largeXml() },
  { name: "JSON", as: "json", facts: plain, body: json },
  { name: "JSON, gzip", as: "json", facts: gzip, body: zlib.gzipSync(json, { level: 1 }) },
  { name: "one line of text", as: "text", facts: plain, body: json },
];

/** One round, in ms. */
async function measure({ as, facts, body }: Case, folder: string): Promise<Record<string, number>> {
  const wire = new GrowingWire("length").append(body).complete();
  const views = new Views({ folder, findWorker });
  const part = (from: number) => views.view(wire, facts, { as, from, lines: SCREEN });
  const times: Record<string, number> = {};
  const time = async (name: string, work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    times[name] = performance.now() - began;
  };
  let total = 0;
  await time("first screen", () => part(0));
  await time("all", async () => {
    for (let known = await part(0);; known = await part(total)) {
      total = known.total;
      if (known.complete) break;
    }
  });
  await time("a screen in the middle", () => part(Math.floor(total / 2)));
  await time("the last screen", () => part(total - SCREEN));
  const sought = { as, caseSensitive: false };
  await time("find text", () => views.find(wire, facts, { ...sought, text: "no such text", regex: false }));
  await time(
    "find expression",
    () => views.find(wire, facts, { ...sought, text: "\\bprice\\d", regex: true }),
  );
  await views.close();
  return times;
}

const folder = await Deno.makeTempDir();
for (const one of CASES) {
  const rounds: Record<string, number>[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(one, folder));
  const figures = Object.keys(rounds[0]).map((name) => {
    const best = Math.min(...rounds.map((times) => times[name]));
    const worst = Math.max(...rounds.map((times) => times[name]));
    return `${name} ${best.toFixed(0)} to ${worst.toFixed(0)} ms`;
  });
  console.log(`${one.name}: ${figures.join("; ")}`);
}
await Deno.remove(folder, { recursive: true });
