// How much of the machine's processors nobody wants but threads of low priority, as the system tells it. It is measured
// over a while, and looked at no more often than that.

import { cpus } from "node:os";

/** It is measured over at least so many ms. */
const SPAN_MS = 200;
/** What was measured over more says nothing of now, ms. */
const LONGEST_MS = 1_000;

/** Processor time since the machine began, ms, of all processors: all of it, and what of it was spare. */
interface Taken {
  readonly all: number;
  readonly spare: number;
}

/** Tells it. */
export class SpareTime {
  #from: Taken | null = null;
  #at = -Infinity;
  #share = 0;

  constructor(private readonly take: () => Taken = takeNow) {}

  /** The part of all processors that was spare in the latest span, 0 to 1, at the time `now`, ms; 0 where that is not known. */
  share(now: number): number {
    if (now - this.#at < SPAN_MS) return this.#share;
    const taken = this.take();
    const isKnown = this.#from !== null && now - this.#at <= LONGEST_MS;
    const all = isKnown ? taken.all - this.#from!.all : 0;
    this.#share = all > 0 ? (taken.spare - this.#from!.spare) / all : 0;
    this.#from = taken;
    this.#at = now;
    return this.#share;
  }
}

function takeNow(): Taken {
  let [all, spare] = [0, 0];
  for (const { times: { user, nice, sys, idle, irq } } of cpus()) {
    all += user + nice + sys + idle + irq;
    // What has a low priority stands back behind whoever wants the processor.
    spare += idle + nice;
  }
  return { all, spare };
}
