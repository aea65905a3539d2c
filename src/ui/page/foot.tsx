// The line below everything: what is listening since when, how many exchanges, and how the capture is kept.

import type { ComponentChildren, JSX } from "preact";
import type { Counts, Listener, Recording } from "../types.ts";
import { readingWords } from "./captures/capture_line.tsx";
import { errorSaid } from "./filter/filter_error.tsx";
import { isKeysOpen } from "./keys/keys_open.ts";
import { behindWords, count, counted, dayAndTime, size } from "./pane/words.ts";
import { saving } from "./save/saving.ts";
import { SavingLine } from "./save/saving_line.tsx";
import { isConnected, isPartial, type Opened, opened } from "./state/derived.ts";
import { state } from "./state/store.ts";

/** Decoding is late when it is behind by more, ms. */
const LATE = 1_000;

/** See above. */
export function Foot(): JSX.Element {
  const now = opened(state.value);
  const { recording } = state.value;
  return (
    <footer class="foot">
      <SavingLine />
      {saving.value === null && <span class="facts">{now ? <OfTable now={now} /> : <OfAll />}</span>}
      {recording && <Decoding recording={recording} />}
      {recording && <Capture recording={recording} />}
      <button type="button" class="button" title="Keys (?)" onClick={() => isKeysOpen.value = true}>
        <kbd aria-hidden="true">?</kbd>
        <span class="optional">keys</span>
        <span class="unseen">Keys</span>
      </button>
    </footer>
  );
}

/** How far decoding is behind what was recorded, while it is late. Of a capture that is read, that says how far it is. */
function Decoding({ recording }: { readonly recording: Recording }): JSX.Element | null {
  const { behindMs, behindBytes, reading } = recording;
  if (behindMs <= LATE || reading) return null;
  return (
    <span
      class="behind"
      title="All is recorded. The table follows as fast as there is time, and what is newest comes last."
    >
      {behindWords(behindMs, behindBytes)}
    </span>
  );
}

function OfTable({ now }: { readonly now: Opened }): JSX.Element {
  const { listener, view, counts } = now;
  return (
    <>
      {listener !== null && (
        <>
          {stateWords(listener, isConnected(state.value))}
          <Dot />
          {listener.rewritesHost && (
            <>
              <span title="Host, and what goes with it in the heads of HTTP, is rewritten to the target's name and back">
                Host header rewritten
              </span>
              <Dot />
            </>
          )}
        </>
      )}
      {countWords(counts)}
      {view.filter !== "" && (
        <>
          <Dot />
          {count(view.rows.total)} match {errorSaid.value === null ? "the filter" : (
            <>
              the filter before, <code>{view.filter}</code>
            </>
          )}
          {isPartial(view.search) &&
            ` so far, ${count(view.search.searched)} of ${count(view.search.total)} searched`}
        </>
      )}
    </>
  );
}

function OfAll(): JSX.Element {
  const { listeners, counts } = state.value;
  const total = listeners.reduce((sum, { id }) => sum + (counts[id]?.total ?? 0), 0);
  return (
    <>
      {counted(listeners.length, "listener")}
      <Dot />
      {counted(total, "exchange")}
    </>
  );
}

function Capture({ recording }: { readonly recording: Recording }): JSX.Element {
  const { dropped, keeps, isReadOnly, temporary } = recording;
  return (
    <span title={captureTitle(recording)}>
      {recording.reading && <span class="late">capture: {readingWords(recording.reading)},</span>}
      <span class="optional">capture</span> {size(recording.bytes)}
      {isReadOnly && <span class="optional">, only read</span>}
      {temporary && <span class="optional">, temporary</span>}
      {dropped && (
        <>
          {keeps && <span class="optional">, kept: {keeps}</span>}
          <Dot />
          {droppedWords(dropped)}
          <span class="optional">{` up to ${dayAndTime(dropped.until)}`}</span> gone
        </>
      )}
    </span>
  );
}

/** Those that went before they were read are not counted. */
function droppedWords({ exchanges, more = false }: NonNullable<Recording["dropped"]>): string {
  return `${more ? "at least " : ""}${counted(exchanges, "exchange")}`;
}

/** Where it is and what bounds it, also where that has no room or has bounded nothing so far. */
function captureTitle({ file, keeps, dropped, captureLimit }: Recording): string {
  const lines = [
    file,
    keeps && `Kept: ${keeps}; the oldest goes first.`,
    captureLimit !== undefined &&
    `Recorded of each direction of a connection: the first ${size(captureLimit)}.`,
    dropped && `${droppedWords(dropped)} up to ${dayAndTime(dropped.until)} are gone.`,
  ];
  return lines.filter((line) => line).join("\n");
}

function stateWords({ state, listen, since, capture }: Listener, isConnected: boolean): ComponentChildren {
  const time = new Date(since).toTimeString().slice(0, 8);
  if (capture) return `Capture ${capture.file}, opened at ${time}`;
  if (state === "stopped") return `Stopped at ${time}; was listening on ${listen}`;
  // Why not stands in the place of the table.
  if (state === "failed") return `Not listening since ${time}`;
  const words = isConnected ? "Listening" : "Was listening";
  return (
    <>
      {words} on {listen} <span class="optional">since {time}</span>
    </>
  );
}

function countWords(counts: Counts | undefined): string {
  const { total = 0, open = 0, failed = 0 } = counts ?? {};
  return [
    counted(total, "exchange"),
    ...(open > 0 ? [`${count(open)} open`] : []),
    ...(failed > 0 ? [`${count(failed)} failed`] : []),
  ].join(", ");
}

function Dot(): JSX.Element {
  return <span class="dot">·</span>;
}
