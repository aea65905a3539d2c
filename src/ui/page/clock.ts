// The time, for what ticks once a second; nothing ticks while nothing is shown that needs it.

import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** Now, in milliseconds since the epoch, and again every second while `ticks`. */
export function useNow(ticks: boolean): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    if (!ticks) return;
    now.value = Date.now();
    const timer = setInterval(() => now.value = Date.now(), 1_000);
    return () => clearInterval(timer);
  }, [ticks]);
  return now.value;
}
