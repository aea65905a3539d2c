// How much of a Connection had gone in the clear before TLS began on a leg. Pure.

import type { Direction, TlsFacts } from "../model.ts";

/** Bytes of each Direction. */
export type Clear = Pick<TlsFacts, "upstreamFrom" | "downstreamFrom">;

/**
 * `come` is how much has come of each Direction when TLS on `leg` is told, `target` what is known of the target's TLS.
 * The client's handshake is done after the target's, and is told when the client has finished it: what came from the
 * target in between belongs inside, as does all from the target where the client began TLS with its first byte.
 */
export function clearBefore(
  leg: "client" | "target",
  { upstream, downstream }: Readonly<Record<Direction, number>>,
  target: Clear | null,
): Clear {
  if (upstream === 0) return { upstreamFrom: 0, downstreamFrom: 0 };
  const isTogether = leg === "client" && target?.upstreamFrom === upstream;
  return { upstreamFrom: upstream, downstreamFrom: isTogether ? target.downstreamFrom : downstream };
}
