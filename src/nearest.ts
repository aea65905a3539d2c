// The name that was meant by one that is not known. Pure.

/**
 * The one of `known` that is nearest to `name`; null where none is near enough to have been meant: `most` says how far
 * one of that length may be.
 */
export function nearest<Known extends string>(
  name: string,
  known: readonly Known[],
  most = (length: number) => Math.max(2, Math.ceil(length / 3)),
): Known | null {
  if (name.length < 2) return null;
  const [best] = known
    .map((one) => ({ one, distance: distance(name.toLowerCase(), one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= most(best.one.length) ? best.one : null;
}

/**
 * How many letters to add, leave out, change or exchange with the next one from `a` to `b` (optimal string alignment);
 * a prefix of `b` counts as 1.
 */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  if (b.startsWith(a)) return 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isExchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, changed, isExchanged ? before[j - 2] + 1 : Infinity));
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}
