// What can be folded: a line and the deeper indented lines after it, up to the one that closes it.
// Only lines that are loaded are known; what would reach into others cannot be folded. `foldsOf` is pure.

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
import type { LineRange, LineTable } from "./lines.ts";
import { counted } from "./words.ts";

/** Lines count from 0. */
export interface Fold {
  readonly line: number;
  /** The last line that is folded away. */
  readonly last: number;
  /** Where in it the closing tag or bracket begins, which stays; null when all of the line is folded away. */
  readonly closer: number | null;
}

const CLOSERS: Readonly<Partial<Record<ViewKind, RegExp>>> = { xml: /^<\//, json: /^[}\]]/ };

/** In XML, text with its own line ends can stand at any column: only lines that begin with a tag or the like count. */
const XML_SPANS = [["<!--", "-->"], ["<![CDATA[", "]]>"]] as const;

/**
 * The folds of consecutive lines, the first of which is line `first` of the document. `isEnd`: no line comes after
 * them, so what is still open ends with them.
 */
export function foldsOf(lines: Iterable<string>, first: number, isEnd: boolean, kind: ViewKind): Fold[] {
  const closer = CLOSERS[kind];
  if (closer === undefined) return [];
  const folds: Fold[] = [];
  const open: { readonly line: number; readonly indent: number }[] = [];
  let until: string | null = null;
  let last = first - 1;
  let n = first;
  for (const text of lines) {
    const line = n++;
    const inside = until !== null;
    if (kind === "xml") until = openSpan(text, until);
    const rest = text.trimStart();
    if (inside || rest === "" || (kind === "xml" && rest[0] !== "<")) {
      if (rest !== "") last = line;
      continue;
    }
    const indent = text.length - rest.length;
    while (open.length > 0 && open.at(-1)!.indent >= indent) {
      const opened = open.pop()!;
      const closes = opened.indent === indent && closer.test(rest);
      if (closes && line > opened.line) folds.push({ line: opened.line, last: line, closer: indent });
      else if (last > opened.line) folds.push({ line: opened.line, last, closer: null });
    }
    if (!closer.test(rest)) open.push({ line, indent });
    last = line;
  }
  while (isEnd && open.length > 0) {
    const opened = open.pop()!;
    if (last > opened.line) folds.push({ line: opened.line, last, closer: null });
  }
  return folds;
}

/** The terminator of the comment or CDATA section that is open after `text`, or null. */
function openSpan(text: string, until: string | null): string | null {
  let at = 0;
  while (true) {
    if (until !== null) {
      const end = text.indexOf(until, at);
      if (end < 0) return until;
      at = end + until.length;
      until = null;
    }
    let next = -1;
    for (const [start, end] of XML_SPANS) {
      const found = text.indexOf(start, at);
      if (found < 0 || (next >= 0 && found >= next)) continue;
      next = found;
      until = end;
    }
    if (until === null) return null;
    at = next + 4;
  }
}

/** Whether views of this kind are laid out by indentation. */
export function isFoldable(kind: ViewKind): boolean {
  return CLOSERS[kind] !== undefined;
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
