// The answer to what was sent: how long each part of it took, and below that the Response as everywhere.

import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Connection, Exchange } from "../../types.ts";
import { call } from "../api.ts";
import { layoutNow } from "../layout/layout_now.ts";
import { Empty } from "../pane/empty.tsx";
import { Pane } from "../pane/pane.tsx";
import { unsent } from "./store.ts";
import { timingWords } from "./timing.ts";

/** See above. */
export function ResponsePane({ exchange }: { readonly exchange: Exchange | null }): JSX.Element {
  if (unsent.value !== null) return <Nothing title="Nothing was sent" text={unsent.value} isFailure />;
  if (exchange === null) return <NothingSent />;
  return (
    <div class="sender-answer">
      <Pane side="response" exchange={exchange} folded={layoutNow.value === "column"} />
      <Timing exchange={exchange} />
    </div>
  );
}

function NothingSent(): JSX.Element {
  return (
    <Nothing
      title="The answer will stand here"
      text={"What is sent goes straight to its target, and is recorded with its answer in the capture: it is there " +
        "after the page is loaded again, and stays with --capture. An endpoint that is a listener's own port is " +
        "recorded by that listener as well. The browser remembers the latest endpoints, nothing else of what is typed."}
    />
  );
}

interface NothingProps {
  readonly title: string;
  readonly text: string;
  readonly isFailure?: boolean;
}

function Nothing(said: NothingProps): JSX.Element {
  return (
    <section class="pane" role="region" aria-label="Response" tabIndex={-1}>
      <div class="pane-bar">
        <h2 class="pane-title">Response</h2>
      </div>
      <Empty {...said} />
    </section>
  );
}

/** Asks for the connection whenever that may know more. */
function Timing({ exchange }: { readonly exchange: Exchange }): JSX.Element {
  const { connection: id, state, firstByteMs } = exchange;
  const [known, keep] = useState<Connection | null>(null);
  useEffect(() => {
    const asked = new AbortController();
    const path = `/api/connections/${encodeURIComponent(id)}`;
    call<Connection>("GET", path, undefined, asked.signal).then(keep, () => {
      // The times of the exchange itself are shown without it.
    });
    return () => asked.abort();
  }, [id, state, firstByteMs === null]);
  const words = timingWords(exchange, known?.id === id ? known : null);
  return (
    <p class="sender-timing" role="note" aria-label="Timing">
      {words.map((text) => <span key={text} class="pane-fact">{text}</span>)}
    </p>
  );
}
