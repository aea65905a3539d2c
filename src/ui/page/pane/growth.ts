// When a document may become longer while it is looked at: not while the mouse holds its scroll bar, or selects in it,
// for both would be drawn away under it; and at the end with what is seen. The editor shows what is higher than a
// browser can scroll on a scroll bar of a fixed length: with every line that is added, the same place on the bar is
// another line. So of a very long one lines are kept back while somebody looks at its middle: until he comes to its
// beginning or its end, or he rests and no more come. Knows lines and heights; who has lines, and how they come, is
// others' business.

import type { EditorView } from "@codemirror/view";
import { HIGHEST } from "./steady_scroll.ts";

/** Who comes to the end from farther away than so many screens has not read his way there. */
const FAR_SCREENS = 10;
/** Without a scroll and more lines for so long both rest, ms. */
const REST_MS = 1_000;

/** How lines may be added: at the end, which is followed if it is seen; so that what is seen stays; or going to it. */
export type Growth = "append" | "stay" | "follow";

/** One document; `mayGrow` is called when lines that were kept back may be added now. */
export class DocumentGrowth {
  /** True while lines are kept back. */
  #keepsBack = false;
  /** What lines were called for by: they are added however the document is looked at. */
  #wanted: Growth | null = null;
  /** The first line on the screen before the latest scroll. */
  #seen = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #rests = false;
  /** How many lines there would be. */
  #total = 0;

  constructor(
    private readonly view: EditorView,
    private readonly firstShown: () => number,
    private readonly isMouseHeld: () => boolean,
    private readonly mayGrow: () => void,
  ) {
    view.scrollDOM.addEventListener("scroll", this.#scrolled);
  }

  /** Another document. */
  begin(): void {
    this.#letGo();
    this.#wanted = null;
  }

  /** How the document may get more lines now, up to `total`; null while it may not. */
  ask(total: number): Growth | null {
    const growth = this.#decide(total - this.view.state.doc.lines);
    if (growth !== null) {
      this.#letGo();
      this.#wanted = null;
      return growth;
    }
    if (!this.#keepsBack) this.#seen = this.firstShown();
    this.#keepsBack = true;
    if (total !== this.#total) this.#waitForRest();
    this.#total = total;
    return null;
  }

  /** Lets lines that are kept back be added at once; returns whether there were any. */
  call(how: Growth): boolean {
    if (!this.#keepsBack) return false;
    this.#wanted = how;
    this.mayGrow();
    return true;
  }

  destroy(): void {
    this.#letGo();
    this.view.scrollDOM.removeEventListener("scroll", this.#scrolled);
  }

  #decide(added: number): Growth | null {
    const { view } = this;
    if (this.isMouseHeld()) return null;
    if (this.#wanted !== null) return this.#wanted;
    if (view.contentHeight + added * view.defaultLineHeight <= HIGHEST) return "append";
    if (this.#isAtStart()) return "append";
    if (this.#isAtEnd()) {
      if (!this.#keepsBack) return "append";
      const screen = view.scrollDOM.clientHeight / view.defaultLineHeight;
      return view.state.doc.lines - this.#seen > FAR_SCREENS * screen ? "follow" : "stay";
    }
    return this.#rests ? "stay" : null;
  }

  /** Where the lines that are drawn begin with the first of all, none of them moves. */
  #isAtStart(): boolean {
    const { viewport, state: { doc } } = this.view;
    return viewport.from === 0 &&
      this.firstShown() < doc.lineAt(Math.min(viewport.to, doc.length)).number;
  }

  #isAtEnd(): boolean {
    const { scrollTop, scrollHeight, clientHeight } = this.view.scrollDOM;
    return scrollTop > Math.max(1, scrollHeight - clientHeight - 4);
  }

  readonly #scrolled = (): void => {
    if (!this.#keepsBack) return;
    this.#waitForRest();
    if (this.#isAtEnd() || this.#isAtStart()) this.mayGrow();
    if (this.#keepsBack) this.#seen = this.firstShown();
  };

  #waitForRest(): void {
    clearTimeout(this.#rest);
    this.#rests = false;
    this.#rest = setTimeout(() => {
      this.#rests = true;
      this.mayGrow();
    }, REST_MS);
  }

  #letGo(): void {
    clearTimeout(this.#rest);
    this.#keepsBack = this.#rests = false;
    this.#total = 0;
  }
}
