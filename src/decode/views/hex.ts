// The hex view: sixteen bytes a line, as numbers and as ASCII text. Pure functions; the columns are exported so that
// the page can map a place in a line to a byte and back.
//
//     00000000  51 00 00 00 5a 53 45 4c  45 43 54 20 69 64 2c 20  Q···ZSELECT id,

/** Bytes a line. */
export const HEX_BYTES = 16;

/** Columns (from 0) of the first byte and of the first character of the text. A line whose offset is 4 GiB or more begins with more digits. */
export const HEX_COLUMN = 10;
export const HEX_TEXT_COLUMN = 60;

/** Column of the first digit of byte `index` (0 to 15) of a line; its second digit follows. */
export function hexColumn(index: number): number {
  return HEX_COLUMN + index * 3 + (index >= HEX_BYTES / 2 ? 1 : 0);
}

const DIGITS = "0123456789abcdef";
const SPACE = 0x20;
const LINE_FEED = 0x0a;
const DASH = 0x2d;
/** "·" in windows-1252, as which the lines are put together: a byte a character. */
const DOT = 0xb7;

/** The digits of all bytes, two for each. */
const PAIRS = Uint8Array.from({ length: 512 }, (_, i) => DIGITS.charCodeAt(i % 2 ? (i >> 1) & 15 : i >> 5));

const decoder = new TextDecoder("windows-1252");

/**
 * The lines of `bytes`, divided by "\n". `offset` is that of the first byte. Of no bytes, there are no lines: "". The
 * bytes in `missing`, from `start` to `end` as offsets and in order, are none: "--" stands for each.
 */
export function hexLines(
  bytes: Uint8Array,
  offset: number,
  missing: readonly { readonly start: number; readonly end: number }[] = [],
): string {
  const count = Math.ceil(bytes.length / HEX_BYTES);
  const most = HEX_TEXT_COLUMN + extraDigits(offset + bytes.length) + HEX_BYTES + 1;
  const lines = new Uint8Array(count * most).fill(SPACE);
  let end = 0;
  /** Those before it have ended. */
  let gap = 0;
  for (let line = 0; line < count; line++) {
    const start = line * HEX_BYTES;
    const extra = extraDigits(offset + start);
    writeOffset(lines, end, offset + start, 8 + extra);
    const length = Math.min(HEX_BYTES, bytes.length - start);
    const text = end + extra + HEX_TEXT_COLUMN;
    for (let i = 0; i < length; i++) {
      const byte = bytes[start + i];
      const column = end + extra + hexColumn(i);
      while (gap < missing.length && missing[gap].end <= offset + start + i) gap++;
      if (gap < missing.length && missing[gap].start <= offset + start + i) {
        lines[column] = lines[column + 1] = DASH;
        lines[text + i] = SPACE;
        continue;
      }
      lines[column] = PAIRS[byte * 2];
      lines[column + 1] = PAIRS[byte * 2 + 1];
      lines[text + i] = byte >= SPACE && byte < 0x7f ? byte : DOT;
    }
    end = text + length;
    lines[end++] = LINE_FEED;
  }
  return decoder.decode(lines.subarray(0, Math.max(0, end - 1)));
}

/** How many digits more than eight an offset has. */
function extraDigits(offset: number): number {
  return offset < 2 ** 32 ? 0 : offset.toString(16).length - 8;
}

function writeOffset(lines: Uint8Array, at: number, offset: number, digits: number): void {
  let rest = offset;
  for (let i = digits - 1; i >= 0; i--) {
    lines[at + i] = DIGITS.charCodeAt(rest % 16);
    rest = Math.floor(rest / 16);
  }
}
