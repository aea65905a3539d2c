// Those who are here now, where they come and go by the thousand: an array whose gaps the last one fills. Its like from
// the language, a Set, is made anew by V8 again and again as it empties and fills, and each of its former selves keeps
// alive what it held, and its successor, until the next full collection: some kilobytes of garbage a Connection.

/** One of them. */
export interface Member {
  /** Where it stands; its Roster's to read and to write. */
  place: number;
}

/** See above. A member is in one Roster at most, once. */
export class Roster<T extends Member> {
  readonly #members: T[] = [];

  get size(): number {
    return this.#members.length;
  }

  add(member: T): void {
    member.place = this.#members.push(member) - 1;
  }

  /** Removes a member that is in it. */
  remove(member: T): void {
    const last = this.#members.pop()!;
    if (last === member) return;
    this.#members[member.place] = last;
    last.place = member.place;
  }

  /** Those who are here at this moment, in no order. */
  all(): readonly T[] {
    return this.#members.slice();
  }
}
