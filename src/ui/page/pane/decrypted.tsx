// The line of a pane whose Message passed inside TLS and was decrypted with a key log: what was agreed on, and the way
// to the row that has its exact bytes, encrypted.

import type { JSX } from "preact";
import type { Exchange } from "../../types.ts";
import { Icon } from "../icons.tsx";
import { goToEncrypted } from "../origins.ts";
import { useConnection } from "./use_connection.ts";

/** See above; nothing for an Exchange that was not decrypted. */
export function Decrypted({ exchange }: { readonly exchange: Exchange }): JSX.Element | null {
  const connection = useConnection(exchange.tls === "decrypted" ? exchange : null);
  if (connection === null) return null;
  if (typeof connection === "string") {
    return <p class="pane-trouble" role="alert">Cannot tell of its TLS: {connection}</p>;
  }
  return (
    <div class="pane-secured pane-decrypted" role="group" aria-label="Decrypted">
      <Icon name="lock" />
      <span class="pane-facts-window">
        <span class="pane-facts-flow">
          <span class="pane-fact">{connection.decryption?.replace(/\.$/, "")}</span>
          <span class="pane-fact">
            <button
              type="button"
              class="link"
              title="Go to the row of its TLS, which has the exact bytes that passed"
              onClick={() => void goToEncrypted(exchange)}
            >
              As it passed, encrypted
            </button>
          </span>
        </span>
      </span>
    </div>
  );
}
