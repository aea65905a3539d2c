// Looks for what is sought in texts and in bytes that come in windows. Pure; how bytes become a string of one character
// a byte comes from outside, because runtimes differ in which way is fast.
//
// A window overlaps the one before it, so that what lies across its beginning is found. Expressions are tried on each
// window: what they match may be as long as the overlap, and "^" and "$" are the ends of the whole text.

import type { Sought } from "./types.ts";

/** So much of a window is in the next one again, where an expression is sought, in bytes. */
const REGEX_OVERLAP = 8 * 1024;
/** A character takes at most so many bytes. */
const LONGEST_CHARACTER = 4;

/** Bytes as a string of one character each. */
export type Latin1 = (bytes: Uint8Array) => string;

/** Some bytes of a text. */
export class TextWindow {
  #latin1: string | null = null;
  #text: string | null = null;

  /** `encoding`: for TextDecoder; null where ASCII stands for itself and nothing else is looked for. */
  constructor(
    private readonly bytes: Uint8Array,
    private readonly encoding: string | null,
    readonly first: boolean,
    readonly last: boolean,
    private readonly toLatin1: Latin1,
  ) {}

  get latin1(): string {
    return this.#latin1 ??= this.toLatin1(this.bytes);
  }

  /** As characters; a part of one at either end is U+FFFD. */
  get text(): string {
    return this.#text ??= new TextDecoder(this.encoding ?? "utf-8").decode(this.bytes);
  }

  /** Whether ASCII characters stand for themselves. */
  get isAscii(): boolean {
    return this.encoding === null || !/^(utf-16|iso-2022)/.test(this.encoding);
  }
}

/** Is told when an expression is begun to be tried, and when that is over. */
export interface Guard {
  enter(): void;
  leave(): void;
}

const NO_GUARD: Guard = { enter: () => {}, leave: () => {} };

/** Looks for one thing. */
export interface Finder {
  /** How many bytes of a window must be in the next one again; even. */
  readonly overlap: number;
  /** Whether the charset must be known. */
  readonly needsCharset: boolean;
  /** Whether it is in a window of bytes. */
  inWindow(window: TextWindow): boolean;
  /** Whether it is in a text. */
  inText(text: string): boolean;
}

/** The Finder for what is sought, `exactly` in bytes or as text. */
export function finderFor(sought: Sought, exactly: boolean, latin1: Latin1, guard = NO_GUARD): Finder {
  switch (sought.is) {
    case "bytes": {
      const needle = latin1(sought.bytes);
      return {
        overlap: even(sought.bytes.length),
        needsCharset: false,
        inWindow: (window) => window.latin1.includes(needle),
        inText: (text) => text.includes(needle),
      };
    }
    case "regex": {
      const expression = new RegExp(sought.source, withG(sought.flags));
      const tried = (text: string, first: boolean, last: boolean) => {
        guard.enter();
        try {
          return isIn(expression, text, first, last);
        } finally {
          guard.leave();
        }
      };
      return {
        overlap: REGEX_OVERLAP,
        needsCharset: !exactly,
        inWindow: (window) => tried(exactly ? window.latin1 : window.text, window.first, window.last),
        inText: (text) => tried(text, true, true),
      };
    }
    case "text": {
      const ascii = !/[^\0-\x7f]/.test(sought.text);
      const expression = new RegExp(sought.text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "i");
      const wide = ascii ? expression : new RegExp(sought.text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu");
      return {
        overlap: even(sought.text.length * LONGEST_CHARACTER),
        needsCharset: !ascii,
        inWindow: (window) =>
          ascii && window.isAscii ? expression.test(window.latin1) : wide.test(window.text),
        inText: (text) => wide.test(text),
      };
    }
  }
}

function even(length: number): number {
  return length + length % 2;
}

function withG(flags: string): string {
  return flags.includes("g") ? flags : `${flags}g`;
}

/**
 * Whether the expression matches in a window. A match at its beginning was seen in the window before, and one at its
 * end will be seen in the next: they only count at the ends of the whole.
 */
function isIn(expression: RegExp, text: string, first: boolean, last: boolean): boolean {
  expression.lastIndex = 0;
  for (;;) {
    const match = expression.exec(text);
    if (!match) return false;
    const end = match.index + match[0].length;
    if ((match.index > 0 || first) && (end < text.length || last)) return true;
    if (match[0].length === 0) expression.lastIndex++;
    if (expression.lastIndex > text.length) return false;
  }
}
