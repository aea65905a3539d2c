// The marks of what Find has found, drawn for the lines on the screen. Where the hits are comes from outside.

import { type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

/** A hit in a line of the view, both from 0; `from` and `to` are UTF-16 positions in that line. */
export interface Hit {
  readonly line: number;
  readonly from: number;
  readonly to: number;
}

/** What is marked: hits in the order of the document, and which of them is the current one (-1: none). */
export interface Hits {
  readonly list: readonly Hit[];
  readonly current: number;
}

export const noHits: Hits = { list: [], current: -1 };

/** Marks these hits instead of those before. */
export const setHits = StateEffect.define<Hits>();

const hitsField = StateField.define<Hits>({
  create: () => noHits,
  update(hits, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setHits)) return effect.value;
    }
    return hits;
  },
});

const hitMark = Decoration.mark({ class: "hit" });
const currentMark = Decoration.mark({ class: "hit hit-current" });

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

function draw(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const { list, current } = view.state.field(hitsField);
  const { doc } = view.state;
  if (list.length === 0) return Decoration.none;
  for (const range of view.visibleRanges) {
    const last = doc.lineAt(range.to).number - 1;
    for (let i = firstHitFrom(list, doc.lineAt(range.from).number - 1); i < list.length; i++) {
      const hit = list[i];
      if (hit.line > last) break;
      const line = doc.line(hit.line + 1);
      if (hit.to > line.length || hit.to <= hit.from) continue;
      builder.add(line.from + hit.from, line.from + hit.to, i === current ? currentMark : hitMark);
    }
  }
  return builder.finish();
}

const hitsPlugin = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = draw(view);
    }

    update(update: ViewUpdate) {
      const isNew = update.startState.field(hitsField) !== update.state.field(hitsField);
      if (isNew || update.docChanged || update.viewportChanged) this.decorations = draw(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** The extension that draws hits, these at first. */
export function hitMarks(first: Hits): Extension {
  return [hitsField.init(() => first), hitsPlugin];
}
