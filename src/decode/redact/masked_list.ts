// The list of what was masked: names and numbers, bounded. Never a value.

import type { Masked } from "./types.ts";

/** With wildcards in rules names come from the traffic: beyond so many they are counted together. */
const MOST_NAMES = 500;
/** A longer name says no more. */
const LONGEST_NAME = 100;

/** Counts under each name. */
export class MaskedList {
  readonly #counts = new Map<string, { where: string; name: string; count: number; omitted: boolean }>();
  /** How much was counted in all. */
  total = 0;

  add(where: string, name: string, omitted: boolean): void {
    this.total++;
    const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
    const key = `${where}\n${omitted}\n${short}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.count++;
    else if (this.#counts.size < MOST_NAMES) {
      this.#counts.set(key, { where, name: short, count: 1, omitted });
    } else if (short !== OTHERS) {
      this.total--;
      this.#others(where, omitted);
    }
  }

  list(): Masked[] {
    return [...this.#counts.values()].map((masked) => ({ ...masked }));
  }

  #others(where: string, omitted: boolean): void {
    this.total++;
    const key = `${where}\n${omitted}\n${OTHERS}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.count++;
    else this.#counts.set(key, { where, name: OTHERS, count: 1, omitted });
  }
}

const OTHERS = "other names";
