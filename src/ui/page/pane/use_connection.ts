// The Connection that an Exchange went over, asked for once for both panes. What belongs to another one is never given.

import { useEffect, useState } from "preact/hooks";
import type { Connection, Exchange } from "../../types.ts";
import { fetchConnection } from "./api.ts";

interface Kept {
  readonly key: string;
  readonly known: Connection | string;
}

/** The Connection, a text where it cannot be told, null while it is not known; asked for again when TLS began later. */
export function useConnection(exchange: Exchange | null): Connection | string | null {
  const [kept, keep] = useState<Kept | null>(null);
  const id = exchange?.connection ?? "";
  const key = exchange === null ? "" : `${id} ${exchange.tls}`;
  useEffect(() => {
    if (key === "") return;
    let isAsked = true;
    fetchConnection(id, key).then(
      (connection) => isAsked && keep({ key, known: connection }),
      (error: Error) => isAsked && keep({ key, known: error.message }),
    );
    return () => void (isAsked = false);
  }, [key]);
  return kept !== null && kept.key === key ? kept.known : null;
}
