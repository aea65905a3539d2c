// The line of a pane that says how often it holds what the filter looks for, and goes through that.

import type { JSX } from "preact";
import type { ViewKind } from "../../types.ts";
import type { Side } from "./api.ts";
import { Button } from "./bar.tsx";
import { formatName } from "./format.ts";
import { hitsText } from "./hits_text.ts";
import type { FilterMarks } from "./use_marks.ts";
import { counted } from "./words.ts";

interface MarksBarProps {
  readonly side: Side;
  readonly marks: FilterMarks;
  readonly onFormat: (format: ViewKind) => void;
}

/** See above; nothing where there is none. */
export function MarksBar({ side, marks, onFormat }: MarksBarProps): JSX.Element | null {
  const { total, other, listed } = marks;
  if (total === 0 && other === null) return null;
  return (
    <div class="pane-marks" role="group" aria-label={`What the filter finds in the ${side}`}>
      <span class="hit hit-filter pane-marks-sign" aria-hidden="true">ab</span>
      {total > 0 && (
        <>
          <span class="pane-marks-count" aria-live="polite">Filter: {hitsText("filter", marks)}</span>
          <Button
            icon="up"
            name="Previous hit of the filter"
            title="Previous hit of the filter (Shift+F3)"
            off={listed === 0}
            onClick={() => marks.step(-1)}
          />
          <Button
            icon="down"
            name="Next hit of the filter"
            title="Next hit of the filter (F3)"
            off={listed === 0}
            onClick={() => marks.step(1)}
          />
        </>
      )}
      {other !== null && (
        <>
          <span>Filter: {counted(other.total, "hit")} that this view does not show</span>
          <button type="button" class="link" onClick={() => onFormat(other.as)}>
            Show as {formatName(other.as, null)}
          </button>
        </>
      )}
    </div>
  );
}
