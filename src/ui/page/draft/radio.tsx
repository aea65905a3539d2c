// A choice of which one holds, with its words.

import type { JSX } from "preact";

interface RadioProps {
  readonly name: string;
  readonly on: boolean;
  readonly off?: boolean;
  readonly text: string;
  readonly onChoose: () => void;
}

/** One of several that exclude each other. */
export function Radio({ name, on, off = false, text, onChoose }: RadioProps): JSX.Element {
  return (
    <label class="draft-radio">
      <input type="radio" name={name} checked={on} disabled={off} onChange={onChoose} />
      {text}
    </label>
  );
}
