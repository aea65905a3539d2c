// Which elements of two sequences are the same, in order: the shortest edit by Myers' greedy algorithm ("An O(ND)
// Difference Algorithm and Its Variations", 1986), as far as that is affordable; beyond, what stands between elements
// that occur once in both (as patience does). Pure; a generator, so that whoever runs it can pause.

/** A run of elements that are the same: `length` of them, from `a` on in the one and from `b` on in the other. */
export interface Match {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** So many insertions and deletions are looked for; their memory grows with the square. */
const MOST_EDITS = 1_000;
/** Between two pauses. */
const STEPS = 20_000;

interface Range {
  readonly aFrom: number;
  readonly aTo: number;
  readonly bFrom: number;
  readonly bTo: number;
}

/** The runs that two sequences of numbers share, in order; runs are as long as they can be. */
export function* matches(a: Int32Array, b: Int32Array): Generator<void, Match[]> {
  const found = yield* new Comparison(a, b).run();
  return joined(found);
}

/** The same of anything that is equal when its keys are. */
export function* matchesOf(a: readonly string[], b: readonly string[]): Generator<void, Match[]> {
  const numbers = new Map<string, number>();
  const numbered = (texts: readonly string[]) =>
    Int32Array.from(texts, (text) => {
      let number = numbers.get(text);
      if (number === undefined) numbers.set(text, number = numbers.size);
      return number;
    });
  return yield* matches(numbered(a), numbered(b));
}

class Comparison {
  #steps = 0;

  constructor(private readonly a: Int32Array, private readonly b: Int32Array) {}

  *run(): Generator<void, Match[]> {
    const found: Match[] = [];
    // In order, so that what is found is in order, too.
    const ranges: Range[] = [{ aFrom: 0, aTo: this.a.length, bFrom: 0, bTo: this.b.length }];
    const later: Match[] = [];
    for (let range = ranges.pop(); range; range = ranges.pop()) {
      const inner = this.#trim(range, found, later);
      if (inner.aFrom === inner.aTo || inner.bFrom === inner.bTo) continue;
      const edit = yield* this.#shortest(inner);
      if (edit) {
        found.push(...edit);
        continue;
      }
      const anchors = yield* this.#anchors(inner);
      if (anchors.length === 0) continue;
      found.push(...anchors);
      let [aFrom, bFrom] = [inner.aFrom, inner.bFrom];
      for (const { a, b, length } of [...anchors, { a: inner.aTo, b: inner.bTo, length: 0 }]) {
        ranges.push({ aFrom, aTo: a, bFrom, bTo: b });
        [aFrom, bFrom] = [a + length, b + length];
      }
    }
    return [...found, ...later].sort((one, other) => one.a - other.a);
  }

  /** Takes what is the same at both ends. */
  #trim({ aFrom, aTo, bFrom, bTo }: Range, found: Match[], later: Match[]): Range {
    const { a, b } = this;
    let same = 0;
    while (aFrom + same < aTo && bFrom + same < bTo && a[aFrom + same] === b[bFrom + same]) same++;
    if (same > 0) found.push({ a: aFrom, b: bFrom, length: same });
    [aFrom, bFrom] = [aFrom + same, bFrom + same];
    let atEnd = 0;
    while (aTo - atEnd > aFrom && bTo - atEnd > bFrom && a[aTo - atEnd - 1] === b[bTo - atEnd - 1]) atEnd++;
    if (atEnd > 0) later.push({ a: aTo - atEnd, b: bTo - atEnd, length: atEnd });
    return { aFrom, aTo: aTo - atEnd, bFrom, bTo: bTo - atEnd };
  }

  /** The shortest edit of a range; null where it has more than MOST_EDITS. */
  *#shortest({ aFrom, aTo, bFrom, bTo }: Range): Generator<void, Match[] | null> {
    const { a, b } = this;
    const [n, m] = [aTo - aFrom, bTo - bFrom];
    const most = Math.min(n + m, MOST_EDITS);
    const furthest = new Int32Array(2 * most + 3);
    const middle = most + 1;
    const trace: Int32Array[] = [];
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
        this.#steps = 0;
        yield;
      }
    }
    return null;
  }

  /** Elements that occur once in both, as many as stand in the same order. */
  *#anchors({ aFrom, aTo, bFrom, bTo }: Range): Generator<void, Match[]> {
    const { a, b } = this;
    const TWICE = -1;
    const places = new Map<number, number>();
    for (let i = bFrom; i < bTo; i++) places.set(b[i], places.has(b[i]) ? TWICE : i);
    const seen = new Map<number, number>();
    for (let i = aFrom; i < aTo; i++) seen.set(a[i], seen.has(a[i]) ? TWICE : i);
    yield;
    const pairs: [a: number, b: number][] = [];
    for (const [value, at] of seen) {
      const there = places.get(value);
      if (at !== TWICE && there !== undefined && there !== TWICE) pairs.push([at, there]);
    }
    return longestRise(pairs).map(([a, b]) => ({ a, b, length: 1 }));
  }
}

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

/** The longest sequence of pairs (in the order of the first numbers) whose second numbers rise. */
function longestRise(pairs: readonly [number, number][]): [number, number][] {
  /** The last pair of the best sequence of each length. */
  const ends: number[] = [];
  const before = new Int32Array(pairs.length);
  for (const [index, [, b]] of pairs.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[ends[middle]][1] < b) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : ends[low - 1];
    ends[low] = index;
  }
  const rise: [number, number][] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at]) rise.push(pairs[at]);
  return rise.reverse();
}

/** Runs that touch as one. */
function joined(found: readonly Match[]): Match[] {
  const runs: Match[] = [];
  for (const match of found) {
    const last = runs.at(-1);
    if (last && last.a + last.length === match.a && last.b + last.length === match.b) {
      runs[runs.length - 1] = { ...last, length: last.length + match.length };
    } else runs.push(match);
  }
  return runs;
}
