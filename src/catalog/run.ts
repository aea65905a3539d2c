// One pass of laying text out as lines: the formatter and the line cutter at some place of the source. It can
// be marked there, and gone on with from the mark at any time, with the same lines as the outcome.

import { deserialize, serialize } from "node:v8";
import type { Formatter, FormatterKind, ViewFault } from "../decode/views/types.ts";
import type { Block } from "./blocks.ts";
import { type CutterState, LineCutter } from "./lines.ts";
import type { TextPiece } from "./text.ts";

/** All that is needed to go on from a place. */
export interface Mark {
  /** Position in the source's bytes, where a character begins. */
  readonly offset: number;
  /** How many lines have ended before it, and how many of those go on the one before them. */
  readonly line: number;
  readonly continued: number;
  /** The formatter and the line cutter, as bytes, so that nothing of the text is held by accident. */
  readonly state: Uint8Array;
}

interface RunState {
  readonly formatter: unknown;
  readonly cutter: CutterState;
}

/** Goes over the text once, from the beginning or from a mark. */
export class Run {
  #offset: number;
  #line: number;
  #continued: number;
  readonly #formatter: Formatter;
  readonly #cutter: LineCutter;

  constructor(private readonly kind: FormatterKind, mark: Mark | null = null) {
    this.#offset = mark?.offset ?? 0;
    this.#line = mark?.line ?? 0;
    this.#continued = mark?.continued ?? 0;
    const state = mark ? deserialize(mark.state) as RunState : null;
    this.#formatter = state ? kind.restore(state.formatter) : kind.create();
    this.#cutter = new LineCutter(state?.cutter);
  }

  /** Position of the byte where the text to be received next begins. */
  get offset(): number {
    return this.#offset;
  }

  /** How many lines have ended. */
  get line(): number {
    return this.#line;
  }

  get fault(): ViewFault | null {
    return this.#formatter.fault;
  }

  mark(): Mark {
    const state: RunState = { formatter: this.#formatter.snapshot(), cutter: this.#cutter.state };
    return {
      offset: this.#offset,
      line: this.#line,
      continued: this.#continued,
      state: new Uint8Array(serialize(state)),
    };
  }

  /** An empty block for the lines that end from here on. */
  block(): Block {
    return { first: this.#line, continuedBefore: this.#continued, texts: [], continued: [] };
  }

  /** Appends to `block` the lines that end with some more text; returns how many UTF-16 units came out. */
  receive({ text, next }: TextPiece, block: Block): number {
    const formatter = this.#formatter;
    const lines = block.texts.length;
    const continued = block.continued.length;
    const parts = formatter.receiveParts?.(text) ?? [formatter.receive(text)];
    this.#cutter.receiveParts(parts, block);
    this.#offset = next;
    this.#line += block.texts.length - lines;
    this.#continued += block.continued.length - continued;
    return parts.reduce((units, part) => units + part.length, parts.length - 1);
  }

  /** Appends the last lines. Nothing may be received afterwards. */
  end(block: Block): void {
    const lines = block.texts.length;
    this.#cutter.receive(this.#formatter.end(), block);
    this.#cutter.end(block);
    this.#line += block.texts.length - lines;
  }

  /** The lines that would be the last if nothing more came. The run itself stays where it is. */
  rest(): Block {
    const run = new Run(this.kind, this.mark());
    const block = run.block();
    run.end(block);
    return block;
  }
}
