// What has changed and waits to be written, each thing once. It can be taken out alone in constant time, and is then held
// no longer: of a Set, V8 keeps what was deleted alive until a full collection.

/** Something that may wait. */
export interface Waits {
  readonly id: number;
  /** Where it waits; -1 where it does not. Nobody else writes it. */
  place: number;
}

/** See above. */
export class Unwritten<T extends Waits> {
  #things: T[] = [];

  get size(): number {
    return this.#things.length;
  }

  add(thing: T): void {
    if (thing.place !== -1) return;
    thing.place = this.#things.length;
    this.#things.push(thing);
  }

  delete(thing: T): void {
    const { place } = thing;
    if (place === -1) return;
    const last = this.#things.pop()!;
    if (last !== thing) {
      this.#things[place] = last;
      last.place = place;
    }
    thing.place = -1;
  }

  /** All of it, by its numbers; nothing waits then. */
  take(): readonly T[] {
    const things = this.#things;
    this.#things = [];
    for (const thing of things) thing.place = -1;
    return things.sort((a, b) => a.id - b.id);
  }
}
