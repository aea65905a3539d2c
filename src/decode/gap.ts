// What stands for bytes that a Connection carried and the capture has not: filler of the same length, so that all else
// keeps its place. Its beginning says so in words, on a line of its own, and so every view of it does. Whoever shows or
// gives away bytes says where gaps are besides: these bytes were never on the wire.

const encoder = new TextEncoder();
const SPACE = 0x20;
const LF = 0x0a;

/** "1,460 bytes are missing here". */
export function gapWords(length: number): string {
  return length === 1 ? "1 byte is missing here" : `${length.toLocaleString("en")} bytes are missing here`;
}

/** The fault of a Message with a gap in it. */
export function gapFault(length: number): string {
  return gapWords(length).replace("here", "in the capture");
}

/** Fills `into` with the filler of a gap of `length` bytes, from its byte `from` on. */
export function fillGap(length: number, from: number, into: Uint8Array): void {
  into.fill(SPACE);
  const words = encoder.encode(`\n[${gapWords(length)}]`);
  if (from < words.length) into.set(words.subarray(from, from + into.length));
  const last = length - 1 - from;
  if (last >= 0 && last < into.length) into[last] = LF;
}

/** Whether a fault is one of those that `gapFault` gives. */
export function isGapFault(text: string): boolean {
  return /\bbytes? (are|is) missing in the capture$/.test(text);
}
