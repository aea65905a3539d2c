// Which lines of a view are there, which of them are loaded, and which to load or give up next.
// Lines are kept in blocks of equal length; a block is loaded from its first line on, up to where the view ended then.
// Pure: the text itself is in the document, and how lines come is the feed's business.

/** The lengths of a block's loaded lines, from its first line on. */
type Block = number[];

/** Continuations are remembered longer than the lines: line numbers depend on them. */
interface Marks {
  readonly before: number;
  readonly continued: readonly boolean[];
}

/** Lines `from` up to, not including, `to`. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** A line from 0 and a UTF-16 position in it; Infinity is its end. */
export interface Place {
  readonly line: number;
  readonly at: number;
}

/** How much may be loaded at a time before blocks far from the screen are given up. */
export interface Budget {
  readonly chars: number;
  readonly lines: number;
}

export class LineTable {
  /** How many lines the view has, as far as is known. */
  total = 0;
  /** True when no more lines will come. */
  isFinal = false;
  #blocks = new Map<number, Block>();
  #marks = new Map<number, Marks>();

  constructor(readonly blockLines: number) {}

  isLoaded(line: number): boolean {
    const block = this.#blocks.get(Math.floor(line / this.blockLines));
    return block !== undefined && line % this.blockLines < block.length;
  }

  /** The lines of a block that are not loaded; empty when all that are there are. */
  missing(block: number): LineRange {
    const start = block * this.blockLines;
    const to = Math.min(start + this.blockLines, this.total);
    return { from: Math.min(start + (this.#blocks.get(block)?.length ?? 0), to), to };
  }

  /** The blocks that `shown` lies in, those nearest to its middle first. */
  blocksOf(shown: LineRange): number[] {
    const last = Math.max(0, Math.min(shown.to, this.total) - 1);
    const first = Math.min(shown.from, last);
    const blocks: number[] = [];
    for (let n = Math.floor(first / this.blockLines); n <= Math.floor(last / this.blockLines); n++) {
      blocks.push(n);
    }
    const middle = (shown.from + shown.to) / 2 / this.blockLines - 0.5;
    return blocks.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  }

  /**
   * Notes that `lines` are loaded from line `from` on, and returns which of them count: lines that do not join what
   * is loaded of their block are not kept. `before` is how many lines before `from` are continuations.
   */
  put(from: number, lines: readonly string[], continued: readonly boolean[], before: number): LineRange {
    let first = from;
    let last = from;
    let continuations = before;
    for (let at = from; at < from + lines.length;) {
      const n = Math.floor(at / this.blockLines);
      const start = n * this.blockLines;
      const end = Math.min(start + this.blockLines, from + lines.length);
      const block = this.#blocks.get(n) ?? [];
      if (at <= start + block.length) {
        for (let i = at; i < end; i++) block[i - start] = lines[i - from].length;
        this.#blocks.set(n, block);
        this.#mark(n, at - start, continued.slice(at - from, end - from), continuations);
        if (last === from) first = at;
        last = end;
      }
      for (let i = at; i < end; i++) continuations += continued[i - from] ? 1 : 0;
      at = end;
    }
    return { from: Math.min(first, last), to: last };
  }

  #mark(n: number, within: number, continued: readonly boolean[], before: number): void {
    const known = this.#marks.get(n)?.continued ?? [];
    const earlier = known.slice(0, within);
    const all = [...earlier, ...continued];
    const first = before - earlier.filter((is) => is).length;
    if (first === 0 && !all.includes(true)) this.#marks.delete(n);
    else this.#marks.set(n, { before: first, continued: all });
  }

  /** Whether a line goes on the one before it. */
  isContinued(line: number): boolean {
    return this.#marks.get(Math.floor(line / this.blockLines))?.continued[line % this.blockLines] === true;
  }

  /** The number to show beside a line, from 1; null for a line that goes on the one before it. */
  numberOf(line: number): number | null {
    const marks = this.#marks.get(Math.floor(line / this.blockLines));
    if (marks === undefined) return line + 1;
    if (marks.continued[line % this.blockLines]) return null;
    let before = marks.before;
    for (let i = line % this.blockLines - 1; i >= 0; i--) before += marks.continued[i] ? 1 : 0;
    return line + 1 - before;
  }

  /** Gives up blocks, the farthest from `shown` first, until what is loaded is within the budget; returns their lines. */
  giveUp(shown: LineRange, budget: Budget, isPinned: (range: LineRange) => boolean): LineRange[] {
    let chars = 0;
    let count = 0;
    for (const block of this.#blocks.values()) {
      chars += sum(block);
      count += block.length;
    }
    if (chars <= budget.chars && count <= budget.lines) return [];
    const near = new Set(this.blocksOf(shown));
    const middle = (shown.from + shown.to) / 2 / this.blockLines;
    const far = [...this.#blocks].filter(([n]) => !near.has(n))
      .sort(([a], [b]) => Math.abs(b - middle) - Math.abs(a - middle));
    const given: LineRange[] = [];
    for (const [n, block] of far) {
      if (chars <= budget.chars * 0.75 && count <= budget.lines * 0.75) break;
      const range = { from: n * this.blockLines, to: n * this.blockLines + block.length };
      if (isPinned(range)) continue;
      this.#blocks.delete(n);
      chars -= sum(block);
      count -= block.length;
      given.push(range);
    }
    return given;
  }

  /** The stretches of lines that are loaded, in order. */
  loaded(): LineRange[] {
    const stretches: LineRange[] = [];
    for (const n of [...this.#blocks.keys()].sort((a, b) => a - b)) {
      const from = n * this.blockLines;
      const to = from + this.#blocks.get(n)!.length;
      const last = stretches.at(-1);
      if (last?.to === from) stretches[stretches.length - 1] = { from: last.from, to };
      else stretches.push({ from, to });
    }
    return stretches;
  }
}

function sum(lengths: readonly number[]): number {
  let total = 0;
  for (const length of lengths) total += length;
  return total;
}
