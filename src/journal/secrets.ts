// Which lines of a key log go into the Journal, and where: only those of TLS connections that are recorded in it, for
// the others are secrets of other programs. Each is appended where it comes, as a Decryption Secrets Block, for who
// reads along; and it is put into a block that was left blank before the Connection's first packet, for programs that
// read once from front to back and need a secret before what it decrypts, as tshark does. Once each, although a key log
// that is replaced is read from its beginning again.

import type { KeyLine } from "./key_log_file.ts";

/** How much is left blank at once, bytes, and how much of it one TLS connection is counted with: four lines or so. */
const BLANK = 64 * 1024;
const BOOKED = 1024;
/** So many client randoms, and lines for those that have not been seen, are remembered; the oldest are forgotten. */
const REMEMBERED = 10_000;
const NEWLINE = 0x0a;

/** Where the lines are put; it knows the file. */
export interface SecretsSink {
  /** Appends a block with these lines; returns where they begin in the file. */
  append(lines: Uint8Array): number;
  /** Replaces bytes that were appended. */
  replace(position: number, bytes: Uint8Array): void;
}

/** A block that was left blank: empty lines, which mean nothing. */
interface Blank {
  readonly position: number;
  booked: number;
  used: number;
}

/** Brings lines and Connections together. */
export class Secrets {
  readonly #seen = new Map<string, Blank | null>();
  readonly #waiting = new Map<string, Uint8Array[]>();
  /** The labels of the lines that have come, by client random. */
  readonly #labels = new Map<string, Set<string>>();
  #blank: Blank | null = null;

  constructor(private readonly sink: SecretsSink) {}

  /** Leaves room before what is recorded next. */
  begin(): void {
    const position = this.sink.append(new Uint8Array(BLANK).fill(NEWLINE));
    this.#blank = { position, booked: 0, used: 0 };
  }

  /** A ClientHello with this random is in the Journal already, where no room was left before it. */
  held(random: string): void {
    this.#put(random, null);
  }

  /** A ClientHello with this random is about to be recorded. */
  seen(random: string): void {
    if (this.#seen.has(random)) return;
    if (this.#blank === null || this.#blank.booked + BOOKED > BLANK) this.begin();
    this.#blank!.booked += BOOKED;
    this.#put(random, this.#blank);
  }

  /** A line has come. */
  line({ label, random, line }: KeyLine): void {
    if (this.#hasCome(random, label)) return;
    const blank = this.#seen.get(random);
    if (blank !== undefined) {
      this.#give([line], blank);
      return;
    }
    const waiting = this.#waiting.get(random);
    if (waiting) waiting.push(line);
    else this.#waiting.set(random, [line]);
    forgetOldest(this.#waiting);
  }

  /** Whether this secret has come before; from now on it has. */
  #hasCome(random: string, label: string): boolean {
    const labels = this.#labels.get(random);
    if (labels?.has(label)) return true;
    if (labels) labels.add(label);
    else this.#labels.set(random, new Set([label]));
    forgetOldest(this.#labels);
    return false;
  }

  #put(random: string, blank: Blank | null): void {
    this.#seen.set(random, blank);
    forgetOldest(this.#seen);
    const waiting = this.#waiting.get(random);
    this.#waiting.delete(random);
    if (waiting) this.#give(waiting, blank);
  }

  #give(lines: readonly Uint8Array[], blank: Blank | null): void {
    const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0)).fill(NEWLINE);
    let at = 0;
    for (const line of lines) {
      bytes.set(line, at);
      at += line.length + 1;
    }
    this.sink.append(bytes);
    if (blank === null || blank.used + bytes.length > BLANK) return;
    this.sink.replace(blank.position + blank.used, bytes);
    blank.used += bytes.length;
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  if (map.size <= REMEMBERED) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    break;
  }
}
