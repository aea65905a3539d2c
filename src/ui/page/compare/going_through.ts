// Going from change to change, for keys of the whole page.

import { signal } from "@preact/signals";

/** Goes to the next change, or to the one before; null where no difference is shown. */
export const goThrough = signal<((step: 1 | -1) => void) | null>(null);

/** The number of the change to go to, from `current` (-1: none yet) of `total`; behind the last comes the first. */
export function stepOf(current: number, step: 1 | -1, total: number): number {
  return (Math.max(current, step === 1 ? -1 : 0) + step + total) % total;
}
