// The forms in which a value may stand elsewhere: as it is, escaped as in JSON, XML and addresses, in base64 and hex,
// in UTF-16. Pure.

import { SHORTEST_FORM } from "./form_index.ts";

const utf8 = new TextEncoder();

/** Base64 of fewer bytes would be found by chance. */
const SHORTEST_CODED = 6;
/** Characters that nothing escapes. */
const PLAIN = /^[A-Za-z0-9_.-]*$/;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** All forms of a value of at least SHORTEST_FORM bytes, as bytes; none has fewer. */
export function formsOf(value: string): Uint8Array[] {
  const bytes = utf8.encode(value);
  const forms = [bytes, utf16(value, true), utf16(value, false)];
  if (!PLAIN.test(value)) forms.push(...escapedForms(value));
  if (bytes.length >= SHORTEST_CODED) {
    const hex = hexOf(bytes);
    forms.push(...[hex, hex.toUpperCase(), ...base64Cores(bytes)].map((text) => utf8.encode(text)));
  }
  if (/[\x80-\xff]/.test(value) && !/[^\0-\xff]/.test(value)) {
    forms.push(Uint8Array.from(value, (character) => character.charCodeAt(0)));
  }
  return forms.filter(({ length }) => length >= SHORTEST_FORM);
}

/** What it becomes where it is escaped for texts around it. */
function escapedForms(value: string): Uint8Array[] {
  const percent = percentEncoded(value);
  const texts = new Set([
    JSON.stringify(value).slice(1, -1),
    JSON.stringify(value).slice(1, -1).replaceAll("/", "\\/"),
    ascii(JSON.stringify(value).slice(1, -1)),
    // As JSON is escaped that goes into HTML.
    JSON.stringify(value).slice(1, -1).replace(/[<>&']/g, escaped),
    xmlEscaped(value, false),
    xmlEscaped(value, true),
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    percent.replaceAll("%20", "+"),
    percent.replace(/[!'()*~]/g, percentOf).replaceAll("%20", "+"),
    encodeURI(wellFormed(value)),
  ]);
  texts.delete(value);
  return [...texts].map((text) => utf8.encode(text));
}

function hexOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/**
 * What base64 makes of these bytes wherever they begin in what is encoded: the characters that depend on them alone,
 * for each of the three places, in both alphabets.
 */
function base64Cores(bytes: Uint8Array): string[] {
  const cores: string[] = [];
  for (let before = 0; before < 3; before++) {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const text = base64(padded);
    const core = text.slice(Math.ceil(before * 8 / 6), Math.floor(padded.length * 8 / 6));
    cores.push(core, core.replaceAll("+", "-").replaceAll("/", "_"));
  }
  return [...new Set(cores)];
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function utf16(value: string, little: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * value.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < value.length; i++) view.setUint16(2 * i, value.charCodeAt(i), little);
  return bytes;
}

/** Half a surrogate pair cannot be percent-encoded. */
function wellFormed(value: string): string {
  return new TextDecoder().decode(utf8.encode(value));
}

function percentEncoded(value: string): string {
  return encodeURIComponent(wellFormed(value));
}

function percentOf(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** With all that is not ASCII escaped, as many writers of JSON do. */
function ascii(text: string): string {
  return text.replace(/[^\0-\x7f]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function xmlEscaped(value: string, quotes: boolean): string {
  const text = value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return quotes ? text.replaceAll('"', "&quot;").replaceAll("'", "&#39;") : text;
}
