// What the end of a Connection means for its Exchanges: which have failed by it, and with which words. Pure but for the
// reasons that it gives them.

import type { SideEnd } from "../decode/types.ts";
import type { Direction } from "../model.ts";
import type { TrackedConnection, TrackedExchange } from "./tracking.ts";

/** How the sides that have not ended by themselves end where the Connection is over. */
export function sideEnd({ endedBy, state, how }: TrackedConnection): SideEnd {
  if (how === "unseen") return "unseen";
  // Where the target was not reached it is the monitor that ends the client, too.
  if (endedBy === "monitor" || state === "failed") return "stopped";
  return how === "end" || how === "reset" ? how : "error";
}

/** The Exchanges that are not over. */
export function unfinishedOf({ exchanges }: TrackedConnection): TrackedExchange[] {
  return [...exchanges.values()].filter(({ state }) => state === "open");
}

/** Whether a Message is due, or on its way, whose end its protocol tells. */
export function isWithinMessage(connection: TrackedConnection): boolean {
  return unfinishedOf(connection).some(({ decoded }) => decoded?.protocol !== "tcp");
}

/** What an end that is noted is where it came within a Message: an error, in words. */
export function cutWords({ endedWithin }: TrackedConnection, note: string | undefined): string | null {
  return note !== undefined && endedWithin ? `${note}: what it sent may have been cut off` : null;
}

/** The end of the latest Exchange's bytes did not reach their receiver, however complete they look. Returns that one. */
export function undelivered(
  { latest, endedBy, how }: TrackedConnection,
  direction: Direction,
  error: string | null,
): TrackedExchange | null {
  if (!latest || latest.removed) return null;
  const [sender, receiver, message] = direction === "downstream"
    ? ["target", "client", "response"]
    : ["client", "target", "request"];
  // A side whose bytes are refused is the one that ended it, though it has not gone.
  const reason = endedBy === sender && how === "error" && error !== null ? error : `the ${receiver} had gone`;
  latest.reason = `${reason}: the end of the ${message} was not delivered`;
  return latest;
}

/** Gives the Exchanges that a Connection's error has ended its words. Returns one that changes only by that, or null. */
export function explain(
  { state, latest }: TrackedConnection,
  unfinished: readonly TrackedExchange[],
  error: string,
): TrackedExchange | null {
  for (const exchange of unfinished) {
    if (state === "failed" || exchange.state === "failed") exchange.reason = error;
  }
  // What was answered by the monitor itself, because the target was not reached, is whole and has failed all the same.
  if (state !== "failed" || !latest || latest.removed) return null;
  latest.reason = error;
  return latest;
}

/** Whether an error that a Connection ended with must have a row of its own. */
export function isUntold(connection: TrackedConnection, unfinished: readonly TrackedExchange[]): boolean {
  const { runs, how, latest, endedBy } = connection;
  const silent = runs.upstream.end + runs.downstream.end === 0;
  // What was whole has not failed, and yet somebody must say it: that a client refused the certificate after CONNECT.
  const isUnsaid = how === "error" && ![...unfinished, latest].some((one) => one?.reason);
  return (silent || isUnsaid) && endedBy !== "monitor";
}
