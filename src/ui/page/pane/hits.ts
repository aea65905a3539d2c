// The marks of what Find has found, drawn for the lines on the screen. Where the hits are comes from outside.

import { type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, type ViewUpdate } from "@codemirror/view";
import type { Hit } from "../../types.ts";
import { drawnLines } from "./drawn_lines.ts";

/** A hit in more lines than this is not marked in those above the screen. */
const MOST_LINES = 16;

/** What is marked: hits in the order of the document, and which of them is the current one (-1: none). */
export interface Hits {
  readonly list: readonly Hit[];
  readonly current: number;
}

export const noHits: Hits = { list: [], current: -1 };

/** Hits of one origin, with a look of their own. */
export class HitLayer {
  /** Marks these hits instead of those before. */
  readonly set = StateEffect.define<Hits>();
  readonly #field: StateField<Hits>;
  readonly #mark: Decoration;
  readonly #current: Decoration;

  constructor(look: string) {
    this.#mark = Decoration.mark({ class: look });
    this.#current = Decoration.mark({ class: `${look} hit-current` });
    this.#field = StateField.define<Hits>({
      create: () => noHits,
      update: (hits, transaction) => {
        const told = transaction.effects.find((effect) => effect.is(this.set));
        return told === undefined ? hits : told.value as Hits;
      },
    });
  }

  /** The extension that draws hits, these at first. */
  marks(first: Hits, columns = wholeLine): Extension {
    const isNew = ({ startState, state }: ViewUpdate) =>
      startState.field(this.#field) !== state.field(this.#field);
    const plugin = drawnLines((view) => this.#draw(view, columns), isNew);
    return [this.#field.init(() => first), plugin];
  }

  #draw(view: EditorView, columns: HitColumns): DecorationSet {
    const builder = new RangeSetBuilder<Decoration>();
    const { list, current } = view.state.field(this.#field);
    const { doc } = view.state;
    if (list.length === 0) return Decoration.none;
    for (const range of view.visibleRanges) {
      const first = doc.lineAt(range.from).number - 1;
      const last = doc.lineAt(range.to).number - 1;
      for (let i = firstHitFrom(list, first - MOST_LINES); i < list.length && list[i].line <= last; i++) {
        const { line, from, to, toLine = line } = list[i];
        for (let n = Math.max(line, first); n <= Math.min(toLine, last); n++) {
          const { from: start, text } = doc.line(n + 1);
          const [least, most] = columns(text, from);
          const left = n === line ? from : least;
          const right = Math.min(n === toLine ? to : most, text.length);
          if (right > left) {
            builder.add(start + left, start + right, i === current ? this.#current : this.#mark);
          }
        }
      }
    }
    return builder.finish();
  }
}

/** What Find has found. */
export const FOUND = new HitLayer("hit");

/** What the filter looks for. */
export const FILTERED = new HitLayer("hit hit-filter");

/** Where the first hit at or after `line` is in the list. */
export function firstHitFrom(list: readonly Hit[], line: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].line < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The columns of a line that a hit over several lines can cover, by where it begins in its first line. */
export type HitColumns = (line: string, begins: number) => readonly [from: number, to: number];

const wholeLine: HitColumns = (line) => [0, line.length];
