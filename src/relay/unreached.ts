// What is said of a target that is not reached: each reason once, until it has not come for a while, and then, or at the
// end, how often it has come besides. So a target that is down under load is told in two lines. Looked at when a dial
// has failed only: one that succeeds has nothing to do with it.

import { formatAddress } from "../address.ts";
import type { Address, How } from "../model.ts";
import type { DialError } from "./dial.ts";

/** A reason that has not come for so long, ms, is news again. */
const REST_MS = 60_000;
/** So many reasons are known at once; while there are more, no other is told before the end. */
const MOST_REASONS = 16;

/** What to do where the reason does not say it. */
const ADVICE: Readonly<Partial<Record<How, string>>> = {
  refused: "See that it runs, and on that port",
  "name-not-found": "See that the name is right, and that this machine can look it up",
  timeout: "See that it runs, and that no firewall is between",
  unreachable: "See that this machine has a way to it",
};

/** When a reason came last, and how often it came since that was told. */
interface Reason {
  at: number;
  more: number;
}

/** Time, as it passes. */
export interface Passing {
  /** A clock that never goes back, ms. */
  now(): number;
  /** Calls `then` after so many ms; what it returns keeps it from that. */
  after(ms: number, then: () => void): () => void;
}

const TIME: Passing = {
  now: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** See above; for the listen port `listen`. */
export class Unreached {
  readonly #reasons = new Map<string, Reason>();
  /** How many came for reasons that were not told. */
  #untold = 0;
  #cancel: (() => void) | null = null;
  #isOver = false;

  constructor(
    private readonly listen: Address,
    private readonly tell: (text: string) => void,
    private readonly time: Passing = TIME,
  ) {}

  /** A client did not reach its target. */
  met({ how, message }: Pick<DialError, "how" | "message">): void {
    const now = this.time.now();
    this.#tellRested(now);
    const known = this.#reasons.get(message);
    if (known) {
      known.at = now;
      known.more++;
      this.#wait(now);
      return;
    }
    if (this.#reasons.size >= MOST_REASONS) {
      this.#untold++;
      return;
    }
    this.#reasons.set(message, { at: now, more: 0 });
    const reason = shortened(message);
    // Those of TLS and of proxies end with what to do.
    const advice = /\. /.test(reason) ? undefined : ADVICE[how];
    this.tell(
      `Cannot reach the target of ${formatAddress(this.listen)}: ${reason}. ${advice ? `${advice}. ` : ""}` +
        "It is said again once it has not come for a minute.",
    );
  }

  /** Says what is left to say. Nobody is waited for any more. */
  end(): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#cancel = null;
    const left = [...this.#reasons].filter(([, { more }]) => more > 0);
    const count = left.reduce((sum, [, { more }]) => sum + more, this.#untold);
    const why = left.length === 1 && this.#untold === 0 ? shortened(left[0][0]) : "for several reasons";
    if (count > 0) this.#tellMore(count, why, "");
    for (const [, reason] of left) reason.more = 0;
    this.#untold = 0;
  }

  /** Forgets the reasons that have not come for so long, and says how often they came. */
  #tellRested(now: number): void {
    for (const [message, { at, more }] of this.#reasons) {
      if (now - at < REST_MS) continue;
      this.#reasons.delete(message);
      if (more > 0) this.#tellMore(more, shortened(message), " That has not come for a minute now.");
    }
  }

  #tellMore(count: number, why: string, rest: string): void {
    const times = count === 1 ? "once more" : `${count.toLocaleString("en")} more times`;
    this.tell(`The target of ${formatAddress(this.listen)} was not reached ${times}: ${why}.${rest}`);
  }

  /** Looks again when the first of those that came more than once may have rested. */
  #wait(now: number): void {
    if (this.#cancel !== null || this.#isOver) return;
    const times = [...this.#reasons.values()].flatMap(({ at, more }) => more > 0 ? [at] : []);
    if (times.length === 0) return;
    this.#cancel = this.time.after(Math.max(1, Math.min(...times) + REST_MS - now), () => {
      this.#cancel = null;
      const now = this.time.now();
      this.#tellRested(now);
      this.#wait(now);
    });
  }
}

/** As it stands within a sentence. */
function shortened(message: string): string {
  return message.replace(/^Cannot/, "cannot").replace(/\.$/, "");
}
