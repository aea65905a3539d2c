// Exchanges as a report for people: one HTML file, to read without a program, a script or a network. Captured bytes are
// text in it, never markup. Long bodies are cut, which is said where they are.

import type { Connection, TlsFacts } from "../../model.ts";
import type { Slices } from "../slices.ts";
import type { ExchangeDetail, HeaderLine, MessageDetail } from "../types.ts";
import type { Views } from "../view.ts";
import type { Choice, Chosen } from "./choice.ts";
import { REPORT_CSP, STYLE } from "./html_style.ts";
import { durationText, escaped, inAttribute, sizeText } from "./html_text.ts";
import type { Written } from "./pieces.ts";

/** So much of a body is in the report: lines, of hex fewer, and UTF-16 units. */
const MOST_LINES = 2_000;
const MOST_HEX_LINES = 64;
const MOST_UNITS = 200_000;

/** How a report is written. */
export interface ReportOptions {
  /** Who made it: "tcpmon 0.1.0". */
  readonly application: string;
  /** When: ISO 8601. */
  readonly at: string;
  readonly views: Views;
  readonly slices: Slices;
  /** What else is said at its end; null for nothing. */
  readonly note: () => string | null;
}

/** The report. */
export async function* html(choice: Choice, options: ReportOptions): Written {
  const { application, at, slices } = options;
  const count = `${choice.count} ${choice.count === 1 ? "exchange" : "exchanges"}`;
  yield `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${REPORT_CSP}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${inAttribute(application)}">
<title>${count}, ${escaped(shown(at))}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${count}</h1>
<p class="quiet">Recorded by ${escaped(application)}, exported ${escaped(shown(at))} UTC. Times are UTC.</p>
`;
  if (choice.count > 1) yield* table(choice, slices);
  for await (const chosen of choice.exchanges()) {
    yield* section(chosen, options);
    if (slices.due()) await slices.pause();
  }
  const note = options.note();
  if (note !== null) yield `<footer>${escaped(note)}</footer>\n`;
  yield "</body>\n</html>\n";
}

async function* table(choice: Choice, slices: Slices): Written {
  yield "<table>\n<thead><tr><th>Time</th><th></th><th>Request</th><th>Status</th>" +
    '<th class="n">Response</th><th class="n">Took</th></tr></thead>\n<tbody>\n';
  for await (const chosen of choice.exchanges()) {
    const { id, started, responseBytes, elapsedMs, ...exchange } = chosen.exchange();
    yield `<tr><td class="t">${escaped(shown(started).slice(11))}</td>` +
      `<td class="t"><a href="#${inAttribute(id)}">${escaped(id)}</a></td>` +
      `<td>${escaped(asked(exchange))}</td><td>${outcome(exchange)}</td>` +
      `<td class="n">${sizeText(responseBytes)}</td><td class="n">${durationText(elapsedMs)}</td></tr>\n`;
    if (slices.due()) await slices.pause();
  }
  yield "</tbody>\n</table>\n";
}

async function* section(chosen: Chosen, options: ReportOptions): Written {
  const exchange = await chosen.detail();
  const { connection } = chosen;
  yield `<section id="${inAttribute(exchange.id)}">\n<h2>${escaped(asked(exchange))}</h2>\n<dl>\n`;
  for (const [name, value] of factsOf(exchange, connection)) {
    yield `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>\n`;
  }
  yield `<dt>Outcome</dt><dd>${outcome(exchange)}</dd>\n</dl>\n`;
  yield* messageOf(chosen, "request", exchange.request, options);
  for (const { startLine, headers } of exchange.interim) {
    yield `<h3>Interim response</h3>\n${headOf(startLine, null, headers)}`;
  }
  yield* messageOf(chosen, "response", exchange.response, options);
  yield "</section>\n";
}

function factsOf(exchange: ExchangeDetail, connection: Connection): [name: string, value: string][] {
  const { id, started, elapsedMs, firstByteMs, resendOf, client, target, summary, leadsAway } = exchange;
  const via = connection.via === null ? "" : ` through the proxy ${connection.via}`;
  const at =
    connection.targetAddress === null || connection.targetAddress === target || connection.via !== null
      ? ""
      : ` (${connection.targetAddress})`;
  const first = firstByteMs === null ? "" : `, first byte after ${durationText(firstByteMs)}`;
  const facts: [string, string | null][] = [
    [
      "Exchange",
      `${id}${resendOf === null ? "" : `, sent again from ${resendOf}`}, connection ${connection.id}`,
    ],
    ["Time", `${shown(started)}, took ${durationText(elapsedMs)}${first}`],
    ["Client", client + (connection.listen === null ? "" : ` at ${connection.listen}`)],
    ["Target", `${target}${at}${via}`],
    ["TLS with the client", tlsText(connection.tls.client)],
    ["TLS with the target", tlsText(connection.tls.target)],
    ["TLS", connection.decryption],
    ["Summary", summary === "" ? null : summary],
    ["Leads away", leadsAway],
    ["Connection", connection.error ?? connection.note],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

function tlsText(tls: TlsFacts | null): string | null {
  if (tls === null) return null;
  const { version, cipher, serverName, alpn, peer, untrusted } = tls;
  const words = [
    version,
    cipher,
    alpn,
    serverName === null ? null : `for ${serverName}`,
    peer.length === 0 ? null : `certificate of ${peer[0].subject}`,
    untrusted === null ? null : `not trusted: ${untrusted}`,
  ];
  return words.filter((word) => word !== null).join(", ");
}

async function* messageOf(
  chosen: Chosen,
  side: "request" | "response",
  message: MessageDetail | null,
  { views }: ReportOptions,
): Written {
  const title = side === "request" ? "Request" : "Response";
  if (message === null) {
    yield `<h3>${title}</h3>\n<p class="quiet">None was recorded.</p>\n`;
    return;
  }
  yield `<h3>${title} <small class="quiet">${sizeText(message.bytes)}${
    message.state === "done" ? "" : message.state === "open" ? ", still open" : ", cut"
  }</small></h3>\n`;
  if (message.startLine !== null) {
    yield headOf(message.startLine, message.sentStartLine, message.headers);
  }
  for (const text of [...message.faults.map(({ text }) => text), ...message.notes]) {
    yield `<p class="note">${escaped(text)}</p>\n`;
  }
  if (message.bodyBytes > 0) yield* bodyOf(chosen, side, message, views);
  if (message.trailers.length > 0) yield `<h3>Trailers</h3>\n${headOf(null, null, message.trailers)}`;
}

/** The lines of a head; what was passed on instead of one stands below it. */
function headOf(
  startLine: string | null,
  sentStartLine: string | null,
  headers: readonly HeaderLine[],
): string {
  const lines = startLine === null ? [] : [`<b>${escaped(startLine)}</b>`];
  if (sentStartLine !== null) lines.push(passedOn(sentStartLine));
  for (const { name, value, sent } of headers) {
    lines.push(`<b>${escaped(name)}</b>: ${escaped(value)}`);
    if (sent !== undefined) lines.push(passedOn(sent === null ? null : `${name}: ${sent}`));
  }
  return `<pre>${lines.join("\n")}</pre>\n`;
}

function passedOn(line: string | null): string {
  return `<span class="warn">  ${line === null ? "not passed on" : `passed on as ${escaped(line)}`}</span>`;
}

async function* bodyOf(
  chosen: Chosen,
  side: "request" | "response",
  detail: MessageDetail,
  views: Views,
): Written {
  const message = await chosen.message(side);
  if (!message) return;
  const as = detail.auto === "image" ? "hex" : detail.auto;
  const most = as === "hex" ? MOST_HEX_LINES : MOST_LINES;
  const part = await views.view(message.wire, message.facts, { as, from: 0, lines: most });
  const isLong = part.text.length > MOST_UNITS;
  const text = isLong ? part.text.slice(0, MOST_UNITS).toWellFormed() : part.text;
  const isCut = isLong || part.lines < part.total || !part.complete;
  const words = [
    part.as.toUpperCase(),
    sizeText(part.bytes),
    ...(detail.mediaType === null ? [] : [detail.mediaType]),
    ...(detail.contentCoding.length === 0 ? [] : [`was ${detail.contentCoding.join(", ")}`]),
  ];
  yield `<details open><summary>Body <small>${escaped(words.join(", "))}</small></summary>\n<pre>${
    escaped(text)
  }</pre>\n`;
  if (isCut) {
    const lines = text.split("\n").length.toLocaleString("en");
    yield `<p class="note">Cut here, after ${lines} lines; the body has ${sizeText(part.bytes)}.</p>\n`;
  }
  const fault = part.fault === null ? [] : [`Line ${part.fault.line + 1}: ${part.fault.text}`];
  for (const note of [...fault, ...part.notes]) yield `<p class="note">${escaped(note)}</p>\n`;
  yield "</details>\n";
}

/** "POST /orders", or what a turn begins with. */
function asked({ method, url, protocol }: Pick<ExchangeDetail, "method" | "url" | "protocol">): string {
  return [method ?? protocol.toUpperCase(), url ?? ""].join(" ").trim();
}

function outcome({ status, state, fault }: Pick<ExchangeDetail, "status" | "state" | "fault">): string {
  const isBad = state === "failed" || (status !== null && status >= 400);
  const words = [status, state === "done" && fault === null ? null : fault ?? state].filter((word) =>
    word !== null
  );
  return `<span class="${isBad ? "bad" : fault === null ? "ok" : "warn"}">${
    escaped(words.length === 0 ? state : words.join(", "))
  }</span>`;
}

/** "2026-03-04 05:06:07.890" */
function shown(time: string): string {
  return time.replace("T", " ").replace("Z", "");
}
