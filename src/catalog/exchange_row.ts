// The row of an Exchange, from what the decoder has found so far.

import type { DecodedExchange, HttpHead, Message } from "../decode/types.ts";
import type { Exchange } from "../model.ts";
import { isGapFault } from "../decode/gap.ts";
import { firstBytesOf } from "../decode/first_bytes.ts";
import { leadsAway } from "../decode/rewrite/mod.ts";
import { summarise } from "../decode/summary.ts";
import { decodedPrefix } from "./decoded_prefix.ts";
import { packMessage, packMessages } from "./facts.ts";
import type { StoredExchange } from "./rows.ts";
import type { TrackedExchange } from "./tracking.ts";

/** The row as it is now. */
export function storedOf(exchange: TrackedExchange): StoredExchange {
  const { decoded } = exchange;
  return decoded === null ? silentRow(exchange) : decodedRow(exchange, decoded);
}

/** Of a Connection that failed before anything was exchanged. */
function silentRow(exchange: TrackedExchange): StoredExchange {
  const { id, connection, state, resendOf, reason } = exchange;
  const { listener, client, target, openedAt, endedAt } = connection;
  return {
    id,
    listener,
    connection: connection.id,
    protocol: "tcp",
    state,
    started: openedAt,
    first_byte_ms: null,
    elapsed_ms: duration(openedAt, endedAt ?? openedAt),
    client,
    target,
    method: null,
    url: null,
    status: null,
    summary: "",
    request_bytes: 0,
    response_bytes: 0,
    tls: exchange.tls,
    resend_of: resendOf,
    fault: reason,
    leads_away: null,
    cut: exchange.cut,
    position: exchange.position ??= exchange.segment,
    request: null,
    response: null,
    interim: null,
  };
}

// Made for every Exchange, most often once: one object, and few others on the way.
function decodedRow(exchange: TrackedExchange, decoded: DecodedExchange): StoredExchange {
  const { id, connection, state, resendOf, decrypted, tls, cut } = exchange;
  const { listener, client, target } = connection;
  const { protocol, request, interim } = decoded;
  const latest = decoded.response;
  // While there is only an interim response, the response is still to come.
  const response = latest && !interim.includes(latest) ? latest : null;
  const messages: Message[] = request === null ? [...interim] : [request, ...interim];
  if (response !== null) messages.push(response);
  let started = Infinity, ended = -Infinity;
  for (const { startedAt, endedAt } of messages) {
    if (startedAt < started) started = startedAt;
    if (endedAt > ended) ended = endedAt;
  }
  return {
    id,
    listener,
    connection: connection.id,
    protocol,
    state,
    started,
    first_byte_ms: request && response ? duration(request.startedAt, response.startedAt) : null,
    elapsed_ms: duration(started, ended),
    client,
    target,
    method: request?.http?.method ?? null,
    url: request?.http ? urlOf(request.http, decoded.tunnel, tls) : firstBytesOf(decoded),
    status: latest?.http?.status ?? null,
    summary: summarise(decoded, {
      request: request ? decodedPrefix(request) : undefined,
      response: response ? decodedPrefix(response) : undefined,
    }),
    request_bytes: sizeOf(request),
    response_bytes: sizeOf(response),
    tls,
    resend_of: resendOf,
    fault: faultOf(exchange, cut, messages),
    leads_away: away(exchange, decoded, tls),
    cut,
    position: exchange.position ??= exchange.segment,
    request: request && headIsKnown(request, protocol) ? packMessage(request, decrypted) : null,
    response: response && headIsKnown(response, protocol) ? packMessage(response, decrypted) : null,
    interim: interim.length === 0 ? null : packMessages(interim, decrypted),
  };
}

/** What is wrong with it, in words. That its end was not recorded, as it was to be, is told by `cut`. */
function faultOf(
  { reason, lacksBeginning, state, decoded, connection }: TrackedExchange,
  cut: TrackedExchange["cut"],
  messages: readonly Message[],
): string | null {
  if (reason !== null) return reason;
  if (lacksBeginning) return "its beginning is not kept any more";
  const limit = connection.cut.downstream;
  if (limit !== null && state !== "open" && decoded?.request && !decoded.response) {
    return `its response was not recorded: it came after the first ${limit.toLocaleString("en")} bytes`;
  }
  for (const { faults } of messages) {
    for (const { text } of faults) if (!(cut && isGapFault(text))) return text;
  }
  return null;
}

/** The request target; in a tunnel, where it is a path, with the scheme and the server before it. */
function urlOf({ target }: HttpHead, tunnel: string | null, tls: Exchange["tls"]): string | null {
  if (tunnel === null || !target?.startsWith("/")) return target;
  const isInside = tls !== null && tls !== "target";
  const server = tunnel.replace(isInside ? /:443$/ : /:80$/, "");
  return `${isInside ? "https" : "http"}://${server}${target}`;
}

/** Where its redirect leads a client past the Listener; null without one. */
function away(
  { connection, decrypted }: TrackedExchange,
  decoded: DecodedExchange,
  tls: Exchange["tls"],
): string | null {
  const request = decoded.request?.http;
  const response = decoded.response?.http;
  // What the Sender sent came through no Listener that it could leave, and who uses a proxy goes on using it.
  if (!request || !response || connection.listen === null || decoded.tunnel !== null) return null;
  // Where it was decrypted, what the client calls its server is not known here.
  if (decrypted) return null;
  return leadsAway(request, response, {
    target: connection.to,
    rewrites: connection.rewrites,
    clientScheme: tls === "client" || tls === "both" ? "https" : "http",
    targetScheme: tls === "target" || tls === "both" ? "https" : "http",
  });
}

/** False while a head may still become complete: what are head and body is then not known. */
function headIsKnown(message: Message, protocol: DecodedExchange["protocol"]): boolean {
  return protocol !== "http" || message.http !== null || message.state !== "open" ||
    message.faults.length > 0;
}

function sizeOf(message: Message | null): number {
  return message ? message.end - message.start : 0;
}

/** From one time to another in ms, to the microsecond: the clock has no more. */
function duration(from: number, to: number): number {
  return Math.max(0, Math.round((to - from) * 1000) / 1000);
}
