// What is sent: the requests of recorded Exchanges, read from the journal when it is their turn, or bytes that were
// given; and which Exchanges they are from.

import type { Catalog, ExchangeDetail } from "./catalog/types.ts";
import { putRight } from "./decode/draft/encode.ts";
import type { Exchange } from "./model.ts";
import type { Turn } from "./relay/outgoing.ts";
import { type ResendSettings, SendError } from "./ui/sends.ts";

/** How many requests are sent before the one that is wanted, at most. */
const MOST_BEFORE = 1_000;

type Recorded = Pick<Catalog, "exchanges" | "bytes">;

/** Turns, in order. */
export interface Turns {
  readonly turns: readonly Turn[];
  /** For each of them, the Exchange that it is from. */
  readonly resendOf: readonly (string | null)[];
  /** Whether the target speaks before the first. */
  readonly targetFirst: boolean;
}

/** The turns to send for an Exchange. Throws SendError where there is nothing to send. */
export async function turnsOf(
  catalog: Recorded,
  row: ExchangeDetail,
  { turns, before, fixContentLength, through, targetFirst: wanted }: ResendSettings,
): Promise<Turns> {
  if (turns === null) checkRequest(row);
  const isStraight = through === "target";
  if (turns === null && isStraight && await isForTheProxy(catalog, row)) {
    throw new SendError(
      `Cannot send this request straight to its target: CONNECT asked the proxy for a tunnel, and none of it is for the ` +
        "target. Send it through the listener, or send what went through the tunnel.",
      "through",
    );
  }
  const isInside = row.tls === "client" || row.tls === "both";
  if (!isStraight && isInside && await cameInTunnel(catalog, row)) {
    throw new SendError(
      `Cannot send this request through the listener: it came inside TLS in a tunnel, and tcpmon opens none to its own ` +
        "proxy. Send it straight to its target.",
      "through",
    );
  }
  const needed = before || (turns?.length ?? 0) > 1;
  const earlier = needed ? await requestsBefore(catalog, row, isStraight) : [];
  const replayed = before ? earlier : [];
  const targetFirst = wanted ??
    (row.protocol === "tcp" && await targetWasFirst(catalog, row));
  // A Listener rewrites it as it did the first time; the target gets what it got then.
  const recorded = (id: string) => recordedTurn(catalog, id, isStraight ? "sent" : "wire");
  if (turns === null) {
    const all = [...replayed, row.id];
    return { turns: all.map(recorded), resendOf: all, targetFirst };
  }
  // Several turns that were edited are those of the Connection if they are as many.
  const others = turns.length - 1;
  const own = !before && others === earlier.length ? earlier : Array<null>(others).fill(null);
  return {
    turns: [...replayed.map(recorded), ...givenTurns(turns, fixContentLength)],
    resendOf: [...replayed, ...own, row.id],
    targetFirst,
  };
}

/** Turns that were given. `fix`: where they are HTTP requests, their Content-Length is put right. */
export function givenTurns(turns: readonly Uint8Array[], fix: boolean): Turn[] {
  return turns.map((bytes) => {
    const right = fix ? putRight(bytes) : bytes;
    return async function* () {
      yield right;
    };
  });
}

function recordedTurn(catalog: Recorded, exchange: string, part: "wire" | "sent"): Turn {
  return async function* () {
    const bytes = await catalog.bytes({ exchange, side: "request", part });
    if (bytes === null) throw new Error(`${exchange} was removed before it could be sent`);
    yield* bytes.stream;
  };
}

function checkRequest({ id, state, protocol, request }: ExchangeDetail): void {
  if (protocol === "tls") {
    throw new SendError(
      `Cannot send ${id} again: it is TLS that passed through, and no server accepts a recorded handshake. ` +
        "Send what was decrypted of it, or a request of your own inside TLS.",
    );
  }
  if (request === null) {
    const yet = state === "open" ? " yet" : "";
    throw new SendError(`Cannot send ${id} again: it has no request${yet}. Choose another exchange.`);
  }
  if (request.state === "open" && state === "open") {
    throw new SendError(
      `Cannot send ${id} again: its request is still arriving. Try again when it is complete.`,
    );
  }
}

/** Whether a request asked a proxy of our own for a tunnel, so that its target got nothing of it. */
async function isForTheProxy(catalog: Recorded, { id, method }: Exchange): Promise<boolean> {
  if (method !== "CONNECT") return false;
  const sent = await catalog.bytes({ exchange: id, side: "request", part: "sent" });
  await sent?.stream.cancel();
  return sent !== null && sent.total === 0;
}

/** Whether the Connection of an Exchange began with a request for a tunnel. */
async function cameInTunnel(catalog: Recorded, { connection }: Exchange): Promise<boolean> {
  const { total } = await catalog.exchanges({ connection, limit: 1 });
  const { exchanges } = await catalog.exchanges({ connection, limit: 1, offset: Math.max(0, total - 1) });
  return exchanges.length > 0 && await isForTheProxy(catalog, exchanges[0]);
}

/** The Exchanges with a request that came before one on its Connection, oldest first; straight: those for the target. */
async function requestsBefore(
  catalog: Recorded,
  { id, connection }: Exchange,
  isStraight: boolean,
): Promise<string[]> {
  const { exchanges, next } = await catalog.exchanges({ connection, before: id, limit: MOST_BEFORE });
  if (next !== null) {
    throw new SendError(
      `Cannot send what came before ${id}: it is more than ${MOST_BEFORE.toLocaleString("en")} requests. ` +
        "Send this one alone, or give the turns.",
      "before",
    );
  }
  // TLS that passed is no turn of what was decrypted of it.
  const requests = exchanges.filter(({ requestBytes, protocol }) => requestBytes > 0 && protocol !== "tls")
    .reverse();
  const isLeftOut = isStraight && requests.length > 0 && await isForTheProxy(catalog, requests[0]);
  return requests.slice(isLeftOut ? 1 : 0).map(({ id }) => id);
}

/** Whether the target spoke first on the Connection of a turn. */
async function targetWasFirst(catalog: Recorded, { connection }: Exchange): Promise<boolean> {
  const { total } = await catalog.exchanges({ connection, limit: 1 });
  const { exchanges } = await catalog.exchanges({ connection, limit: 1, offset: Math.max(0, total - 1) });
  return exchanges[0]?.requestBytes === 0;
}
