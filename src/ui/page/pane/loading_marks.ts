// Lines on the screen that are not loaded yet say so: without, they would look like empty lines of the body. How soon
// they say it is the style sheet's: what comes at once is not announced. Knows nothing of how lines come.

import { type Extension, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView } from "@codemirror/view";
import { drawnLines } from "./drawn_lines.ts";

const loading = Decoration.line({ class: "line-loading" });

/** The extension; lines count from 0. */
export function loadingMarks(isLoaded: (line: number) => boolean): Extension {
  // Empty lines are loaded without a change of the document.
  return drawnLines((view) => draw(view, isLoaded), (_, drawn) => drawn.size > 0);
}

function draw(view: EditorView, isLoaded: (line: number) => boolean): DecorationSet {
  const { doc } = view.state;
  const marks = new RangeSetBuilder<Decoration>();
  for (const range of view.visibleRanges) {
    const first = doc.lineAt(range.from);
    const last = doc.lineAt(range.to).number;
    for (let n = first.number; n <= last; n++) {
      if (isLoaded(n - 1)) continue;
      const { from, length } = doc.line(n);
      if (length === 0) marks.add(from, from, loading);
    }
  }
  return marks.finish();
}
