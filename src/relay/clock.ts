// Time as the slow link sees it, so that tests can have a time of their own.

/** A clock with timers. */
export interface Clock {
  /** Milliseconds, with fractions, from some moment on; never goes back. */
  now(): number;
  /** Calls `run` once, after `ms` milliseconds or somewhat more, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
}

/** The machine's. */
export const CLOCK: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.ceil(ms));
    return () => clearTimeout(timer);
  },
};
