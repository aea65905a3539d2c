// Which elements of two sequences are the same, in order: the shortest edit by Myers' greedy algorithm ("An O(ND)
// Difference Algorithm and Its Variations", 1986), as far as that is affordable; beyond, what stands between elements
// that occur once in both (as patience does), and beyond that nothing. Pure; a generator, so that whoever runs it can
// pause.

import { NumberList } from "./numbering.ts";

/** A run of elements that are the same: `length` of them, from `a` on in the one and from `b` on in the other. */
export interface Match {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** What two sequences share. */
export interface Matched {
  /** In order, each as long as it can be. */
  readonly runs: readonly Match[];
  /** Whether nothing shorter than what is between them turns the one sequence into the other. */
  readonly isShortest: boolean;
}

/** So many insertions and deletions are looked for; their memory grows with the square. */
const MOST_EDITS = 1_000;
/** Between two pauses. */
const STEPS = 20_000;
/** In all: some seconds. What is left then counts as different. */
const MOST_STEPS = 400_000_000;
/** For one shortest edit: so many, and so many for each element, because equal runs can be gone through many times. */
const STEPS_OF_EDIT = 20_000_000;
const STEPS_OF_ELEMENT = 16;

interface Range {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** The runs that two sequences of numbers share. The numbers are small: none is less than 0, or as large as `count`. */
export function* matches(
  a: Int32Array,
  b: Int32Array,
  count: number,
  mostSteps: number = MOST_STEPS,
): Generator<void, Matched> {
  const comparison = new Comparison(a, b, count, mostSteps);
  yield* comparison.run();
  return { runs: yield* comparison.runs(), isShortest: comparison.isShortest };
}

/** The same of anything that is equal when its keys are. */
export function* matchesOf(a: readonly string[], b: readonly string[]): Generator<void, Matched> {
  const numbers = new Map<string, number>();
  const numbered = (texts: readonly string[]) =>
    Int32Array.from(texts, (text) => {
      let number = numbers.get(text);
      if (number === undefined) numbers.set(text, number = numbers.size);
      return number;
    });
  const [one, other] = [numbered(a), numbered(b)];
  return yield* matches(one, other, numbers.size);
}

class Comparison {
  isShortest = true;
  #steps = 0;
  #steppedInAll = 0;
  /** By number: where it is in the part of `a`, or of `b`, that is looked at; made when they are needed. */
  #places: readonly [Int32Array, Int32Array] | null = null;
  /** For each element of `a`, which one of `b` it is the same as; NOWHERE for none. */
  readonly #partners: Int32Array;

  constructor(
    private readonly a: Int32Array,
    private readonly b: Int32Array,
    private readonly count: number,
    private readonly mostSteps: number,
  ) {
    this.#partners = new Int32Array(a.length).fill(NOWHERE);
  }

  *run(): Generator<void> {
    const ranges: Range[] = [{ aFrom: 0, aTo: this.a.length, bFrom: 0, bTo: this.b.length }];
    for (let range = ranges.pop(); range; range = ranges.pop()) {
      const inner = this.#trim(range);
      if (inner.aFrom === inner.aTo || inner.bFrom === inner.bTo) continue;
      const edit = yield* this.#shortest(inner);
      if (edit) {
        for (const { a, b, length } of edit) this.#take(a, b, length);
        continue;
      }
      this.isShortest = false;
      for (const part of yield* this.#divided(inner)) ranges.push(part);
    }
  }

  /** What was found, in order. */
  *runs(): Generator<void, Match[]> {
    const runs: Match[] = [];
    const partners = this.#partners;
    for (let at = 0; at < partners.length;) {
      const from = at;
      const b = partners[at++];
      if (b !== NOWHERE) {
        while (at < partners.length && partners[at] === b + at - from) at++;
        runs.push({ a: from, b, length: at - from });
      }
      this.#steps += at - from;
      if (this.#steps >= STEPS) yield this.#pause();
    }
    return runs;
  }

  #take(a: number, b: number, length: number): void {
    for (let at = 0; at < length; at++) this.#partners[a + at] = b + at;
    this.#steps += length;
  }

  /** Takes what is the same at both ends. */
  #trim({ aFrom, aTo, bFrom, bTo }: Range): Range {
    const { a, b } = this;
    let same = 0;
    while (aFrom + same < aTo && bFrom + same < bTo && a[aFrom + same] === b[bFrom + same]) same++;
    this.#take(aFrom, bFrom, same);
    [aFrom, bFrom] = [aFrom + same, bFrom + same];
    let atEnd = 0;
    while (aTo - atEnd > aFrom && bTo - atEnd > bFrom && a[aTo - atEnd - 1] === b[bTo - atEnd - 1]) atEnd++;
    this.#take(aTo - atEnd, bTo - atEnd, atEnd);
    return { aFrom, aTo: aTo - atEnd, bFrom, bTo: bTo - atEnd };
  }

  /** The shortest edit of a range; null where it has more than MOST_EDITS, or takes too long. */
  *#shortest({ aFrom, aTo, bFrom, bTo }: Range): Generator<void, Match[] | null> {
    const { a, b } = this;
    const [n, m] = [aTo - aFrom, bTo - bFrom];
    const most = Math.min(n + m, MOST_EDITS);
    const furthest = new Int32Array(2 * most + 3);
    const middle = most + 1;
    const trace: Int32Array[] = [];
    let stepsLeft = Math.min(
      STEPS_OF_EDIT + STEPS_OF_ELEMENT * (n + m),
      this.mostSteps - this.#steppedInAll,
    );
    for (let edits = 0; edits <= most; edits++) {
      for (let k = -edits; k <= edits; k += 2) {
        const down = k === -edits || (k !== edits && furthest[middle + k - 1] < furthest[middle + k + 1]);
        let x = down ? furthest[middle + k + 1] : furthest[middle + k - 1] + 1;
        const from = x;
        while (x < n && x - k < m && x - k >= 0 && a[aFrom + x] === b[bFrom + x - k]) x++;
        furthest[middle + k] = x;
        this.#steps += 1 + x - from;
        if (x >= n && x - k >= m) {
          trace.push(furthest.slice(middle - edits, middle + edits + 1));
          return backtrack(trace, n, m).map((match) => ({
            ...match,
            a: match.a + aFrom,
            b: match.b + bFrom,
          }));
        }
      }
      trace.push(furthest.slice(middle - edits, middle + edits + 1));
      if (this.#steps >= STEPS) {
        stepsLeft -= this.#steps;
        yield this.#pause();
        if (stepsLeft <= 0) return null;
      }
    }
    return null;
  }

  #pause(): void {
    this.#steppedInAll += this.#steps;
    this.#steps = 0;
  }

  /**
   * Takes what occurs once in both, as much as stands in the same order, with what is the same around it, and gives the
   * ranges between; none where nothing was taken.
   */
  *#divided(range: Range): Generator<void, Range[]> {
    const { a, b } = this;
    const { aFrom, aTo, bFrom, bTo } = range;
    const [inA, inB] = this.#places ??= [
      new Int32Array(this.count).fill(NOWHERE),
      new Int32Array(this.count).fill(NOWHERE),
    ];
    yield* this.#placed(a, aFrom, aTo, inA);
    yield* this.#placed(b, bFrom, bTo, inB);
    const [ofA, ofB] = [new NumberList(), new NumberList()];
    for (let i = aFrom; i < aTo; i++) {
      const there = inB[a[i]];
      if (inA[a[i]] !== TWICE && there >= 0) {
        ofA.push(i);
        ofB.push(there);
      }
      if (++this.#steps >= STEPS) yield this.#pause();
    }
    for (let i = aFrom; i < aTo; i++) inA[a[i]] = NOWHERE;
    for (let i = bFrom; i < bTo; i++) inB[b[i]] = NOWHERE;
    const [placesA, placesB] = [ofA.array(), ofB.array()];
    const parts: Range[] = [];
    let [toA, toB] = [aFrom, bFrom];
    for (const index of yield* longestRise(placesB)) {
      const [i, j] = [placesA[index], placesB[index]];
      if (i < toA || j < toB) continue;
      let before = 0;
      while (i - before > toA && j - before > toB && a[i - before - 1] === b[j - before - 1]) before++;
      let behind = 1;
      while (i + behind < aTo && j + behind < bTo && a[i + behind] === b[j + behind]) behind++;
      this.#take(i - before, j - before, before + behind);
      parts.push({ aFrom: toA, aTo: i - before, bFrom: toB, bTo: j - before });
      [toA, toB] = [i + behind, j + behind];
      if (this.#steps >= STEPS) yield this.#pause();
    }
    if (parts.length > 0) parts.push({ aFrom: toA, aTo, bFrom: toB, bTo });
    return parts.filter((part) => part.aFrom < part.aTo && part.bFrom < part.bTo);
  }

  *#placed(numbers: Int32Array, from: number, to: number, places: Int32Array): Generator<void> {
    for (let i = from; i < to; i++) {
      const number = numbers[i];
      places[number] = places[number] === NOWHERE ? i : TWICE;
      if (++this.#steps >= STEPS) yield this.#pause();
    }
  }
}

/** In place of a place. */
const NOWHERE = -1;
const TWICE = -2;

/** From the end of the shortest edit to its beginning: `trace` has, for each number of edits, how far each diagonal got. */
function backtrack(trace: readonly Int32Array[], n: number, m: number): Match[] {
  const found: Match[] = [];
  let [x, y] = [n, m];
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const before = trace[edits - 1];
    const k = x - y;
    // `before` holds the diagonals from -(edits - 1) to edits - 1.
    const at = (diagonal: number) => before[diagonal + edits - 1] ?? -1;
    const down = k === -edits || (k !== edits && at(k - 1) < at(k + 1));
    const fromX = down ? at(k + 1) : at(k - 1);
    const fromY = fromX - (down ? k + 1 : k - 1);
    const [startX, startY] = down ? [fromX, fromY + 1] : [fromX + 1, fromY];
    if (x > startX) found.push({ a: startX, b: startY, length: x - startX });
    [x, y] = [fromX, fromY];
  }
  if (x > 0) found.push({ a: 0, b: 0, length: x });
  return found.reverse();
}

/** The indices of the longest sequence of these numbers that rises. */
export function* longestRise(numbers: Int32Array): Generator<void, Int32Array> {
  /** The index of the last one of the best sequence of each length. */
  const ends = new Int32Array(numbers.length);
  const before = new Int32Array(numbers.length);
  let length = 0;
  for (let index = 0; index < numbers.length; index++) {
    const number = numbers[index];
    // Most come in order.
    let [low, high] = length > 0 && numbers[ends[length - 1]] < number ? [length, length] : [0, length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]] < number) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : ends[low - 1];
    ends[low] = index;
    if (low === length) length++;
    if (index % STEPS === STEPS - 1) yield;
  }
  const rise = ends.subarray(0, length);
  for (let at = length === 0 ? -1 : ends[length - 1], n = length - 1; at >= 0; at = before[at]) {
    rise[n--] = at;
  }
  return rise;
}

/** Runs that touch as one. */
export function joined(found: readonly Match[]): Match[] {
  const runs: Match[] = [];
  let [a, b] = [-1, -1];
  for (const match of found) {
    if (match.a === a && match.b === b) {
      const last = runs[runs.length - 1];
      runs[runs.length - 1] = { ...last, length: last.length + match.length };
    } else runs.push(match);
    [a, b] = [match.a + match.length, match.b + match.length];
  }
  return runs;
}
