// What stands under the head of a table without rows: what is so, and what to do.

import type { ComponentChildren, JSX } from "preact";
import { meantAsField } from "../../decode/query/mod.ts";
import { formatTarget } from "../../target.ts";
import { bindReason, reachedAt, splitAddress, throughWords } from "./addresses.ts";
import { listenThere, toggleListener } from "./commands.ts";
import { CopyLine } from "./copy_line.tsx";
import { openEdit } from "./edits.ts";
import { errorSaid } from "./filter/filter_error.tsx";
import { searchSentence } from "./filter/search_words.ts";
import { count } from "./pane/words.ts";
import { isConnected, isPartial, isSearching, type Opened, type OpenedListener } from "./state/derived.ts";
import { dispatch, state } from "./state/store.ts";
import type { SearchProgress } from "../types.ts";

/** See above. */
export function EmptyState({ now }: { readonly now: Opened }): JSX.Element {
  const { id, view, counts } = now;
  const of = ofTable(now);
  if (view.filter !== "" && isPartial(view.search)) return <NoneSoFar now={now} search={view.search} />;
  if (view.filter !== "") {
    const total = counts?.total ?? 0;
    return (
      <Told title={`No exchange matches ${errorSaid.value === null ? "the filter" : view.filter}`}>
        <p>
          {total === 1 ? "The only exchange" : `All ${count(total)} exchanges`} {of} are hidden by it.
        </p>
        <FieldHint filter={view.filter} />
        <div class="actions">
          <button
            type="button"
            class="button main"
            onClick={() => dispatch({ type: "typed", listener: id, text: "" })}
          >
            Show all
          </button>
        </div>
      </Told>
    );
  }
  const isRemoved = (counts?.epoch ?? 0) > 0;
  if (now.listener !== null) return <OfListener now={now} isRemoved={isRemoved} />;
  return (
    <Told title={isRemoved ? "All that was sent is removed" : "Nothing has been sent yet"}>
      <p>What is sent stands here with its answer, as long as the capture is kept.</p>
    </Told>
  );
}

interface NoneSoFarProps {
  readonly now: Opened;
  readonly search: SearchProgress;
}

function NoneSoFar({ now: { id, view }, search }: NoneSoFarProps): JSX.Element {
  const isGoing = isSearching(view);
  return (
    <Told title={isGoing ? "Searching, no hit so far" : "No hit so far"}>
      <p>{searchSentence(search, 0)}.</p>
      <div class="actions">
        {search.stopped === null && (
          <button
            type="button"
            class="button bordered"
            onClick={() => dispatch({ type: "search", listener: id, on: !isGoing })}
          >
            {isGoing ? "Stop searching" : "Search the rest"}
          </button>
        )}
      </div>
    </Told>
  );
}

function FieldHint({ filter }: { readonly filter: string }): ComponentChildren {
  const hint = meantAsField(filter);
  return hint && <p>{hint}</p>;
}

interface OfListenerProps {
  readonly now: OpenedListener;
  /** Whether there were exchanges. */
  readonly isRemoved: boolean;
}

function OfListener({ now: { listener }, isRemoved }: OfListenerProps): JSX.Element {
  const { port } = splitAddress(listener.listen);
  if (listener.capture !== undefined) {
    return (
      <Told title={isRemoved ? "All its exchanges were removed" : "There is no exchange in it"}>
        <p>
          The file <code>{listener.capture.file}</code>{" "}
          stays as it is. Open it again to have what was removed.
        </p>
      </Told>
    );
  }
  const nothing = isRemoved
    ? `All exchanges of port ${port} were removed`
    : `Nothing has come through port ${port} yet`;
  if (!isConnected(state.value)) {
    return (
      <Told title="There is no connection to tcpmon">
        <p>
          {nothing}. It {listener.state === "listening" ? "was" : "was not"} listening on {listener.listen}
          {" "}
          when it was last heard of.
        </p>
      </Told>
    );
  }
  if (listener.state !== "listening") {
    const isStopped = listener.state === "stopped";
    const { suggestion } = listener;
    return (
      <Told title={isStopped ? `Port ${port} is stopped` : `Cannot listen on port ${port}`}>
        <p>{isStopped ? "New clients are refused; open connections go on." : bindReason(listener.error)}</p>
        <div class="actions">
          {suggestion !== null && (
            <button
              type="button"
              class="button main"
              onClick={() => listenThere(listener, suggestion)}
            >
              Use port {splitAddress(suggestion).port}
            </button>
          )}
          <button
            type="button"
            class={suggestion === null ? "button main" : "button"}
            onClick={() => toggleListener(listener)}
          >
            {isStopped ? "Listen again" : "Try again"}
          </button>
          <button type="button" class="button" onClick={() => openEdit(listener)}>Change it</button>
        </div>
      </Told>
    );
  }
  const address = reachedAt(listener.listen);
  return (
    <Told
      title={nothing}
    >
      {listener.target === null ? <ProxyHints address={address} listener={listener} /> : (
        <>
          <p>
            Listening on {listener.listen}, forwarding to{" "}
            {formatTarget(listener.target, listener.targetScheme)}
            {throughWords(listener.via)}.
          </p>
          <p class="lead">Try it:</p>
          <CopyLine text={`curl -i http://${address}/`} />
          <p>
            Or point your program at <code>{address}</code> instead of <code>{listener.target}</code>.{" "}
            {listener.targetScheme === "https"
              ? `Plain HTTP ${listener.listenTls ? "will do, as will HTTPS" : "will do"}.`
              : `Any TCP protocol will do${listener.listenTls ? ", within TLS too" : ""}.`}
          </p>
        </>
      )}
    </Told>
  );
}

/** "of port 8081" */
export function ofTable({ listener }: Opened): string {
  if (listener?.capture !== undefined) return `of ${listener.capture.file}`;
  return listener === null ? "of the Sender" : `of port ${splitAddress(listener.listen).port}`;
}

function ProxyHints(
  { address, listener: { listen, via, listenTls } }: {
    readonly address: string;
    readonly listener: OpenedListener["listener"];
  },
): JSX.Element {
  return (
    <>
      <p>Listening on {listen}, as a forward HTTP proxy{throughWords(via)}.</p>
      <p class="lead">Try it:</p>
      <CopyLine text={`curl -i -x http://${address} http://example.org/`} />
      <p>
        Or give your program <code>{address}</code> as its HTTP proxy. {listenTls
          ? "HTTPS is decrypted, for programs that trust the certificates that it shows."
          : "HTTPS passes as it is: what is inside is not read."}
      </p>
    </>
  );
}

function Told(
  { title, children }: { readonly title: string; readonly children: ComponentChildren },
): JSX.Element {
  return (
    <div class="empty-state">
      <div>
        <h2>{title}</h2>
        {children}
      </div>
    </div>
  );
}
