// The files of a capture: the newest has the capture's name, and those before it stand beside it with their numbers:
// today.pcapng, today.000002.pcapng, today.000001.pcapng. What belongs together is told by how each begins.

import { basename, dirname, extname, join } from "node:path";
import { readerOf } from "./file.ts";
import { beganOf } from "./segment_base.ts";

/** A file of the capture that does not grow any more. */
export interface OlderSegment {
  readonly path: string;
  readonly number: number;
  /** The position of its first byte in the capture. */
  readonly base: number;
  readonly length: number;
  /** When its latest record was written, ms since the epoch. */
  readonly until: number;
}

/** The name of a segment that is not the newest. */
export function segmentPath(file: string, number: number): string {
  const end = extname(file);
  return join(dirname(file), `${basename(file, end)}.${String(number).padStart(6, "0")}${end}`);
}

/**
 * The older segments of the capture in `file`, oldest first. `before` is where the newest begins, null where it is not
 * there. A file with such a name that does not go before it is none of them, and is left alone.
 */
export function olderSegments(file: string, before: number | null): OlderSegment[] {
  const found: OlderSegment[] = [];
  for (const number of numbersBeside(file).sort((a, b) => b - a)) {
    const path = segmentPath(file, number);
    const segment = segmentIn(path, number);
    const next = found.at(-1)?.base ?? before ?? Infinity;
    if (segment && segment.base + segment.length <= next) found.push(segment);
  }
  return found.reverse();
}

function numbersBeside(file: string): number[] {
  const end = extname(file);
  const name = basename(file, end);
  const numbers: number[] = [];
  try {
    for (const entry of Deno.readDirSync(dirname(file))) {
      if (!entry.name.startsWith(`${name}.`) || !entry.name.endsWith(end)) continue;
      const number = entry.name.slice(name.length + 1, entry.name.length - end.length);
      if (/^\d{6,}$/.test(number)) numbers.push(Number(number));
    }
  } catch {
    // Who may not list the folder can record in it all the same: the capture then begins anew.
  }
  return numbers;
}

function segmentIn(path: string, number: number): OlderSegment | null {
  let file: Deno.FsFile | null = null;
  try {
    file = Deno.openSync(path);
    const began = beganOf(readerOf(file));
    if (!began || (began.segment ?? 1) !== number) return null;
    const { size, mtime } = file.statSync();
    return { path, number, base: began.base ?? 0, length: size, until: mtime?.getTime() ?? began.at };
  } catch {
    return null;
  } finally {
    file?.close();
  }
}
