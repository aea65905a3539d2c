// The head of a comparison: how it is laid out, the changes to go through, and what can be done with it.

import type { JSX } from "preact";
import type { ViewKind } from "../../types.ts";
import { Button } from "../pane/bar.tsx";
import { type Format, FORMAT_NAMES, FORMATS } from "../pane/format.ts";
import { Icon } from "../pane/icons.tsx";
import { counted } from "../pane/words.ts";
import { closeComparison } from "./comparison.ts";

/** In two columns, or in one. */
export type CompareLayout = "beside" | "unified";
/** As text, or by what it means, too. */
export type Manner = "text" | "structure";

interface CompareBarProps {
  readonly format: Format;
  /** How the bodies are laid out; null while that is not known. */
  readonly as: ViewKind | null;
  readonly onFormat: (format: Format) => void;
  readonly layout: CompareLayout;
  /** Whether there is room for two columns. */
  readonly canBeside: boolean;
  readonly onLayout: (layout: CompareLayout) => void;
  readonly manner: Manner;
  readonly onManner: (manner: Manner) => void;
  /** Number of the change that is looked at; -1 for none. */
  readonly current: number;
  /** Null while it is not known. */
  readonly total: number | null;
  readonly onGo: (step: 1 | -1) => void;
  readonly onCopy: () => void;
}

/** See above. */
export function CompareBar(props: CompareBarProps): JSX.Element {
  const { format, as, onFormat, layout, canBeside, onLayout, manner, onManner, total, onGo, onCopy } = props;
  return (
    <div class="pane-bar compare-bar">
      <h2 class="pane-title">Comparison</h2>
      <span class="diff-count" aria-live="polite">{words(props)}</span>
      <Button
        icon="up"
        name="Previous change"
        title="Previous change (p)"
        off={!total}
        onClick={() => onGo(-1)}
      />
      <Button icon="down" name="Next change" title="Next change (n)" off={!total} onClick={() => onGo(1)} />
      <div class="pane-tools">
        <label class="pane-format">
          <span class="pane-format-label" aria-hidden="true">Format</span>
          <select
            aria-label="Format"
            value={format}
            onChange={(event) => onFormat(event.currentTarget.value as Format)}
          >
            {FORMATS.filter((one) => one !== "tls" || format === "tls" || as === "tls").map((one) => (
              <option key={one} value={one}>
                {one === "auto" && as !== null && format === "auto"
                  ? `Auto: ${FORMAT_NAMES[as]}`
                  : FORMAT_NAMES[one]}
              </option>
            ))}
          </select>
          <Icon name="open" />
        </label>
        <button
          type="button"
          class="button"
          aria-pressed={manner === "structure"}
          title="Compare JSON and XML by what they mean, too: key order, prefixes and the like do not count"
          onClick={() => onManner(manner === "structure" ? "text" : "structure")}
        >
          Structure
        </button>
        <button
          type="button"
          class="button"
          aria-pressed={canBeside && layout === "beside"}
          disabled={!canBeside}
          title={canBeside ? "In two columns, or in one" : "There is room for one column only"}
          onClick={() => onLayout(layout === "beside" ? "unified" : "beside")}
        >
          Side by side
        </button>
        <span class="pane-divider" />
        <Button
          icon="copy"
          name="Copy as diff"
          title="Copy the difference as text that patch reads"
          labelled
          onClick={onCopy}
        />
        <Button icon="close" name="Close comparison" title="Close (c)" onClick={closeComparison} />
      </div>
    </div>
  );
}

function words({ current, total }: CompareBarProps): string {
  if (total === null) return "";
  if (total === 0) return "no changes";
  return current < 0 ? counted(total, "change") : `${current + 1} of ${total}`;
}
