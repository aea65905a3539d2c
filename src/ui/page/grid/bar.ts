// The duration bar: how long an Exchange waited and how long it received, on a logarithmic scale. Pure.

/** Width of the bar at a minute and more, px. */
export const WIDEST = 44;

const MINUTE = 60_000;

/** Widths in px; `receiving` is null where it is not known when the first byte came. */
export interface Bar {
  readonly waiting: number;
  readonly receiving: number | null;
}

/** The bar of an Exchange of `elapsedMs` whose first byte came after `firstByteMs`. */
export function barOf(elapsedMs: number, firstByteMs: number | null): Bar {
  const whole = width(elapsedMs);
  if (firstByteMs === null) return { waiting: whole, receiving: null };
  const waiting = Math.min(width(firstByteMs), whole - 1);
  return { waiting, receiving: whole - waiting };
}

function width(ms: number): number {
  const part = Math.log1p(Math.min(Math.max(0, ms), MINUTE)) / Math.log1p(MINUTE);
  return Math.max(2, Math.round(part * WIDEST * 10) / 10);
}
