// Names for saved bytes: safe on every system, and telling what they are. Pure.

import type { ExchangeDetail } from "../catalog/types.ts";
import type { Direction } from "../model.ts";

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

/** "e12-orders-response-body.json"; a whole HTTP message ends in ".http", what is not known in ".bin". */
export function exchangeFileName(
  exchange: ExchangeDetail,
  side: "request" | "response",
  part: "wire" | "body",
): string {
  const { mediaType, startLine } = exchange[side] ?? { mediaType: null, startLine: null };
  const extension = part === "wire" ? (startLine === null ? "bin" : "http") : extensionOf(mediaType);
  const words = [exchange.id, lastWord(exchange), side, ...(part === "body" ? ["body"] : [])];
  return `${words.map(safe).filter((word) => word !== "").join("-")}.${extension}`;
}

/** What was saved together: the listener's address where it is one listener's, or the one Exchange. */
export interface SavedTogether {
  readonly listen: string | null;
  readonly exchange: ExchangeDetail | null;
  readonly at: Date;
}

/** "tcpmon-8081-20260304-102441.txt", the time in UTC; of one Exchange "e12-orders.txt". */
export function savedFileName({ listen, exchange, at }: SavedTogether): string {
  const time = at.toISOString().replace(/[-:]|\..*/g, "").replace("T", "-");
  const port = listen === null ? [] : [listen.slice(listen.lastIndexOf(":") + 1)];
  const words = exchange === null ? ["tcpmon", ...port, time] : [exchange.id, lastWord(exchange)];
  return `${words.map(safe).filter((word) => word !== "").join("-")}.txt`;
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

/** The last part of the path, without its extension. A turn has no path, only its first bytes. */
function lastWord(exchange: ExchangeDetail): string {
  if (exchange.protocol !== "http") return "";
  const path = (exchange.url ?? "").replace(/^\w+:\/\/[^/]*/, "").split(/[?#]/, 1)[0];
  return (path.split("/").findLast((word) => word !== "") ?? "").replace(/(?<=.)\.[^.]{1,8}$/, "");
}

/** Letters, digits, dots, dashes and underscores, at most 60, and no dot to begin with. */
function safe(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, "_").replace(/^[._]+|[._]+$/g, "").slice(0, 60);
}
