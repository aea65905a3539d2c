// What is said of a target that is not reached: each reason once, until it has not come for a while. So a target that
// is down under load is told in one line. Looked at when a dial has failed only: one that succeeds has nothing to do
// with it.

import { formatAddress } from "../address.ts";
import type { Address, How } from "../model.ts";
import type { DialError } from "./dial.ts";

/** A reason that has not come for so long, ms, is news again. */
const REST_MS = 60_000;
/** So many reasons are known at once; while there are more, no other is told. */
const MOST_REASONS = 16;

/** What to do where the reason does not say it. */
const ADVICE: Readonly<Partial<Record<How, string>>> = {
  refused: "See that it runs, and on that port",
  "name-not-found": "See that the name is right, and that this machine can look it up",
  timeout: "See that it runs, and that no firewall is between",
  unreachable: "See that this machine has a way to it",
};

/** See above; for one listen port. */
export class Unreached {
  /** When each reason came last. */
  readonly #cameAt = new Map<string, number>();

  constructor(
    private readonly tell: (text: string) => void,
    /** A clock that never goes back, ms. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** A client of the port `listen` did not reach its target. */
  met(listen: Address, { how, message }: Pick<DialError, "how" | "message">): void {
    const now = this.now();
    const before = this.#cameAt.get(message);
    if (before === undefined && !this.#hasRoom(now)) return;
    this.#cameAt.set(message, now);
    if (before !== undefined && now - before < REST_MS) return;
    const reason = message.replace(/^Cannot/, "cannot").replace(/\.$/, "");
    // Those of TLS and of proxies end with what to do.
    const advice = /\. /.test(reason) ? undefined : ADVICE[how];
    this.tell(
      `Cannot reach the target of ${formatAddress(listen)}: ${reason}. ${advice ? `${advice}. ` : ""}` +
        "It is not said again while that lasts.",
    );
  }

  #hasRoom(now: number): boolean {
    if (this.#cameAt.size < MOST_REASONS) return true;
    for (const [reason, at] of this.#cameAt) if (now - at >= REST_MS) this.#cameAt.delete(reason);
    return this.#cameAt.size < MOST_REASONS;
  }
}
