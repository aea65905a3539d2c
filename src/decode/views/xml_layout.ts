// Decides where the lines of laid out XML break. Told of tokens by xml.ts; knows no XML syntax itself.
//
// An element is laid out as a *block* (a line for each child) unless text stands directly in it: then it is *inline*,
// and all from its start tag to its end tag stays as it came. Which it is may show only after some children, so an
// open element is *undecided* at first and the lines that depend on it are held back. Nobody can look ahead without
// limit: an element in which no text has shown up LOOKAHEAD units after its start tag is a block. If text comes
// later all the same, it stays as it came from there on, but the white space before it has been changed already.
//
// From the outermost to the innermost, the open elements are always blocks, then undecided ones, then inline ones
// (inside an inline element all is inline), so that three counts say what each is.
// What is held back never exceeds about LOOKAHEAD units, whatever comes in between.

import { indent, lineBreak } from "./indent.ts";

/** So many units after the end of its start tag, an element without text is taken for a block. */
export const LOOKAHEAD = 4096;

/** Levels of a line with no break before it: it goes on where the output is, or nothing has been read yet. */
const NO_BREAK = -1;
const NOTHING = -2;

/** So many lines are held back before it is looked whether some can go. */
const MANY_LINES = 4096;

/** Plain data. Indices of lines count from the first line ever. */
export interface LayoutState {
  /** Names of the open elements, the outermost first. */
  names: string[];
  /** For each, the offset after its start tag, and the line that holds that tag. */
  starts: number[];
  startLines: number[];
  /** How many of them are blocks, and how many are blocks or undecided. */
  blocks: number;
  notInline: number;

  /** Lines held back: their texts, levels of indentation, and the white space that stood before them. */
  lines: string[];
  levels: number[];
  gaps: string[];
  /** Index of `lines[0]`. */
  firstLine: number;

  /** The line being read: as far as it lies in earlier pieces and has not been given out; its level; the gap before it. */
  line: string;
  level: number;
  gap: string;
  /** The white space after it, as far as it lies in earlier pieces. */
  gapAfter: string;
  /** Whether a line end has come at all. */
  lineEnds: boolean;
}

/** No element is open, nothing has been given out. */
export function beginLayout(): LayoutState {
  return {
    names: [],
    starts: [],
    startLines: [],
    blocks: 0,
    notInline: 0,
    lines: [],
    levels: [],
    gaps: [],
    firstLine: 0,
    line: "",
    level: NOTHING,
    gap: "",
    gapAfter: "",
    lineEnds: false,
  };
}

/** Breaks and indents the lines. Positions are indices in the piece that began last. */
export class XmlLayout {
  #piece = "";
  #offset = 0;
  /** Where in the piece the line being read begins or goes on. */
  #from = 0;
  /** What can be given out: each but the first begins a line. */
  #parts = [""];
  /** Whether one of them holds a line end. */
  #holdLineEnds = false;

  constructor(readonly state: LayoutState) {}

  /** True until something else than white space has come. */
  get blank(): boolean {
    return this.state.level === NOTHING;
  }

  /** Number of open elements. */
  get depth(): number {
    return this.state.names.length;
  }

  /** True inside an inline element: nothing will break until it ends. */
  get inline(): boolean {
    return this.state.names.length > this.state.notInline;
  }

  /** What comes next, and its offset in the whole text. */
  begin(piece: string, offset: number): void {
    this.#piece = piece;
    this.#offset = offset;
    this.#from = 0;
    this.state.lineEnds ||= hasLineEnd(piece);
  }

  /** Markup at `at` gets a line of its own; before it, from `gapFrom` on, there is only white space. */
  breakBefore(at: number, gapFrom: number, level: number): void {
    const { state } = this;
    if (state.level === NOTHING) {
      state.level = NO_BREAK;
    } else {
      state.lines.push(state.line + this.#piece.slice(this.#from, gapFrom));
      state.levels.push(state.level);
      state.gaps.push(state.gap);
      state.line = "";
      state.level = level;
      state.gap = state.gapAfter + this.#piece.slice(gapFrom, at);
    }
    state.gapAfter = "";
    this.#from = at;
    if (state.lines.length > MANY_LINES) this.#release(this.#offset + at);
  }

  /** The same for the end tag of an element without content, but only if that white space holds a line break. */
  breakBeforeEnd(at: number, gapFrom: number): void {
    const { state } = this;
    if (state.gapAfter.includes("\n") || this.#piece.slice(gapFrom, at).includes("\n")) {
      this.breakBefore(at, gapFrom, state.names.length - 1);
    } else {
      this.keepGap();
    }
  }

  /** The line being read goes on at `to`: white space from `from` on is left out. */
  leaveOut(from: number, to: number): void {
    this.state.line += this.#piece.slice(this.#from, from);
    this.#from = to;
  }

  /** It goes on below, on a line of its own that no other element begins. */
  goOnBelow(level: number): void {
    this.state.line += lineBreak(level);
  }

  /** What comes now goes on the line being read, with the white space before it. */
  keepGap(): void {
    const { state } = this;
    if (state.level === NOTHING) state.level = NO_BREAK;
    if (state.gapAfter === "") return;
    state.line += state.gapAfter;
    state.gapAfter = "";
  }

  /** A start tag ends before `at`. In an element that preserves white space, all is inline. */
  open(name: string, at: number, preserve: boolean): void {
    const { state } = this;
    if (!preserve && !this.inline) state.notInline += 1;
    state.names.push(name);
    state.starts.push(this.#offset + at);
    state.startLines.push(state.firstLine + state.lines.length);
  }

  /** The innermost element ends. */
  close(): void {
    const { state } = this;
    state.names.pop();
    state.starts.pop();
    state.startLines.pop();
    const depth = state.names.length;
    if (state.notInline > depth) state.notInline = depth;
    this.pass();
  }

  /** An element without elements and without a line break of its own has begun and ended. */
  pass(): void {
    const { state } = this;
    if (state.blocks >= state.notInline) {
      state.blocks = state.notInline;
      this.#give(state.lines.length);
    }
  }

  /** Text at `at` stands directly in the innermost element, which is not inline yet. */
  text(at: number): void {
    const { state } = this;
    const top = state.names.length - 1;
    if (top >= state.blocks && this.#offset + at - state.starts[top] <= LOOKAHEAD) {
      this.#join(state.startLines[top]);
    } else {
      state.blocks = top;
    }
    state.notInline = top;
    this.keepGap();
  }

  /** Everything that is undecided is a block: there is no more to come that could tell otherwise. */
  decide(): void {
    this.state.blocks = this.state.notInline;
  }

  /**
   * The piece has been read up to `end`; from `gapFrom` on it is white space that may yet change. Returns what no
   * longer depends on anything to come, as Formatter.receiveParts does.
   */
  pause(gapFrom: number, end: number): readonly string[] {
    const { state } = this;
    state.line += this.#piece.slice(this.#from, gapFrom);
    state.gapAfter += this.#piece.slice(gapFrom, end);
    this.#from = end;
    this.#release(this.#offset + end);
    const undecided = state.blocks < state.notInline;
    if (
      state.line !== "" && state.lines.length === 0 &&
      (!undecided || state.firstLine <= state.startLines[state.blocks])
    ) {
      this.#giveLine(state.line, state.level);
      state.line = "";
      state.level = NO_BREAK;
      state.gap = "";
    }
    const parts = this.#holdLineEnds ? [this.#parts.join("\n")] : this.#parts;
    this.#parts = [""];
    this.#holdLineEnds = false;
    return parts;
  }

  /** The lines from `first` on, and the one being read, become one, as they came. `first` may have been given out. */
  #join(first: number): void {
    const { state } = this;
    const index = first - state.firstLine;
    if (index === state.lines.length) return;
    const given = index < 0;
    let joined = given ? "" : state.lines[index];
    for (let i = index + 1; i < state.lines.length; i++) joined += state.gaps[i] + state.lines[i];
    state.line = joined + state.gap + state.line;
    state.level = given ? NO_BREAK : state.levels[index];
    state.gap = given ? "" : state.gaps[index];
    state.lines.length = state.levels.length = state.gaps.length = Math.max(index, 0);
  }

  /** Decides what the lookahead can decide at `offset`, and gives out the lines that no longer depend on anything. */
  #release(offset: number): void {
    const { state } = this;
    while (state.blocks < state.notInline && offset - state.starts[state.blocks] > LOOKAHEAD) {
      state.blocks += 1;
    }
    const decided = state.blocks < state.notInline
      ? state.startLines[state.blocks] + 1 - state.firstLine
      : state.lines.length;
    this.#give(Math.min(decided, state.lines.length));
  }

  /** Gives out the first `count` of the lines held back. */
  #give(count: number): void {
    const { state } = this;
    for (let i = 0; i < count; i++) this.#giveLine(state.lines[i], state.levels[i]);
    state.firstLine += count;
    if (count === state.lines.length) state.lines.length = state.levels.length = state.gaps.length = 0;
    else [state.lines, state.levels, state.gaps].forEach((held) => held.splice(0, count));
  }

  #giveLine(line: string, level: number): void {
    const parts = this.#parts;
    if (this.state.lineEnds && hasLineEnd(line)) this.#holdLineEnds = true;
    if (level === NO_BREAK) parts[parts.length - 1] += line;
    else parts.push(indent(level) + line);
  }
}

function hasLineEnd(text: string): boolean {
  return text.includes("\n") || text.includes("\r");
}
