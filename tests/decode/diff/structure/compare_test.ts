import assert from "node:assert/strict";
import type { StructureChange } from "../../../../src/decode/diff/structure/types.ts";
import { MOST_CHANGES } from "../../../../src/decode/diff/structure/compare.ts";
import { generator, printedSeed } from "../../draft/requests.ts";
import { differenceOf } from "./differences.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
/** A step of a path: a name, or an index. */
type Step = string | number;

function stepsOf(path: string): Step[] {
  return [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? Number(index));
}

function at(value: Json, steps: readonly Step[]): Json {
  return steps.reduce<Json>((inner, step) => (inner as Record<Step, Json>)[step], value);
}

interface Read extends Omit<StructureChange, "path" | "pathAfter"> {
  readonly from: readonly Step[];
  readonly to: readonly Step[];
}

/** What the changes below one node make of it, by what they say alone. `from` and `to` are relative to it. */
function applied(value: Json, changes: readonly Read[]): Json {
  const here = changes.find(({ from, kind }) => from.length === 0 && kind === "changed");
  if (here) return JSON.parse(here.after!);
  if (changes.length === 0 || typeof value !== "object" || value === null) return value;
  const own = changes.filter(({ from, kind }) => from.length === 1 && kind !== "changed");
  const of = (which: "from" | "to", kinds: string[]) =>
    new Map(own.filter(({ kind }) => kinds.includes(kind)).map((change) => [change[which].at(-1)!, change]));
  const [removed, moved] = [of("from", ["removed"]), of("from", ["moved"])];
  const [added, arrived] = [of("to", ["added"]), of("to", ["moved"])];
  const inner = (step: Step) =>
    changes.filter(({ from, kind }) => from[0] === step && (from.length > 1 || kind === "changed"))
      .map((change) => ({ ...change, from: change.from.slice(1), to: change.to.slice(1) }));
  if (!Array.isArray(value)) {
    const object: Record<string, Json> = {};
    for (const [name, one] of Object.entries(value)) {
      if (!removed.has(name)) object[name] = applied(one, inner(name));
    }
    for (const [name, change] of added) object[name] = JSON.parse(change.after!);
    return object;
  }
  const rest = value.map((one, index) => [one, index] as const)
    .filter(([, index]) => !removed.has(index) && !moved.has(index))
    .map(([one, index]) => applied(one, inner(index)));
  const result: Json[] = [];
  for (let index = 0; index < rest.length + added.size + arrived.size; index++) {
    const [came, moving] = [added.get(index), arrived.get(index)];
    if (came) result.push(JSON.parse(came.after!));
    else if (moving) result.push(value[moving.from.at(-1) as number]);
    else {result.push(
        rest[
          result.length - [...added.keys(), ...arrived.keys()].filter((at) => at as number < index).length
        ],
      );}
  }
  return result;
}

function randomJson(random: () => number, depth: number): Json {
  const pick = Math.floor(random() * (depth === 0 ? 4 : 7));
  if (pick === 0) return Math.floor(random() * 3);
  if (pick === 1) return "abc"[Math.floor(random() * 3)];
  if (pick < 4) return [true, null][pick - 2];
  if (pick < 6) return Array.from({ length: Math.floor(random() * 6) }, () => randomJson(random, depth - 1));
  const names = ["id", "a", "b", "c"].filter(() => random() < 0.5);
  return Object.fromEntries(names.map((name) => [name, randomJson(random, depth - 1)]));
}

/** A text of it with its keys in any order. */
function written(value: Json, random: () => number): string {
  if (Array.isArray(value)) {
    return `[${value.map((one) => written(one, random)).join(random() < 0.5 ? "," : " ,\n")}]`;
  }
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort(() => random() - 0.5);
  return `{${names.map((name) => `"${name}": ${written(value[name], random)}`).join(",")}}`;
}

function mutated(value: Json, random: () => number): Json {
  if (random() < 0.15) return randomJson(random, 1);
  if (Array.isArray(value)) {
    const list = value.map((one) => random() < 0.3 ? mutated(one, random) : one);
    if (random() < 0.3) list.splice(Math.floor(random() * (list.length + 1)), Math.floor(random() * 2));
    if (random() < 0.3) list.splice(Math.floor(random() * (list.length + 1)), 0, randomJson(random, 1));
    if (random() < 0.3 && list.length > 1) list.push(list.shift()!);
    return list;
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).filter(() => random() > 0.1).map(([name, one]) => [name, mutated(one, random)]),
  );
}

Deno.test("compareTrees: applied to the one document it gives the other; equal ones differ in nothing; swapped it mirrors", () => {
  const random = generator(printedSeed());
  for (let round = 0; round < 2_000; round++) {
    const a = randomJson(random, 4);
    const b = random() < 0.7 ? mutated(a, random) : randomJson(random, 4);
    const [before, after] = [written(a, random), written(b, random)];
    const found = differenceOf("json", before, after);
    const isEqual = JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
    assert.equal(found.changes.length === 0, isEqual, `${before} and ${after}`);
    const read = found.changes.map(({ path, pathAfter = path, ...change }): Read => ({
      ...change,
      from: stepsOf(path),
      to: stepsOf(pathAfter),
    }));
    if (found.changes.some(({ cut }) => cut)) continue;
    assert.deepEqual(
      sorted(applied(a, read)),
      sorted(b),
      `${before} and ${after}: ${JSON.stringify(found.changes)}`,
    );
    for (const { kind, from, to, before: was, after: is } of read) {
      if (kind !== "added") assert.deepEqual(sorted(at(a, from)), sorted(JSON.parse(was!)));
      if (kind !== "removed") assert.deepEqual(sorted(at(b, to)), sorted(JSON.parse(is!)));
    }
    const back = differenceOf("json", after, before);
    assert.equal(back.changes.length === 0, isEqual);
    assert.deepEqual(differenceOf("json", before, written(a, random)).changes, []);
  }
});

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

Deno.test("compareTrees mirrors where sides are swapped", () => {
  const [a, b] = ['{"a":1,"b":[1,2,3],"c":"x"}', '{"b":[3,1,2],"c":"y","d":2}'];
  const [there, back] = [differenceOf("json", a, b), differenceOf("json", b, a)];
  assert.deepEqual(there.counts, { changed: 1, removed: 1, added: 1, moved: 1, written: 0 });
  assert.deepEqual(back.counts, there.counts);
  assert.deepEqual(there.changes.map(({ path }) => path).sort(), ["$.a", "$.b[2]", "$.c", "$.d"]);
});

Deno.test("compareTrees keeps so many changes, and counts all; long texts are cut", () => {
  const list = (from: number) =>
    JSON.stringify(Array.from({ length: MOST_CHANGES + 500 }, (_, at) => at + from));
  const found = differenceOf("json", list(0), list(1_000_000));
  assert.deepEqual([found.counts.changed, found.changes.length], [MOST_CHANGES + 500, MOST_CHANGES]);
  const [change] = differenceOf("json", JSON.stringify("a".repeat(1_000)), "1").changes;
  assert.deepEqual([change.before!.length, change.after, change.cut], [400, "1", true]);
});

Deno.test("compareTrees takes lists of many equal members, all others' and moved", () => {
  const list = (member: string, count: number) =>
    `[${Array.from({ length: count }, () => member).join(",")}]`;
  const all = differenceOf("json", list("0", 150_000), list("1", 150_000));
  assert.equal(all.counts.changed, 150_000);
  assert.equal(all.changes.length, MOST_CHANGES);
  const moved = differenceOf("json", `[[${"0,".repeat(200)}2],1]`, `[1,[${"0,".repeat(200)}2]]`);
  assert.equal(moved.counts.moved, 1);
  const gone = differenceOf("json", list("0", 150_000), "[]");
  assert.equal(gone.counts.removed, 150_000);
});
