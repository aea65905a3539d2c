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

  add(where: string, name: string, omitted: boolean, count = 1): void {
    this.total += count;
    const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
    if (!this.#count(where, short, omitted, count, MOST_NAMES)) {
      this.#count(where, OTHERS, omitted, count, Infinity);
    }
  }

  /** `full`: there were more values than can be remembered, which must be told. */
  list(full = false): Masked[] {
    const list = [...this.#counts.values()].map((masked) => ({ ...masked }));
    if (full) list.unshift({ where: "limit", name: TOO_MANY, count: 0, omitted: false });
    return list;
  }

  /** Adds what another list has. */
  take(other: MaskedList): void {
    for (const { where, name, count, omitted } of other.#counts.values()) {
      this.add(where, name, omitted, count);
    }
  }

  /** False where the name is new and there are `most` already. */
  #count(where: string, name: string, omitted: boolean, count: number, most: number): boolean {
    const key = `${where}\n${omitted}\n${name}`;
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += count;
    else if (this.#counts.size < most) this.#counts.set(key, { where, name, count, omitted });
    else return false;
    return true;
  }
}

const OTHERS = "other names";
const TOO_MANY = "more values than can be remembered: some are masked in their own fields only";
