// The Host field of a request (RFC 9112, 3.2): a server refuses what is wrong here, this only says so.

import type { Fault, HttpHead } from "./types.ts";
import { addFault } from "./faults.ts";

/** What is said of a request that has no Host. */
export const NO_HOST = "An HTTP/1.1 request has no Host";

/** Adds a fault where the request's Host is missing, at `start`, its first byte, or where it is given twice. */
export function checkHost(head: HttpHead, start: number, faults: Fault[]): void {
  let hosts = 0;
  for (const { name, offset } of head.headers) {
    if (name.length !== 4 || name.toLowerCase() !== "host") continue;
    hosts++;
    if (hosts === 2) addFault(faults, offset, "Host is given more than once");
  }
  if (hosts === 0 && head.version === "HTTP/1.1") addFault(faults, start, NO_HOST);
}
