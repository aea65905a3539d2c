// A piece of work that has nothing to do with the program, to compare machines by: whoever is twice as quick here is
// expected to be twice as quick in the cases.

/** What its measurement is called. */
export const CALIBRATION = "calibration";

const BYTES = 1_000_000;
const bytes = Uint8Array.from({ length: BYTES }, (_, at) => at * 31);

/** Text made of bytes and taken apart, and a sum over them: what the cases spend their time with, too. */
export function calibrate(): number {
  const words = new TextDecoder("windows-1252").decode(bytes).split("a");
  let sum = words.length;
  for (let at = 0; at < BYTES; at++) sum = (Math.imul(sum, 31) + bytes[at]) | 0;
  return new Map(words.map((word, at) => [word, at])).size + sum;
}
