// The difference of two Messages: heads by the names of their fields, bodies by the lines of a view or byte by byte, and by
// what they mean. Done in slices, in memory that does not grow with the text but for twelve bytes a line; what is not
// compared or not shown is said.

import { headDifference } from "../decode/diff/heads.ts";
import { matches } from "../decode/diff/matches.ts";
import { Numbering, type Seeds } from "../decode/diff/numbering.ts";
import {
  changedRows,
  counted,
  type Difference,
  type DiffRow,
  equalRows,
  isGiven,
  spans,
} from "../decode/diff/rows.ts";
import { unified } from "../decode/diff/unified.ts";
import type { ViewKind } from "../decode/views/types.ts";
import { latin1 } from "../decode/octets.ts";
import type { BodySource } from "./body.ts";
import { diffBytes, type DiffWork } from "./diff_hex.ts";
import { DiffLines } from "./diff_lines.ts";
import { diffStructure } from "./diff_structure.ts";
import type { DiffQuery, MessageDiff } from "./diff_types.ts";
import type { MessageViews } from "./message_views.ts";
import type { Slices } from "./slices.ts";
import type { HeaderLine } from "./types.ts";
import type { Wire } from "./wire.ts";

/** So much of a difference is given: rows, and UTF-16 units in them. */
const MOST_ROWS = 5_000;
const MOST_ROW_UNITS = 2_000_000;
/** A block of changed lines that is larger is not read further than this: it has more rows than are given. */
const LARGEST_BLOCK = MOST_ROWS + 1;
/** A longer head is compared as far as this, in bytes. */
const LONGEST_HEAD = 1024 * 1024;
/** As text, so many lines of each can be compared. */
const MOST_TEXT_LINES = 50_000;

/** So many bytes are compared between two pauses. */
const PORTION = 64 * 1024;

/** One of two Messages. */
export interface Compared {
  readonly wire: Wire;
  readonly views: MessageViews;
  /** The fields after a chunked body. */
  readonly trailers: readonly HeaderLine[];
}

/** How to compare. */
type How = Pick<DiffQuery, "as" | "context" | "structure">;

/** Compares; rejects with the signal's reason once that is aborted. */
export async function diffMessages(
  before: Compared,
  after: Compared,
  { as, context, structure = false }: How,
  slices: Slices,
  signal: AbortSignal,
): Promise<
  Pick<MessageDiff, "as" | "head" | "body" | "trailers" | "structure" | "complete" | "notes">
> {
  const work = new Work(context, slices, signal);
  work.noteGaps(before.wire, "before");
  work.noteGaps(after.wire, "after");
  const kinds = await kindsOf(before, after, as);
  const kind = kinds[0] === kinds[1] ? kinds[0] : "text";
  // A raw view has the head in it, and a turn has none.
  const isRaw = kind === "raw" || kind === "tls";
  const hasHead = !isRaw && before.wire.headBytes + after.wire.headBytes > 0;
  const head = hasHead ? await work.head(headLines(before.wire), headLines(after.wire), true) : null;
  const hasTrailers = !isRaw && before.trailers.length + after.trailers.length > 0;
  const trailers = hasTrailers
    ? await work.head(fieldLines(before.trailers), fieldLines(after.trailers), false)
    : null;
  const body = kind === "hex"
    ? await diffBytes(before.views.body, after.views.body, work)
    : await work.body(before.views, after.views, kind);
  if (body.removed + body.added === 0 && !await work.isSame(before.views.body, after.views.body)) {
    work.note(
      "the bytes of the bodies differ in what this view does not show, such as white space: compare them as hex",
    );
  }
  const meant = structure
    ? {
      structure: await diffStructure(before.views, after.views, await kindsOf(before, after, "auto"), work),
    }
    : {};
  const complete = before.wire.extent().complete && after.wire.extent().complete;
  return { as: kind, head, body, trailers, ...meant, complete, notes: work.notes };
}

/** The difference as a text that patch reads, of head and body together; `names` are those of the two. */
export async function diffAsText(
  before: Compared,
  after: Compared,
  names: readonly [string, string],
  { as, context }: How,
  slices: Slices,
  signal: AbortSignal,
): Promise<string> {
  const work = new Work(context, slices, signal);
  work.noteGaps(before.wire, "before");
  work.noteGaps(after.wire, "after");
  const kinds = await kindsOf(before, after, as);
  const kind = kinds[0] === kinds[1] && kinds[0] !== "hex" ? kinds[0] : kinds[0] === "hex" ? "raw" : "text";
  const [one, other] = [await work.lines(before, kind), await work.lines(after, kind)];
  const text = await work.run(
    unified({ name: names[0], lines: one }, { name: names[1], lines: other }, context),
  );
  return work.notes.map((note) => `# ${note}\n`).join("") + text;
}

async function kindsOf(
  before: Compared,
  after: Compared,
  as: DiffQuery["as"],
): Promise<readonly [ViewKind, ViewKind]> {
  return await Promise.all([before.views.resolve(as), after.views.resolve(as)]);
}

class Work implements DiffWork {
  readonly notes: string[] = [];
  readonly mostRows = MOST_ROWS;
  readonly seeds: Seeds = [...crypto.getRandomValues(new Int32Array(2))] as [number, number];

  constructor(
    readonly context: number,
    private readonly slices: Slices,
    private readonly signal: AbortSignal,
  ) {}

  async head(before: readonly string[], after: readonly string[], hasStart: boolean): Promise<Difference> {
    const found = await this.run(headDifference(before, after, this.context, hasStart));
    const rows = new Rows((text) => this.note(text), hasStart ? "head" : "trailers");
    for (const row of found.rows) if (!rows.take(row)) break;
    return { ...found, rows: rows.rows };
  }

  async body(one: MessageViews, other: MessageViews, kind: Exclude<ViewKind, "hex">): Promise<Difference> {
    const numbering = new Numbering(this.seeds);
    const pause = () => this.pause();
    const before = await DiffLines.read(one, kind, numbering, pause);
    const after = await DiffLines.read(other, kind, numbering, pause);
    if (before.goesOn || after.goesOn) {
      this.note("lines of more than 3,999 characters are compared in pieces");
    }
    const [a, b] = [before.numbers, after.numbers];
    for (const { isCut, numbers } of [before, after]) {
      if (isCut) this.note(`the bodies are compared as far as line ${numbers.length.toLocaleString("en")}`);
    }
    const { runs, isShortest } = await this.run(matches(a, b, numbering.count));
    if (!isShortest) {
      this.note("they differ in so much that what is the same in both may be more than is shown");
    }
    const rows = new Rows((text) => this.note(text), "body");
    for (const span of spans(runs, a.length, b.length, this.context)) {
      await this.pause();
      if (rows.isFull) break;
      const made = span.kind === "equal"
        ? equalRows(span, isGiven(span) ? await before.texts(span.a, span.a + span.length) : [])
        : await this.run(
          changedRows(
            span,
            shownOf(await before.texts(span.aFrom, Math.min(span.aTo, span.aFrom + LARGEST_BLOCK))),
            shownOf(await after.texts(span.bFrom, Math.min(span.bTo, span.bFrom + LARGEST_BLOCK))),
          ),
        );
      if (!made.every((row) => rows.take(row))) break;
    }
    return { before: a.length, after: b.length, ...counted(runs, a.length, b.length), rows: rows.rows };
  }

  /** All lines of a Message: its head, but with a view that has it in itself, an empty line, and those of the view. */
  async lines({ wire, views }: Compared, kind: Exclude<ViewKind, "hex">): Promise<string[]> {
    const hasHead = kind !== "raw" && kind !== "tls" && wire.headBytes > 0;
    const lines = hasHead ? [...headLines(wire), ""] : [];
    for await (const { texts } of views.blocks(kind)) {
      for (const text of texts) lines.push(text);
      await this.pause();
      if (lines.length < MOST_TEXT_LINES) continue;
      this.note(`compared as far as line ${lines.length.toLocaleString("en")}`);
      break;
    }
    return [...lines, ""];
  }

  /** What stands for bytes that the capture has not is compared too, and is none of them. */
  noteGaps(wire: Wire, which: "before" | "after"): void {
    const gaps = wire.gaps?.(0, wire.extent().length) ?? [];
    if (gaps.length === 0) return;
    const bytes = gaps.reduce((sum, { start, end }) => sum + end - start, 0);
    const count = `${bytes.toLocaleString("en")} byte${bytes === 1 ? "" : "s"}`;
    this.note(`of the message ${which} the capture does not have ${count}: filler stands in their place`);
  }

  /** Whether both are the same, byte for byte. */
  async isSame(one: BodySource, other: BodySource): Promise<boolean> {
    if (one.extent().length !== other.extent().length) return false;
    const [a, b] = [new Uint8Array(PORTION), new Uint8Array(PORTION)];
    for (let from = 0;; from += PORTION) {
      const [length, also] = [one.read(from, a), other.read(from, b)];
      if (length !== also || a.some((byte, at) => at < length && byte !== b[at])) return false;
      if (length < PORTION) return true;
      await this.pause();
    }
  }

  async run<T>(work: Generator<void, T>): Promise<T> {
    for (;;) {
      const { done, value } = work.next();
      if (done) return value;
      await this.pause();
    }
  }

  note = (text: string): void => {
    if (!this.notes.includes(text)) this.notes.push(text);
  };

  pause = (): Promise<void> | undefined => {
    this.signal.throwIfAborted();
    return this.slices.due() ? this.slices.pause() : undefined;
  };
}

/** Rows, as many as are given. */
class Rows {
  readonly rows: DiffRow[] = [];
  #units = 0;
  #isFull = false;

  constructor(private readonly note: (text: string) => void, private readonly part: string) {}

  get isFull(): boolean {
    return this.#isFull;
  }

  /** False where it is one too many. */
  take(row: DiffRow): boolean {
    this.#units += unitsOf(row);
    if (this.rows.length >= MOST_ROWS || this.#units > MOST_ROW_UNITS) {
      this.note(`the first ${this.rows.length.toLocaleString("en")} rows of the ${this.part} are shown`);
      this.#isFull = true;
      return false;
    }
    this.rows.push(row);
    return true;
  }
}

/** As many lines as can be shown at most, and one more, so that it is seen that there are more. */
function shownOf(lines: readonly string[]): readonly string[] {
  let units = 0;
  const end = lines.findIndex((line) => (units += line.length) > MOST_ROW_UNITS);
  return end < 0 ? lines : lines.slice(0, end + 1);
}

function unitsOf(row: DiffRow): number {
  if (row.kind !== "left-out") return row.text.length;
  return row.rows?.reduce((sum, one) => sum + unitsOf(one), 0) ?? 0;
}

/** The lines of a head as they came, one character a byte, without the empty line that ends it. */
function headLines(wire: Wire): string[] {
  const bytes = new Uint8Array(Math.min(LONGEST_HEAD, wire.headBytes));
  const length = wire.read(0, bytes);
  const lines = latin1(bytes, 0, length).split(/\r?\n/);
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

function fieldLines(fields: readonly HeaderLine[]): string[] {
  return fields.map(({ name, value }) => `${name}: ${value}`);
}
