// What looks like a named value in text that has no structure of its own, or another one around it: JSON in a script or
// in a string of JSON, markup in a string, header lines in a log. By regular expressions, for there is nothing better
// to go by; where the end of a value is not certain, more is masked rather than less.

import { maskLoosely } from "./address.ts";
import { type Found, MASK } from "./found.ts";
import { maskField } from "./head.ts";
import { unescapedJson } from "./json.ts";
import { entitiesDecoded } from "./xml_tag.ts";

/** How a text was read before this. */
export interface Before {
  /** True after JsonMasker or XmlMasker: rules with a path were followed there, and no field is left out here. */
  readonly structured: "json" | "xml" | null;
}

// A name in quotes, escaped as often as the ones around its value: \"password\": \"x\". Backslashes are counted as far as
// six texts within each other have them (2⁶ - 1): an expression begins at each of them, and there may be millions.
const JSON_MEMBER = /(\\{0,63}(?:["']|u0022|&quot;))([^"'\\&<>{}\r\n]{1,200})\1\s*:\s*/g;
// In JSON that was read already, only what is escaped within its strings.
const ESCAPED_MEMBER = /(\\{1,63}(?:["']|u0022))([^"'\\&<>{}\r\n]{1,200})\1\s*:\s*/g;
const SECTION_END = /\]\]>|-->|\?>/g;
const BARE_VALUE = /[^\s,;}\]"'\\&<>]+/y;
// It ends where another one begins in the same way, for where none ends each would be searched to the end of the text.
// What begins one must end one: a name begins with \w, in either place. A "<" before anything else is text within a
// value: hint="1 &lt; 2", "x <- y".
const OPEN_TAG =
  /(<|&lt;|\\{1,63}u003[cC]|%3[cC])(\w[\w.-]{0,99}(?::[\w.-]{1,100})?)((?:\s(?:(?!\1[\w\/!?]|&gt;|\\{1,63}u003[eE])(?:[^<>]|<(?![\w\/!?])))*)?)(>|&gt;|\\{1,63}u003[eE]|%3[eE])/g;
// As in a program, or in JSON as people write it: {password: "x"}.
const BARE_MEMBER = /([{,]\s*)([A-Za-z_$][\w$]{0,99})(\s*:\s*)(["'`])((?:\\[^]|(?!\4)[^\\])*)\4/g;
const HEADER_LINE = /^[ \t]*([!#$%&'*+.^`|~\w-]{1,100}):[ \t]*([^\r\n]+)/gm;

/** Masks in a text, or in a part of it that ends where none of these is cut. */
export function maskLooseText(text: string, found: Found, { structured }: Before): string {
  const { rules } = found;
  let out = text;
  if (rules.has.json) out = maskMembers(out, found, structured !== "json");
  if (rules.has.json && structured === null) out = maskBareMembers(out, found);
  // In XML that was read already, those in CDATA sections and comments, and escaped ones.
  if (rules.has.xml) out = maskElements(out, found, structured === "xml");
  if (structured === null && (rules.has.header || rules.has.cookie)) out = maskHeaderLines(out, found);
  return maskLoosely(out, found);
}

/** Members of JSON by name. */
function maskMembers(text: string, found: Found, anyPath: boolean): string {
  let out = "";
  let done = 0;
  const member = anyPath ? JSON_MEMBER : ESCAPED_MEMBER;
  member.lastIndex = 0;
  for (let match = member.exec(text); match !== null; match = member.exec(text)) {
    const [whole, quote, rawName] = match;
    const verdict = found.rules.jsonName(rawName, anyPath);
    if (verdict === null) {
      // The quote that ends this name may begin another one.
      member.lastIndex = match.index + quote.length + rawName.length;
      continue;
    }
    const from = match.index + whole.length;
    const value = valueAt(text, from, quote);
    member.lastIndex = Math.max(value.to, match.index + 1);
    if (value.to === text.length && value.is !== "word") found.ranOut = true;
    if (value.inner === "" || value.inner === MASK || value.inner.startsWith(`{${quote}${MASK}`)) continue;
    if (value.is === "word" && /^(?:null|0|false|true)$/.test(value.inner)) continue;
    found.field("JSON", rawName, "mask", unescapedJson(value.inner), value.inner);
    out += text.slice(done, value.from) + (value.is === "string" ? MASK : `${quote}${MASK}${quote}`);
    done = value.to;
  }
  return out + text.slice(done);
}

/** Members whose names stand without quotes. */
function maskBareMembers(text: string, found: Found): string {
  return text.replace(
    BARE_MEMBER,
    (whole, before: string, name: string, colon: string, quote: string, value: string) => {
      if (value === "" || value === MASK || found.rules.jsonName(name, true) === null) return whole;
      found.field("JSON", name, "mask", unescapedJson(value), value);
      return `${before}${name}${colon}${quote}${MASK}${quote}`;
    },
  );
}

/** The value at a place: what stands between its quotes, or all of it. */
function valueAt(
  text: string,
  at: number,
  quote: string,
): {
  readonly is: "string" | "word" | "open";
  readonly from: number;
  readonly to: number;
  readonly inner: string;
} {
  if (text.startsWith(quote, at)) {
    const from = at + quote.length;
    let end = text.indexOf(quote, from);
    while (end > 0 && text[end - 1] === "\\") end = text.indexOf(quote, end + 1);
    const to = end < 0 ? text.length : end;
    return { is: "string", from, to, inner: text.slice(from, to) };
  }
  if (text[at] === "{" || text[at] === "[") {
    const to = closingOf(text, at);
    return { is: "open", from: at, to, inner: text.slice(at, to) };
  }
  BARE_VALUE.lastIndex = at;
  const inner = BARE_VALUE.exec(text)?.[0] ?? "";
  return { is: "word", from: at, to: at + inner.length, inner };
}

/** After the bracket that closes the one at `from`, counted without regard to strings; the end where none does. */
function closingOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === "{" || character === "[") depth++;
    else if (character === "}" || character === "]") depth--;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** Elements by name, with their attributes; also in markup that is escaped. */
function maskElements(text: string, found: Found, isRead: boolean): string {
  let out = "";
  let done = 0;
  let section = -1;
  const unclosed = new Set<string>();
  OPEN_TAG.lastIndex = 0;
  for (let match = OPEN_TAG.exec(text); match !== null; match = OPEN_TAG.exec(text)) {
    const [whole, less, name, attributes] = match;
    const named = maskLooseAttributes(attributes, found);
    if (named !== attributes) {
      out += text.slice(done, match.index) + less + name + named;
      done = match.index + less.length + name.length + attributes.length;
    }
    if (found.rules.xml(name) === null || attributes.endsWith("/")) continue;
    const from = match.index + whole.length;
    // What was read already has tags that are none: in a comment, without an end.
    const isInside = isRead && less === "<";
    if (isInside) {
      if (from > section) {
        section = sectionEnd(text, from);
        unclosed.clear();
      }
      if (text.startsWith(MASK, from) || unclosed.has(name)) continue;
    }
    const end = closingTag(text, from, less, name);
    if (isInside && end >= section) {
      unclosed.add(name);
      continue;
    }
    const value = text.slice(from, end);
    OPEN_TAG.lastIndex = end;
    if (end === text.length) found.ranOut = true;
    if (value.trim() === "" || value === MASK) continue;
    found.field("XML", name, "mask", entitiesDecoded(value).trim(), value.trim());
    out += `${text.slice(done, from)}${MASK}`;
    done = end;
  }
  return out + text.slice(done);
}

/** Where the CDATA section, comment or instruction ends that a place may be in; the end of the text where none does. */
function sectionEnd(text: string, from: number): number {
  SECTION_END.lastIndex = from;
  return SECTION_END.exec(text)?.index ?? text.length;
}

/** Where the end tag begins; the end of the text where there is none. */
function closingTag(text: string, from: number, less: string, name: string): number {
  for (const slash of ["/", "\\/", "%2F", "%2f"]) {
    const found = text.indexOf(`${less}${slash}${name}`, from);
    if (found >= 0) return found;
  }
  return text.length;
}

// Looked for where a name begins only. Of backslashes a value has only those of what is escaped in it. In HTML it may
// stand without quotes: it ends at white space.
const LOOSE_ATTRIBUTE =
  /(?<![\w.:-])([\w.:-]{1,100})(\s*=\s*)(?:(\\*["']|&quot;)((?:(?!\3)(?:[^\\]|\\(?=\\{0,63}u00)))+)\3|([^\s"'<>&\\=`]+))/g;
const NAMING = /(?:^|\s)(?:name|key|id|property)\s*=\s*(?:\\*["']|&quot;)?([^\s"'<>&\\]+)/i;

function maskLooseAttributes(attributes: string, found: Found): string {
  if (!attributes.includes("=")) return attributes;
  const naming = NAMING.exec(attributes)?.[1];
  const named = naming !== undefined &&
    (found.rules.xml(naming) ?? found.rules.query(naming)) !== null;
  return attributes.replace(
    LOOSE_ATTRIBUTE,
    (whole, name: string, equals: string, quote = "", quoted?: string, bare?: string) => {
      const value = quoted ?? bare ?? "";
      const hit = found.rules.xml(name) !== null || (named && /^(?:value|content)$/i.test(name));
      // Such as an address with parameters: what stands there by its name is masked, too.
      if (!hit && quoted !== undefined) {
        return `${name}${equals}${quote}${maskLooseAttributes(quoted, found)}${quote}`;
      }
      if (!hit || value === MASK) return whole;
      found.field("XML", named ? naming : name, "mask", entitiesDecoded(value));
      return `${name}${equals}${quote}${MASK}${quote}`;
    },
  );
}

/** "Authorization: Bearer x" on a line of its own: a message in a message, a log. */
function maskHeaderLines(text: string, found: Found): string {
  return text.replace(HEADER_LINE, (line, name: string, value: string) => {
    const { rules } = found;
    const isCookie = rules.has.cookie && /^(?:set-)?cookie2?$/i.test(name);
    if (!isCookie && rules.header(name) === null) return line;
    if (value.includes(MASK)) return line;
    const masked = maskField({ name, value }, found, () => null, (plain) => plain);
    return masked === null ? `${name}: ${MASK}` : line.slice(0, line.length - value.length) + masked.value;
  });
}
