// The hex view in the editor: dimmed zeros and dots, and a selection that is made of bytes: it shows in both columns,
// and what is selected is told with its values. Rows are the server's; this only reads them.

import type { EditorState, Extension, Range, SelectionRange } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { byteFrom, byteTo, columnAt, parseRow } from "./hex.ts";

/** The bytes that are selected. */
export interface HexSelection {
  /** Offsets in the Message: the first, and one past the last. */
  readonly from: number;
  readonly to: number;
  /** The first of them, at most eight. */
  readonly bytes: Uint8Array;
}

const dim = Decoration.mark({ class: "hex-dim" });
const offsetMark = Decoration.mark({ class: "hex-offset" });
const chosen = Decoration.mark({ class: "hex-selected" });

/** The extension; `tell` is called with what is selected, null when nothing is. */
export function hexView(tell: (bytes: HexSelection | null) => void): Extension {
  return [
    EditorView.editorAttributes.of({ class: "hex" }),
    ViewPlugin.fromClass(
      class {
        decorations: DecorationSet;

        constructor(view: EditorView) {
          this.decorations = draw(view);
        }

        update(update: ViewUpdate) {
          if (update.docChanged || update.viewportChanged || update.selectionSet) {
            this.decorations = draw(update.view);
          }
          if (update.selectionSet) tell(selectedBytes(update.state));
        }
      },
      { decorations: (plugin) => plugin.decorations },
    ),
    EditorView.domEventHandlers({ copy: (event, view) => copy(event, view.state) }),
  ];
}

/** Bytes `from` up to `to` of a row that a selection covers; null when it covers none of them. */
function covered(state: EditorState, { from, to }: SelectionRange, n: number) {
  const line = state.doc.line(n);
  const row = parseRow(line.text);
  if (row === null || to <= line.from || from > line.to) return null;
  const first = from <= line.from ? 0 : byteFrom(row, from - line.from);
  const last = to >= line.to ? row.bytes.length : byteTo(row, to - line.from);
  return last > first ? { row, line, from: first, to: last } : null;
}

function draw(view: EditorView): DecorationSet {
  const marks: Range<Decoration>[] = [];
  const { doc, selection } = view.state;
  const add = (from: number, to: number, mark: Decoration) => marks.push(mark.range(from, to));
  for (const range of view.visibleRanges) {
    const last = doc.lineAt(range.to).number;
    for (let n = doc.lineAt(range.from).number; n <= last; n++) {
      const line = doc.line(n);
      const row = parseRow(line.text);
      if (row === null) continue;
      const part = selection.main.empty ? null : covered(view.state, selection.main, n);
      add(line.from, line.from + row.digits[0], offsetMark);
      if (part !== null) {
        add(line.from + row.digits[part.from], line.from + row.digits[part.to - 1] + 2, chosen);
        add(line.from + row.text + part.from, line.from + row.text + part.to, chosen);
      }
      row.bytes.forEach((byte, i) => {
        if (part !== null && i >= part.from && i < part.to) return;
        const digits = line.from + row.digits[i];
        const char = line.from + row.text + i;
        if (byte === 0) add(digits, digits + 2, dim);
        if (line.text[row.text + i] === "·") add(char, char + 1, dim);
      });
    }
  }
  return Decoration.set(marks, true);
}

function selectedBytes(state: EditorState): HexSelection | null {
  const { main } = state.selection;
  if (main.empty) return null;
  const lastLine = state.doc.lineAt(main.to).number;
  let n = state.doc.lineAt(main.from).number;
  let first = covered(state, main, n);
  while (first === null && n < lastLine) first = covered(state, main, ++n);
  let last = covered(state, main, lastLine);
  for (let m = lastLine; last === null && m > n; m--) last = covered(state, main, m - 1);
  if (first === null || last === null) return null;
  const bytes = [...first.row.bytes.slice(first.from, first.to)];
  for (let m = n + 1; m <= lastLine && bytes.length < 8; m++) {
    const next = covered(state, main, m);
    bytes.push(...next?.row.bytes.slice(next.from, next.to) ?? []);
  }
  return {
    from: first.row.offset + first.from,
    to: last.row.offset + last.to,
    bytes: Uint8Array.from(bytes.slice(0, 8)),
  };
}

/** Copies what was pointed at: digits from their column, characters from theirs, whole rows from the offsets. */
function copy(event: ClipboardEvent, state: EditorState): boolean {
  const { main } = state.selection;
  const start = state.doc.lineAt(main.from);
  const row = parseRow(start.text);
  if (main.empty || row === null || event.clipboardData === null) return false;
  const column = columnAt(row, main.from - start.from);
  if (column === "offset") return false;
  const parts: string[] = [];
  for (let n = start.number; n <= state.doc.lineAt(main.to).number; n++) {
    const part = covered(state, main, n);
    if (part === null) continue;
    const { row, line, from, to } = part;
    if (column === "text") parts.push(line.text.slice(row.text + from, row.text + to));
    else parts.push(row.bytes.slice(from, to).map((byte) => byte.toString(16).padStart(2, "0")).join(" "));
  }
  event.preventDefault();
  event.clipboardData.setData("text/plain", parts.join(column === "text" ? "" : " "));
  return true;
}
