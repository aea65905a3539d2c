// The name that was meant by one that is not known. Pure.

/** The one of `known` that is nearest to `name`; null where none is near enough to have been meant. */
export function nearest<Known extends string>(name: string, known: readonly Known[]): Known | null {
  if (name.length < 2) return null;
  const [best] = known
    .map((one) => ({ one, distance: distance(name.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= Math.max(2, Math.ceil(best.one.length / 3)) ? best.one : null;
}

/**
 * How many letters to add, leave out or change from `a` to `b` (Levenshtein); a prefix of `b` counts as 1.
 */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  if (b.startsWith(a)) return 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
