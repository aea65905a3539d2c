// What the tab of a listener shows.

import type { JSX } from "preact";
import { Banners } from "./banners.tsx";
import { FilterError } from "./filter.tsx";
import { Work } from "./layout/work.tsx";
import { QuestionBar } from "./question_bar.tsx";
import type { OpenedListener } from "./state/derived.ts";
import { state } from "./state/store.ts";
import { Toolbar } from "./toolbar.tsx";

/** See above. */
export function ListenerScreen({ now }: { readonly now: OpenedListener }): JSX.Element {
  const { question } = state.value;
  return (
    <div class="screen">
      {question ? <QuestionBar question={question} now={now} /> : <Toolbar now={now} />}
      <FilterError now={now} />
      <Banners />
      <Work now={now} />
    </div>
  );
}
