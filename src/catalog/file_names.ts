// Names for saved bytes: safe on every system, and telling what they are. Pure.

import type { ExchangeDetail, MessagePart } from "./types.ts";
import type { Direction, Exchange } from "../model.ts";

const EXTENSIONS: Readonly<Record<string, string>> = {
  "application/javascript": "js",
  "application/json": "json",
  "application/pdf": "pdf",
  "application/soap+xml": "xml",
  "application/xml": "xml",
  "application/zip": "zip",
  "image/gif": "gif",
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/svg+xml": "svg",
  "image/webp": "webp",
  "text/css": "css",
  "text/csv": "csv",
  "text/html": "html",
  "text/javascript": "js",
  "text/plain": "txt",
  "text/xml": "xml",
};

/** What is added where a content coding was left. */
const CODED: Readonly<Record<string, string>> = {
  "br": "br",
  "compress": "Z",
  "deflate": "deflate",
  "gzip": "gz",
  "x-gzip": "gz",
  "zstd": "zst",
};

/**
 * "20260304-102441-e12-POST-orders-409-response-body.json", by the local time at which the Exchange began. A whole HTTP
 * message ends in ".http", what is not known in ".bin"; with its coding left it is ".json.gz".
 */
export function exchangeFileName(
  exchange: ExchangeDetail,
  side: "request" | "response",
  part: MessagePart,
): string {
  const { mediaType, startLine, contentCoding } = exchange[side] ??
    { mediaType: null, startLine: null, contentCoding: [] };
  const isWhole = part === "wire" || part === "sent";
  const ending = isWhole ? [startLine === null ? "bin" : "http"] : [
    extensionOf(mediaType),
    ...(part === "coded" ? contentCoding.map((coding) => CODED[coding] ?? "bin") : []),
  ];
  const words = part === "wire" ? [] : [part === "sent" ? "sent" : "body"];
  return `${joined([...wordsOf(exchange), side, ...words])}.${ending.join(".")}`;
}

/** What was saved together: the listener's address where it is one listener's, or the one Exchange. */
export interface SavedTogether {
  readonly listen: string | null;
  readonly exchange: Exchange | null;
  readonly at: Date;
}

/** "tcpmon-8081-20260304-102441.txt", by the local time; of one Exchange "20260304-102441-e12-POST-orders-409.txt". */
export function savedFileName(saved: SavedTogether): string {
  return exportFileName({ ...saved, extension: "txt" });
}

/** The same with another extension. */
export function exportFileName(
  { listen, exchange, at, extension }: SavedTogether & { readonly extension: string },
): string {
  const port = listen === null ? [] : [listen.slice(listen.lastIndexOf(":") + 1)];
  return `${joined(exchange === null ? ["tcpmon", ...port, stamp(at)] : wordsOf(exchange))}.${extension}`;
}

/** A name that the user gave, as one that is safe everywhere; the other where nothing is left of it. */
export function givenFileName(given: string, otherwise: string): string {
  // Characters that part folders, end a header's text, or mean something to some file system.
  return given.replace(/[^A-Za-z0-9._ ()+,=@-]+/g, "_").replace(/^[. ]+|[. ]+$/g, "").slice(0, 120) ||
    otherwise;
}

/** "c3-upstream.bin" */
export function connectionFileName(id: string, direction: Direction): string {
  return `${safe(id)}-${direction}.bin`;
}

function extensionOf(mediaType: string | null): string {
  if (mediaType === null) return "bin";
  // Structured syntax suffixes: RFC 6839.
  const suffix = /\+(xml|json)$/.exec(mediaType)?.[1];
  return EXTENSIONS[mediaType] ?? suffix ?? "bin";
}

/** When it began, its id, what was asked, and what came of it. */
function wordsOf(exchange: Exchange): string[] {
  const { started, id, method, status, protocol } = exchange;
  const known = status === null ? [] : [String(status)];
  return [stamp(new Date(started)), id, method ?? protocol, lastWord(exchange), ...known];
}

/** "20260304-102441" */
function stamp(at: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const date = `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}`;
  return `${date}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}

function joined(words: readonly string[]): string {
  return words.map(safe).filter((word) => word !== "").join("-");
}

/** The last part of the path, without its extension. A turn has no path, only its first bytes. */
function lastWord(exchange: Exchange): string {
  if (exchange.protocol !== "http") return "";
  const path = (exchange.url ?? "").replace(/^\w+:\/\/[^/]*/, "").split(/[?#]/, 1)[0];
  return (path.split("/").findLast((word) => word !== "") ?? "").replace(/(?<=.)\.[^.]{1,8}$/, "");
}

/** Letters, digits, dots, dashes and underscores, at most 60, and no dot to begin with. */
function safe(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^[._]+|[._]+$/g, "").slice(0, 60);
}
