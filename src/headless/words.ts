// Exchanges as lines of text for a terminal. Pure. What was captured is never written as it is: a terminal obeys what it
// is sent, so control characters are shown, not passed on.

import { styleText } from "node:util";
import type { Exchange } from "../model.ts";
import type { HeaderLine, MessageDetail } from "../catalog/types.ts";

/** Makes a text look as its name says, or leaves it as it is. */
export type Paint = (look: Parameters<typeof styleText>[0], text: string) => string;

/** Paints for a terminal. */
export const colours: Paint = (look, text) => styleText(look, text, { validateStream: false });
/** Paints nothing. */
export const plain: Paint = (_look, text) => text;

/** `count` bytes in words that take at most eight columns: "312 B", "1.2 kB". */
export function sizeText(count: number): string {
  if (count < 1000) return `${count} B`;
  const step = Math.min(Math.floor(Math.log10(count) / 3), 4);
  const amount = count / 1000 ** step;
  return `${amount.toFixed(amount < 10 ? 1 : 0)} ${["", "kB", "MB", "GB", "TB"][step]}`;
}

/** A time span in words that take at most eight columns: "0.4 ms", "34 ms", "2.1 s". */
export function spanText(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 100_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** A text in which no character has a meaning for a terminal, the direction of writing included. */
export function shownText(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** One Exchange as one line: local time, status, time taken, size of the answer, request, target, what is wrong. */
export function exchangeText(exchange: Exchange, paint: Paint): string {
  const { status, state, elapsedMs, responseBytes, method, url, target, summary, fault, protocol } = exchange;
  const time = paint("gray", timeText(new Date(exchange.started)));
  const size = paint("gray", sizeText(responseBytes).padStart(8));
  const what = protocol === "http"
    ? `${paint("bold", oneLine(method ?? "–"))} ${oneLine(url ?? "")}`
    : `${protocol} ${oneLine(url ?? summary)}`;
  return [
    time,
    statusText(status, state, paint),
    spanText(elapsedMs).padStart(8),
    size,
    `${what} ${paint("gray", `→ ${oneLine(target)}`)}`,
    ...(fault === null ? [] : [paint("red", oneLine(fault))]),
  ].join("  ");
}

/** The head of a Message, a line each, with the mark that says whose it is: ">" for a request, "<" for a response. */
export function headTexts(message: MessageDetail, side: "request" | "response", paint: Paint): string[] {
  const mark = paint(side === "request" ? "cyan" : "magenta", side === "request" ? ">" : "<");
  const field = ({ name, value }: HeaderLine) => `${mark} ${paint("bold", oneLine(name))}: ${oneLine(value)}`;
  const { startLine, headers, trailers, bodyBytes, bytes } = message;
  const start = startLine === null ? `${mark} ${sizeText(bytes)}` : `${mark} ${oneLine(startLine)}`;
  const body = startLine !== null && bodyBytes > 0
    ? [`${mark} ${paint("gray", `(${sizeText(bodyBytes)} of body)`)}`]
    : [];
  return [start, ...headers.map(field), ...body, ...trailers.map(field)];
}

function oneLine(text: string): string {
  return shownText(text).replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

function statusText(status: number | null, state: Exchange["state"], paint: Paint): string {
  if (state === "failed") return paint("red", "fail");
  if (status === null) return paint("gray", state === "open" ? "open" : "   –");
  const look = status >= 500 ? "red" : status >= 400 ? "yellow" : status >= 300 ? "cyan" : "green";
  return paint(look, `${status}`.padStart(4));
}

function timeText(date: Date): string {
  const part = (value: number, width: number) => `${value}`.padStart(width, "0");
  const [hours, minutes, seconds] = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return `${part(hours, 2)}:${part(minutes, 2)}:${part(seconds, 2)}.${part(date.getMilliseconds(), 3)}`;
}
