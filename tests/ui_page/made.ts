// Exchanges for the tests of the page's state.

import type { Counts, Exchange } from "../../src/ui/types.ts";

/** An Exchange of listener `a`, with `changes`. */
export function exchange(number: number, changes: Partial<Exchange> = {}): Exchange {
  return {
    id: `e${number}`,
    listener: "a",
    connection: "c1",
    protocol: "http",
    state: "done",
    started: new Date(1_000_000 + number).toISOString(),
    firstByteMs: 1,
    elapsedMs: 2,
    client: "127.0.0.1:50000",
    target: "localhost:80",
    method: "GET",
    url: `/${number}`,
    status: 200,
    summary: "",
    requestBytes: 10,
    responseBytes: 20,
    tls: null,
    resendOf: null,
    leadsAway: null,
    fault: null,
    ...changes,
  };
}

/** Exchanges `newest` down to `oldest`, as a list gives them. */
export function exchanges(newest: number, oldest: number): Exchange[] {
  return Array.from({ length: newest - oldest + 1 }, (_, i) => exchange(newest - i));
}

/** Counts of `total` rows. */
export function counts(total: number, epoch = 0): Counts {
  return { total, open: 0, failed: 0, openConnections: 0, epoch };
}
