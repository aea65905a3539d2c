// What the tab of a listener shows.

import type { JSX } from "preact";
import { CaptureLine } from "./captures/capture_line.tsx";
import { Banners } from "./banners.tsx";
import { PickingLine } from "./compare/picking_line.tsx";
import { editOf } from "./edits.ts";
import { FilterError } from "./filter/filter_error.tsx";
import { Work } from "./layout/work.tsx";
import { ListenerEdit } from "./listener_edit.tsx";
import { QuestionBar } from "./question_bar.tsx";
import type { OpenedListener } from "./state/derived.ts";
import { state } from "./state/store.ts";
import { ListenerLine } from "./tls/listener_line.tsx";
import { Toolbar } from "./toolbar.tsx";

/** See above. */
export function ListenerScreen({ now }: { readonly now: OpenedListener }): JSX.Element {
  const { question } = state.value;
  const form = editOf(now.listener.id);
  return (
    <div class="screen">
      {question ? <QuestionBar question={question} now={now} /> : <Toolbar now={now} />}
      {!form && <FilterError now={now} />}
      {!form && (now.listener.capture
        ? <CaptureLine listener={now.listener} />
        : <ListenerLine listener={now.listener} />)}
      <PickingLine />
      <Banners />
      {form ? <ListenerEdit key={now.listener.id} listener={now.listener} form={form} /> : <Work now={now} />}
    </div>
  );
}
