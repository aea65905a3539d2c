// Time, for what ticks and for what takes long.

import { useEffect, useState } from "preact/hooks";

/** Work that takes longer gets words. */
const WORDS_AFTER_MS = 300;

/** ms since the epoch: taken anew every second while `ticks`, and whenever the caller is drawn. */
export function useNow(ticks: boolean): number {
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!ticks) return;
    const timer = setInterval(() => redraw((n) => n + 1), 1_000);
    return () => clearInterval(timer);
  }, [ticks]);
  return Date.now();
}

/** True once `isWorking` has been true for so long that words are due; `about` is what is worked on. */
export function useLate(isWorking: boolean, about: string): boolean {
  const [late, setLate] = useState<string | null>(null);
  useEffect(() => {
    if (!isWorking) return;
    const timer = setTimeout(() => setLate(about), WORDS_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isWorking, about]);
  return isWorking && late === about;
}
