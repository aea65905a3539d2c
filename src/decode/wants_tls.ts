// Targets that answer a plain HTTP request with a page of well-known servers that says they want HTTPS. (Those that
// answer with an alert of TLS are told by the turns.) A connection that merely ends may have ended for any reason.

import { addFault } from "./faults.ts";
import type { Message } from "./types.ts";

/** What nginx, Apache and servers in Go answer, with the status 400. */
const PAGES = [
  "The plain HTTP request was sent to HTTPS port",
  "speaking plain HTTP to an SSL-enabled server port",
  "Client sent an HTTP request to an HTTPS server",
];

/** Adds a fault to a response that is over and is such a page. */
export function sayThatHttpsIsWanted({ http, bodyPrefix, faults, end }: Message): void {
  if (http?.status !== 400) return;
  const text = String.fromCharCode(...bodyPrefix);
  if (!PAGES.some((page) => text.includes(page))) return;
  addFault(
    faults,
    end,
    "The target wants HTTPS on that port: give it as https://HOST:PORT, or ask a proxy for https://",
  );
}
