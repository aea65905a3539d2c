// What was copied last, for as long as it is to be said.

import { useEffect, useState } from "preact/hooks";
import type { Copied } from "./copy.ts";

/** A success is shown for so long; what could not be done stays until it is closed. */
const SAID_MS = 5_000;

/** What was copied, how to copy, and how to say no more of it. Copying from another Exchange says no more either. */
export function useCopied(
  id: string | null,
): [Copied | null, (work: () => Promise<Copied>) => void, () => void] {
  const [said, say] = useState<{ readonly id: string | null; readonly copied: Copied } | null>(null);
  useEffect(() => {
    if (said === null || !said.copied.isDone) return;
    const timer = setTimeout(() => say(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = (work: () => Promise<Copied>) => {
    work().then((copied) => say({ id, copied }), (error: Error) => {
      say({ id, copied: { text: error.message, isDone: false, save: null, asHex: null } });
    });
  };
  return [said !== null && said.id === id ? said.copied : null, copy, () => say(null)];
}
