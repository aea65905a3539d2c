// Things by their numbers, where they come and go by the thousand. Its like from the language, a Map, is made anew by
// V8 again and again, and each of its former selves keeps alive what it held, and its successor, until the next full
// collection; an object with numbers as names does not.

/** See above. Numbers are whole, from 0 to 2 ** 32 - 2. */
export class Numbered<T> {
  readonly #things: Record<number, T> = Object.create(null);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(number: number): T | undefined {
    return this.#things[number];
  }

  set(number: number, thing: T): void {
    if (this.#things[number] === undefined) this.#size++;
    this.#things[number] = thing;
  }

  delete(number: number): void {
    if (this.#things[number] === undefined) return;
    this.#size--;
    delete this.#things[number];
  }

  /** In the order of their numbers. */
  values(): T[] {
    return Object.values(this.#things);
  }
}
