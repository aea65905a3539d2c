// What the readers of heads and bodies tell when they mask something: it is counted under its name, and its value
// remembered, so that it is masked wherever else it stands.

import type { RuleSet, Verdict } from "./rule_set.ts";

/** What stands in the place of a masked value, whatever its length was. ASCII, for it must fit everywhere. */
export const MASK = "REDACTED";

/** Where what was found goes: a list of names, and the values. */
export interface FoundIn {
  add(where: string, name: string, omitted: boolean): void;
  learn(value: string, name: string): void;
}

/** The rules, and where what they find goes. */
export class Found {
  /** Grows with everything that is masked. */
  count = 0;
  /** How often something could not be read, so that all that follows was masked. */
  doubts = 0;
  /** True where a value that was found by its looks did not end within the text. */
  ranOut = false;

  constructor(readonly rules: RuleSet, private readonly into: FoundIn) {}

  /** Something was masked or left out. `values` are what it was, decoded; each may stand elsewhere. */
  field(where: string, name: string, verdict: Verdict, ...values: readonly string[]): void {
    this.count++;
    this.into.add(where, name, verdict === "omit");
    for (const value of values) this.into.learn(value, name);
  }

  /** A value that went with what stands under `name`, and may stand elsewhere. */
  learn(value: string, name: string): void {
    this.into.learn(value, name);
  }

  /** All that follows is masked because it could not be read; `what` in words. */
  doubt(what: string): void {
    this.count++;
    this.doubts++;
    this.into.add("doubt", what, false);
  }

  /** For a try: what it finds counts only once it is kept. */
  rehearse(): Rehearsal {
    return new Rehearsal(this);
  }

  /** Counts what was found in a try. */
  take(tried: Found, calls: readonly ((into: FoundIn) => void)[]): void {
    this.count += tried.count;
    this.doubts += tried.doubts;
    for (const call of calls) call(this.into);
  }
}

/** See `rehearse`. */
export class Rehearsal {
  readonly found: Found;
  readonly #calls: ((into: FoundIn) => void)[] = [];

  constructor(private readonly real: Found) {
    this.found = new Found(real.rules, {
      add: (where, name, omitted) => this.#calls.push((into) => into.add(where, name, omitted)),
      learn: (value, name) => this.#calls.push((into) => into.learn(value, name)),
    });
  }

  keep(): void {
    this.real.take(this.found, this.#calls);
  }
}
