// Reads the turns of a connection up to one of them, for a Draft.

import type { Exchange, ExchangeList } from "../../types.ts";
import { escapedOf } from "../../../decode/draft/escaped_text.ts";
import { call } from "../api.ts";
import { bytesUrl, fetchBytes } from "../pane/api.ts";
import { count, size } from "../pane/words.ts";
import { type Answer, type TurnsEditing, turnsOf } from "./turns.ts";

/** More turns, or more bytes in all of them, are not edited. */
const MOST_TURNS = 200;
const MOST_BYTES = 1_000_000;
/** So much of an answer is shown, bytes. */
const START = 80;

/** The turns of the client on the connection of an Exchange, up to its own. Rejects in words. */
export async function readTurns(exchange: Exchange, signal: AbortSignal): Promise<TurnsEditing> {
  const rows = [...await turnsBefore(exchange, MOST_TURNS, signal), exchange];
  const spoken = rows.filter(({ requestBytes }) => requestBytes > 0);
  const bytes = spoken.reduce((sum, { requestBytes }) => sum + requestBytes, 0);
  if (rows.length > MOST_TURNS || bytes > MOST_BYTES) {
    throw new Error(
      `Cannot edit these turns: there are more than ${count(MOST_TURNS)}, or more than ${
        size(MOST_BYTES)
      }. ` +
        "Send them again as they were.",
    );
  }
  if (spoken.length === 0) {
    throw new Error("Cannot edit this turn: the client sent nothing in it. Choose another.");
  }
  const turns = spoken.map(async (row) => ({
    bytes: await fetchBytes(bytesUrl(row.id, "request", "sent"), signal),
    answer: await answerOf(row, signal),
  }));
  const greeting = rows[0].requestBytes === 0 ? await answerOf(rows[0], signal) : null;
  return turnsOf(await Promise.all(turns), greeting);
}

/** The Exchanges that came before one on its connection, oldest first; `most` and one more at most. */
export async function turnsBefore(
  { id, connection }: Exchange,
  most: number,
  signal?: AbortSignal,
): Promise<readonly Exchange[]> {
  const query = new URLSearchParams({ connection, before: id, limit: String(most + 1) });
  const { exchanges } = await call<ExchangeList>("GET", `/api/exchanges?${query}`, undefined, signal);
  // TLS that passed is no turn of what was decrypted of it.
  return exchanges.filter(({ protocol }) => protocol !== "tls").toReversed();
}

async function answerOf({ id, responseBytes }: Exchange, signal: AbortSignal): Promise<Answer | null> {
  if (responseBytes === 0) return null;
  const start = await fetchBytes(bytesUrl(id, "response", "wire"), signal, { from: 0, to: START });
  return { start: escapedOf(start).replaceAll("\n", ""), bytes: responseBytes };
}
