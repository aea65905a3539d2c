// The colours of a head that is edited, what tcpmon says beside its lines, and the marks of places that are wrong.

import { RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { drawnLines } from "../pane/drawn_lines.ts";

/** Something to say of a line, from 1: words at its end, or a place in it that is wrong. */
export type Aside =
  | { readonly line: number; readonly text: string }
  | { readonly line: number; readonly column: number };

/** Tells the editor what to say from now on. */
export const setAsides = StateEffect.define<readonly Aside[]>();

/** What is said and marked. */
export const asides = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, { changes, effects, state }) {
    const told = effects.find((effect) => effect.is(setAsides));
    if (told === undefined) return shown.map(changes);
    const found = (told.value as readonly Aside[]).filter(({ line }) => line >= 1 && line <= state.doc.lines);
    return Decoration.set(
      found.map((aside) => {
        const line = state.doc.line(aside.line);
        if ("text" in aside) {
          return Decoration.widget({ widget: new Words(aside.text), side: 1 }).range(line.to);
        }
        const from = Math.min(line.from + aside.column - 1, line.to);
        const char = line.text.codePointAt(from - line.from) ?? 0;
        const to = Math.min(line.to, from + (char > 0xffff ? 2 : 1));
        return to > from ? wrong.range(from, to) : wrongLine.range(line.from);
      }),
      true,
    );
  },
  provide: (field) => EditorView.decorations.from(field),
});

const wrong = Decoration.mark({ class: "draft-wrong" });
const wrongLine = Decoration.line({ class: "draft-wrong-line" });
const method = Decoration.mark({ class: "pane-strong" });
const name = Decoration.mark({ class: "tok-tag" });
const colon = Decoration.mark({ class: "tok-punct" });

class Words extends WidgetType {
  constructor(private readonly text: string) {
    super();
  }

  override eq(other: Words): boolean {
    return other.text === this.text;
  }

  toDOM(): HTMLElement {
    const words = document.createElement("span");
    words.className = "pane-said draft-aside";
    words.textContent = this.text;
    return words;
  }
}

/** The method is bold, and names have the colour of names. */
export const headColours = drawnLines(draw);

function draw({ state: { doc }, viewport }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const last = doc.lineAt(viewport.to).number;
  for (let n = doc.lineAt(viewport.from).number; n <= last; n++) {
    const { from, text } = doc.line(n);
    if (n === 1) {
      const word = /^\S+/.exec(text)?.[0].length ?? 0;
      if (word > 0) builder.add(from, from + word, method);
      continue;
    }
    const at = text.indexOf(":");
    if (at <= 0) continue;
    builder.add(from, from + at, name);
    builder.add(from + at, from + at + 1, colon);
  }
  return builder.finish();
}
