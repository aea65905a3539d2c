// Which charset a body is in, and where its bytes can be cut without cutting a character. Pure.
//
// In this order (RFC 7303, 3.3 and 8.1 for XML; the HTML Standard agrees): byte order mark, the charset parameter of
// Content-Type, the XML declaration, an HTML meta element, UTF-8 as JSON must be (RFC 8259, 8.1) and XML that says nothing
// is (XML 1.0, 4.3.3), a guess. Labels mean what the Encoding Standard says, as in browsers: "iso-8859-1" is decoded as
// windows-1252.

/** How a charset was found. */
export type CharsetFrom =
  | "byte order mark"
  | "declared"
  | "XML declaration"
  | "meta element"
  | "default of JSON"
  | "default of XML"
  | "guessed";

/** Whether whoever wrote the body, or its head, has named the charset. */
export function isDeclared(from: CharsetFrom): boolean {
  return DECLARATIONS.some(([one]) => one === from);
}

/** The charset to decode with. */
export interface Charset {
  /** As it is to be shown: as it was declared, in lower case. */
  readonly label: string;
  /** The name of the encoding, for `TextDecoder`. */
  readonly encoding: string;
  readonly from: CharsetFrom;
  /** What was declared but is not known here, so that the charset had to be guessed; null otherwise. */
  readonly unknown: string | null;
}

/**
 * Finds the charset of a body from its Content-Type field (null where it has none) and its first bytes; 1,024 are
 * enough, more make a better guess. Never fails: what is neither declared nor UTF-8 is taken for windows-1252, in
 * which every byte is a character.
 */
export function findCharset(contentType: string | null, prefix: Uint8Array): Charset {
  const mark = MARKS.find(([, bytes]) => startsWith(prefix, bytes));
  if (mark) return { label: mark[0], encoding: mark[0], from: "byte order mark", unknown: null };
  const wide = wideEncoding(prefix);
  const start = new TextDecoder(wide ?? "windows-1252").decode(prefix.subarray(0, SEARCHED));
  let unknown: string | null = null;
  let isSilent = true;
  for (const [from, find] of DECLARATIONS) {
    const label = find(contentType ?? "", start)?.trim().toLowerCase();
    if (!label) continue;
    isSilent = false;
    const encoding = encodingOf(label, wide);
    // A document that calls itself UTF-16 in ASCII (.NET writes such), or the other way round, is wrong about itself.
    if (encoding && from !== "declared" && encoding.startsWith("utf-16") !== (wide !== null)) continue;
    if (encoding) return { label, encoding, from, unknown };
    unknown ??= label;
  }
  const encoding = wide ?? (isUtf8(prefix) ? "utf-8" : "windows-1252");
  const from = encoding === "utf-8" && isSilent ? defaultOf(contentType, start) : null;
  return { label: encoding, encoding, from: from ?? "guessed", unknown };
}

/** Whose default UTF-8 is; null where it is nobody's, or where only the content tells what it is. */
function defaultOf(contentType: string | null, start: string): CharsetFrom | null {
  if (contentType === null) return /^<\?xml\s/.test(start) ? "default of XML" : null;
  const [type] = contentType.toLowerCase().split(";");
  if (/^\s*(?:(?:application|text)\/json|[\w-]+\/[\w.-]+\+json)\s*$/.test(type)) return "default of JSON";
  return /^\s*(?:(?:application|text)\/xml(?:-dtd)?|[\w-]+\/[\w.-]+\+xml)\s*$/.test(type)
    ? "default of XML"
    : null;
}

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
];

const PARAMETER = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i;
const XML_DECLARATION = /^\s*<\?xml\b[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/;
const META = /<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)/i;

/** So much is searched for a declaration (HTML Standard, 13.2.3.2). */
const SEARCHED = 1024;

type Find = (contentType: string, start: string) => string | undefined;

const DECLARATIONS: readonly (readonly [CharsetFrom, Find])[] = [
  ["declared", (contentType) => firstGroup(PARAMETER, contentType)],
  ["XML declaration", (_, start) => firstGroup(XML_DECLARATION, start)],
  ["meta element", (contentType, start) => isHtml(contentType, start) ? firstGroup(META, start) : undefined],
];

function firstGroup(pattern: RegExp, text: string): string | undefined {
  return pattern.exec(text)?.slice(1).find((group) => group !== undefined);
}

function isHtml(contentType: string, start: string): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType) ||
    /<(?:!doctype\s+)?html\b/i.test(start);
}

/** What a label means, or null where it means nothing here. "utf-16" leaves the byte order open; `wide` tells it. */
function encodingOf(label: string, wide: string | null): string | null {
  try {
    const { encoding } = new TextDecoder(label);
    return encoding === "utf-16le" && label !== encoding ? wide ?? encoding : encoding;
  } catch {
    return null;
  }
}

/** Whether these bytes are UTF-8, except that the last character may be cut. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** UTF-16, if the first characters are ASCII in it: so is the beginning of XML, JSON and HTML. */
function wideEncoding(prefix: Uint8Array): string | null {
  const bytes = prefix.subarray(0, 8);
  if (bytes.length < 4) return null;
  const zeros = (parity: number) =>
    bytes.every((byte, i) => i % 2 === parity ? byte === 0 : byte >= 9 && byte < 0x7f);
  return zeros(0) ? "utf-16be" : zeros(1) ? "utf-16le" : null;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

/**
 * How many of these bytes end where a character ends, so that a new decoder can go on after them, with the same text
 * as the outcome. They must begin where a character begins. Less than all only for the beginning of a character at
 * the end, and for iso-2022-jp, where only the ends of lines are certain (RFC 1468) unless there is none.
 */
export function wholeCharacters(encoding: string, bytes: Uint8Array): number {
  switch (encoding) {
    case "utf-8":
      return wholeUtf8(bytes);
    case "utf-16le":
      return wholeUtf16(bytes, 1);
    case "utf-16be":
      return wholeUtf16(bytes, 0);
    case "iso-2022-jp":
      return bytes.lastIndexOf(LINE_FEED) + 1 || bytes.length;
    case "shift_jis":
    case "euc-jp":
    case "euc-kr":
    case "big5":
    case "gbk":
    case "gb18030":
      return wholeMultibyte(encoding, bytes);
    default:
      // All others have one byte a character.
      return bytes.length;
  }
}

const LINE_FEED = 0x0a;

function wholeUtf8(bytes: Uint8Array): number {
  const { length } = bytes;
  for (let back = 1; back <= 3 && back <= length; back++) {
    const byte = bytes[length - back];
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const needed = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return needed > back ? length - back : length;
  }
  return length;
}

/** `high` is where in a unit its more significant byte stands. A high surrogate waits for its other half. */
function wholeUtf16(bytes: Uint8Array, high: 0 | 1): number {
  const even = bytes.length & ~1;
  return even > 0 && (bytes[even - 2 + high] & 0xfc) === 0xd8 ? even - 2 : even;
}

/** No character has more bytes. */
const MOST_BYTES = 4;

/** Tries, from a place where a character is known to begin: a decoder in the middle of one has a rest to give. */
function wholeMultibyte(encoding: string, bytes: Uint8Array): number {
  const tail = bytes.subarray(sureBoundary(bytes));
  const decoder = new TextDecoder(encoding);
  for (let end = tail.length; end > 0 && end > tail.length - MOST_BYTES; end--) {
    decoder.decode(tail.subarray(0, end), { stream: true });
    if (decoder.decode() === "") return bytes.length - tail.length + end;
  }
  return bytes.length - (tail.length < MOST_BYTES ? tail.length : 0);
}

/** After the last byte that is always a character of its own: in none of these encodings is it ever part of another. */
function sureBoundary(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && !(bytes[end - 1] < 0x30 || (bytes[end - 1] > 0x39 && bytes[end - 1] < 0x40))) end -= 1;
  return end;
}
