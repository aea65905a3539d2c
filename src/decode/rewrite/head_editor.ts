// A transform stage for one Connection: finds every head of HTTP/1.x in both Directions and has rules edit its lines,
// while everything else passes untouched and at once. What is held back is at most the end of one line (rules.ts).
//
//   between ──first line──▶ head ──empty line──▶ body ──its end──▶ between
//      └── what is not HTTP, a tunnel, or a head whose framing is in doubt ──▶ stopped: all passes as it comes
//
// The two Directions share which requests wait for an answer. Both must be given to it in the order in which the bytes
// are passed on: a request before its response.

import { Chunked } from "../chunked.ts";
import { followRequestLine, followStatusLine, isRequestLine, isTooLong, MAX_HEAD } from "../detect.ts";
import { NO, RECOGNISED, START } from "../detect.ts";
import { frame, opensTunnel } from "../framing.ts";
import { readHead } from "../head.ts";
import { CR, latin1, LF, NO_BYTES } from "../octets.ts";
import type { BodyFraming, Fault, HttpHead } from "../types.ts";
import { MAX_WAITING } from "../waiting.ts";
import { LineRules } from "./line_rules.ts";
import { Passage } from "./passage.ts";
import type { Asked, Edit, Editor, HeadRules, Rules } from "./rules.ts";

/** Editors for the two Directions of one Connection that has just begun. */
export function editHeads(rules: Rules): { readonly upstream: Editor; readonly downstream: Editor } {
  const shared: Shared = { asked: [], requestsStopped: false, foreign: false };
  return {
    upstream: new RequestEditor(rules.requests, shared),
    downstream: new ResponseEditor(rules.responses, shared),
  };
}

/** What the two Directions know of each other. */
interface Shared {
  /** Requests whose final response has not begun. */
  readonly asked: Asked[];
  /** No more requests are told apart. */
  requestsStopped: boolean;
  /** The target does not speak HTTP, or does so no longer. */
  foreign: boolean;
}

/** Where a Direction is. */
type Place = "between" | "first line" | "fields" | "body" | "stopped";

/** What both Directions have in common. */
abstract class HeadEditor implements Editor {
  protected readonly lines: LineRules;
  /** Offset of the head that is being read. */
  protected start = 0;
  /** True once there was a first line of HTTP. */
  protected recognised = false;
  readonly #passage = new Passage();
  #place: Place = "between";
  /** Offset of the byte that comes next. */
  #offset = 0;
  #left = 0;
  #chunked: Chunked | null = null;
  #edits: Edit[] = [];

  constructor(rules: HeadRules, protected readonly shared: Shared) {
    this.lines = new LineRules(rules);
  }

  receive(bytes: Uint8Array): Uint8Array {
    if (this.#place === "between" && this.mustStop()) this.stop(null);
    if (this.#passage.isClear && this.#passesAll(bytes.length)) {
      this.#passage.skip(bytes.length);
      this.#offset += bytes.length;
      return bytes;
    }
    this.#passage.begin(bytes);
    for (let i = 0; i < bytes.length && this.#place !== "stopped";) {
      const to = this.#step(bytes, i);
      this.#offset += to - i;
      i = to;
      this.#settle();
    }
    const { heldFrom } = this.lines;
    const inHead = this.#place === "first line" || this.#place === "fields";
    const out = this.#passage.finish(inHead && heldFrom !== null ? this.start + heldFrom : null);
    return out;
  }

  end(): Uint8Array {
    return this.#passage.finish(null);
  }

  takeEdits(): readonly Edit[] {
    if (this.#edits.length === 0) return NO_EDITS;
    const edits = this.#edits;
    this.#edits = [];
    return edits;
  }

  /** Whether this Direction is over as HTTP before its next message. */
  protected abstract mustStop(): boolean;
  /** Judges the first line as far as it has come: whether it can be, or (where `whole`) is, one of HTTP. */
  protected abstract accepts(bytes: Uint8Array, from: number, to: number, whole: boolean): boolean;
  /** The first line is whole and one of HTTP. */
  protected abstract begun(): void;
  /** Whose head this is. */
  protected abstract get asked(): Asked | null;
  /** The head is complete. False where what follows is not HTTP. */
  protected abstract headed(head: HttpHead): boolean;
  protected abstract readonly kind: "request" | "response";

  /** From here on everything passes as it is; `reason`, in words, where that is not what was to be expected. */
  protected stop(reason: string | null, offset = this.#offset): void {
    if (this.#place === "stopped") return;
    this.#place = "stopped";
    this.lines.heldFrom = null;
    this.lines.head.clear();
    this.#chunked = null;
    if (this.kind === "request") this.shared.requestsStopped = true;
    if (reason === null) return;
    this.#edits.push({ offset, removed: 0, inserted: NO_BYTES, stopped: reason });
  }

  /** True when the next `length` bytes hold nothing to look at. */
  #passesAll(length: number): boolean {
    if (this.#place === "stopped") return true;
    if (this.#place !== "body" || length >= this.#left) return false;
    if (this.#chunked === null) this.#left -= length;
    else if (length < this.#chunked.left) this.#chunked.skip(length);
    else return false;
    return true;
  }

  /** Reads bytes from `from` on, and gives the index up to which they are dealt with. */
  #step(bytes: Uint8Array, from: number): number {
    if (this.#place === "body") return this.#bodyStep(bytes, from);
    if (this.#place === "between") {
      // Empty lines before a message do not count (RFC 9112, 2.2).
      if (bytes[from] === CR || bytes[from] === LF) return from + 1;
      this.#place = "first line";
      this.start = this.#offset;
      this.lines.begin();
    }
    const { lines } = this;
    const to = lines.append(bytes, from);
    if (this.#place === "fields") lines.followField();
    else if (this.accepts(bytes, from, to, lines.whole)) lines.followRequestLine();
    else this.#foreign();
    return to;
  }

  #foreign(): void {
    if (this.kind === "response") this.shared.foreign = true;
    this.stop(this.recognised ? `These bytes are not an HTTP ${this.kind}` : null);
  }

  /** Deals with what a step has completed. */
  #settle(): void {
    if (this.#place === "body") {
      if (this.#left === 0 || this.#chunked?.ended) this.#endBody();
      return;
    }
    if (this.#place !== "first line" && this.#place !== "fields") return;
    const { lines } = this;
    if (lines.head.length > MAX_HEAD) return this.stop(`The head of the ${this.kind} is longer than 1 MiB`);
    if (!lines.whole) return;
    if (this.#place === "first line") {
      this.recognised = true;
      this.#place = "fields";
      this.begun();
      this.#edit(lines.editTarget(this.start));
    } else if (lines.isEmpty) return this.#endHead();
    else this.#edit(lines.editField(this.start, this.asked));
    lines.nextLine();
  }

  #edit(edit: Edit | null): void {
    if (edit === null) return;
    this.#edits.push(edit);
    this.#passage.replace(edit.offset, edit.offset + edit.removed, edit.inserted);
  }

  #endHead(): void {
    const { head } = this.lines;
    const parsed = readHead(head.bytes, 0, head.length, this.start, this.kind, []);
    this.lines.begin();
    const faults: Fault[] = [];
    frame(parsed, this.asked?.method ?? null, faults);
    const doubt = doubtIn(parsed, faults);
    const goesOn = this.headed(parsed);
    if (!goesOn) this.stop(null);
    else if (doubt !== null) this.stop(doubt, this.#offset - 1); // which is within the message that it is about
    else this.#beginBody(parsed.framing, parsed.contentLength);
  }

  #beginBody(framing: BodyFraming, length: number | null): void {
    this.#place = "body";
    this.#left = framing === "none" ? 0 : framing === "length" ? length ?? 0 : Infinity;
    this.#chunked = framing === "chunked" ? new Chunked([], []) : null;
    if (this.#left === 0) this.#endBody();
  }

  #bodyStep(bytes: Uint8Array, from: number): number {
    const chunked = this.#chunked;
    if (chunked !== null) return chunked.read(bytes, from, this.#offset);
    const length = Math.min(bytes.length - from, this.#left);
    this.#left -= length;
    return from + length;
  }

  #endBody(): void {
    const broken = this.#chunked?.broken ?? false;
    this.#chunked = null;
    if (broken) return this.stop(`The chunks of the ${this.kind} are damaged`);
    this.#place = "between";
    if (this.mustStop()) this.stop(null);
  }
}

const NO_EDITS: readonly Edit[] = Object.freeze([]);

/** Why nobody can be sure where the body of a message ends, in words; null where that is certain. */
function doubtIn(head: HttpHead, faults: readonly Fault[]): string | null {
  const { status } = head;
  // What such a response says of a body that it does not have is wrong, but misleads nobody.
  if (status !== null && head.framing === "none") return null;
  if (status === null && head.method === null) return "The status line has no status";
  if (faults.length > 0) return faults[0].text;
  if (status === null && head.framing === "until-close") return "The length of the request is not known";
  return null;
}

class RequestEditor extends HeadEditor {
  protected readonly kind = "request";
  #current: Asked | null = null;
  #line = START;

  protected get asked(): Asked | null {
    return this.#current;
  }

  protected mustStop(): boolean {
    return this.shared.foreign;
  }

  protected accepts(bytes: Uint8Array, from: number, to: number, whole: boolean): boolean {
    const { head } = this.lines;
    if (head.length === to - from) this.#line = START;
    if (whole) return !this.shared.foreign && isRequestLine(head.bytes, 0, head.length - 1);
    this.#line = followRequestLine(this.#line, bytes, from, to);
    return this.#line !== NO && !isTooLong(head.bytes, 0, head.length);
  }

  protected begun(): void {
    const { head } = this.lines;
    const line = latin1(head.bytes, 0, head.length).trimEnd();
    const [method, ...rest] = line.split(/[ \t\r]+/);
    this.#current = { method, target: rest.slice(0, -1).join(" "), host: null };
    if (this.shared.asked.length < MAX_WAITING) this.shared.asked.push(this.#current);
    else this.stop(`More than ${MAX_WAITING} requests wait for an answer`);
  }

  protected headed(head: HttpHead): boolean {
    // After CONNECT the client may speak another protocol at once (RFC 9110, 9.3.6).
    return head.method !== "CONNECT";
  }
}

class ResponseEditor extends HeadEditor {
  protected readonly kind = "response";
  #matched = 0;

  protected get asked(): Asked | null {
    return this.shared.asked[0] ?? null;
  }

  protected mustStop(): boolean {
    return this.shared.foreign || (this.shared.requestsStopped && this.asked === null);
  }

  protected accepts(bytes: Uint8Array, from: number, to: number, whole: boolean): boolean {
    if (this.lines.head.length === to - from) this.#matched = 0;
    this.#matched = followStatusLine(this.#matched, bytes, from, to);
    return this.#matched === RECOGNISED || (this.#matched !== -1 && !whole);
  }

  protected begun(): void {
    // A status line has nothing that would be edited.
  }

  protected headed({ status }: HttpHead): boolean {
    const method = this.asked?.method ?? null;
    if (status === 101 || opensTunnel(status, method)) {
      this.shared.foreign = true;
      return false;
    }
    // A response to nothing says that the two Directions are not in step.
    return (status !== null && status < 200) || this.shared.asked.shift() !== undefined;
  }
}
