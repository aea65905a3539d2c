// The head of a Draft as lines: reads and changes single headers, and leaves all other lines as they are. Pure.

import { isRequestLine } from "../detect.ts";
import type { Draft } from "./draft.ts";
import { withoutLastEnds } from "./lines.ts";

/** The value of the first header with this name, in any case of letters; null where there is none. */
export function headerValue(head: string, name: string): string | null {
  const line = head.split("\n").slice(1).find((line) => isNamed(line, name));
  return line === undefined ? null : line.slice(line.indexOf(":") + 1).trim();
}

/** The head with this header: changed in its place, all of its lines if it has several, or added at the end. */
export function withHeader(head: string, name: string, value: string): string {
  const [start, ...lines] = withoutLastEnds(head).split("\n");
  if (!lines.some((line) => isNamed(line, name))) return [start, ...lines, `${name}: ${value}`].join("\n");
  return [
    start,
    ...lines.map((line) => {
      if (!isNamed(line, name) || valueOf(line) === value) return line;
      return `${line.slice(0, line.indexOf(":"))}: ${value}`;
    }),
  ].join("\n");
}

/** The head without any header of this name. */
export function withoutHeader(head: string, name: string): string {
  const [start, ...lines] = head.split("\n");
  return [start, ...lines.filter((line) => !isNamed(line, name))].join("\n");
}

/** Method and request target of a head's first line; version "HTTP/1.1" as typed. */
export function startOf(
  head: string,
): { readonly method: string; readonly target: string; readonly version: string } {
  const line = head.split("\n", 1)[0].trim();
  const words = line.split(/\s+/);
  return { method: words[0], target: words.slice(1, -1).join(" "), version: words.at(-1) ?? "" };
}

/** A request that is written anew. */
export function newRequest(
  method: string,
  target: string,
  headers: readonly (readonly [name: string, value: string])[],
  body: Uint8Array,
  version = "HTTP/1.1",
): Draft {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return {
    protocol: "http",
    head: [`${method} ${target} ${version}`, ...lines].join("\n"),
    body,
    source: null,
  };
}

/**
 * A Draft without the content coding of its body: `decoded` is the body with the coding removed. That the coding is gone
 * shows in its head, which has no Content-Encoding any more.
 */
export function withoutCoding(draft: Draft, decoded: Uint8Array): Draft {
  return { ...draft, head: withoutHeader(draft.head, "Content-Encoding"), body: decoded };
}

/**
 * A Draft of a request that was typed as text: the first empty line ends the head, which need not have one. Lines of the
 * head will end with CR LF, the body is UTF-8 as typed. What does not begin with a request line is bytes without a head.
 */
export function draftOfText(text: string): Draft {
  const typed = text.replace(/^(\r?\n)+/, "");
  const empty = /\r?\n\r?\n/.exec(typed);
  const head = typed.slice(0, empty?.index ?? typed.length).replaceAll("\r\n", "\n").replace(/\n$/, "");
  const encoder = new TextEncoder();
  const start = encoder.encode(head.split("\n", 1)[0]);
  if (!isRequestLine(start, 0, start.length)) {
    return { protocol: "tcp", head: "", body: encoder.encode(text), source: null };
  }
  const body = encoder.encode(empty === null ? "" : typed.slice(empty.index + empty[0].length));
  return { protocol: "http", head, body, source: null };
}

function isNamed(line: string, name: string): boolean {
  const colon = line.indexOf(":");
  return colon > 0 && line.slice(0, colon).trim().toLowerCase() === name.toLowerCase();
}

function valueOf(line: string): string {
  return line.slice(line.indexOf(":") + 1).trim();
}
