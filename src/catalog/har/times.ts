// When an Exchange was what, as HAR has it: its beginning, and how long each phase took. Pure.

import type { Connection } from "../../model.ts";
import type { StoredMessage } from "../facts.ts";

/** HAR 1.2's phases, ms. Of those that may be unknown -1 says so; send, wait and receive are 0 then, as HAR wants. */
export interface HarTimings {
  readonly blocked: number;
  readonly dns: number;
  readonly connect: number;
  readonly ssl: number;
  readonly send: number;
  readonly wait: number;
  readonly receive: number;
}

/**
 * Times of an Exchange that began at `at`, ms since the epoch. The dial counts as its `connect` where it went before the
 * first byte of the first request; where both went on at once, it is in what the others took.
 */
export function harTimes(
  at: number,
  request: StoredMessage | null,
  response: StoredMessage | null,
  { opened, dialMs }: Pick<Connection, "opened" | "dialMs">,
): { readonly started: number; readonly timings: HarTimings } {
  const isFirst = request?.start === 0 && !request.decrypted;
  const connect = isFirst && dialMs !== null && Date.parse(opened) + dialMs <= at ? dialMs : -1;
  const sent = request === null
    ? at
    : Math.max(at, Math.min(request.endedAt, response?.startedAt ?? request.endedAt));
  return {
    started: at - Math.max(0, connect),
    timings: {
      blocked: -1,
      dns: -1,
      connect,
      ssl: -1,
      send: sent - at,
      wait: response === null ? 0 : Math.max(0, response.startedAt - sent),
      receive: response === null ? 0 : response.endedAt - response.startedAt,
    },
  };
}
