// A Draft as the bytes that are sent. Unchanged, they are the bytes it was made from. Where it was changed, lengths are
// put right if that is wanted: Content-Length in bytes, or the chunks of a chunked body.

import { isRequestLine } from "../detect.ts";
import { joined, LF } from "../octets.ts";
import { type Draft, draftOf, isChanged, isChunked, isSame } from "./draft.ts";
import { headerValue, withHeader } from "./head_lines.ts";
import { joinLines, withoutLastEnds } from "./lines.ts";
import { headBytes } from "./octet_text.ts";

/** What becomes of Content-Length: put right, or sent as it is typed. */
export type LengthChoice = "set" | "leave";

/**
 * The bytes of a Draft. `contentLength` matters only for one that was changed, and not where the body is chunked.
 * Throws RangeError, in words, for a character that the head's charset has not.
 */
export function encodeDraft(draft: Draft, contentLength: LengthChoice): Uint8Array {
  const { source } = draft;
  if (source !== null && !isChanged(draft)) return joined([source.headBytes, source.bodyBytes]);
  return encode(draft, contentLength);
}

/**
 * What "set" would change in the head of a Draft: what is typed, null where there is none, and the right length. Null
 * where it would change nothing.
 */
export function lengthChange(draft: Draft): { readonly typed: string | null; readonly right: number } | null {
  if (draft.protocol === "tcp" || !isChanged(draft) || isChunked(bytesOfHead(draft, draft.head))) return null;
  const head = withLength(draft);
  return head === draft.head
    ? null
    : { typed: headerValue(draft.head, "Content-Length"), right: draft.body.length };
}

/**
 * A request as it was typed or edited elsewhere, put right: Content-Length is the length of what follows the head, and
 * the head ends with an empty line. All other bytes, and those of anything but HTTP, stay.
 */
export function putRight(bytes: Uint8Array): Uint8Array {
  const draft = draftOf(bytes);
  return draft.protocol === "tcp" ? bytes : encode(draft, "set");
}

/** What the user should know before he sends it, in words. */
export function draftNotes(draft: Draft): string[] {
  if (draft.protocol === "tcp") return [];
  const notes: string[] = [];
  if (/\n\n/.test(withoutLastEnds(draft.head))) {
    notes.push("The head has an empty line: what follows it will be taken for the body");
  }
  if (draft.source?.chunks === "damaged") {
    notes.push("The chunked body is damaged or incomplete, so it is shown and sent with its chunk sizes");
  }
  return notes;
}

function encode(draft: Draft, contentLength: LengthChoice): Uint8Array {
  const { protocol, body } = draft;
  if (protocol === "tcp") return body;
  if (isChunked(bytesOfHead(draft, draft.head))) {
    return joined([wholeHead(draft, draft.head), chunkedBody(draft)]);
  }
  return joined([wholeHead(draft, contentLength === "set" ? withLength(draft) : draft.head), body]);
}

/** The head with the right Content-Length, if it should have one. */
function withLength({ head, body }: Draft): string {
  if (headerValue(head, "Transfer-Encoding") !== null) return head;
  const typed = headerValue(head, "Content-Length");
  if (typed === null && (body.length === 0 || beginsRequest(body))) return head;
  return withHeader(head, "Content-Length", String(body.length));
}

/** Without Content-Length, what follows a head is its body only if it is not the next request. */
function beginsRequest(body: Uint8Array): boolean {
  const lf = body.indexOf(LF);
  return isRequestLine(body, 0, lf === -1 ? body.length : lf);
}

function wholeHead(draft: Draft, head: string): Uint8Array {
  const { source } = draft;
  const usual = source?.lines.ends.at(-1) ?? "\r\n";
  const text = new TextDecoder().decode(source?.after ?? new Uint8Array(0));
  // The end of the last line, and the empty line.
  const after = text.match(/\r?\n/g)?.length === 2 ? text : usual + usual;
  const before = source?.before ?? new Uint8Array(0);
  return joined([before, bytesOfHead(draft, head), new TextEncoder().encode(after)]);
}

/** The lines of a head, each with the end it came with; without the end of the last. */
function bytesOfHead({ source }: Draft, head: string): Uint8Array {
  const trimmed = withoutLastEnds(head);
  const lines = source?.lines ?? { lines: [""], ends: [] };
  return headBytes(joinLines(lines, trimmed, "\r\n"), source?.headCharset ?? "utf-8");
}

function chunkedBody({ body, source }: Draft): Uint8Array {
  if (source?.chunks === "damaged") return body;
  if (source?.chunks === "taken off" && isSame(body, source.body)) return source.bodyBytes;
  const encoder = new TextEncoder();
  const trailers = source?.chunks === "taken off" ? source.trailers : encoder.encode("\r\n");
  const chunk = body.length === 0
    ? []
    : [encoder.encode(`${body.length.toString(16)}\r\n`), body, encoder.encode("\r\n")];
  return joined([...chunk, encoder.encode("0\r\n"), trailers]);
}
