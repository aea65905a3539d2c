// A redacted Message as bytes: its body without codings, under a head whose framing fields say so.

import { joined, NO_BYTES } from "../octets.ts";
import { MASK } from "./found.ts";
import type { HeadField, RedactableHead, RedactableMessage, RedactedMessage } from "./types.ts";
import { octets } from "./units.ts";

/** Fields that say how the body came, and no longer hold. */
const FRAMING = /^(?:content-length|transfer-encoding|content-encoding|trailer|content-md5)$/i;
/** A checksum of what was masked could be used to guess it. */
const CHECKSUMS = /^(?:content-md5|digest|content-digest|repr-digest|x-amz-content-sha256|x-goog-hash)$/i;

/** Puts it together. `message` is the Message before; nothing is done where nothing was masked. */
export function wholeMessage(
  message: RedactableMessage,
  head: RedactableHead,
  body: Uint8Array,
  bodyChanged: boolean,
): Omit<RedactedMessage, "masked"> {
  const changed = bodyChanged || !sameHead(message, head);
  const { startLine } = head;
  if (!changed) return { ...head, body, changed, bytes: NO_BYTES, notes: [] };
  if (startLine === null) return { ...head, body, changed, bytes: body, notes: [] };
  const { headers, notes } = reframed(head, body.length, bodyChanged);
  const bytes = joined([headBytes(startLine, headers), body]);
  return { startLine, headers, trailers: [], body, changed, bytes, notes };
}

/** A head as bytes, with the empty line that ends it. */
export function headBytes(startLine: string, headers: readonly HeadField[]): Uint8Array {
  return octets([startLine, ...headers.map(lineOf), "", ""].join("\r\n"));
}

/** A line that had no colon gets none. */
function lineOf({ name, value }: HeadField): string {
  return value === "" && /\s/.test(name) ? name : `${name}: ${value}`;
}

/** The header lines for a body of this length without codings, and what was done to them, in words. */
export function reframed(
  head: RedactableHead,
  length: number,
  bodyChanged: boolean,
): { readonly headers: readonly HeadField[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const isCoded = head.headers.some(({ name }) => /^(?:transfer-encoding|content-encoding)$/i.test(name));
  // A response to HEAD, or a 304, says a length and has no body: it stays as it was.
  const reframes = length > 0 || isCoded || bodyChanged;
  const headers: HeadField[] = [];
  let said = false;
  for (const field of head.headers) {
    if (bodyChanged && CHECKSUMS.test(field.name)) {
      notes.push(`${field.name} was masked: a checksum of what is masked could be used to guess it`);
      headers.push({ name: field.name, value: MASK });
    } else if (!reframes || !FRAMING.test(field.name)) headers.push(field);
    else if (/^content-length$/i.test(field.name)) {
      if (!said) headers.push({ name: field.name, value: String(length) });
      if (!said && field.value !== String(length)) notes.push(`${field.name} was made ${length}`);
      said = true;
    } else notes.push(`${field.name}: ${field.value} was removed, the body stands without it`);
  }
  if (reframes && !said) {
    headers.push({ name: "Content-Length", value: String(length) });
    notes.push(`Content-Length: ${length} was added`);
  }
  if (head.trailers.length > 0) {
    notes.push(`trailers were left out: ${head.trailers.map(({ name }) => name).join(", ")}`);
  }
  return { headers, notes };
}

/** Whether nothing of a head has changed. */
export function sameHead(one: RedactableHead, other: RedactableHead): boolean {
  return one.startLine === other.startLine && sameFields(one.headers, other.headers) &&
    sameFields(one.trailers, other.trailers);
}

function sameFields(one: readonly HeadField[], other: readonly HeadField[]): boolean {
  return one.length === other.length &&
    one.every(({ name, value }, at) => name === other[at].name && value === other[at].value);
}
