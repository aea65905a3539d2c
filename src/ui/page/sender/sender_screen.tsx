// What the Sender's tab shows: its history as a table like that of a listener, and below it the draft and the answer.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Banners } from "../banners.tsx";
import { PickingLine } from "../compare/picking_line.tsx";
import { FilterError } from "../filter/filter_error.tsx";
import { Work } from "../layout/work.tsx";
import { QuestionBar } from "../question_bar.tsx";
import { type OpenedSender, shownIn } from "../state/derived.ts";
import { eachRow } from "../state/rows.ts";
import { state } from "../state/store.ts";
import { Toolbar } from "../toolbar.tsx";
import { RequestPane } from "./request_pane.tsx";
import { ResponsePane } from "./response_pane.tsx";
import { presented, shown, unnamed, unsent } from "./store.ts";

/** See above. */
export function SenderScreen({ now }: { readonly now: OpenedSender }): JSX.Element {
  const { question } = state.value;
  const lead = shownIn(now.view);
  useChosen([...now.view.selection.ids].join(" "), lead?.id ?? null);
  useEffect(() => {
    if (unnamed.value.length === 0) return;
    const named = new Set<string>();
    eachRow(now.view.rows, ({ connection }) => named.add(connection));
    const rest = unnamed.value.filter((connection) => !named.has(connection));
    if (rest.length < unnamed.value.length) unnamed.value = rest;
  }, [now.view.rows, unnamed.value]);
  return (
    <div class="screen">
      {question ? <QuestionBar question={question} now={now} /> : <Toolbar now={now} />}
      <FilterError now={now} />
      <PickingLine />
      <Banners />
      <Work now={now} request={<RequestPane now={now} />} response={<ResponsePane exchange={lead} />} />
    </div>
  );
}

/** When the user chooses a row, its request is shown as it was sent; not when that was just sent from here. */
function useChosen(chosen: string, lead: string | null): void {
  const before = useRef(chosen);
  useEffect(() => {
    if (before.current === chosen) return;
    before.current = chosen;
    if (chosen !== "" && lead !== presented.value) shown.value = "sent";
    unsent.value = null;
    presented.value = null;
  }, [chosen]);
}
