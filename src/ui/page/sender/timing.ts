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
    // Times of the record have milliseconds, and what is dialled in less is not lost.
    const before = Math.max(connection.dialMs, Date.parse(started) - Date.parse(connection.opened));
    const isEarly = Date.parse(started) < Date.parse(connection.opened) + Math.floor(connection.dialMs);
    words.push(`${duration(elapsedMs + (isEarly ? 0 : before))} in all`);
  }
  return words;
}
