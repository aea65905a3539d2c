// What the cells of a row say: texts and kinds, from an Exchange. Pure; words and units as in the page's design.

import { SENDER } from "../../../model.ts";
import type { Exchange, Listener } from "../../types.ts";
import { duration, size } from "../pane/words.ts";

/** A part of the first bytes of a turn: text, or the names of line ends, shown small. */
export interface Piece {
  readonly text: string;
  readonly isLineEnd: boolean;
}

/** How a status is shown. */
export type StatusTone = "plain" | "quiet" | "warn" | "bad";

/** What stands where nothing is known. */
export const UNKNOWN = "–";

/** The failed dial's reason, which takes Path and Summary; null where there is a request to show. */
export function failureOf(row: Exchange): string | null {
  return row.state === "failed" && row.url === null ? row.fault ?? "failed" : null;
}

/** Whether it is a request that failed without an answer: all that can be said of one is why. */
export function isUnanswered({ state, url, status, responseBytes, fault }: Exchange): boolean {
  return state === "failed" && url !== null && status === null && responseBytes === 0 && fault !== null;
}

/** The state in full: what an open Exchange waits for, why one failed. */
export function stateWords({ state, fault, requestBytes, responseBytes }: Exchange): string {
  if (state !== "open") return state === "failed" && fault !== null ? `failed: ${fault}` : state;
  if (requestBytes + responseBytes === 0) return "open: waiting for the client";
  return responseBytes === 0 ? "open: no response yet" : "open: the response is arriving";
}

/** The first bytes of a turn in pieces: line ends by their names. */
export function piecesOf(text: string): Piece[] {
  return text.split(/([\r\n]+)/).filter((part) => part !== "").map((part) =>
    /^[\r\n]/.test(part)
      ? { text: [...part].map((end) => end === "\r" ? "CR" : "LF").join(" "), isLineEnd: true }
      : { text: part, isLineEnd: false }
  );
}

/** A whole URL in parts. */
export interface UrlParts {
  /** With its slashes: "https://". */
  readonly scheme: string;
  readonly host: string;
  /** From the path on. */
  readonly rest: string;
}

/** The parts of a request target in absolute form (RFC 9112, 3.2.2); null for any other. */
export function urlPartsOf(target: string): UrlParts | null {
  const [, scheme, host, rest] = /^(https?:\/\/)([^/?#]+)(.*)$/is.exec(target) ?? [];
  return scheme === undefined ? null : { scheme, host, rest };
}

/** The summary, divided before what is wrong. */
export function summaryOf(row: Exchange): { readonly text: string; readonly fault: string } {
  const at = /(^|, )fault /.exec(row.summary);
  const begin = at ? at.index + at[1].length : row.summary.length;
  const text = row.summary.slice(0, begin);
  const said = row.summary.slice(begin);
  if (row.fault === null || row.summary.includes(row.fault)) return { text, fault: said };
  return { text: row.summary === "" ? "" : `${row.summary}, `, fault: row.fault };
}

/** Where a redirect leaves the monitor, in words; "" where none does. */
export function awayOf({ leadsAway }: Exchange): string {
  return leadsAway === null ? "" : `leaves the monitor: ${leadsAway}`;
}

/** Where it went inside TLS that not all of its listener's rows need have; "" elsewhere. */
export function insideOf({ listener, tls, resendOf }: Exchange): string {
  if (tls === "both") return "TLS on both legs";
  if (tls === "decrypted") return "TLS that passes through, decrypted with its secrets";
  if (tls === "client") return "TLS with the client";
  return tls === "target" && (listener === SENDER || resendOf !== null) ? "TLS with the target" : "";
}

/** 4xx is a warning, 5xx bad; what only sends elsewhere is quiet. */
export function toneOf(status: number | null): StatusTone {
  if (status === null) return "quiet";
  if (status >= 500) return "bad";
  if (status >= 400) return "warn";
  return status >= 300 ? "quiet" : "plain";
}

/** A size, or – where nothing came. */
export function sizeOf(bytes: number): string {
  return bytes === 0 ? UNKNOWN : size(bytes);
}

/**
 * Whether a row's time goes on. Of one in an opened capture nobody knows: it has taken as long as the capture shows.
 */
export function ticks(row: Exchange | undefined, listener: Pick<Listener, "state"> | null): boolean {
  return row?.state === "open" && listener?.state !== "capture";
}

/** How long it took; how long it has taken so far, `now` (ms since the epoch), where it is open. */
export function elapsedOf(row: Exchange, now: number): number {
  return row.state === "open" ? Math.max(row.elapsedMs, now - Date.parse(row.started)) : row.elapsedMs;
}

/** What the duration bar draws, in words. */
export function timesOf(row: Exchange, now: number): string {
  const first = row.firstByteMs === null ? [] : [`first byte after ${duration(row.firstByteMs)}`];
  const whole = elapsedText(row, now);
  const ends = {
    open: `open for ${whole}`,
    done: `complete after ${whole}`,
    failed: `failed after ${whole}`,
  };
  return [...first, ends[row.state]].join(", ");
}

/** See `duration`; what ticks once a second needs no more than tenths. */
export function elapsedText(row: Exchange, now: number): string {
  const ms = elapsedOf(row, now);
  return row.state === "open" && ms >= 1_000 && ms < 9_950 ? `${(ms / 1000).toFixed(1)} s` : duration(ms);
}
