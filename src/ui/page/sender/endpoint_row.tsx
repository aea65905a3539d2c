// Where it goes: method and endpoint, and under them what is wrong, what a pasted command left out, or what is so.

import type { JSX } from "preact";
import { splitAddress } from "../addresses.ts";
import { Icon, Sign } from "../icons.tsx";
import { state } from "../state/store.ts";
import { type Composed, isCurl, putBack, withEndpoint, withoutNotes } from "./composed.ts";
import { type Destination, destinationOf } from "./destination.ts";
import { endpoints } from "./endpoints.ts";
import { methodOf, withOtherMethod } from "./head_choices.ts";
import { ENDPOINT, leaveEndpoint, readCommand } from "./send.ts";
import { edit, trouble } from "./store.ts";
import { listensThere } from "./through.ts";

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/** See above. */
export function EndpointRow({ now }: { readonly now: Composed }): JSX.Element {
  const isWrong = trouble.value?.isOfEndpoint ?? false;
  const method = methodOf(now);
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!isCurl(text)) return;
    // A field of one line would lose the lines of the command.
    event.preventDefault();
    readCommand(text);
  };
  return (
    <div class="sender-where">
      <div class="sender-line">
        {now.kind === "http" && (
          <label class="sender-select">
            <select
              aria-label="Method"
              class="sender-method"
              title="Any other: write it in the first line of the head"
              value={method}
              onChange={(event) => {
                const chosen = event.currentTarget.value;
                edit((latest) => withOtherMethod(latest, chosen));
              }}
            >
              {!METHODS.includes(method) && <option>{method}</option>}
              {METHODS.map((one) => <option key={one}>{one}</option>)}
            </select>
            <Icon name="down" />
          </label>
        )}
        <input
          id={ENDPOINT}
          class="input sender-endpoint"
          type="text"
          aria-label="Endpoint"
          aria-invalid={isWrong}
          aria-describedby="sender-told"
          placeholder="http://localhost:8080/path, tcp://localhost:6379, or paste a curl command"
          list="sender-endpoints"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          value={now.endpoint}
          onInput={(event) => {
            const typed = event.currentTarget.value;
            edit((latest) => withEndpoint(latest, typed));
          }}
          onPaste={onPaste}
          onBlur={leaveEndpoint}
        />
        <datalist id="sender-endpoints">
          {endpoints.value.map((one) => <option key={one} value={one} />)}
        </datalist>
      </div>
      <div id="sender-told">
        {isWrong
          ? (
            <p class="error" role="alert">
              <Sign name="triangle" />
              <span>{trouble.value?.text}</span>
            </p>
          )
          : <p class="hint quiet">{whereWords(now)}</p>}
      </div>
      {(now.notes.length > 0 || now.before !== null) && <Replaced now={now} />}
    </div>
  );
}

/** What was replaced as a whole, and what of a command was not taken over. */
function Replaced({ now }: { readonly now: Composed }): JSX.Element {
  return (
    <p class="sender-notes" aria-live="polite">
      <span>
        {now.notes.length > 0 ? `Not as curl does it: ${now.notes.join("; ")}.` : "The draft was replaced."}
      </span>
      {now.before !== null && (
        <button type="button" class="link" onClick={() => edit(putBack)}>Put back what was there</button>
      )}
      <button
        type="button"
        class="button"
        aria-label="Dismiss"
        title="Dismiss"
        onClick={() => edit(withoutNotes)}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}

function whereWords(now: Composed): string {
  const to = destinationOf(now.endpoint);
  if ("error" in to) {
    return now.endpoint.trim() === ""
      ? "A URL, host:port, or tcp:// or tls://host:port for bytes of any protocol."
      : to.error;
  }
  const listener = listensThere(state.value.listeners, to.target);
  const what = to.kind === "http" ? "HTTP" : "Bytes as they are";
  const way = to.tls ? `${what} inside TLS` : what;
  const through = listener === null
    ? "straight from tcpmon"
    : `through the listener on port ${
      splitAddress(listener.listen).port
    }, which records it too, as any client's`;
  return `${way} to ${shownTarget(to)}, ${through}.`;
}

function shownTarget({ target: { host, port } }: Destination): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
