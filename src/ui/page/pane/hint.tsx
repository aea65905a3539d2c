// What tcpmon says of an Exchange that it could not read, or that failed for its listener's options: why, and the way on.

import type { ComponentChildren, JSX } from "preact";
import { SENDER } from "../../../model.ts";
import type { Exchange, Listener } from "../../types.ts";
import { openEdit } from "../edits.ts";
import { http2Advice, isHttp2, leftAloneBy } from "./hints.ts";
import { useConnection } from "./use_connection.ts";

interface HintProps {
  readonly exchange: Exchange;
  /** Null where it is none of a listener that is still there. */
  readonly listener: Listener | null;
}

/** See above; nothing where there is nothing to say. */
export function Hint({ exchange, listener }: HintProps): JSX.Element | null {
  const connection = useConnection(exchange.protocol === "tcp" && exchange.tls !== null ? exchange : null);
  if (listener === null) return null;
  const pattern = leftAloneBy(exchange, listener);
  if (pattern !== null) {
    return (
      <Note name="Why it is not read">
        Left alone: this listener passes TLS to <code>{pattern}</code>{" "}
        through as it is (Options, TLS from clients).
      </Note>
    );
  }
  if (!isHttp2(exchange, typeof connection === "string" ? null : connection)) return null;
  return (
    <Note name="Why it is not read">
      HTTP/2, which tcpmon passes on and records, but does not read. {http2Advice(listener)}
    </Note>
  );
}

function Note(
  { name, children }: { readonly name: string; readonly children: ComponentChildren },
): JSX.Element {
  return <p class="pane-note" role="note" aria-label={name}>{children}</p>;
}

/** Where on the page to do what the words of a failure advise in words of the command line. */
export function OptionsHint({ exchange, listener }: HintProps): JSX.Element | null {
  if (exchange.listener === SENDER) {
    return <p>In the Sender: tick “Accept any certificate”.</p>;
  }
  if (listener === null) return null;
  return (
    <p>
      On this page: stop the listener, and choose in its options, under{" "}
      {listener.target === null ? "TLS to targets" : "TLS to the target"}.{" "}
      <button type="button" class="button bordered" onClick={() => void openEdit(listener)}>
        Options of the listener
      </button>
    </p>
  );
}
