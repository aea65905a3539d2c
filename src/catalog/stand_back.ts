// The catalog's workers stand back behind the relay where both want the same processor. Linux alone has a priority for
// each thread; elsewhere it would be the whole program's.

import { getPriority, setPriority } from "node:os";

/** A thread that is so much nicer gets a third of what the relay's gets, where they share a processor (see sched(7)). */
const NICE = 5;
const NICEST = 19;

/** Lowers the priority of the calling thread, and of those that it begins, where that can be done. */
export function standBack(): void {
  if (Deno.build.os !== "linux") return;
  try {
    setPriority(0, Math.min(NICEST, getPriority(0) + NICE));
  } catch {
    // Not allowed: it works as the others do.
  }
}
