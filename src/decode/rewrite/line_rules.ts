// One head, line by line, as it comes: which line a rule may change, from where it is to be held back until it is whole,
// and what the rule makes of it. It keeps the head, because its framing is read from it; it passes no bytes on itself.

import { isEmptyLine } from "../detect.ts";
import { COLON, CR, Gathered, HT, latin1, LF, SP } from "../octets.ts";
import type { Asked, Edit, FieldRule, HeadRules, TargetRule } from "./rules.ts";

/** A line that is longer is passed on as it is, bytes: no server takes a field of that size. */
export const MAX_EDITED_LINE = 16 * 1024;

/** White space that may stand between a name and its colon; more is not looked through. */
const WHITE_BEFORE_COLON = 8;

/** The lines of one head after another. */
export class LineRules {
  readonly head = new Gathered();
  /** Where the line that is being read begins in `head`. */
  lineStart = 0;
  /** From where in `head` on bytes are held back; null where none are. */
  heldFrom: number | null = null;
  readonly #target: TargetRule | undefined;
  readonly #fields: ReadonlyMap<string, FieldRule>;
  readonly #dropped: readonly string[];
  readonly #longestName: number;
  #rule: FieldRule | null = null;
  /** Where the colon is in `head`, once a rule has been found for the line. */
  #colon = 0;
  /** No rule concerns this line. */
  #dismissed = false;

  constructor(rules: HeadRules) {
    this.#target = rules.target;
    this.#fields = new Map(Object.entries(rules.fields));
    const names = Object.keys(rules.fields);
    this.#dropped = names.filter((name) => "drop" in rules.fields[name]);
    this.#longestName = names.reduce((longest, { length }) => Math.max(longest, length), 0);
  }

  /** Begins a head. */
  begin(): void {
    this.head.clear();
    this.#nextLine();
  }

  /** Appends bytes of one line, at most up to its LF. True when that was there: the line is `whole`. */
  append(bytes: Uint8Array, from: number): number {
    const lf = bytes.indexOf(LF, from);
    const to = lf === -1 ? bytes.length : lf + 1;
    this.head.append(bytes, from, to);
    return to;
  }

  get whole(): boolean {
    return this.head.length > this.lineStart && this.head.bytes[this.head.length - 1] === LF;
  }

  /** True when the line, which is whole, is empty. */
  get isEmpty(): boolean {
    return isEmptyLine(this.head.bytes, this.lineStart, this.head.length - 1);
  }

  // ── The request line ───────────────────────────────────────────────────────────────────────────────────────

  /** Decides from where the request line is held, as far as it has come. */
  followRequestLine(): void {
    const target = this.#target;
    if (target === undefined || this.#dismissed) return;
    const { bytes, length } = this.head;
    if (length - this.lineStart > MAX_EDITED_LINE) return this.#dismiss();
    const space = bytes.subarray(this.lineStart, length).indexOf(SP);
    if (space === -1) return;
    const from = this.lineStart + space + 1;
    let at = 0;
    while (at < HTTP.length && from + at < length && (bytes[from + at] | 0x20) === HTTP[at]) at++;
    const complete = at === HTTP.length;
    if (!complete && from + at < length) this.#dismiss();
    else if (target.heldFrom === "scheme") this.heldFrom = at > 0 ? from : null;
    else this.heldFrom = complete ? from + at : null;
  }

  /** The edit of the request line, which is whole and is one. `offset` is that of the head. */
  editTarget(offset: number): Edit | null {
    const target = this.#target;
    const held = this.heldFrom;
    if (target === undefined || held === null) return null;
    const line = latin1(this.head.bytes, this.lineStart, this.head.length).trimEnd();
    const [method, received] = [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)];
    const end = received.lastIndexOf(" ");
    const text = received.slice(0, end);
    if (!/^http:\/\/[\x21-\xff]*$/i.test(text)) return null;
    const changed = target.change(text, method);
    return changed === null ? null : difference(text, changed, offset + this.lineStart + method.length + 1);
  }

  // ── Field lines ────────────────────────────────────────────────────────────────────────────────────────────

  /** Decides whether a rule concerns the field line, as far as it has come, and from where it is held. */
  followField(): void {
    if (this.#dismissed) return;
    const { bytes, length } = this.head;
    const { lineStart } = this;
    if (length - lineStart > MAX_EDITED_LINE) return this.#dismiss();
    if (this.#rule !== null) return;
    const first = bytes[lineStart];
    if (first === SP || first === HT) return this.#dismiss(); // a folded line (RFC 9112, 5.2)
    const longest = lineStart + this.#longestName + WHITE_BEFORE_COLON;
    const seen = bytes.subarray(lineStart, Math.min(length, longest + 1));
    const colon = seen.indexOf(COLON);
    const name = latin1(seen, 0, colon === -1 ? seen.length : colon).toLowerCase();
    if (colon === -1) {
      if (length > longest) this.#dismiss();
      else if (this.#dropped.some((dropped) => begins(dropped, name))) this.heldFrom = lineStart;
      else this.heldFrom = null;
      return;
    }
    this.#rule = this.#fields.get(name.trimEnd()) ?? null;
    this.#colon = lineStart + colon;
    if (this.#rule === null) this.#dismiss();
    else this.heldFrom = "drop" in this.#rule ? lineStart : this.#colon + 1;
  }

  /** The edit of the field line, which is whole. `offset` is that of the head. */
  editField(offset: number, asked: Asked | null): Edit | null {
    const rule = this.#rule;
    if (rule === null || this.#dismissed) return null;
    const { bytes, length } = this.head;
    let [from, to] = [this.#colon + 1, length - 1];
    if (bytes[to - 1] === CR) to--;
    while (from < to && isWhite(bytes[from])) from++;
    while (to > from && isWhite(bytes[to - 1])) to--;
    const value = latin1(bytes, from, to);
    if (CONTROL.test(value)) return null; // who reads it would not agree on where it ends (RFC 9110, 5.5)
    if ("drop" in rule) {
      if (!rule.drop(value, asked)) return null;
      return {
        offset: offset + this.lineStart,
        removed: length - this.lineStart,
        inserted: new Uint8Array(0),
      };
    }
    const changed = rule.change(value, asked);
    return changed === null ? null : difference(value, changed, offset + from);
  }

  /** The line is done with: the next one begins. */
  nextLine(): void {
    this.#nextLine();
  }

  #nextLine(): void {
    this.lineStart = this.head.length;
    this.heldFrom = null;
    this.#rule = null;
    this.#dismissed = false;
  }

  #dismiss(): void {
    this.#dismissed = true;
    this.heldFrom = null;
  }
}

const HTTP = Uint8Array.from("http://", (c) => c.charCodeAt(0));
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

function isWhite(byte: number): boolean {
  return byte === SP || byte === HT;
}

/** Whether `name`, which may have white space behind it, is a beginning of `whole`, or all of it. */
function begins(whole: string, name: string): boolean {
  return whole.startsWith(name) || name.trimEnd() === whole;
}

/** The shortest edit that makes `after` of `before`, whose first character is the byte at `offset`; null where they are equal. */
function difference(before: string, after: string, offset: number): Edit | null {
  if (before === after) return null;
  const shortest = Math.min(before.length, after.length);
  let [start, end] = [0, 0];
  while (start < shortest && before[start] === after[start]) start++;
  while (end < shortest - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return {
    offset: offset + start,
    removed: before.length - start - end,
    inserted: Uint8Array.from(after.slice(start, after.length - end), (c) => c.charCodeAt(0)),
  };
}
