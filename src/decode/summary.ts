// The Summary column: in a few words, what an Exchange is about, as far as the method, the path and the status do not
// say it. Made from the heads and the first bytes of the bodies, again and again while they arrive: it must be cheap.

import { findCharset } from "./charset.ts";
import { readJsonCall, readJsonError } from "./json_call.ts";
import { readSoap, type SoapFault, type SoapMessage } from "./soap.ts";
import { tlsSummary } from "./tls/seen.ts";
import type { DecodedExchange, Message } from "./types.ts";

/** The first bytes of bodies whose content coding was removed. */
export interface DecodedPrefixes {
  readonly request?: Uint8Array;
  readonly response?: Uint8Array;
}

/** At most so many characters. */
const LONGEST = 200;

/**
 * The summary of an Exchange: "getQuote, fault Server: unknown symbol GOGG", "multipart, 2 parts", "csv, gzip",
 * "turn 1, server first". Empty where there is nothing worth saying. A body with a content coding is only looked into
 * when its decoded beginning is given.
 */
export function summarise(exchange: DecodedExchange, decoded: DecodedPrefixes = {}): string {
  if (exchange.protocol === "tcp") {
    return `turn ${exchange.ordinal + 1}${exchange.request ? "" : ", server first"}`;
  }
  if (exchange.seen !== null) return shorten(tlsSummary(exchange.seen, exchange.state === "failed"));
  const request = exchange.request && lookInto(exchange.request, decoded.request);
  const response = exchange.response && lookInto(exchange.response, decoded.response);
  const asked = request && soapOf(request);
  const answered = response && soapOf(response);
  const call = request && !asked && isJson(request) ? readJsonCall(utf8.decode(request.bytes)) : null;
  const parts = [
    asked?.operation ?? (asked && request ? actionOf(request) : null) ?? call ?? answered?.operation,
    answered?.fault && faultWords(answered.fault),
    call !== null && response && isJson(response) ? readJsonError(utf8.decode(response.bytes)) : null,
    request && requestKind(request),
    response && !answered && responseKind(response),
  ];
  const text = parts.filter((part) => part).join(", ");
  return text === "" ? "" : shorten(text);
}

function soapOf(seen: Seen): SoapMessage | null {
  const markup = markupOf(seen);
  return markup === "" ? null : readSoap(markup);
}

/** A Message's head and the beginning of its body, without content coding; no bytes where that could not be removed. */
interface Seen {
  readonly message: Message;
  /** Content-Type as it came, "" where there is none, and the media type in it. */
  readonly contentType: string;
  readonly mediaType: string;
  /** "gzip"; "" where there is none. */
  readonly coding: string;
  readonly bytes: Uint8Array;
}

function lookInto(message: Message, decoded: Uint8Array | undefined): Seen {
  const contentType = field(message, "content-type");
  const codings = field(message, "content-encoding");
  const coding = codings === "" ? "" : codings.toLowerCase().replace(/\bidentity\b/g, "").trim();
  return {
    message,
    contentType,
    mediaType: contentType === "" ? "" : contentType.split(";")[0].trim().toLowerCase(),
    coding,
    bytes: decoded ?? (coding === "" ? message.bodyPrefix : NO_BYTES),
  };
}

const NO_BYTES = new Uint8Array(0);

/** For JSON, which knows no other charset (RFC 8259, 8.1). */
const utf8 = new TextDecoder();

/** The value of a header field, "" where there is none. */
function field(message: Message, name: string): string {
  if (message.http === null) return "";
  for (const header of message.http.headers) {
    // By length first: this is done for every header of every Message.
    if (header.name.length === name.length && header.name.toLowerCase() === name) return header.value;
  }
  return "";
}

function textOf({ contentType, bytes }: Seen): string {
  const { encoding } = findCharset(contentType, bytes);
  return new TextDecoder(encoding).decode(bytes, { stream: true });
}

/** The text, if it may be XML; in a multipart body, from its first markup on (SOAP with attachments, MTOM). */
function markupOf(seen: Seen): string {
  if (seen.mediaType.startsWith("multipart/")) {
    const text = textOf(seen);
    return text.slice(Math.max(0, text.indexOf("<")));
  }
  return begins(seen.bytes, "<") ? textOf(seen) : "";
}

function isJson(seen: Seen): boolean {
  return begins(seen.bytes, "{[");
}

/** Whether the first byte that may be visible is one of these characters; any charset's byte order mark is let pass. */
function begins(bytes: Uint8Array, characters: string): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte > 0x20 && byte < 0x7f) return characters.includes(String.fromCharCode(byte));
  }
  return false;
}

/** The end of the address that names the action: of SOAPAction (SOAP 1.1, 6.1.1) or Content-Type (RFC 3902). */
function actionOf({ message, contentType }: Seen): string | null {
  const action = field(message, "soapaction") ||
    (/;\s*action\s*=\s*("[^"]*"|[^;\s]+)/i.exec(contentType)?.[1] ?? "");
  return action.replace(/"/g, "").split(/[/#:]/).filter((part) => part !== "").at(-1)?.trim() ?? null;
}

function faultWords({ code, reason }: SoapFault): string {
  return ["fault", code].filter((part) => part !== "").join(" ") + (reason === "" ? "" : `: ${reason}`);
}

function requestKind(request: Seen): string {
  if (request.mediaType === "application/x-www-form-urlencoded") {
    return request.message.bodyBytes > 0 ? "form" : "";
  }
  return request.mediaType.startsWith("multipart/") ? multipart(request) : "";
}

/** What the response holds, unless that is what most do: JSON, HTML, plain text or nothing. */
function responseKind(response: Seen): string {
  const { message, mediaType, coding } = response;
  if (message.http?.status === 101) return field(message, "upgrade").toLowerCase();
  if (message.state !== "open" && message.bodyBytes === 0) return "";
  const kind = mediaType.startsWith("multipart/") ? multipart(response) : kindOf(mediaType);
  return kind === "" || coding === "" ? kind : `${kind}, ${coding}`;
}

function kindOf(mediaType: string): string {
  if (mediaType === "" || mediaType === "text/plain" || /^text\/(?:plain|html)$|[/+]json$/.test(mediaType)) {
    return "";
  }
  if (/^(?:image|audio|video|font|model)\/|^text\/event-stream$/.test(mediaType)) return mediaType;
  if (/[/+]xml$/.test(mediaType)) return "xml";
  if (mediaType === "application/octet-stream") return "binary";
  return mediaType.slice(mediaType.indexOf("/") + 1).replace(/^x-/, "");
}

/** "multipart, 2 parts", if all of the body can be seen. */
function multipart({ message, contentType, bytes }: Seen): string {
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  if (!boundary || message.state !== "done" || message.bodyBytes > bytes.length) return "multipart";
  const lines = `\r\n${LATIN.decode(bytes)}`.split(`\r\n--${boundary[1] ?? boundary[2]}`);
  const parts = lines.slice(1).filter((rest) => !rest.startsWith("--")).length;
  return `multipart, ${parts} ${parts === 1 ? "part" : "parts"}`;
}

const LATIN = new TextDecoder("windows-1252");

/** On one line, and not too long. */
function shorten(text: string): string {
  const line = text.replace(/[\s\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ")
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}
