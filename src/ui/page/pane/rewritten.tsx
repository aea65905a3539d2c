// What of a head was passed on other than it came: the line before and after, and that it is so. Both are what was on a
// wire, so both are monospace; the words are ours.

import type { JSX } from "preact";

interface RewrittenProps {
  readonly received: JSX.Element;
  /** Null where the line was not passed on. */
  readonly sent: string | null;
}

/** What was received, and what was sent instead. */
export function Rewritten({ received, sent }: RewrittenProps): JSX.Element {
  return (
    <>
      <span class="pane-was">
        <span class="pane-sign" aria-hidden="true">−</span>
        <span class="visually-hidden">received:</span> {received}
      </span>
      <span class="pane-became">
        <span class="pane-sign" aria-hidden="true">+</span>
        {sent === null ? <span class="pane-said">left out</span> : (
          <>
            <span class="pane-said">rewritten: sent as</span> {sent}
          </>
        )}
      </span>
    </>
  );
}

/** The start line that was sent instead; empty where nothing of the head was passed on. */
export function RewrittenStart({ sent }: { readonly sent: string }): JSX.Element {
  return (
    <p class="pane-head-sent">
      <span class="pane-became">
        <span class="pane-sign" aria-hidden="true">+</span>
        <span class="pane-said">
          {sent === "" ? "not passed on: tcpmon answered it by itself" : "rewritten: sent as"}
        </span>{" "}
        {sent}
      </span>
    </p>
  );
}
