// Targets that lead back to the program: to its page, which would show itself to everybody, or in a circle, which would
// go on until nothing is left. Told as far as the addresses tell. Pure.

import { formatAddress, isLoopback, LOOPBACK } from "./address.ts";
import type { Address, Route } from "./model.ts";
import { ListenerError } from "./ui/control.ts";

/** A Route that is bound, and where. */
interface Bound {
  readonly route: Route;
  readonly listen: Address;
}

/**
 * Refuses a Route that is to listen on `listen`, besides the `others`, where its target or its proxy leads back to one
 * of them or to the page, which has the port `pagePort` of loopback. Throws ListenerError.
 */
export function refuseCircle(
  route: Route,
  listen: Address,
  others: readonly Bound[],
  pagePort: number,
): void {
  const page = { host: LOOPBACK, port: pagePort };
  // The target is where its bytes end up, and a proxy is where they go first.
  if (route.target !== null && reaches(route.target, page)) throw leadsToPage(route.target, "target");
  const first = firstStop(route);
  if (first === null) return;
  const field = first === route.target ? "target" : "via";
  if (reaches(first, page)) throw leadsToPage(first, field);
  // By their ports: listeners may be many, and each lead to the next.
  const steps = Map.groupBy(
    others.map((other) => ({ listen: other.listen, next: firstStop(other.route) })),
    (step) => step.listen.port,
  );
  let next: Address | null = first;
  for (let count = 0; count <= others.length + 1 && next !== null; count++) {
    const at: Address = next;
    if (reaches(at, listen)) {
      throw new ListenerError(
        `Cannot forward to ${formatAddress(first)}: that leads back to ${
          formatAddress(listen)
        }, in a circle. ` +
          `Give another ${field === "via" ? "proxy" : "target"} or listen port.`,
        field,
      );
    }
    next = steps.get(at.port)?.find((step) => reaches(at, step.listen))?.next ?? null;
  }
}

/** Where a Route's bytes go first, as far as it tells: to its proxy, or to its target. */
function firstStop({ target, via }: Route): Address | null {
  return via === undefined || via === "environment" ? target : via.address;
}

function leadsToPage(address: Address, field: "target" | "via"): ListenerError {
  const what = field === "via" ? "Cannot go through" : "Cannot forward to";
  return new ListenerError(
    `${what} ${formatAddress(address)}: that is the page of tcpmon itself. ` +
      `Give another ${field === "via" ? "proxy" : "target"}.`,
    field,
  );
}

/** Whether a client of `target` ends up at a port that listens on `listen`, as far as the addresses tell. */
function reaches(target: Address, listen: Address): boolean {
  if (target.port !== listen.port || listen.port === 0) return false;
  if (target.host === listen.host) return true;
  if (listen.host === "0.0.0.0" || listen.host === "::") return isLoopback(target.host);
  const names = ["localhost", LOOPBACK, "::1"];
  return (target.host === "localhost" && names.includes(listen.host)) ||
    (listen.host === "localhost" && names.includes(target.host));
}
