// What is drawn on the lines on the screen, and anew when it may have changed. Knows nothing of what that is.

import type { Extension } from "@codemirror/state";
import { type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";

/** Draws at first, where the text or what is seen of it changes, and where `isDue` says so, given what is drawn. */
export function drawnLines(
  draw: (view: EditorView) => DecorationSet,
  isDue: (update: ViewUpdate, drawn: DecorationSet) => boolean = () => false,
): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = draw(view);
      }

      update(update: ViewUpdate) {
        if (update.docChanged || update.viewportChanged || isDue(update, this.decorations)) {
          this.decorations = draw(update.view);
        }
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}
