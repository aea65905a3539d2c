// How a cost grows: the slope of its curve where both axes are logarithmic, and whether that is more than n log n.

import type { Curve } from "./types.ts";

/** So much is noise: what is below is not looked at. */
const FLOOR = { ms: 2, MB: 2 } as const;
/** So many times as much as n log n would be over a decade, in the last of them, is more than n log n. */
const TOO_MUCH = 2.5;

/** The exponent of a curve, over its upper two decades; null where it never comes out of the noise. */
export function exponentOf({ points, unit }: Curve): number | null {
  const largest = points.at(-1)?.[0] ?? 0;
  const upper = points.filter(([size, value]) => size >= largest / 100.5 && value >= FLOOR[unit]);
  if (upper.length < 2) return null;
  const logs = upper.map(([size, value]) => [Math.log(size), Math.log(value)]);
  const mean = (at: number) => logs.reduce((sum, log) => sum + log[at], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  return logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) /
    logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

/** Whether the last step grows faster than n log n, by more than noise explains. */
export function isTooSteep({ points, unit }: Curve): boolean {
  const [before, last] = points.slice(-2);
  if (!before || !last || before[1] < FLOOR[unit] * 2) return false;
  const decades = Math.log10(last[0] / before[0]);
  const expected = last[0] * Math.log(last[0] + 1) / (before[0] * Math.log(before[0] + 1));
  return last[1] / before[1] / expected > TOO_MUCH ** decades;
}
