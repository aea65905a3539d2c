// How long an answer took, in words, from its Exchange and the Connection it went over. Pure.

import type { Connection, Exchange } from "../../types.ts";
import { duration } from "../pane/words.ts";

/** "dialled in 1 ms", "first byte after 34 ms", "complete after 36 ms", "37 ms in all"; as far as it is known. */
export function timingWords(exchange: Exchange, connection: Connection | null): string[] {
  const words: string[] = [];
  const { firstByteMs, elapsedMs, state, started, responseBytes } = exchange;
  const isOver = state !== "open";
  if (connection !== null) {
    const { dialMs, targetAddress, target } = connection;
    if (dialMs !== null) words.push(`dialled in ${duration(dialMs)}`);
    else if (isOver) words.push("not connected");
    if (targetAddress !== null && targetAddress !== target) words.push(`at ${targetAddress}`);
  }
  if (firstByteMs !== null) words.push(`first byte after ${duration(firstByteMs)}`);
  if (state === "done" && responseBytes > 0) words.push(`complete after ${duration(elapsedMs)}`);
  if (connection !== null && connection.dialMs !== null && isOver) {
    // Where dialling takes long, the request is recorded before it is over. Times of the record are whole milliseconds.
    const gap = Date.parse(started) - Date.parse(connection.opened);
    const before = gap < Math.floor(connection.dialMs) - 1 ? gap : Math.max(connection.dialMs, gap);
    words.push(`${duration(before + elapsedMs)} in all`);
  }
  return words;
}
