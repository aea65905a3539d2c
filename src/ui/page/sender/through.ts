// Whether what is sent goes through a listener of tcpmon itself: then that records it too, as any client's. Pure. Names are
// not looked up: only those of this machine are known.

import { formatAddress, isLoopback } from "../../../address.ts";
import type { Address } from "../../../model.ts";
import type { Listener } from "../../types.ts";
import { splitAddress } from "../addresses.ts";
import { fileName } from "../tls/legs.ts";

/** The listener that accepts connections to `target`; null where none does, as far as is known. */
export function listensThere(listeners: readonly Listener[], target: Address): Listener | null {
  const found = listeners.find(({ listen, state }) => {
    if (state !== "listening") return false;
    const { host, port } = splitAddress(listen);
    if (Number(port) !== target.port) return false;
    const isEverywhere = host === "0.0.0.0" || host === "::";
    return host === target.host || (isLoopback(target.host) && (isEverywhere || isLoopback(host)));
  });
  return found ?? null;
}

/** What a listener with the same target says of whom to trust, which then holds for what is sent, too; null for nothing. */
export function trustedAsBy(
  listeners: readonly Listener[],
  to: Address,
): { readonly text: string; readonly isLoud: boolean } | null {
  const name = formatAddress(to);
  const like = listeners.find(({ target, targetScheme }) => target === name && targetScheme !== null);
  const { insecure = false, ca = null } = like?.targetTls ?? {};
  if (like === undefined || (!insecure && ca === null)) return null;
  const as = `as for the listener on port ${splitAddress(like.listen).port}`;
  return {
    text: insecure ? `any is accepted even so, ${as}` : `${fileName(ca!)} is trusted too, ${as}`,
    isLoud: insecure,
  };
}
