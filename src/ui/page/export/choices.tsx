// The upper part of the export dialog: which exchanges, and as what.

import type { JSX } from "preact";
import { count, counted } from "../pane/words.ts";
import { change, plan } from "./exporting.ts";
import { type Format, formatOf, FORMATS } from "./formats.ts";
import { type Choices as Known, rulesOf, type Which } from "./plan.ts";

/** See above. */
export function Choices({ known }: { readonly known: Known }): JSX.Element {
  const { which, format, bodies, wholeConnections } = plan.value;
  const isMasked = rulesOf(plan.value).length > 0;
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
          {formatOf(format).leavesBodies && (
            <label class="check export-more">
              <input
                type="checkbox"
                checked={bodies}
                onChange={(event) => change({ bodies: event.currentTarget.checked })}
              />
              With bodies
            </label>
          )}
          {format === "pcapng" && (
            <label class="check export-more">
              <input
                type="checkbox"
                checked={wholeConnections && !isMasked}
                disabled={isMasked}
                onChange={(event) => change({ wholeConnections: event.currentTarget.checked })}
              />
              {isMasked
                ? "All of their connections: not while something is masked, for it holds bytes as they were"
                : "All of the connections that they went over"}
            </label>
          )}
        </div>
      </div>
      <p class="unseen">{counted(which === "all" ? total : selected.length, "exchange")}</p>
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
  return (
    <label class="choice export-format">
      <input
        type="radio"
        name="export-format"
        value={one.id}
        checked={chosen === one.id}
        autofocus={chosen === one.id}
        onChange={() => change({ format: one.id })}
      />
      <span class="export-format-name">{one.name}</span>
      <span class="quiet">{one.says}</span>
    </label>
  );
}
