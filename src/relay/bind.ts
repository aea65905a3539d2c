// Why a port could not be bound, in words for the form and the command line, with what to do about it.

import { formatAddress } from "../address.ts";
import type { Address } from "../model.ts";

/** A port that could not be bound; `suggestion` is a listen address that is free, where there is one to offer. */
export class BindError extends Error {
  constructor(message: string, readonly suggestion: string | null) {
    super(message);
    this.name = "BindError";
  }
}

/** How many ports above one that is taken are tried for the suggestion. */
const TRIED = 20;

/** What to tell for an `error` of binding `address`. `own` is true when this program itself has the port. */
export function bindError(address: Address, error: unknown, own: boolean): BindError {
  const name = formatAddress(address);
  if (error instanceof Deno.errors.AddrInUse) {
    const free = nextFree(address);
    const by = own ? "by another listener of tcpmon" : "by another program";
    const instead = free === null ? "0 for any free one" : `${free} or 0 for any free one`;
    return new BindError(
      `Cannot listen on ${name}: the port is already used, ${by}. Take another port, such as ${instead}.`,
      free === null ? null : formatAddress({ host: address.host, port: free }),
    );
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return new BindError(
      `Cannot listen on ${name}: permission denied. Use a port above 1023, or allow this one to the program.`,
      null,
    );
  }
  if (error instanceof Deno.errors.AddrNotAvailable) {
    return new BindError(
      `Cannot listen on ${name}: this machine has no address ${address.host}. ` +
        `Use 127.0.0.1, or 0.0.0.0 for all of its addresses.`,
      null,
    );
  }
  const reason = error instanceof Error ? error.message.replace(/ \(os error \d+\)$/, "") : String(error);
  return new BindError(
    `Cannot listen on ${name}: ${reason}. Use 127.0.0.1 or an address of this machine.`,
    null,
  );
}

function nextFree({ host, port }: Address): number | null {
  for (let next = port + 1; next <= Math.min(port + TRIED, 65_535); next++) {
    try {
      Deno.listen({ hostname: host, port: next }).close();
      return next;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) return null;
    }
  }
  return null;
}
