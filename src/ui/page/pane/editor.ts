// The body of a Message in CodeMirror: read-only, with line numbers, colours, folds, hits and selection.
// It is the document that a LineFeed fills. It asks for nothing itself: it tells which lines are on the screen.
// Captured text only ever becomes text nodes.

import { foldedRanges, unfoldEffect } from "@codemirror/language";
import { standardKeymap } from "@codemirror/commands";
import {
  type ChangeSpec,
  EditorState,
  type Extension,
  type Line,
  type StateEffect,
  Text,
} from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers, type ViewUpdate } from "@codemirror/view";
import type { Hit, ViewKind } from "../../types.ts";
import type { LinePort } from "./feed.ts";
import { folding, isFoldable, isFoldedIn } from "./fold.ts";
import { emptyLines } from "./empty_lines.ts";
import { DocumentGrowth } from "./growth.ts";
import { keepStill } from "./held_still.ts";
import { columnsAround } from "./hex.ts";
import { type HexSelection, hexView } from "./hex_view.ts";
import { loadingMarks } from "./loading_marks.ts";
import { highlighting } from "./highlight.ts";
import { FILTERED, FOUND, type HitLayer, type Hits, noHits } from "./hits.ts";
import { type LineRange, LineTable, type Place } from "./lines.ts";
import { MouseHold } from "../mouse_hold.ts";
import { CONTROL_PICTURES, SPECIAL_CHARS, specialChar } from "./special_chars.ts";
import { steadyScroll } from "./steady_scroll.ts";
import { backTo, type Top, topOf } from "./top.ts";

const MEASURE_AGAIN_MS = 50;

/** What the editor tells. */
export interface EditorEvents {
  /** These lines are on the screen now. */
  shown(lines: LineRange): void;
  /** The user copies these parts of lines, and not all of them are loaded. */
  copied(from: Place, to: Place): void;
  /** Bytes are selected in the hex view; null when none are. */
  selected(bytes: HexSelection | null): void;
}

/** A hit in the middle of the screen, one that is selected, too, or what was at the top of the screen. */
type Held = { readonly hit: Hit; readonly isSelected: boolean } | { readonly top: Top };

export class BodyEditor implements LinePort {
  readonly #view: EditorView;
  readonly #mouse: MouseHold;
  readonly #endKeepingStill: () => void;
  readonly #growth: DocumentGrowth;
  #table = new LineTable(1);
  #kind: ViewKind | null = null;
  #telling = false;
  #measuring: ReturnType<typeof setTimeout> | undefined;
  readonly #hits = new Map<HitLayer, Hits>();
  /** What is to be seen, until the user looks elsewhere; lines that are loaded around it would move it away. */
  #held: Held | null = null;

  constructor(parent: HTMLElement, private readonly name: string, private readonly events: EditorEvents) {
    this.#view = new EditorView({ parent, state: this.#state() });
    steadyScroll(this.#view);
    this.#mouse = new MouseHold(this.#view.scrollDOM, () => {
      this.#held = null;
      this.#tellShownNow();
    });
    this.#endKeepingStill = keepStill(this.#view.scrollDOM, () => this.#mouse.isHeld);
    this.#growth = new DocumentGrowth(
      this.#view,
      () => this.firstShown,
      () => this.#mouse.isHeld,
      () => this.#tellShownNow(),
    );
  }

  begin(table: LineTable, kind: ViewKind | null): void {
    this.#table = table;
    this.#kind = kind;
    this.#growth.begin();
    // Once the kind is known it is still the same view, of which a hit may have been told already.
    if (kind === null) this.#held = null;
    this.#view.setState(this.#state());
    steadyScroll(this.#view);
    this.#view.scrollDOM.scrollTo(0, 0);
    this.events.selected(null);
    this.#tellShown();
  }

  resize(total: number): number {
    const { doc } = this.#view.state;
    const growth = total > doc.lines ? this.#growth.ask(total) : null;
    if (growth === null) return doc.lines;
    // Empty lines that nobody sees are put in anew with the others: to append to them is work for each of them.
    const stays = this.#lastThatStays();
    const isAll = stays === doc.lines;
    this.#view.dispatch({
      changes: {
        from: isAll ? doc.length : doc.line(stays + 1).from,
        to: doc.length,
        insert: emptyLines(total - stays + (isAll ? 1 : 0)),
      },
      effects: growth === "stay" ? this.#view.scrollSnapshot() : [],
    });
    if (this.#held !== null) this.#show(this.#held);
    else if (growth === "follow") this.#scrollToEnd();
    return total;
  }

  /** Goes to the end of all lines that there are, to read on there. */
  toEnd(): void {
    this.#mouse.letGo();
    this.#held = null;
    this.focus();
    if (!this.#growth.call("follow")) this.#scrollToEnd();
  }

  fill(from: number, lines: readonly string[]): void {
    const { doc } = this.#view.state;
    const changes: ChangeSpec[] = [];
    for (let i = 0; i < lines.length; i++) {
      const line = doc.line(from + i + 1);
      if (line.text !== lines[i]) changes.push(...lineChanges(line, lines[i], this.#kind === "hex"));
    }
    const isCursorSeen = this.#isCursorSeen();
    const { main } = this.#view.state.selection;
    const isAtEnd = main.head === doc.length && doc.length > 0;
    // By itself the editor would put the begin of a selection behind its end where its line is another one.
    const made = this.#view.state.changes(changes);
    const selection = { anchor: made.mapPos(main.anchor), head: made.mapPos(main.head) };
    this.#view.dispatch({ changes: made, selection });
    if (isAtEnd && !this.#mouse.isHeld) this.#extendToEnd(main.empty);
    if (this.#held !== null) this.#show(this.#held);
    else if (isCursorSeen && !this.#mouse.isHeld) {
      this.#view.dispatch({ effects: seen(this.#view.state.selection.main.head, "nearest") });
    }
  }

  clear(ranges: readonly LineRange[]): void {
    const { doc } = this.#view.state;
    const changes = [];
    for (const range of ranges) {
      for (let n = range.from; n < range.to; n++) {
        const line = doc.line(n + 1);
        if (line.length > 0) changes.push({ from: line.from, to: line.to });
      }
    }
    if (changes.length > 0) this.#view.dispatch({ changes });
  }

  isPinned(range: LineRange): boolean {
    return isFoldedIn(this.#view.state, range);
  }

  /** Marks hits; the positions are those of the view, also where its lines are not loaded yet. */
  mark(hits: Hits, layer = FOUND): void {
    // Every update makes CodeMirror read where the selection is, for which the page is laid out at once.
    if (hits === (this.#hits.get(layer) ?? noHits)) return;
    this.#hits.set(layer, hits);
    this.#view.dispatch({ effects: layer.set.of(hits) });
  }

  /** Brings a hit to the middle of the screen, unfolding what hides it; false under the mouse that holds it. */
  reveal(hit: Hit): boolean {
    return this.#mayShow({ hit, isSelected: false });
  }

  /** Brings a place to the middle of the screen and selects it; false under the mouse that holds it. */
  goTo(place: Hit): boolean {
    return this.#mayShow({ hit: place, isSelected: true });
  }

  /** Where the text is looked at; null at its beginning. */
  get top(): Top | null {
    return this.#held !== null && "top" in this.#held ? this.#held.top : topOf(this.#view);
  }

  /** Goes back to where the same view was looked at, as soon as it has so many lines. */
  returnTo(top: Top): void {
    this.#show({ top });
  }

  /** Whether its scroll bar or its text is held with the mouse, under which nothing is to move. */
  get isMouseHeld(): boolean {
    return this.#mouse.isHeld;
  }

  /** The first line on the screen. */
  get firstShown(): number {
    return this.#lineAt(this.#view.scrollDOM.getBoundingClientRect().top);
  }

  /** Whether a line is on the screen. */
  isShown(line: number): boolean {
    const { bottom } = this.#view.scrollDOM.getBoundingClientRect();
    return this.firstShown <= line && line < this.#lineAt(bottom);
  }

  /** What is selected within one line; "" where nothing or more is. */
  get selectedText(): string {
    const { state } = this.#view;
    const { from, to } = state.selection.main;
    return to - from > 200 || state.doc.lineAt(from).to < to ? "" : state.sliceDoc(from, to);
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    clearTimeout(this.#measuring);
    this.#mouse.destroy();
    this.#endKeepingStill();
    this.#growth.destroy();
    this.#view.destroy();
  }

  /** Who draws the scroll bar, or selects, looks elsewhere: nothing waits until he lets go. */
  #mayShow(held: Held): boolean {
    if (this.#mouse.isHeld) return false;
    this.#show(held);
    return true;
  }

  #show(held: Held): void {
    const { state } = this.#view;
    this.#held = held;
    const { line } = "top" in held ? held.top : held.hit;
    if (line >= state.doc.lines) {
      // It may be in lines that are kept back: once they are there, it is shown.
      this.#growth.call("append");
      return;
    }
    if ("top" in held) this.#view.dispatch({ effects: backTo(state, held.top) });
    else this.#showHit(held.hit, held.isSelected);
  }

  #showHit(hit: Hit, isSelected: boolean): void {
    const { state } = this.#view;
    const line = state.doc.line(hit.line + 1);
    const at = Math.min(line.from + hit.from, line.to);
    const effects = [];
    foldedRanges(state).between(at, at, (from, to) => {
      if (from < at && at < to) effects.push(unfoldEffect.of({ from, to }));
    });
    effects.push(seen(at, "center"));
    const selection = { anchor: Math.min(line.from + hit.to, line.to), head: at };
    this.#view.dispatch(isSelected ? { selection, effects } : { effects });
  }

  #state(): EditorState {
    return EditorState.create({
      extensions: [this.#common(), this.#kind === null ? [] : this.#layout(this.#kind)],
    });
  }

  #common(): Extension {
    const letGo = () => {
      this.#held = null;
    };
    const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content;
    return [
      nonce === undefined ? [] : EditorView.cspNonce.of(nonce),
      EditorState.readOnly.of(true),
      EditorView.contentAttributes.of({ "aria-label": this.name, "aria-readonly": "true", tabindex: "0" }),
      EditorView.updateListener.of((update) => this.#updated(update)),
      EditorView.domEventObservers({ wheel: letGo, keydown: letGo, pointerdown: letGo }),
      highlightSpecialChars({
        specialChars: this.#kind === "raw" ? CONTROL_PICTURES : SPECIAL_CHARS,
        render: specialChar,
      }),
      keymap.of(standardKeymap),
      loadingMarks((line) => line >= this.#table.total || this.#table.isLoaded(line)),
      ...[FOUND, FILTERED].map((layer) =>
        layer.marks(this.#hits.get(layer) ?? noHits, this.#kind === "hex" ? columnsAround : undefined)
      ),
    ];
  }

  #layout(kind: ViewKind): Extension {
    if (kind === "hex") return hexView((bytes) => this.events.selected(bytes));
    const table = this.#table;
    return [
      lineNumbers({
        formatNumber: (n, state) => n > state.doc.lines ? String(n) : String(table.numberOf(n - 1) ?? ""),
      }),
      EditorView.editorAttributes.of({ class: isFoldable(kind) ? "wraps" : "wraps flat" }),
      folding(kind, table),
      highlighting(kind, table),
      EditorView.domEventHandlers({ copy: (event, view) => this.#copy(event, view) }),
    ];
  }

  /** The number of the last line that is loaded, on the screen, or where the cursor or the selection is; from 1. */
  #lastThatStays(): number {
    const { state: { doc, selection: { main } }, scrollDOM } = this.#view;
    const loaded = Math.min(this.#table.loaded().at(-1)?.to ?? 1, doc.lines);
    // Not the viewport's end: after a far jump it comes late.
    const seen = this.#lineAt(scrollDOM.getBoundingClientRect().bottom) + 1;
    return Math.max(loaded, seen, doc.lineAt(main.to).number);
  }

  /** Where the cursor is at the end of all, it stays there when the text of the last line comes. */
  #extendToEnd(isCursor: boolean): void {
    const { doc, selection } = this.#view.state;
    this.#view.dispatch({
      selection: { anchor: isCursor ? doc.length : selection.main.anchor, head: doc.length },
    });
  }

  /** The line at a height of the window. */
  #lineAt(height: number): number {
    const block = this.#view.elementAtHeight(height - this.#view.documentTop);
    return this.#view.state.doc.lineAt(block.from).number - 1;
  }

  #isCursorSeen(): boolean {
    const place = this.#view.coordsAtPos(this.#view.state.selection.main.head);
    const { top, bottom } = this.#view.scrollDOM.getBoundingClientRect();
    return place !== null && place.top >= top && place.bottom <= bottom;
  }

  #updated(update: ViewUpdate): void {
    if (update.viewportChanged || update.docChanged) this.#tellShown();
    if (update.viewportChanged) this.#measureAgain();
  }

  /** After a far jump in a very long document the editor can give up measuring before it has arrived. */
  #measureAgain(): void {
    clearTimeout(this.#measuring);
    this.#measuring = setTimeout(() => this.#view.requestMeasure(), MEASURE_AGAIN_MS);
  }

  #tellShown(): void {
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      this.#tellShownNow();
    });
  }

  #tellShownNow(): void {
    const { state, viewport } = this.#view;
    const to = Math.min(viewport.to, state.doc.length);
    this.events.shown({
      from: state.doc.lineAt(viewport.from).number - 1,
      to: state.doc.lineAt(to).number,
    });
  }

  #scrollToEnd(): void {
    const { length } = this.#view.state.doc;
    this.#view.dispatch({ effects: EditorView.scrollIntoView(length, { y: "end" }) });
  }

  /** Lines that were cut for display are copied as the one line they are. */
  #copy(event: ClipboardEvent, view: EditorView): boolean {
    const { from, to, empty } = view.state.selection.main;
    if (empty || event.clipboardData === null) return false;
    const first = view.state.doc.lineAt(from);
    const last = view.state.doc.lineAt(to);
    const table = this.#table;
    event.preventDefault();
    if (!table.loaded().some((stretch) => stretch.from < first.number && last.number <= stretch.to)) {
      this.events.copied(
        { line: first.number - 1, at: from - first.from },
        { line: last.number - 1, at: to === last.to ? Infinity : to - last.from },
      );
      return true;
    }
    let text = view.state.sliceDoc(from, Math.min(first.to, to));
    for (let n = first.number + 1; n <= last.number; n++) {
      const line = view.state.doc.line(n);
      text += (table.isContinued(n - 1) ? "" : "\n") +
        line.text.slice(0, Math.min(line.length, to - line.from));
    }
    event.clipboardData.setData("text/plain", text);
    return true;
  }
}

/**
 * What makes the text of a line another: half a line becomes longer, and a row of hex has digits where it had blanks,
 * `inPlace`. What is selected beside stays so.
 */
function lineChanges({ from, text }: Line, wanted: string, inPlace: boolean): ChangeSpec[] {
  const changes: ChangeSpec[] = [];
  const put = (begin: number, end: number, to: number) =>
    changes.push({ from: from + begin, to: from + end, insert: Text.of([wanted.slice(begin, to)]) });
  for (let at = 0; at < text.length; at++) {
    const begin = at;
    if (text[at] === wanted[at]) continue;
    if (!inPlace) {
      put(begin, text.length, wanted.length);
      return changes;
    }
    while (at < text.length && text[at] !== wanted[at]) at++;
    put(begin, at, at);
  }
  if (wanted.length > text.length) put(text.length, text.length, wanted.length);
  return changes;
}

/** The effect that scrolls to a position. */
function seen(at: number, y: "center" | "nearest"): StateEffect<unknown> {
  return EditorView.scrollIntoView(at, { y, x: "nearest" });
}
