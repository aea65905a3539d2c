// Text that is edited, in CodeMirror: the head, the body or a turn of a Draft. What is typed is told, and a text that was
// made elsewhere is taken up; the text itself belongs to whoever holds the editor. It changes no character by itself.
// Captured text only ever becomes text nodes.

import {
  history,
  historyKeymap,
  insertNewline,
  insertNewlineKeepIndent,
  standardKeymap,
} from "@codemirror/commands";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, highlightSpecialChars, keymap, lineNumbers, tooltips } from "@codemirror/view";
import type { Hit } from "../../types.ts";
import { highlighting } from "../pane/highlight.ts";
import { FOUND, type Hits, noHits } from "../pane/hits.ts";
import { SPECIAL_CHARS, specialChar } from "../pane/special_chars.ts";
import type { BodyMode } from "./body_input.ts";
import { type Aside, asides, headColours, setAsides } from "./head_colours.ts";

/** What the text is: its colours, and whether lines are numbered. */
export type CodeKind = BodyMode | "head" | "escapes";

/** What the editor tells. */
export interface CodeEvents {
  /** This is the text now. */
  typed(text: string): void;
  /** Ctrl or ⌘ with Enter. */
  send(): void;
}

/** What is said of the editor to assistive technology. */
export interface CodeLabel {
  readonly name: string;
  /** Id of the element that says what is wrong; null where nothing is. */
  readonly error: string | null;
}

/** All lines are there, and none is cut. */
const WHOLE = { isContinued: () => false, isLoaded: () => true };

/** See above. */
export class CodeEditor {
  readonly #view: EditorView;
  readonly #layout = new Compartment();
  readonly #about = new Compartment();
  #kind: CodeKind;
  #label: CodeLabel;
  #hits = noHits;
  /** The text as it was told or given the last time. */
  #text: string;

  constructor(
    parent: HTMLElement,
    text: string,
    kind: CodeKind,
    label: CodeLabel,
    private readonly events: CodeEvents,
  ) {
    this.#kind = kind;
    this.#label = label;
    this.#text = text;
    this.#view = new EditorView({ parent, state: this.#state(text) });
  }

  /** Takes up a text that was not typed here. It can be undone as an edit can. */
  setText(text: string): void {
    if (text === this.#text) return;
    this.#text = text;
    const { state } = this.#view;
    const lines = state.toText(text);
    if (lines.eq(state.doc)) return;
    this.#view.dispatch({ changes: { from: 0, to: state.doc.length, insert: lines } });
  }

  /** Begins anew, with nothing to be undone. */
  begin(text: string, kind: CodeKind): void {
    this.#kind = kind;
    this.#text = text;
    this.#view.setState(this.#state(text));
  }

  setKind(kind: CodeKind): void {
    if (kind === this.#kind) return;
    this.#kind = kind;
    this.#view.dispatch({ effects: this.#layout.reconfigure(layoutOf(kind)) });
  }

  setLabel(label: CodeLabel): void {
    if (label.name === this.#label.name && label.error === this.#label.error) return;
    this.#label = label;
    this.#view.dispatch({ effects: this.#about.reconfigure(aboutOf(label)) });
  }

  /** Says something beside lines, and marks the places that are wrong. */
  setAsides(said: readonly Aside[]): void {
    this.#view.dispatch({ effects: setAsides.of(said) });
  }

  /** Marks what Find has found in it. */
  mark(hits: Hits): void {
    if (hits === this.#hits) return;
    this.#hits = hits;
    this.#view.dispatch({ effects: FOUND.set.of(hits) });
  }

  /** Brings a hit to the middle of the screen. */
  reveal({ line, from }: Hit): void {
    const { doc } = this.#view.state;
    if (line >= doc.lines) return;
    const { from: start, to } = doc.line(line + 1);
    const at = Math.min(start + from, to);
    this.#view.dispatch({ effects: EditorView.scrollIntoView(at, { y: "center", x: "nearest" }) });
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }

  #state(text: string): EditorState {
    const nonce = document.querySelector<HTMLMetaElement>("meta[name=csp-nonce]")?.content;
    return EditorState.create({
      doc: text,
      extensions: [
        nonce === undefined ? [] : EditorView.cspNonce.of(nonce),
        // A carriage return within a line is a character of it.
        EditorState.lineSeparator.of("\n"),
        EditorView.clipboardInputFilter.of((pasted) => pasted.replace(/\r\n?/g, "\n")),
        tooltips({ parent: document.body }),
        history(),
        keymap.of([
          { key: "Mod-Enter", run: () => this.#send(), preventDefault: true },
          {
            key: "Enter",
            run: (view) => (isTree(this.#kind) ? insertNewlineKeepIndent : insertNewline)(view),
          },
          ...historyKeymap,
          ...standardKeymap,
        ]),
        highlightSpecialChars({ specialChars: SPECIAL_CHARS, render: specialChar }),
        asides,
        FOUND.marks(this.#hits),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (!docChanged) return;
          const text = state.doc.toString();
          if (text === this.#text) return;
          this.#text = text;
          this.events.typed(text);
        }),
        this.#about.of(aboutOf(this.#label)),
        this.#layout.of(layoutOf(this.#kind)),
      ],
    });
  }

  #send(): boolean {
    this.events.send();
    return true;
  }
}

function aboutOf({ name, error }: CodeLabel): Extension {
  return EditorView.contentAttributes.of({
    "aria-label": name,
    tabindex: "0",
    "aria-invalid": String(error !== null),
    spellcheck: "false",
    autocorrect: "off",
    autocapitalize: "off",
    ...(error === null ? {} : { "aria-describedby": error }),
  });
}

function isTree(kind: CodeKind): boolean {
  return kind === "xml" || kind === "json";
}

function layoutOf(kind: CodeKind): Extension {
  if (kind === "hex") return [EditorView.editorAttributes.of({ class: "flat" }), EditorView.lineWrapping];
  return [
    lineNumbers(),
    EditorView.lineWrapping,
    EditorView.editorAttributes.of({ class: "flat" }),
    kind === "head" ? headColours : highlighting(kind === "escapes" ? "text" : kind, WHOLE),
  ];
}
