// "Export…": which exchanges, as what, with what masked, under which name; then how it goes, and what was masked.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { counted, size } from "../pane/words.ts";
import { Choices } from "./choices.tsx";
import { beginExport, change, choices, closeExport, plan, stage } from "./exporting.ts";
import { MaskRules } from "./mask_rules.tsx";
import { MaskedTable } from "./masked_table.tsx";
import { outcomeWords } from "./masked_words.ts";
import { type Choices as Known, countOf, nameFor } from "./plan.ts";

/** See above. */
export function ExportDialog(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const known = choices.value;
  const isOpen = known !== null;
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  return (
    <dialog ref={dialog} class="dialog export" aria-labelledby="export-title" onClose={closeExport}>
      {known !== null && (stage.value.at === "done" ? <Done /> : <Planned known={known} />)}
    </dialog>
  );
}

function Planned({ known }: { readonly known: Known }): JSX.Element {
  const now = plan.value;
  const { value: at } = stage;
  const isGoing = at.at === "going";
  const count = countOf(now, known);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void beginExport();
      }}
    >
      <h2 id="export-title">Export</h2>
      <fieldset class="export-body" disabled={isGoing}>
        <Choices known={known} />
        <MaskRules />
        <div class="export-name">
          <label for="export-name">File name</label>
          <input
            id="export-name"
            class="input"
            spellcheck={false}
            autocomplete="off"
            value={now.name ?? ""}
            placeholder={nameFor(now, known, new Date())}
            onInput={(event) => change({ name: event.currentTarget.value || null })}
          />
        </div>
      </fieldset>
      {at.at === "planned" && at.error !== null && <p class="error" role="alert">{at.error}</p>}
      <div class="row-end">
        <span class="quiet" role="status">
          {isGoing
            ? at.bytes === null ? `Exporting ${at.name}` : `Exporting ${at.name}, ${size(at.bytes)} so far`
            : `${counted(count, "exchange")}`}
        </span>
        <span class="actions">
          {isGoing && at.bytes !== null
            ? <button type="button" class="button bordered" onClick={at.stop}>Stop</button>
            : <button type="button" class="button bordered" onClick={closeExport}>Cancel</button>}
          <button type="submit" class="button main" disabled={isGoing || count === 0}>Export</button>
        </span>
      </div>
    </form>
  );
}

function Done(): JSX.Element | null {
  const { value: at } = stage;
  const button = useRef<HTMLButtonElement>(null);
  // What had the focus is not there any more.
  useEffect(() => button.current?.focus(), []);
  if (at.at !== "done") return null;
  const { masked } = at.outcome;
  return (
    <>
      <h2 id="export-title">Exported</h2>
      <p role="status">
        {at.handed ? "Gave" : "Saved"} <code>{at.name}</code>
        {at.handed ? " to the browser’s downloads. " : ". "}
        {outcomeWords(masked)}
      </p>
      <MaskedTable masked={masked} />
      <div class="row-end">
        <span class="quiet">Look through the file before you give it away.</span>
        <button ref={button} type="button" class="button main" onClick={closeExport}>Done</button>
      </div>
    </>
  );
}
