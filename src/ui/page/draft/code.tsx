// An editor for text as a component: its frame, its name, and what is wrong under it.

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Sign } from "../icons.tsx";
import type { InputError } from "./body_input.ts";
import type { HitsIn } from "./find_in_draft.ts";
import { noHits } from "../pane/hits.ts";
import { CodeEditor, type CodeKind } from "./code_editor.ts";
import type { Aside } from "./head_colours.ts";

interface CodeProps {
  /** Unique on the page. */
  readonly id: string;
  readonly name: string;
  readonly kind: CodeKind;
  readonly text: string;
  /** Another value is another text: what was done before cannot be undone in it. */
  readonly of: string;
  readonly error: InputError | null;
  readonly asides?: readonly Aside[];
  /** What Find has found in it; nothing unless given. */
  readonly found?: HitsIn;
  readonly class: string;
  readonly isFocused?: boolean;
  readonly onTyped: (text: string) => void;
  readonly onSend: () => void;
}

const NOTHING: readonly Aside[] = [];

/** See above. */
export function Code(props: CodeProps): JSX.Element {
  const { id, name, kind, text, of, error, asides = NOTHING, found } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const errorId = `${id}-error`;
  const label = { name, error: error === null ? null : errorId };
  const shownOf = useRef(of);

  useLayoutEffect(() => {
    const made = new CodeEditor(host.current!, text, kind, label, {
      typed: (typed) => latest.current.onTyped(typed),
      send: () => latest.current.onSend(),
    });
    editor.current = made;
    if (props.isFocused) made.focus();
    return () => made.destroy();
  }, []);
  useLayoutEffect(() => {
    const { current } = editor;
    if (current === null) return;
    if (shownOf.current === of) {
      current.setText(text);
      current.setKind(kind);
    } else current.begin(text, kind);
    shownOf.current = of;
    current.setLabel(label);
  });
  useLayoutEffect(() => editor.current?.mark(found?.hits ?? noHits));
  useEffect(() => {
    const hit = found?.hits.list[found.hits.current];
    if (hit !== undefined) editor.current?.reveal(hit);
  }, [found?.seen]);
  const marks = JSON.stringify([asides, error?.place ?? null]);
  useEffect(() => {
    editor.current?.setAsides([...asides, ...(error?.place ? [error.place] : [])]);
  }, [marks, of]);

  return (
    <div class={`draft-code ${props.class}`}>
      <div class={error === null ? "draft-frame pane-text" : "draft-frame pane-text wrong"} ref={host} />
      {error !== null && (
        <p class="error" role="alert" id={errorId}>
          <Sign name="triangle" />
          {error.text}
        </p>
      )}
    </div>
  );
}
