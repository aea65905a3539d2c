// The toolbar over a table: filter, Follow newest, and what can be done with exchanges and the listener.

import type { JSX } from "preact";
import {
  askClose,
  askRemoveAll,
  askRemoveSelected,
  canRemove,
  canRemoveAll,
  canRemoveSelected,
  switchLayout,
  toggleEdit,
  toggleFollow,
  toggleListener,
} from "./commands.ts";
import { CompareButton } from "./compare/compare_button.tsx";
import type { Listener } from "../types.ts";
import { closeCapture } from "./captures/opening.ts";
import { ResendButton } from "./draft/resend_button.tsx";
import { ofTable } from "./empty_state.tsx";
import { editOf } from "./edits.ts";
import { Filter } from "./filter/filter_box.tsx";
import { ColumnsButton } from "./grid/columns_menu.tsx";
import { Icon, type IconName } from "./icons.tsx";
import { layoutNow } from "./layout/layout_now.ts";
import { count } from "./pane/words.ts";
import { SaveButton } from "./save/save_button.tsx";
import { SlowLinkButton } from "./slow_link_button.tsx";
import { isConnected, newRows, type Opened, type OpenedListener } from "./state/derived.ts";
import { isNewestFirst } from "./state/sort.ts";
import { state } from "./state/store.ts";

/** See above. */
export function Toolbar({ now }: { readonly now: Opened }): JSX.Element {
  const { listener, view, counts } = now;
  const news = newRows(view, counts);
  const isSorted = !isNewestFirst(state.value.sort);
  const layout = layoutNow.value;
  return (
    <div class="toolbar">
      <Filter now={now} />
      <button
        type="button"
        class="button"
        aria-pressed={view.follow}
        title={isSorted
          ? "Sort by time again, and keep the newest at the top and in the panes (f)"
          : "Keep the newest at the top and in the panes (f)"}
        onClick={toggleFollow}
      >
        <Icon name="follow" />
        <span>
          Follow <span class="newest">newest</span> {news > 0 && <span class="count">{count(news)} new</span>}
        </span>
      </button>
      <span class="rule" />
      <ResendButton now={now} />
      <CompareButton now={now} />
      <SaveButton now={now} />
      {canRemove(now) && (
        <>
          <Labelled
            icon="removeSelected"
            name="Remove selected"
            title="Remove the selected exchanges (Delete)"
            off={!canRemoveSelected(now)}
            onClick={askRemoveSelected}
          />
          <Labelled
            icon="removeAll"
            name="Remove all"
            title={`Remove all exchanges ${ofTable(now)}`}
            off={!canRemoveAll(now)}
            onClick={askRemoveAll}
          />
        </>
      )}
      <span class="space" />
      <ColumnsButton />
      <button
        type="button"
        class="button"
        aria-label="Switch layout"
        title={layout === "column" ? "Below 900 px there is one column" : "Switch layout (l)"}
        disabled={layout === "column"}
        onClick={switchLayout}
      >
        <Icon name={layout === "stacked" ? "stacked" : "side"} />
      </button>
      {now.listener !== null && now.listener.capture === undefined && <OfListener now={now} />}
      {listener?.capture && listener.capture.id !== "k0" && <OfCapture listener={listener} />}
    </div>
  );
}

function OfCapture({ listener }: { readonly listener: Listener }): JSX.Element {
  const { capture } = listener;
  return (
    <>
      <span class="rule" />
      <button
        type="button"
        class="button"
        disabled={!isConnected(state.value)}
        title={`Close the capture ${capture?.file}; its file stays as it is`}
        onClick={() => capture && closeCapture(capture.id)}
      >
        Close
      </button>
    </>
  );
}

function OfListener({ now }: { readonly now: OpenedListener }): JSX.Element {
  const { listener } = now;
  const isListening = listener.state === "listening";
  const isOn = isConnected(state.value);
  return (
    <>
      <span class="rule" />
      <SlowLinkButton listener={listener} />
      <button
        type="button"
        class="button"
        disabled={!isOn}
        title={isListening ? "Stop accepting clients; open connections go on" : "Listen again"}
        onClick={() => toggleListener(listener)}
      >
        <Icon name={isListening ? "stop" : "start"} />
        {isListening ? "Stop" : "Start"}
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={editOf(listener.id) !== null}
        title="Name, addresses and options of this listener"
        onClick={() => toggleEdit(listener)}
      >
        Options
      </button>
      <button
        type="button"
        class="button"
        disabled={!isOn}
        title="Close this listener and its connections"
        onClick={() => askClose(now)}
      >
        Close
      </button>
    </>
  );
}

interface LabelledProps {
  readonly icon: IconName;
  readonly name: string;
  readonly title: string;
  readonly off: boolean;
  readonly onClick?: () => void;
}

/** A button whose label goes before its icon does. */
function Labelled({ icon, name, title, off, onClick }: LabelledProps): JSX.Element {
  return (
    <button type="button" class="button" title={title} disabled={off} onClick={onClick}>
      <Icon name={icon} />
      <span class="label">{name}</span>
    </button>
  );
}
