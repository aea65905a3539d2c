// Reads what Chromium has traced: when something that was marked is on the screen, how evenly frames came, and how long
// the page's thread was busy at a time. Times are those of the page's clock, in ms since its navigation.

/** What must be traced for it. */
export const CATEGORIES = [
  "blink.user_timing",
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-devtools.timeline.frame",
];

/** A frame is late when it comes so many ms after the one before; very late after the second. */
const LATE = 1.5 * 1000 / 60;
const VERY_LATE = 2.5 * 1000 / 60;
/** A task that takes longer is a long one, as the Long Tasks API has it, in ms. */
const LONG_TASK = 50;

interface TraceEvent {
  readonly name: string;
  readonly cat: string;
  readonly ph: string;
  /** µs */
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: {
    readonly frameSeqId?: number;
    readonly layerTreeId?: number;
    readonly data?: { readonly startTime?: number };
  };
}

/** How a stretch of time looked on the screen. */
export interface Smoothness {
  readonly frames: number;
  readonly late: number;
  readonly veryLate: number;
  /** The longest time without a new frame, ms. */
  readonly longest: number;
  readonly longTasks: number;
  /** The longest task, ms. */
  readonly longestTask: number;
}

/** A mark of the page's own, by `performance.mark`. */
export interface Marked {
  readonly name: string;
  readonly at: number;
}

/** One trace of one page. */
export class PageTrace {
  readonly #events: readonly TraceEvent[];
  readonly #marks: readonly TraceEvent[];
  readonly #commits: readonly TraceEvent[];
  readonly #draws: readonly TraceEvent[];
  /** µs of the trace's clock at the page's navigation. */
  readonly #origin: number;
  readonly #thread: Pick<TraceEvent, "pid" | "tid">;

  /** `json` as Chromium writes it. Throws Error where the page has marked nothing. */
  constructor(json: Uint8Array) {
    const { traceEvents } = JSON.parse(new TextDecoder().decode(json)) as { traceEvents: TraceEvent[] };
    const all = traceEvents.sort((one, other) => one.ts - other.ts);
    this.#marks = all.filter(({ cat, args }) =>
      cat.includes("blink.user_timing") && args.data?.startTime !== undefined
    );
    const first = this.#marks.at(0);
    if (first === undefined) throw new Error("Cannot read the trace: the page has marked nothing in it.");
    this.#thread = first;
    this.#origin = first.ts - first.args.data!.startTime! * 1000;
    this.#events = all.filter(({ pid }) => pid === first.pid);
    this.#commits = this.#events.filter(({ name, args }) =>
      name === "Commit" && args.frameSeqId !== undefined
    );
    this.#draws = this.#events.filter(({ name }) => name === "DrawFrame");
  }

  /** The marks, in order. */
  get marks(): readonly Marked[] {
    return this.#marks.map(({ name, args }) => ({ name, at: args.data!.startTime! }));
  }

  /** When what was in the document at the time `at` is on the screen; null where that is not in the trace. */
  paintedAfter(at: number): number | null {
    const commit = this.#commits[lowest(this.#commits, this.#ts(at))];
    if (commit === undefined) return null;
    const from = lowest(this.#draws, commit.ts);
    const { layerTreeId, frameSeqId = 0 } = commit.args;
    const draw = this.#draws.slice(from, from + 50).find(({ args }) =>
      args.layerTreeId === layerTreeId && (args.frameSeqId ?? 0) >= frameSeqId
    );
    return draw === undefined ? null : this.#at(draw.ts);
  }

  /** How frames came between two times. */
  smoothness(from: number, to: number): Smoothness {
    const within = <T extends { readonly ts: number }>(events: readonly T[]) =>
      events.slice(lowest(events, this.#ts(from)), lowest(events, this.#ts(to)));
    const draws = within(this.#draws);
    const gaps = draws.slice(1).map(({ ts }, at) => (ts - draws[at].ts) / 1000);
    const tasks = within(this.#events).filter(({ name, tid }) =>
      name === "RunTask" && tid === this.#thread.tid
    ).map(({ dur = 0 }) => dur / 1000);
    return {
      frames: draws.length,
      late: gaps.filter((gap) => gap > LATE).length,
      veryLate: gaps.filter((gap) => gap > VERY_LATE).length,
      longest: Math.max(0, ...gaps),
      longTasks: tasks.filter((took) => took > LONG_TASK).length,
      longestTask: Math.max(0, ...tasks),
    };
  }

  #ts(at: number): number {
    return this.#origin + at * 1000;
  }

  #at(ts: number): number {
    return (ts - this.#origin) / 1000;
  }
}

/** The index of the first event at or after `ts`. */
function lowest(events: readonly { readonly ts: number }[], ts: number): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].ts < ts) low = middle + 1;
    else high = middle;
  }
  return low;
}
