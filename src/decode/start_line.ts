// The first line of an HTTP/1.x message: request-line (RFC 9112, 3) and status-line (RFC 9112, 4), read leniently.
// The line is text without its end; what is not as it should be becomes a fault, the parts are given as they came.

import type { Fault, HttpHead } from "./types.ts";
import { addFault } from "./faults.ts";
import { CR, HT, SP } from "./octets.ts";

/**
 * method SP request-target SP HTTP-version. The target is all that lies between the first and the last white space.
 * `offset` is where the line begins in its Direction's stream.
 */
export function requestLine(line: string, offset: number, faults: Fault[]): HttpHead {
  const methodEnd = wordEnd(line, 0);
  const targetStart = whiteEnd(line, methodEnd);
  const end = whiteStart(line, line.length);
  const versionStart = Math.max(wordStart(line, end), targetStart);
  const targetEnd = Math.max(whiteStart(line, versionStart), targetStart);
  const method = line.slice(0, methodEnd);
  const target = line.slice(targetStart, targetEnd);
  const version = line.slice(versionStart, end);
  if (
    line.slice(methodEnd, targetStart) !== " " ||
    (target !== "" && line.slice(targetEnd, versionStart) !== " ")
  ) {
    addFault(faults, offset + methodEnd, "The parts of the request line are not divided by one space each"); // 3
  }
  checkTarget(method, target, offset + targetStart, faults);
  checkVersion(version, offset + versionStart, faults);
  if (end !== line.length) addFault(faults, offset + end, "White space ends the request line");
  return newHead(version, method, target, null, null);
}

// The four forms of a request target (RFC 9112, 3.2): a path, a URL, an authority for CONNECT, "*" for OPTIONS.
function checkTarget(method: string, target: string, offset: number, faults: Fault[]): void {
  if (target === "") addFault(faults, offset, "The request line has no target");
  else if (method === "CONNECT") {
    if (!/^[^/?#@\s]+:\d+$/.test(target)) {
      addFault(faults, offset, "The target of CONNECT is not a host and port");
    }
  } else if (target === "*") {
    if (method !== "OPTIONS") addFault(faults, offset, `The target "*" is for OPTIONS only`);
  } else if (target[0] !== "/" && !/^[a-z][a-z0-9+.-]*:/i.test(target)) {
    addFault(faults, offset, "The request target is neither a path nor a URL");
  }
  const white = target.search(/[ \t\r]/);
  if (white !== -1) addFault(faults, offset + white, "White space stands in the request target");
}

/** HTTP-version SP status-code SP [reason-phrase]. `offset` as for `requestLine`. */
export function statusLine(line: string, offset: number, faults: Fault[]): HttpHead {
  const versionEnd = wordEnd(line, 0);
  const statusStart = whiteEnd(line, versionEnd);
  const statusEnd = wordEnd(line, statusStart);
  const version = line.slice(0, versionEnd);
  const digits = line.slice(statusStart, statusEnd);
  const status = /^\d{1,9}$/.test(digits) ? Number(digits) : null;
  checkVersion(version, offset, faults);
  if (status === null) addFault(faults, offset + statusStart, "The status line has no status code");
  else if (digits.length !== 3 || status < 100 || status > 599) {
    addFault(faults, offset + statusStart, `The status code ${digits} is not one from 100 to 599`); // RFC 9110, 15
  }
  const divided = line.slice(versionEnd, statusStart) === " " && (line[statusEnd] ?? " ") === " ";
  if (status !== null && !divided) {
    addFault(faults, offset + versionEnd, "The parts of the status line are not divided by one space each");
  } else if (status !== null && statusEnd === line.length) {
    addFault(faults, offset + statusEnd, "The space after the status code is missing");
  }
  return newHead(version, null, null, status, line.slice(statusEnd + 1));
}

// HTTP-version is case-sensitive (RFC 9112, 2.3), and there are no others that look like this.
function checkVersion(version: string, offset: number, faults: Fault[]): void {
  if (version === "HTTP/1.1" || version === "HTTP/1.0") return;
  addFault(faults, offset, `The version "${version.slice(0, 40)}" is neither HTTP/1.1 nor HTTP/1.0`);
}

function newHead(
  version: string,
  method: string | null,
  target: string | null,
  status: number | null,
  reason: string | null,
): HttpHead {
  return {
    version,
    method,
    target,
    status,
    reason,
    headers: [],
    framing: "none",
    contentLength: null,
    trailers: [],
  };
}

// A CR within a line counts as white space (RFC 9112, 2.2).
function isWhite(code: number): boolean {
  return code === SP || code === HT || code === CR;
}

function wordEnd(line: string, from: number): number {
  while (from < line.length && !isWhite(line.charCodeAt(from))) from++;
  return from;
}

function whiteEnd(line: string, from: number): number {
  while (from < line.length && isWhite(line.charCodeAt(from))) from++;
  return from;
}

function wordStart(line: string, to: number): number {
  while (to > 0 && !isWhite(line.charCodeAt(to - 1))) to--;
  return to;
}

function whiteStart(line: string, to: number): number {
  while (to > 0 && isWhite(line.charCodeAt(to - 1))) to--;
  return to;
}
