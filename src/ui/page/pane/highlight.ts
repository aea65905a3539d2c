// Colours and hanging indents for the lines on the screen, and only for those.
// Lines that are not loaded are empty; a stretch of loaded lines is lexed from its beginning, or from a bounded way
// before the screen, so that the cost does not depend on the size of the document.

import { type Extension, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import type { ViewKind } from "../../types.ts";
import type { LineTable } from "./lines.ts";
import { lexTls, tlsTextStart } from "./tls_tokens.ts";
import { type Lexer, lexForm, lexJson, lexXml, type TokenKind } from "./tokens.ts";

const LEXERS: Readonly<Partial<Record<ViewKind, Lexer>>> = {
  xml: lexXml,
  json: lexJson,
  form: lexForm,
  tls: lexTls,
};

/** How far before the screen lexing begins at most. */
const LOOK_BACK_LINES = 1_000;
const LOOK_BACK_CHARS = 200_000;

/** Longer lines have no colours; those of a view are shorter. */
const LONGEST_LINE = 20_000;

/** How far wrapped lines hang behind the beginning of their text, and at most behind that of the pane, in characters. */
const HANG = 4;
const HANG_MOST = 44;

const marks = new Map<TokenKind, Decoration>();
const hangs = new Map<number, Decoration>();

function mark(kind: TokenKind): Decoration {
  let found = marks.get(kind);
  if (found === undefined) marks.set(kind, found = Decoration.mark({ class: `tok-${kind}` }));
  return found;
}

/** `by` characters; a line that goes on the one before it (`whole`) hangs from its very beginning. */
function hang(by: number, whole: boolean): Decoration {
  const key = whole ? -by : by;
  let found = hangs.get(key);
  if (found === undefined) {
    const style = `padding-left: calc(var(--code-pad) + ${by}ch); text-indent: ${whole ? 0 : -by}ch`;
    hangs.set(key, found = Decoration.line({ attributes: { style } }));
  }
  return found;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** The extension for a view of this kind; `table` says which lines are loaded. */
export function highlighting(kind: ViewKind, table: Pick<LineTable, "isContinued" | "isLoaded">): Extension {
  const lexer = LEXERS[kind];
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;
      /** The state that a line ends in, by line from 1. Void when the document changes. */
      #ends = new Map<number, string>();

      constructor(view: EditorView) {
        this.decorations = this.#draw(view);
      }

      update(update: ViewUpdate) {
        if (update.docChanged) this.#ends.clear();
        if (update.docChanged || update.viewportChanged) this.decorations = this.#draw(update.view);
      }

      #draw(view: EditorView): DecorationSet {
        const builder = new RangeSetBuilder<Decoration>();
        const { doc } = view.state;
        let drawn = 0;
        for (const range of view.visibleRanges) {
          const last = doc.lineAt(range.to).number;
          for (let n = Math.max(drawn + 1, doc.lineAt(range.from).number); n <= last; n++) {
            drawn = n;
            const line = doc.line(n);
            if (line.length === 0 || line.length > LONGEST_LINE) continue;
            const continued = table.isContinued(n - 1);
            const indent = continued ? 0 : kind === "tls" ? tlsTextStart(line.text) : indentOf(line.text);
            builder.add(line.from, line.from, hang(Math.min(HANG_MOST, indent + HANG), continued));
            if (lexer === undefined) continue;
            const { tokens, state } = lexer(line.text, this.#startOf(view, n));
            this.#ends.set(n, state);
            for (const token of tokens) {
              builder.add(line.from + token.from, line.from + token.to, mark(token.kind));
            }
          }
        }
        return builder.finish();
      }

      #startOf(view: EditorView, n: number): string {
        let first = n;
        let chars = 0;
        while (first > 1 && !this.#ends.has(first - 1) && table.isLoaded(first - 2)) {
          chars += view.state.doc.line(first - 1).length;
          if (n - first >= LOOK_BACK_LINES || chars > LOOK_BACK_CHARS) break;
          first--;
        }
        let state = this.#ends.get(first - 1) ?? "";
        for (let i = first; i < n; i++) {
          state = lexer!(view.state.doc.line(i).text, state).state;
          this.#ends.set(i, state);
        }
        return state;
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}
