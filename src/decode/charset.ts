// Which charset a body is in, and a decoder that knows where another could go on. Pure; nothing is fetched or kept.
//
// In this order (RFC 7303, 3.3 and 8.1 for XML; the HTML Standard agrees): byte order mark, the charset parameter of
// Content-Type, the XML declaration, an HTML meta element, a guess. Labels mean what the Encoding Standard says, as in
// browsers: "iso-8859-1" is decoded as windows-1252.

/** How a charset was found. */
export type CharsetFrom = "byte order mark" | "declared" | "XML declaration" | "meta element" | "guessed";

/** The charset to decode with. */
export interface Charset {
  /** As it is to be shown: as it was declared, in lower case. */
  readonly label: string;
  /** The encoding's name, for `CharsetDecoder`. */
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
  for (const [from, find] of DECLARATIONS) {
    const label = find(contentType ?? "", start)?.trim().toLowerCase();
    if (!label) continue;
    const encoding = encodingOf(label, wide);
    // A document that calls itself UTF-16 in ASCII (.NET writes such), or the other way round, is wrong about itself.
    if (encoding && from !== "declared" && encoding.startsWith("utf-16") !== (wide !== null)) continue;
    if (encoding) return { label, encoding, from, unknown };
    unknown ??= label;
  }
  const encoding = wide ?? (isUtf8(prefix) ? "utf-8" : "windows-1252");
  return { label: encoding, encoding, from: "guessed", unknown };
}

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16be", [0xfe, 0xff]],
  ["utf-16le", [0xff, 0xfe]],
];

const PARAMETER = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i;
const XML_DECLARATION = /^\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/;
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
 * Decodes bytes that come in pieces, cut anywhere. It turns to text only what ends where another decoder could begin,
 * wherever the encoding has such places; the few bytes after that wait for the next piece.
 */
export class CharsetDecoder {
  readonly #native: TextDecoder;
  readonly #boundary: Boundary;
  #waiting = new Uint8Array(0);
  #restart: number | null;
  #received: number;

  /** `from` is the offset of the first byte that it will be given. A byte order mark at offset 0 is dropped. */
  constructor(encoding: string, from = 0) {
    this.#native = new TextDecoder(encoding, { ignoreBOM: from > 0 });
    this.#boundary = BOUNDARIES[this.#native.encoding] ?? ((bytes) => bytes.length);
    this.#restart = this.#received = from;
  }

  /**
   * The offset from which a new decoder would go on: what it returns follows what this one has returned so far. Null
   * where there is none at the moment.
   */
  get restart(): number | null {
    return this.#restart;
  }

  /** The text of the next bytes, as far as they are whole characters. Bytes that mean nothing become U+FFFD. */
  decode(bytes: Uint8Array): string {
    const all = this.#waiting.length === 0 ? bytes : concat(this.#waiting, bytes);
    const boundary = this.#boundary(all);
    const whole = boundary ?? all.length;
    this.#received += bytes.length;
    this.#waiting = all.slice(whole);
    this.#restart = boundary === null ? null : this.#received - this.#waiting.length;
    return this.#native.decode(all.subarray(0, whole), { stream: true });
  }

  /** The rest. */
  end(): string {
    return this.#native.decode(this.#waiting);
  }
}

/** How many of the bytes end where a new decoder may begin. Null where that cannot be said. */
type Boundary = (bytes: Uint8Array) => number | null;

// All others have one byte a character.
const BOUNDARIES: Readonly<Record<string, Boundary>> = {
  "utf-8": utf8Boundary,
  "utf-16le": (bytes) => utf16Boundary(bytes, 1),
  "utf-16be": (bytes) => utf16Boundary(bytes, 0),
  "shift_jis": asciiBoundary,
  "euc-jp": asciiBoundary,
  "euc-kr": asciiBoundary,
  "big5": asciiBoundary,
  "gbk": asciiBoundary,
  "gb18030": asciiBoundary,
  // What a byte means depends on escape sequences that may be far before it.
  "iso-2022-jp": () => null,
};

/** Before the last character, if it is not complete. */
function utf8Boundary(bytes: Uint8Array): number {
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

/** Before half a unit, and before a high surrogate whose other half is to come. `high` is where a unit's high byte is. */
function utf16Boundary(bytes: Uint8Array, high: 0 | 1): number {
  const even = bytes.length & ~1;
  return even > 0 && (bytes[even - 2 + high] & 0xfc) === 0xd8 ? even - 2 : even;
}

/** So far back a boundary is looked for. */
const LOOK_BACK = 256;

/** After the last byte that is a character of its own in all of these encodings: none of them has it as a second byte. */
function asciiBoundary(bytes: Uint8Array): number | null {
  for (let end = bytes.length; end > 0 && end > bytes.length - LOOK_BACK; end--) {
    const byte = bytes[end - 1];
    if (byte < 0x30 || (byte > 0x39 && byte < 0x40)) return end;
  }
  return null;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
