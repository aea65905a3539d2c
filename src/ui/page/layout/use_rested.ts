// What the panes show of what is chosen: the first choice at once, but of those that follow each other quickly, as
// while a key is held down, only the last. Nobody reads the others, and to ask for them and draw them holds up the
// table.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Exchange } from "../../types.ts";

/** Choices that are no farther apart follow each other quickly, ms. A key that is held down repeats each 30 to 40. */
const REST_MS = 100;

/** See above; `table` is whose choice it is: that of another one is always shown at once. */
export function useRested(lead: Exchange | null, table: string): Exchange | null {
  const [, redraw] = useState(0);
  const kept = useRef({ table, id: lead?.id, at: -Infinity, shown: lead });
  const { current: now } = kept;
  const sinceLast = performance.now() - now.at;
  if (now.id !== lead?.id) [now.id, now.at] = [lead?.id, performance.now()];
  const isSame = lead === null || now.shown === null || lead.id === now.shown.id || table !== now.table;
  if (isSame || sinceLast >= REST_MS) now.shown = lead;
  now.table = table;
  const waits = now.shown !== lead;
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => {
      now.at = -Infinity;
      redraw((n) => n + 1);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [waits, lead?.id]);
  return now.shown;
}
