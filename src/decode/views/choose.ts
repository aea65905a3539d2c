// Which view suits a body unless the user chooses: what is declared, if the content does not contradict it; what the
// content looks like, if the declaration is general or there is none. HTML is shown as text: only XHTML nests as XML
// does, and white space means more in the rest.

import { findCharset } from "../charset.ts";
import { looksLikeTls } from "../tls/begins.ts";
import { json } from "./json.ts";
import type { FormatterKind, ViewKind } from "./types.ts";
import { xml } from "./xml.ts";

/** What is known of a body. */
export interface Viewed {
  /** The Content-Type, with or without its parameters; null where none was declared. */
  readonly mediaType: string | null;
  /** The first bytes, without content coding. */
  readonly bodyPrefix: Uint8Array;
  /** True for a turn of a protocol that is not decoded: nothing is declared, and it is never shown as an image. */
  readonly isTurn: boolean;
}

/** The view to show a body in. */
export function chooseView({ mediaType, bodyPrefix, isTurn }: Viewed): ViewKind | "image" {
  const contentType = isTurn ? "" : mediaType ?? "";
  const type = contentType.split(";")[0].trim().toLowerCase();
  const declared = declaredAs(type);
  if (bodyPrefix.length === 0) return declared === "general" || declared === "html" ? "text" : declared;
  if (isTurn && looksLikeTls(bodyPrefix)) return "tls";
  if (!isTurn && isImage(type, bodyPrefix)) return "image";
  const text = readable(contentType, bodyPrefix, declared !== "general" && declared !== "image");
  if (text === null) return "hex";
  const seen = seenAs(text);
  switch (declared) {
    case "json":
      return seen === "xml" || !beginsJson(text) ? seen ?? "text" : "json";
    case "xml":
      return seen === "json" || !text.startsWith("<") ? seen ?? "text" : "xml";
    case "form":
      return seen ?? "form";
    case "text":
      return "text";
    case "html":
      return seen === "xml" ? "xml" : "text";
    case "image":
      return type === "image/svg+xml" && seen === "xml" ? "image" : seen ?? "text";
    case "general":
      return seen ?? "text";
  }
}

/** What a media type promises. Most promise nothing that the content would not show better. */
function declaredAs(type: string): "json" | "xml" | "form" | "text" | "html" | "image" | "general" {
  if (/^(?:application|text)\/(?:x-)?(?:json|ndjson|jsonl|json-seq|json5)$|\+json(?:-seq)?$/.test(type)) {
    return "json";
  }
  if (type.startsWith("image/")) return "image";
  if (/^(?:application|text)\/xml(?:-dtd)?$|\+xml$/.test(type)) return "xml";
  if (type === "application/x-www-form-urlencoded") return "form";
  if (type === "text/html") return "html";
  if (type === "text/plain" || type === "text/*") return "general";
  if (/^(?:text|multipart)\/|^application\/(?:x-)?(?:javascript|ecmascript|graphql|yaml|sql)$/.test(type)) {
    return "text";
  }
  return "general";
}

/** What the beginning of a text looks like, without white space before it. */
function seenAs(text: string): "json" | "xml" | null {
  if (/^[[{]/.test(text)) return isFaultless(json, text) ? "json" : null;
  if (/^<\?xml\s/.test(text)) return "xml";
  if (!/^<(?:[A-Za-z_][\w.-]*(?::[\w.-]+)?[\s/>]|!--|!DOCTYPE\s)/i.test(text)) return null;
  return !isHtml(text) && isFaultless(xml, text) ? "xml" : null;
}

/** HTML, but not XHTML. */
function isHtml(text: string): boolean {
  const markup = text.replace(/<!--[^]*?(?:-->|$)/g, "").trimStart();
  return /^(?:<!doctype\s[^>]*>\s*)?<html\b/i.test(markup)
    ? !/\sxmlns=["']http:\/\/www\.w3\.org\/1999\/xhtml["']/.test(markup)
    : /^<!doctype\s+html\s*>/i.test(markup);
}

/** Nothing is wrong with this beginning; how it goes on is open. */
function isFaultless(kind: FormatterKind, text: string): boolean {
  const formatter = kind.create();
  formatter.receive(text);
  return formatter.fault === null;
}

/** False when the very first token is not JSON. */
function beginsJson(text: string): boolean {
  const formatter = json.create();
  formatter.receive(text);
  return formatter.fault?.offset !== 0;
}

/**
 * The text of these bytes without white space before it, or null if they are no text. Where text was promised, more
 * is forgiven: it is still of use with a few strange characters.
 */
function readable(contentType: string, bytes: Uint8Array, promised: boolean): string | null {
  const { encoding, from } = findCharset(contentType, bytes);
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  const strange =
    text.match(/[\u0001-\u0008\u000b\u000e-\u001a\u001c\u001d\u001f\u007f-\u009f\ufffd]/g)?.length ?? 0;
  const foreign = from === "guessed" && encoding === "windows-1252"
    ? text.match(/[^\u0000-\u007f]/g)?.length ?? 0
    : 0;
  const isText = !text.includes("\0") && strange <= text.length * (promised ? 0.1 : 0.01) &&
    foreign <= text.length * 0.3;
  return isText ? text.trimStart() : null;
}

const LATIN = new TextDecoder("windows-1252");

/** An image that browsers show, by its first bytes; those that are short count only where an image was declared. */
function isImage(type: string, bytes: Uint8Array): boolean {
  const start = LATIN.decode(bytes.subarray(0, 16));
  if (
    /^(?:\u2030PNG\r\n\u001a\n|\u00ff\u00d8\u00ff|GIF8[79]a|RIFF[^]{4}WEBP|[^]{4}ftypavi[fs])/.test(start)
  ) return true;
  return type.startsWith("image/") && /^(?:BM|\0\0\u0001\0)/.test(start);
}
