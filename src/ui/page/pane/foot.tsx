// The foot of a pane, there when it has something to say: lines that are kept back, the bytes that are selected, or what
// was copied.

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "./bar.tsx";
import type { Copied } from "./copy.ts";
import type { BodyEditor } from "./editor.ts";
import { hexOffset, readings } from "./hex.ts";
import type { HexSelection } from "./hex_view.ts";
import { count, counted } from "./words.ts";

/** The selected bytes: where they are, how many, and what they are as numbers. */
export function SelectionLine({ from, to, bytes }: HexSelection): JSX.Element {
  const length = to - from;
  const facts: [string, string][] = [
    ["Selected", length === 1 ? hexOffset(from) : `${hexOffset(from)}–${hexOffset(to - 1)}`],
    ["bytes", count(length)],
    ...(length === bytes.length ? readings(bytes) : []),
  ];
  return (
    <dl class="pane-foot">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface KeptBackLineProps {
  /** How many. */
  readonly lines: number;
  readonly editor: BodyEditor | null;
}

/**
 * Lines that have come and are not in the text, so that what is looked at stays; nothing for none. While the mouse
 * holds the text or its scroll bar it neither comes nor goes, for either would move both.
 */
export function KeptBackLine({ lines, editor }: KeptBackLineProps): JSX.Element | null {
  const isSaid = useRef(false);
  if (!editor?.isMouseHeld) isSaid.current = lines > 0;
  if (!isSaid.current) return null;
  return (
    <p class="pane-foot">
      <span>{counted(lines, "more line")} after the last one here</span>
      <button type="button" class="link" onClick={() => editor?.toEnd()}>Go to the end</button>
    </p>
  );
}

interface CopiedLineProps {
  readonly copied: Copied | null;
  readonly onHex: () => void;
  readonly onClose: () => void;
}

/** What was copied, or why not and what can be done; read out when it changes. */
export function CopiedLine({ copied, onHex, onClose }: CopiedLineProps): JSX.Element {
  return (
    <div aria-live="polite">
      {copied !== null && (
        <p class="pane-foot">
          <span class={copied.isDone ? "" : "pane-warn"}>{copied.text}</span>
          {copied.save !== null && <a class="link" href={copied.save} download>Save it instead</a>}
          {copied.asHex !== null && (
            <button type="button" class="link" onClick={onHex}>Copy as hex digits</button>
          )}
          <span class="pane-foot-close">
            <Button icon="close" name="Close message" title="Close" onClick={onClose} />
          </span>
        </p>
      )}
    </div>
  );
}
