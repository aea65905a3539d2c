// How long it takes to compare large messages, how long a short question waits meanwhile, and how much memory it takes:
// deno run -A tests/bench/diff_bench.ts [MB]

import "./begin.ts";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import type { DiffQuery } from "../../src/catalog/types.ts";
import { answer, Capture, get } from "../catalog/capture.ts";

const bytes = Number(Deno.args[0] ?? 50) * 1e6;
const PORTION = 256 * 1024;
const encoder = new TextEncoder();

/** An array of objects, of which every thousandth has the seed in it, and three are missing in the second. */
function list(seed: number): string {
  const found: string[] = [];
  for (let number = 0, size = 0; size < bytes; number++) {
    const changed = number % 1_000 === 0 ? seed : 0;
    const object = JSON.stringify({
      number,
      name: `order ${number}`,
      price: number % 97,
      changed,
      status: "ok",
    });
    found.push(object);
    size += object.length + 1;
  }
  if (seed === 2) found.splice(1_000, 3);
  return `[${found.join(",")}]`;
}

/** Bytes that have nothing in common with those of another seed. */
function noise(seed: number): Uint8Array {
  const found = new Uint8Array(bytes);
  for (let at = 0, state = seed; at < bytes; at++) {
    state = Math.imul(state, 1_664_525) + 1_013_904_223;
    found[at] = state >>> 24;
  }
  return found;
}

function record(capture: Capture, response: Uint8Array): void {
  capture.chunk(1, "upstream", get("/"));
  for (let at = 0; at < response.length; at += PORTION) {
    capture.chunk(1, "downstream", response.subarray(at, at + PORTION));
  }
}

using capture = new Capture();
capture.opened(1);
capture.connected(1);
for (const seed of [1, 2]) record(capture, encoder.encode(answer(list(seed))));
for (const seed of [1, 2]) {
  record(capture, encoder.encode(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`));
  const body = noise(seed);
  for (let at = 0; at < body.length; at += PORTION) {
    capture.chunk(1, "downstream", body.subarray(at, at + PORTION));
  }
}
const catalog = await WorkerCatalog.open({ file: capture.file, folder: capture.folder });
catalog.written(capture.size);
await catalog.level();

const CASES: readonly [what: string, before: string, after: string, as: DiffQuery["as"]][] = [
  ["JSON, formatted", "e1", "e2", "json"],
  ["JSON, in one line of text", "e1", "e2", "text"],
  ["JSON, byte by byte", "e1", "e2", "hex"],
  ["noise, byte by byte", "e3", "e4", "hex"],
];
for (const [what, before, exchange, as] of CASES) {
  const began = performance.now();
  let [longest, most, isDone] = [0, Deno.memoryUsage().rss, false];
  const least = most;
  const work = catalog.diff({ exchange, with: before, side: "response", as, context: 3 }).finally(() => {
    isDone = true;
  });
  while (!isDone) {
    const asked = performance.now();
    await catalog.connection("c1");
    longest = Math.max(longest, performance.now() - asked);
    most = Math.max(most, Deno.memoryUsage().rss);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const found = await work;
  const ms = (time: number) => `${Math.round(time)} ms`;
  console.log(
    `${what}: ${ms(performance.now() - began)}, a short question waits ${ms(longest)} at most, ` +
      `${Math.round((most - least) / 1e6)} MB more memory; ${found?.notes.join("; ")}`,
  );
}
await catalog.close();
