// What differs between two trees: members with keys by their keys, lists by the longest sequence that both share, with
// what was moved found among the rest, and what remains by place and likeness. Pure; a generator, so that whoever runs it
// can pause.

import { matches } from "../matches.ts";
import { alike } from "./alike.ts";
import type { Node } from "./tree.ts";
import type { StructureChange, StructureDiff } from "./types.ts";

/** So many changes are kept, of those that are counted. */
export const MOST_CHANGES = 2_000;
/** So much of a text is shown, in UTF-16 units. */
export const LONGEST_TEXT = 400;
/** Between two pauses. */
const STEPS = 500;

/** Two nodes that stand for the same thing, and their paths; or one that has no other. */
interface Task {
  readonly a: Node | null;
  readonly b: Node | null;
  readonly pathA: string;
  readonly pathB: string;
  /** Whether they mean the same and stand at other places of a list. */
  readonly isMoved?: true;
}

/** The differences of two trees that were made by the same Nodes, from these texts. */
export function* compareTrees(
  language: StructureDiff["language"],
  before: { readonly tree: Node; readonly text: string },
  after: { readonly tree: Node; readonly text: string },
): Generator<void, StructureDiff> {
  const found = new Found(before.text, after.text);
  const stack: Task[] = [{
    a: before.tree,
    b: after.tree,
    pathA: before.tree.step,
    pathB: after.tree.step,
  }];
  for (let steps = 0, task = stack.pop(); task; task = stack.pop()) {
    if (++steps % STEPS === 0) yield;
    const next = yield* parts(task, found);
    for (let at = next.length - 1; at >= 0; at--) stack.push(next[at]);
  }
  return { language, counts: found.counts, changes: found.changes, notes: found.notes() };
}

/** What is to be compared instead, or nothing, once the difference is noted. */
function* parts(task: Task, found: Found): Generator<void, readonly Task[]> {
  const { a, b } = task;
  if (a === null || b === null) {
    found.add(a === null ? "added" : "removed", task);
    return [];
  }
  if (task.isMoved) {
    found.add("moved", task);
    return [];
  }
  if (a.exact === b.exact) return [];
  const isJoint = a.keyed.size + a.listed.length > 0 || b.keyed.size + b.listed.length > 0;
  if (a.same === b.same || (a.type === b.type && isJoint)) found.wording(a, b);
  if (!isJoint && isElement(a) && a.same === b.same) return [];
  if (a.type !== b.type || !isJoint) {
    found.add(a.same === b.same ? "written" : "changed", task);
    return [];
  }
  const keyed = ofKeys(task, a, b);
  return keyed.concat(a.same === b.same ? sameLists(task, a, b) : yield* ofLists(task, a, b));
}

function ofKeys({ pathA, pathB }: Task, a: Node, b: Node): Task[] {
  const tasks: Task[] = [];
  for (const [key, one] of a.keyed) {
    tasks.push(
      pair(one, b.keyed.get(key) ?? null, pathA, pathB),
    );
  }
  for (const [key, other] of b.keyed) {
    if (!a.keyed.has(key)) tasks.push(pair(null, other, pathA, pathB));
  }
  return tasks;
}

function sameLists({ pathA, pathB }: Task, a: Node, b: Node): Task[] {
  return a.listed.map((one, at) => pair(one, b.listed[at], pathA, pathB));
}

function* ofLists({ pathA, pathB }: Task, a: Node, b: Node): Generator<void, Task[]> {
  const [idsA, idsB, count] = numbered(a.listed, b.listed);
  const { runs } = yield* matches(idsA, idsB, count);
  const moved = movedIn(idsA, idsB, runs);
  const tasks: Task[] = [];
  let [atA, atB] = [0, 0];
  for (const run of [...runs, { a: a.listed.length, b: b.listed.length, length: 0 }]) {
    const removed = range(atA, run.a).filter((at) => !moved.fromA.has(at));
    const added = range(atB, run.b).filter((at) => !moved.toB.has(at));
    for (let at = atA; at < run.a; at++) {
      const to = moved.fromA.get(at);
      if (to !== undefined) tasks.push({ ...pair(a.listed[at], b.listed[to], pathA, pathB), isMoved: true });
    }
    // One at a time: there may be more of them than a call takes arguments.
    const pairs = alike(removed.map((at) => a.listed[at]), added.map((at) => b.listed[at]));
    for (const [one, other] of pairs) tasks.push(pair(one, other, pathA, pathB));
    for (let at = 0; at < run.length; at++) {
      const [one, other] = [a.listed[run.a + at], b.listed[run.b + at]];
      if (one.exact !== other.exact) tasks.push(pair(one, other, pathA, pathB));
    }
    [atA, atB] = [run.a + run.length, run.b + run.length];
    yield;
  }
  return tasks;
}

function pair(a: Node | null, b: Node | null, pathA: string, pathB: string): Task {
  return { a, b, pathA: pathA + (a ?? b)!.step, pathB: pathB + (b ?? a)!.step };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}

/** What lists have, in small numbers. */
function numbered(a: readonly Node[], b: readonly Node[]): [Int32Array, Int32Array, number] {
  const numbers = new Map<number, number>();
  const of = (nodes: readonly Node[]) =>
    Int32Array.from(nodes, ({ same }) => {
      let number = numbers.get(same);
      if (number === undefined) numbers.set(same, number = numbers.size);
      return number;
    });
  const [one, other] = [of(a), of(b)];
  return [one, other, numbers.size];
}

/** Of what is in no run: what is in both lists, from where to where. */
function movedIn(
  a: Int32Array,
  b: Int32Array,
  runs: readonly { readonly a: number; readonly b: number; readonly length: number }[],
): { readonly fromA: ReadonlyMap<number, number>; readonly toB: ReadonlySet<number> } {
  const [keptA, keptB] = [new Uint8Array(a.length), new Uint8Array(b.length)];
  for (const run of runs) {
    keptA.fill(1, run.a, run.a + run.length);
    keptB.fill(1, run.b, run.b + run.length);
  }
  const there = new Map<number, number[]>();
  for (let at = b.length - 1; at >= 0; at--) {
    if (keptB[at] !== 0) continue;
    const same = there.get(b[at]);
    if (same) same.push(at);
    else there.set(b[at], [at]);
  }
  const fromA = new Map<number, number>();
  for (let at = 0; at < a.length; at++) {
    const to = keptA[at] === 0 ? there.get(a[at])?.pop() : undefined;
    if (to !== undefined) fromA.set(at, to);
  }
  return { fromA, toB: new Set(fromA.values()) };
}

/** The differences found so far. */
class Found {
  readonly counts = { changed: 0, removed: 0, added: 0, moved: 0, written: 0 };
  readonly changes: StructureChange[] = [];
  #reordered = 0;
  #renamed = 0;

  constructor(private readonly before: string, private readonly after: string) {}

  add(kind: StructureChange["kind"], { a, b, pathA, pathB }: Task): void {
    this.counts[kind]++;
    if (this.changes.length >= MOST_CHANGES) return;
    const [before, after] = [a && textOf(this.before, a), b && textOf(this.after, b)];
    this.changes.push({
      kind,
      path: pathA,
      ...(b !== null && pathA !== pathB ? { pathAfter: pathB } : {}),
      ...(before === null ? {} : { before: before.text }),
      ...(after === null ? {} : { after: after.text }),
      ...(before?.isCut || after?.isCut ? { cut: true as const } : {}),
    });
  }

  /** Two nodes with the same members may still have them in another order, or have another prefix. */
  wording(a: Node, b: Node): void {
    const shared = [...a.keyed.keys()].filter((key) => b.keyed.has(key));
    if (
      shared.length > 1 &&
      shared.join("\0") !== [...b.keyed.keys()].filter((key) => a.keyed.has(key)).join("\0")
    ) {
      this.#reordered++;
    }
    if (isElement(a) && nameOf(a) !== nameOf(b)) this.#renamed++;
  }

  notes(): string[] {
    const notes: string[] = [];
    const of = (count: number, where: string) =>
      `${count.toLocaleString("en")} ${where}${count === 1 ? "" : "s"}`;
    if (this.#reordered > 0) {
      notes.push(`the order of members, which means nothing, differs in ${of(this.#reordered, "place")}`);
    }
    if (this.#renamed > 0) {
      notes.push(`the prefixes of namespaces, which mean nothing, differ in ${of(this.#renamed, "name")}`);
    }
    return notes;
  }
}

function isElement({ type }: Node): boolean {
  return type.startsWith("<");
}

/** The name in a step: "/q:quote" of "/q:quote[2]". */
function nameOf({ step }: Node): string {
  return step.replace(/\[\d+\]$/, "");
}

function textOf(source: string, { from, to }: Node): { readonly text: string; readonly isCut: boolean } {
  return { text: source.slice(from, Math.min(to, from + LONGEST_TEXT)), isCut: to - from > LONGEST_TEXT };
}
