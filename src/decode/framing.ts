// How the end of a body is found: RFC 9112, 6.3, and the fields that say it, of which a sender may get everything wrong.

import type { Fault, Header, HttpHead } from "./types.ts";
import { addFault } from "./faults.ts";

/**
 * Determines `framing` and `contentLength` of `head` and writes them there. For a response, `requestMethod` is the
 * method that it answers, null where that is not known. Where the fields contradict each other or make no sense, that
 * is a fault, and the most likely reading is taken; a length that cannot be known means "until-close".
 */
export function frame(head: HttpHead, requestMethod: string | null, faults: Fault[]): void {
  const { lengths, codings } = framingFields(head.headers);
  const { status } = head;
  if (status !== null && hasNoBody(status, requestMethod)) {
    checkNoBody(status, requestMethod, lengths, codings, faults);
    return; // 6.3, rules 1 and 2
  }
  if (codings.length > 0 && frameByCoding(head, codings, lengths, faults)) return; // rules 3 and 4
  if (lengths.length > 0) frameByLength(head, lengths, faults); // rules 5 and 6
  else if (head.method === null) head.framing = "until-close"; // rule 8; a request without either has no body: rule 7
}

/** True where no body follows whatever the fields say: HEAD, 1xx, 204, 304 and the 2xx that opens a tunnel. */
function hasNoBody(status: number, requestMethod: string | null): boolean {
  if (requestMethod === "HEAD" || (status >= 100 && status < 200) || status === 204 || status === 304) {
    return true;
  }
  return opensTunnel(status, requestMethod);
}

/** True for the response to CONNECT after which the connection belongs to another protocol (RFC 9110, 9.3.6). */
export function opensTunnel(status: number | null, requestMethod: string | null): boolean {
  return requestMethod === "CONNECT" && status !== null && status >= 200 && status < 300;
}

// HEAD and 304 may carry what GET would have had (RFC 9110, 8.6 and RFC 9112, 6.1); the others must not.
function checkNoBody(
  status: number,
  requestMethod: string | null,
  lengths: readonly Header[],
  codings: readonly Header[],
  faults: Fault[],
): void {
  if (status === 304 || (requestMethod === "HEAD" && status >= 200 && status !== 204)) return;
  for (const field of [...lengths, ...codings]) {
    addFault(faults, field.offset, `A ${status} response that has no body must not have ${field.name}`);
  }
}

function frameByCoding(
  head: HttpHead,
  fields: readonly Header[],
  lengths: readonly Header[],
  faults: Fault[],
): boolean {
  const offset = fields[0].offset;
  const codings = fields.flatMap((field) => field.value.toLowerCase().split(",")).map((coding) =>
    coding.split(";", 1)[0].trim()
  ).filter((coding) => coding !== "");
  if (codings.every((coding) => coding === "identity")) {
    addFault(faults, offset, "Transfer-Encoding names no coding");
    return false;
  }
  if (lengths.length > 0) {
    addFault(faults, lengths[0].offset, "Content-Length stands beside Transfer-Encoding, which decides");
  }
  if (head.version === "HTTP/1.0") addFault(faults, offset, "HTTP/1.0 has no Transfer-Encoding"); // 6.1
  checkCodings(fields, faults);
  const chunked = codings.indexOf("chunked");
  if (chunked !== -1 && chunked !== codings.length - 1) {
    addFault(faults, offset, "Transfer-Encoding has chunked elsewhere than once at its end"); // 6.1
  } else if (chunked === -1 && head.method !== null) {
    addFault(
      faults,
      offset,
      "Transfer-Encoding of a request does not end with chunked, so its length is not known",
    );
  }
  head.framing = codings[codings.length - 1] === "chunked" ? "chunked" : "until-close";
  return true;
}

/** Codings that make no sense where they stand: RFC 9112, 7 and 7.1. */
function checkCodings(fields: readonly Header[], faults: Fault[]): void {
  for (const { value, offset } of fields) {
    if (/(?:^|,)[ \t]*identity[ \t]*(?:[;,]|$)/i.test(value)) {
      addFault(faults, offset, "Transfer-Encoding has identity, which is no coding");
    }
    if (/(?:^|,)[ \t]*chunked[ \t]*;/i.test(value)) {
      addFault(faults, offset, "Transfer-Encoding has parameters of chunked, for which there are none");
    }
  }
}

function frameByLength(head: HttpHead, fields: readonly Header[], faults: Fault[]): void {
  const { value, offset } = fields[0];
  if (fields.length === 1 && /^\d{1,15}$/.test(value)) {
    head.framing = "length";
    head.contentLength = Number(value);
    return;
  }
  const values = fields.flatMap((field) => field.value.split(",")).map((one) => one.trim());
  const wrong = values.find((one) => !/^\d+$/.test(one) || Number(one) > Number.MAX_SAFE_INTEGER);
  if (wrong !== undefined) {
    addFault(faults, offset, `Content-Length "${wrong.slice(0, 40)}" is not a length`);
    head.framing = "until-close";
    return;
  }
  const other = values.find((one) => Number(one) !== Number(values[0]));
  if (other !== undefined) {
    addFault(faults, offset, `Content-Length is given as ${values[0]} and as ${other}; the first is taken`);
  } else if (values.length > 1) {
    addFault(faults, offset, "Content-Length is given more than once"); // RFC 9110, 8.6
  }
  head.framing = "length";
  head.contentLength = Number(values[0]);
}

const NO_FIELDS: readonly Header[] = Object.freeze([]);

function framingFields(
  headers: readonly Header[],
): { lengths: readonly Header[]; codings: readonly Header[] } {
  let lengths: Header[] | null = null, codings: Header[] | null = null;
  for (const header of headers) {
    const { name } = header;
    // By length first: this is done for every header of every message.
    if (name.length === 14 && name.toLowerCase() === "content-length") (lengths ??= []).push(header);
    else if (name.length === 17 && name.toLowerCase() === "transfer-encoding") (codings ??= []).push(header);
  }
  return { lengths: lengths ?? NO_FIELDS, codings: codings ?? NO_FIELDS };
}
