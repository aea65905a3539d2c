// Folding in the editor: gutter, keys, and the words in place of what is folded. What can be folded says folds.ts, of
// the lines that are loaded; what would reach into others cannot be folded.

import {
  codeFolding,
  foldCode,
  foldedRanges,
  foldGutter,
  foldService,
  unfoldCode,
} from "@codemirror/language";
import type { EditorState, Extension, Text } from "@codemirror/state";
import { type EditorView, keymap } from "@codemirror/view";
import type { ViewKind } from "../../types.ts";
import { chevron } from "./chevron.ts";
import { CLOSERS, type Fold, foldsOf } from "./folds.ts";
import type { LineRange, LineTable } from "./lines.ts";
import { counted } from "./words.ts";

/** Whether views of this kind are laid out by indentation. */
export function isFoldable(kind: ViewKind): boolean {
  return kind in CLOSERS;
}

/** Folding for a view of this kind: gutter, keys and the words in place of what is folded. */
export function folding(kind: ViewKind, table: LineTable): Extension {
  if (!isFoldable(kind)) return [];
  const known = new WeakMap<Text, ReadonlyMap<number, Fold>>();
  const foldAt = (state: EditorState, line: number): Fold | undefined => {
    let folds = known.get(state.doc);
    if (folds === undefined) known.set(state.doc, folds = foldsOfTable(state.doc, table, kind));
    return folds.get(line);
  };
  return [
    foldService.of((state, from) => {
      const fold = foldAt(state, state.doc.lineAt(from).number - 1);
      if (fold === undefined) return null;
      const last = state.doc.line(fold.last + 1);
      return {
        from: state.doc.lineAt(from).to,
        to: fold.closer === null ? last.to : last.from + fold.closer,
      };
    }),
    codeFolding({
      preparePlaceholder: (state, { from, to }) =>
        state.doc.lineAt(to).number - state.doc.lineAt(from).number + 1,
      placeholderDOM: placeholder,
    }),
    foldGutter({ markerDOM: (open) => chevron(open ? "down" : "right") }),
    keymap.of([
      { key: "Ctrl-Shift-[", mac: "Cmd-Alt-[", run: foldCode },
      { key: "Ctrl-Shift-]", mac: "Cmd-Alt-]", run: unfoldCode },
    ]),
  ];
}

function placeholder(_view: EditorView, unfold: (event: Event) => void, lines: number): HTMLElement {
  const element = document.createElement("span");
  element.className = "cm-foldPlaceholder";
  element.textContent = counted(lines, "line");
  element.title = "Unfold";
  element.onclick = unfold;
  return element;
}

function foldsOfTable(doc: Text, table: LineTable, kind: ViewKind): Map<number, Fold> {
  const folds = new Map<number, Fold>();
  for (const { from, to } of table.loaded()) {
    const isEnd = table.isFinal && to >= table.total;
    for (const fold of foldsOf(doc.iterLines(from + 1, to + 1), from, isEnd, kind)) {
      folds.set(fold.line, fold);
    }
  }
  return folds;
}

/** Whether anything is folded in these lines. */
export function isFoldedIn(state: EditorState, lines: LineRange): boolean {
  const from = state.doc.line(lines.from + 1).from;
  const to = state.doc.line(Math.min(lines.to, state.doc.lines)).to;
  let found = false;
  foldedRanges(state).between(from, to, () => {
    found = true;
    return false;
  });
  return found;
}
