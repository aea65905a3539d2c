// Runs a generator that pauses now and then to its end.

/** What it returns. */
export function run<T>(work: Generator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
