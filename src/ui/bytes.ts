// Answers that are captured bytes, exactly as they are: ranges, HEAD, file names, and the headers that keep a
// browser from taking them for a part of our page. Where the bytes come from is the Catalog's business.

import { randomBytes } from "node:crypto";
import type { Context } from "hono";
import type { Bytes, ByteSource, Catalog } from "../catalog/types.ts";
import { CAPTURED_CSP } from "./headers.ts";
import { type ByteRange, contentRange, isSatisfiable, parseRange } from "./ranges.ts";
import { Refusal } from "./refusal.ts";

/** Images that cannot carry script. Everything else is served as bytes without a meaning; so is SVG. */
const HARMLESS = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"]);

/** Which of the bytes are filler, because the capture does not have them: the first and the last of each gap, from 0 on. */
const MISSING = "Tcpmon-Missing-Bytes";

/** Ids begin anew with every run, so that a validator must name the run too. */
const RUN = randomBytes(6).toString("base64url");

/**
 * Answers with the bytes of `source`, as far as the Range header asks for them; they are read only as fast as
 * the client takes them. `name` gives the file name for `?download`. Null where there is no such source.
 */
export async function answerBytes(
  c: Context,
  catalog: Catalog,
  source: ByteSource,
  name: () => Promise<string>,
): Promise<Response | null> {
  // Range is defined for GET only (RFC 9110, 14.2).
  const isHead = c.req.method === "HEAD";
  const asked = isHead ? undefined : parseRange(c.req.header("range"));
  let bytes = await catalog.bytes(source, asked);
  if (bytes === null) return null;
  let range = asked;
  if (range !== undefined && !isCurrent(c.req.header("if-range"), bytes)) {
    range = undefined;
    await bytes.stream.cancel();
    bytes = await catalog.bytes(source);
    if (bytes === null) return null;
  }

  const headers = new Headers({
    "Accept-Ranges": "bytes",
    "Content-Type": contentType(bytes.contentType),
    "Content-Security-Policy": CAPTURED_CSP,
  });
  if (bytes.gaps) headers.set(MISSING, bytes.gaps.map(({ start, end }) => `${start}-${end - 1}`).join(", "));
  const etag = validator(bytes);
  if (etag !== null) headers.set("ETag", etag);
  try {
    if (c.req.query("download") !== undefined) {
      headers.set("Content-Disposition", `attachment; filename="${await name()}"`);
    }
    if (range !== undefined) checkRange(c, range, bytes.total);
  } catch (error) {
    await bytes.stream.cancel();
    throw error;
  }
  headers.set("Content-Length", String(bytes.to - bytes.from));
  if (range !== undefined) headers.set("Content-Range", contentRange(bytes.total, bytes.from, bytes.to));
  const status = range === undefined ? 200 : 206;
  if (!isHead && bytes.to > bytes.from) return new Response(bytes.stream, { status, headers });
  await bytes.stream.cancel();
  return new Response(null, { status, headers });
}

function checkRange(c: Context, range: ByteRange, total: number): void {
  if (isSatisfiable(range, total)) return;
  c.header("Content-Range", contentRange(total));
  throw new Refusal(
    416,
    `Cannot give that range: there are ${total} bytes. Ask for one that begins before the end.`,
  );
}

/** If-Range (RFC 9110, 13.1.5): a range is only sent of what the client already has a part of. */
function isCurrent(ifRange: string | undefined, bytes: Bytes): boolean {
  return ifRange === undefined || ifRange === validator(bytes);
}

/** A strong ETag. Recorded bytes never change but may grow, so there is none until they are complete. */
function validator(bytes: Bytes): string | null {
  return bytes.complete ? `"${RUN}-${bytes.total}"` : null;
}

function contentType(declared: string | null): string {
  const mediaType = declared?.split(";", 1)[0].trim().toLowerCase() ?? "";
  return HARMLESS.has(mediaType) ? mediaType : "application/octet-stream";
}
