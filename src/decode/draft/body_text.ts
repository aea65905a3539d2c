// The body of a Draft as text to edit, and back in the charset it came in. It is text only where every byte of it comes
// back the same; otherwise it is edited in hex. Pure.

import { findCharset } from "../charset.ts";
import type { Draft } from "./draft.ts";
import { isSame } from "./draft.ts";
import { headerValue } from "./head_lines.ts";
import { divideLines, type EndedLines, joinLines } from "./lines.ts";
import { encodeText, type Encoding, isWritable } from "./text_encoding.ts";

/** A body as text. */
export interface BodyText {
  /** Its lines are divided by "\n", whatever they end with. */
  readonly text: string;
  /** As it is to be shown: "utf-8, declared". */
  readonly charset: string;
  readonly charsetFrom: string;
  readonly encoding: Encoding;
  readonly lines: EndedLines;
  /** The byte order mark it begins with, which is not in `text`; or "". */
  readonly mark: string;
}

/** Why a body cannot be edited as text, in words. */
export interface NoText {
  readonly reason: string;
}

const CHARSET_PREFIX = 64 * 1024;
const MARK = "\ufeff";

/** The body as text, or why it is none. */
export function bodyTextOf(
  { protocol, head, body }: Pick<Draft, "protocol" | "head" | "body">,
): BodyText | NoText {
  const coding = protocol === "http" ? contentCodingOf(head) : null;
  if (coding !== null && body.length > 0) {
    return {
      reason: `It is coded with ${coding}. Take the coding off to edit it as text, or edit it in hex.`,
    };
  }
  const contentType = protocol === "http" ? headerValue(head, "Content-Type") : null;
  const { label, encoding: name, from } = findCharset(contentType, body.subarray(0, CHARSET_PREFIX));
  const encoding = encodingOf(label, name, body);
  if (!isWritable(encoding)) {
    return { reason: `It is in ${label}, which tcpmon can read but not write. Edit it in hex.` };
  }
  const decoded = new TextDecoder(name, { ignoreBOM: true }).decode(body);
  const mark = decoded.startsWith(MARK) ? MARK : "";
  const whole = divideLines(decoded.slice(mark.length));
  if (!isSame(bytesOf(decoded, encoding), body)) {
    return {
      reason: `Not all of its bytes are ${label}, so as text it would not stay the same. Edit it in hex.`,
    };
  }
  return { text: whole.lines.join("\n"), charset: label, charsetFrom: from, encoding, lines: whole, mark };
}

/**
 * The body for an edited text, in the charset of `before`, with the line ends that its lines had. Throws RangeError, in
 * words, that names the characters that the charset has not.
 */
export function bodyOfText(before: Pick<BodyText, "encoding" | "lines" | "mark">, text: string): Uint8Array {
  return encodeText(before.mark + joinLines(before.lines, text, "\n"), before.encoding);
}

/** The content codings of a head as it names them, without "identity"; null where there is none. */
export function contentCodingOf(head: string): string | null {
  const codings = (headerValue(head, "Content-Encoding") ?? "").split(",").map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding.toLowerCase() !== "identity");
  return codings.length === 0 ? null : codings.join(", ");
}

/** The charset to write in for a label and the encoding that it means. `body` is what came under it, if anything did. */
export function encodingOf(label: string, encoding: string, body: Uint8Array = new Uint8Array(0)): Encoding {
  return { label, encoding, highest: highestOf(label, encoding, body) };
}

/**
 * The highest character of labels that mean less than the encoding they are decoded with: ISO-8859-1 ends with U+00FF
 * and ASCII with U+007F. Where the body has bytes of windows-1252 under such a label, its sender means that.
 */
function highestOf(label: string, encoding: string, body: Uint8Array): number | null {
  if (encoding !== "windows-1252" || /1252|x-ansi/.test(label)) return null;
  const isAscii = /ascii|ansi_x3/.test(label);
  for (const byte of body) {
    if (byte >= 0x80 && (isAscii || byte < 0xa0)) return null;
  }
  return isAscii ? 0x7f : 0xff;
}

function bytesOf(text: string, encoding: Encoding): Uint8Array {
  try {
    return encodeText(text, encoding);
  } catch (error) {
    if (error instanceof RangeError) return new Uint8Array(0);
    throw error;
  }
}
