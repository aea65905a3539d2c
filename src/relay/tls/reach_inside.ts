// Reaches a target and begins TLS with it: one limit for both, and a second try where only all authorities can tell
// whether its certificate is good.

import type { Address } from "../../model.ts";
import { DIAL_MS } from "../dial.ts";
import { reach, type Reached, type Way } from "../reach.ts";
import { type Met, StaleAuthorities, type TargetMeeter } from "./meet_target.ts";

/** A target that was reached, and met inside TLS; `met` is null where nothing was to be offered to it. */
export interface ReachedInside extends Pick<Reached, "via"> {
  readonly conn: Reached["conn"];
  readonly met: Met | null;
}

/**
 * Connects to `target` and shakes hands. `offer` gives the protocols to offer, once the target has accepted; null: it is
 * to be spoken to without TLS after all. Throws DialError; `signal` ends the attempt.
 */
export async function reachInside(
  targets: TargetMeeter,
  way: Way,
  target: Address,
  offer: () => Promise<readonly string[] | null>,
  signal: AbortSignal,
  name = target.host,
): Promise<ReachedInside> {
  const { timeoutMs: limitMs = DIAL_MS } = way;
  let deadline = performance.now() + limitMs;
  const { conn, via } = await reach(way, target, signal);
  // It has taken longer only where it waited for a file descriptor.
  if (performance.now() >= deadline) deadline = performance.now() + limitMs;
  const alpn = await offer();
  if (alpn === null) return { conn, via, met: null };
  const meeting = { target, name, alpn, deadline, limitMs, signal };
  try {
    return { conn, via, met: await targets.meet(conn, meeting) };
  } catch (error) {
    if (!(error instanceof StaleAuthorities)) throw error;
    const second = await reach(way, target, signal);
    return { ...second, met: await targets.meet(second.conn, { ...meeting, isThorough: true }) };
  }
}
