// What the user must know and nothing else shows: that recording has stopped, that the program has ended, notices.

import type { JSX } from "preact";
import { EARLIER_RUN } from "./earlier_run.ts";
import { Icon, Sign } from "./icons.tsx";
import { count, counted } from "./pane/words.ts";
import { endProgress, progress } from "./resend.ts";
import { dispatch, state } from "./state/store.ts";

/** More reasons of failures are counted only. */
const MOST_REASONS = 3;

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
            Recording has stopped: {stoppedWords(recording.stopped)}{" "}
            Traffic is still relayed; recording goes on once it can.
          </span>
        </div>
      )}
      <Sending />
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

/** How far sending several again has got, and what could not be sent. */
function Sending(): JSX.Element | null {
  const { value } = progress;
  if (value === null) return null;
  const { total, done, failures, isOver } = value;
  const failed = [...failures.values()].reduce((sum, times) => sum + times, 0);
  const words = isOver && done < total
    ? `Stopped: sent ${count(done - failed)} of ${counted(total, "exchange")} again`
    : isOver
    ? `Sent ${count(total - failed)} of ${counted(total, "exchange")} again`
    : `Sending again: ${count(done)} of ${count(total)}`;
  return (
    <div class={failed > 0 ? "banner warn" : "banner"} role="group" aria-label="Sending again">
      {failed > 0 && <Sign name="triangle" />}
      <span class="text" aria-live="polite">
        {words}
        {failed > 0 && `, ${count(failed)} could not be sent. `}
        {[...failures].slice(0, MOST_REASONS).map(([reason, times]) =>
          times === 1 ? `${reason} ` : `${reason} (${count(times)} times) `
        )}
        {failures.size > MOST_REASONS && `And ${counted(failures.size - MOST_REASONS, "other reason")}.`}
      </span>
      <button type="button" class="button" onClick={endProgress}>
        {isOver ? "Dismiss" : "Stop sending"}
      </button>
    </div>
  );
}

/** Why, which begins with what the banner has said already. */
function stoppedWords(reason: string): string {
  const text = reason.replace(/^Recording stopped: /, "");
  return /[.?]$/.test(text) ? text : `${text}.`;
}
