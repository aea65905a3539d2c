// What a case of the pure parts is: work on bytes that are the same in every run, of which it is known what must come of
// it. `deno task bench:pure` measures cases, and a test runs each of them once.

/** Something that one of the pure parts does. */
export interface PureCase {
  /** The part: "HTTP decode". Cases of a group are compared with each other by Deno.bench. */
  readonly group: string;
  readonly name: string;
  /** True for another program that does the same, as a measure. */
  readonly isPeer?: boolean;
  /** How many bytes it takes in. */
  readonly bytes: number;
  /** Does it once; returns what came of it, in a number, or what counts that, where counting is not to be measured. */
  readonly run: () => number | (() => number);
  /** What came of it if it is right. */
  readonly expected: number;
}

/** Cases that are made when they are needed: what they work on takes memory and time. */
export interface PureGroup {
  readonly group: string;
  readonly cases: () => readonly Omit<PureCase, "group">[];
}

/** What came of a run. */
export function cameOf(ran: ReturnType<PureCase["run"]>): number {
  return typeof ran === "function" ? ran() : ran;
}
