// The sample back end of the demo, on free ports of 127.0.0.1: a shop over HTTP and a mail server.
// Nothing outside this computer is reached, and nothing is kept.

import type { Address } from "../model.ts";
import { serveHttp } from "./http_server.ts";
import { serveMail } from "./mail_server.ts";
import { shop } from "./shop.ts";

/** The back end while it runs. */
export interface Backend {
  /** Where the shop answers. */
  readonly http: Address;
  /** Where the mail server greets. */
  readonly mail: Address;
  /** Closes every connection and waits until all has ended. */
  stop(): Promise<void>;
}

/** Starts the sample back end. */
export function startBackend(): Backend {
  const http = serveHttp(shop);
  const mail = serveMail();
  return {
    http: http.address,
    mail: mail.address,
    stop: async () => {
      await Promise.all([http.stop(), mail.stop()]);
    },
  };
}
