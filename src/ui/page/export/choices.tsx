// The upper part of the export dialog: which exchanges, and as what.

import type { JSX } from "preact";
import { count } from "../pane/words.ts";
import { change, plan } from "./exporting.ts";
import { type Format, FORMATS } from "./formats.ts";
import { type Choices as Known, rulesOf, type Which } from "./plan.ts";

/** See above. */
export function Choices({ known }: { readonly known: Known }): JSX.Element {
  const { which, format } = plan.value;
  const { selected, total, filter } = known;
  const all = filter === "" ? `All ${count(total)}` : `All ${count(total)} that match the filter`;
  return (
    <>
      <div class="export-row" role="radiogroup" aria-labelledby="export-which">
        <span id="export-which" class="export-label">Exchanges</span>
        <div class="choices export-which">
          <Radio
            name="export-which"
            value="all"
            chosen={which}
            choose={choose}
            label={all}
            off={total === 0}
          />
          <Radio
            name="export-which"
            value="selected"
            chosen={which}
            choose={choose}
            label={selected.length === 1 ? "The selected one" : `The ${count(selected.length)} selected`}
            off={selected.length === 0}
          />
        </div>
      </div>
      <div class="export-row" role="radiogroup" aria-labelledby="export-format">
        <span id="export-format" class="export-label">Format</span>
        <div class="choices">
          {FORMATS.map((one) => <OneFormat key={one.id} one={one} chosen={format} />)}
        </div>
      </div>
    </>
  );
}

function choose(which: string): void {
  change({ which: which as Which });
}

interface RadioProps {
  readonly name: string;
  readonly value: string;
  readonly chosen: string;
  readonly choose: (value: string) => void;
  readonly label: string;
  readonly off?: boolean;
}

function Radio({ name, value, chosen, choose, label, off = false }: RadioProps): JSX.Element {
  return (
    <label class="choice">
      <input
        type="radio"
        name={name}
        value={value}
        checked={chosen === value}
        disabled={off}
        onChange={() => choose(value)}
      />
      <span>{label}</span>
    </label>
  );
}

function OneFormat({ one, chosen }: { readonly one: Format; readonly chosen: string }): JSX.Element {
  const isChosen = chosen === one.id;
  return (
    <>
      <label class="choice export-format">
        <input
          type="radio"
          name="export-format"
          value={one.id}
          checked={isChosen}
          autofocus={isChosen}
          onChange={() => change({ format: one.id })}
        />
        <span class="export-format-name">{one.name}</span>
        <span class="quiet">{one.says}</span>
      </label>
      {isChosen && <More format={one} />}
    </>
  );
}

/** What can be chosen besides, below the format that is chosen. */
function More({ format }: { readonly format: Format }): JSX.Element | null {
  const { bodies, wholeConnections } = plan.value;
  const isMasked = rulesOf(plan.value).length > 0;
  if (format.leavesBodies) {
    return (
      <label class="check export-more">
        <input
          type="checkbox"
          checked={bodies}
          onChange={(event) => change({ bodies: event.currentTarget.checked })}
        />
        With bodies
      </label>
    );
  }
  if (format.id !== "pcapng") return null;
  return (
    <label class="check export-more">
      <input
        type="checkbox"
        checked={wholeConnections && !isMasked}
        disabled={isMasked}
        onChange={(event) => change({ wholeConnections: event.currentTarget.checked })}
      />
      {isMasked
        ? "All of their connections: only where nothing is masked"
        : "All of the connections that they went over"}
    </label>
  );
}
