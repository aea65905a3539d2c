// Which of the members that went from a list became which of those that came: first those that are alike, in order, then
// those that stand at the same place between them. Pure.

import type { Node } from "./tree.ts";

/** So much of two nodes must be the same for the one to have become the other. */
const ALIKE = 0.4;
/** In larger lists only the place counts. */
const LARGEST = 60;
/** So many members of a node are looked at. */
const MOST_MEMBERS = 200;
/** What often tells one member of a list from the others. */
const IDENTITY = ["id", "_id", "key", "name", "uuid", "ID", "Id"];
/** How alike two are that have the same identity. */
const IDENTICAL = 0.9;

type Pair = readonly [Node | null, Node | null];

/** All of `a` and of `b`, each with what it became, in order; null where it became nothing, or came from nothing. */
export function alike(a: readonly Node[], b: readonly Node[]): Pair[] {
  const pairs: Pair[] = [];
  let [fromA, fromB] = [0, 0];
  const both = a.length <= LARGEST && b.length <= LARGEST ? byLikeness(a, b) : [];
  for (const [atA, atB] of [...both, [a.length, b.length] as const]) {
    // One at a time: there may be more of them than a call takes arguments.
    for (const pair of byPlace(a.slice(fromA, atA), b.slice(fromB, atB))) pairs.push(pair);
    if (atA < a.length || atB < b.length) pairs.push([a[atA], b[atB]]);
    [fromA, fromB] = [atA + 1, atB + 1];
  }
  return pairs;
}

function byPlace(a: readonly Node[], b: readonly Node[]): Pair[] {
  const pairs: Pair[] = [];
  let at = 0;
  for (; at < a.length && at < b.length && a[at].type === b[at].type; at++) pairs.push([a[at], b[at]]);
  for (const one of a.slice(at)) pairs.push([one, null]);
  for (const other of b.slice(at)) pairs.push([null, other]);
  return pairs;
}

/** The pairs with the greatest sum of likenesses, in order. */
function byLikeness(a: readonly Node[], b: readonly Node[]): (readonly [number, number])[] {
  const best = Array.from({ length: a.length + 1 }, () => new Float64Array(b.length + 1));
  const like = a.map((one) => Float64Array.from(b, (other) => likeness(one, other)));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const pair = like[i][j] >= ALIKE ? best[i + 1][j + 1] + like[i][j] : 0;
      best[i][j] = Math.max(pair, best[i + 1][j], best[i][j + 1]);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let [i, j] = [0, 0]; i < a.length && j < b.length;) {
    if (best[i][j] === best[i + 1][j]) i++;
    else if (best[i][j] === best[i][j + 1]) j++;
    else pairs.push([i++, j++]);
  }
  return pairs;
}

/** From 0 to 1: how much of the larger is in both. */
function likeness(a: Node, b: Node): number {
  if (a.type !== b.type) return 0;
  const size = Math.max(a.keyed.size + a.listed.length, b.keyed.size + b.listed.length);
  if (size === 0) return 0;
  const isIdentical = IDENTITY.some((key) => {
    const one = a.keyed.get(key);
    return one !== undefined && one.same === b.keyed.get(key)?.same;
  });
  let common = 0;
  let looked = 0;
  for (const [key, one] of a.keyed) {
    if (++looked > MOST_MEMBERS) break;
    if (one.same === b.keyed.get(key)?.same) common++;
  }
  const listed = new Map<number, number>();
  for (const { same } of a.listed.slice(0, MOST_MEMBERS)) listed.set(same, (listed.get(same) ?? 0) + 1);
  for (const { same } of b.listed.slice(0, MOST_MEMBERS)) {
    const left = listed.get(same) ?? 0;
    if (left > 0) common++;
    listed.set(same, left - 1);
  }
  const share = common / Math.min(size, 2 * MOST_MEMBERS);
  return isIdentical ? Math.max(IDENTICAL, share) : share;
}
