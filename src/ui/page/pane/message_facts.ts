// What the head of a pane says of its Message: how big it is, and when it came. Pure.

import type { Exchange, MessageDetail } from "../../types.ts";
import type { Side } from "./api.ts";
import { clock, duration, size } from "./words.ts";

/** "1,014 B at 10:24:41.318", "617 B, first byte 38 ms, complete 41 ms"; empty where nothing came. */
export function messageFacts(side: Side, exchange: Exchange, message: MessageDetail | null): string {
  const bytes = side === "request" ? exchange.requestBytes : exchange.responseBytes;
  if (bytes === 0) return "";
  const isFirst = side === "request" || exchange.requestBytes === 0;
  const state = message?.state ?? (exchange.state === "open" && !isFirst ? "open" : "done");
  const soFar = state === "open" ? " so far" : "";
  if (isFirst) return `${size(bytes)}${soFar} at ${clock(exchange.started)}`;
  const { firstByteMs, elapsedMs } = exchange;
  const first = firstByteMs === null ? "" : `, first byte ${duration(firstByteMs)}`;
  if (state === "open") return `${size(bytes)} so far${first}`;
  // Why stands in the body line, which has room for it.
  if (state === "cut") return `${size(bytes)}${first}, cut`;
  // What took less than a millisecond in all need not say so twice.
  return `${size(bytes)}${elapsedMs < 1 ? "" : first}, complete ${duration(elapsedMs)}`;
}
