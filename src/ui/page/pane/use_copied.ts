// What was copied last, for as long as it is to be said.

import { useEffect, useRef, useState } from "preact/hooks";
import { type Copied, UNDER_WAY } from "./copy.ts";

/** A success is shown for so long; what could not be done stays until it is closed. */
const SAID_MS = 5_000;
/** What takes longer says that it is under way, ms. */
const LATE_MS = 300;

/** What was copied, how to copy, and how to say no more of it. Copying from another Exchange says no more either. */
export function useCopied(
  id: string | null,
): [Copied | null, (work: (signal: AbortSignal) => Promise<Copied>) => void, () => void] {
  const [said, say] = useState<{ readonly id: string | null; readonly copied: Copied } | null>(null);
  useEffect(() => {
    if (said === null || !said.copied.isDone || said.copied === UNDER_WAY) return;
    const timer = setTimeout(() => say(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const latest = useRef(new AbortController());
  const copy = (work: (signal: AbortSignal) => Promise<Copied>) => {
    // What is asked for later is what the clipboard is to have.
    latest.current.abort();
    latest.current = new AbortController();
    const { signal } = latest.current;
    const tell = (copied: Copied) => signal.aborted || say({ id, copied });
    const late = setTimeout(tell, LATE_MS, UNDER_WAY);
    work(signal).then(tell, (error: Error) => {
      tell({ text: error.message, isDone: false, save: null, asHex: null });
    }).finally(() => clearTimeout(late));
  };
  return [said !== null && said.id === id ? said.copied : null, copy, () => say(null)];
}
