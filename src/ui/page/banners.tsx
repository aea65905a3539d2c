// What the user must know and nothing else shows: that recording has stopped, that the program has ended, notices.

import type { JSX } from "preact";
import { EARLIER_RUN } from "./earlier_run.ts";
import { Icon, Sign } from "./icons.tsx";
import { dispatch, state } from "./state/store.ts";

/** See above. */
export function Banners(): JSX.Element {
  const { link, recording, notice } = state.value;
  return (
    <>
      {link.state === "ended" && link.by === "another-run" && (
        <div class="banner bad" role="alert">
          <Sign name="triangle" />
          <span class="text">{EARLIER_RUN}</span>
        </div>
      )}
      {recording?.stopped && (
        <div class="banner bad" role="alert">
          <Sign name="triangle" />
          <span class="text">
            Recording has stopped: {sentence(recording.stopped)} Traffic is still relayed.
          </span>
        </div>
      )}
      {notice !== null && (
        <div class="banner warn" role="alert">
          <Sign name="triangle" />
          <span class="text">{notice}</span>
          <button
            type="button"
            class="button"
            aria-label="Dismiss"
            title="Dismiss"
            onClick={() => dispatch({ type: "notice", text: null })}
          >
            <Icon name="close" />
          </button>
        </div>
      )}
    </>
  );
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
