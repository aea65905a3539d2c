// The line under the toolbar of an opened capture: which file it is, what its listener was, how far it is read, and what
// is wrong with it.

import type { JSX } from "preact";
import { formatTarget } from "../../../target.ts";
import type { Listener, OpenedCapture, Reading } from "../../types.ts";
import { Icon, Sign } from "../icons.tsx";
import { size } from "../pane/words.ts";
import { state } from "../state/store.ts";

/** See above. */
export function CaptureLine({ listener }: { readonly listener: Listener }): JSX.Element | null {
  const opened = state.value.captures.find(({ id }) => id === listener.capture?.id);
  if (!opened) return null;
  const { reading, error, notes } = opened;
  return (
    <div class="listener-line capture-line" role="group" aria-label="Capture">
      <p>
        <Icon name="capture" />
        <span>
          <code>{opened.file}</code>, {kindWords(opened)}, only read
        </span>
      </p>
      {opened.kind === "tcpmon" && <p>{wasWords(listener)}</p>}
      {reading.done < reading.total && error === null && <p aria-live="off">{readingWords(reading)}</p>}
      {notes.map((note) => <span key={note} class="statement">{note}</span>)}
      {error !== null && (
        <span class="statement loud" role="alert">
          <Sign name="triangle" />
          Not read further: {error}
        </span>
      )}
    </div>
  );
}

/** How far a capture is read. */
export function readingWords({ done, total }: Reading): string {
  return `${size(done)} of ${size(total)} read`;
}

function kindWords({ kind }: OpenedCapture): string {
  if (kind === "tcpmon") return "a capture of tcpmon";
  return kind === "har" ? "an HTTP Archive" : `${kind} of another program`;
}

function wasWords({ id, listen, target, targetScheme }: Listener): string {
  if (id.endsWith("sender")) return "what the Sender sent";
  const way = target === null
    ? "as a forward HTTP proxy"
    : `forwarding to ${formatTarget(target, targetScheme)}`;
  return `was listening on ${listen}, ${way}`;
}
