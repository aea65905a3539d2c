// Which element of the table shows which row. Pure. Elements are made as seldom as can be: where most rows stay on the
// screen, each keeps its own, and those that come get new ones; where most are others, as after Page Down, the elements
// stay where they stand, in their order, and are written anew.

/** The elements in the order of their rows, the newest row first. */
export interface Elements {
  /** Ordinal of the first row. */
  readonly newest: number;
  /** A number for each element, which it keeps. */
  readonly keys: readonly number[];
  /** What the next one that is made is called. */
  readonly next: number;
}

/** None yet. */
export const NO_ELEMENTS: Elements = { newest: -1, keys: [], next: 0 };

/** The elements for `count` rows from the ordinal `newest` down, where `before` are there. */
export function elementsFor(before: Elements, newest: number, count: number): Elements {
  if (before.newest === newest && before.keys.length === count) return before;
  const shift = before.newest - newest;
  const from = Math.max(0, shift);
  const to = Math.min(before.keys.length, count + shift);
  const stays = to - from;
  let { next } = before;
  const keys = Array.from({ length: count }, (_, at) => {
    const kept = 2 * stays >= Math.min(count, before.keys.length) ? before.keys[at + shift] : before.keys[at];
    return kept ?? next++;
  });
  return { newest, keys, next };
}
