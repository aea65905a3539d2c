// Whether what is sent goes through a listener of tcpmon itself: then that records it too, as any client's. Pure. Names are
// not looked up: only those of this machine are known.

import { isLoopback } from "../../../address.ts";
import type { Address } from "../../../model.ts";
import type { Listener } from "../../types.ts";
import { splitAddress } from "../addresses.ts";

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
