// Where a text is looked at, told so that the same view of the same Message can go back there, however much of it is
// loaded then.

import type { EditorState, StateEffect } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** So near to the end is at it, px. */
const NEAR = 4;
/** More than there is below the last line, px. */
const BELOW = 18;

/** A place at the top of the screen, or at its end. */
export interface Top {
  /** From 0. */
  readonly line: number;
  /** A UTF-16 position in that line, which may be wrapped. */
  readonly at: number;
  /** How much of its height is outside, px. */
  readonly outside: number;
  readonly y: "start" | "end";
}

/** Null at the very beginning. */
export function topOf(view: EditorView): Top | null {
  const { scrollDOM, contentDOM, state: { doc } } = view;
  const { scrollTop, scrollHeight, clientHeight } = scrollDOM;
  if (scrollTop === 0) return null;
  // What is above may be higher or lower then: it is the end that was looked at.
  if (scrollTop + clientHeight >= scrollHeight - NEAR) {
    return { line: doc.lines - 1, at: Infinity, outside: -BELOW, y: "end" };
  }
  const { top } = scrollDOM.getBoundingClientRect();
  const pos = view.posAtCoords({ x: contentDOM.getBoundingClientRect().left + 1, y: top + 1 }, false);
  const line = doc.lineAt(pos);
  const outside = top - (view.coordsAtPos(pos)?.top ?? top);
  return { line: line.number - 1, at: pos - line.from, outside, y: "start" };
}

/** The effect that goes back there. */
export function backTo({ doc }: EditorState, { line, at, outside, y }: Top): StateEffect<unknown> {
  const { from, to } = doc.line(line + 1);
  return EditorView.scrollIntoView(Math.min(from + at, to), { y, yMargin: -outside });
}

/** Where each view of one Message was looked at, where that is not its beginning. */
export class Tops {
  #message = "";
  readonly #tops = new Map<string, Top | null>();

  /** Remembers it; what is known of another Message is forgotten. */
  keep(message: string, view: string, top: Top | null): void {
    this.#are(message);
    this.#tops.set(view, top);
  }

  find(message: string, view: string): Top | null {
    this.#are(message);
    return this.#tops.get(view) ?? null;
  }

  #are(message: string): void {
    if (message !== this.#message) this.#tops.clear();
    this.#message = message;
  }
}
