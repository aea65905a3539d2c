// The difference of a Message to that of the Exchange which it was sent again from, asked for anew while either grows.

import { useEffect, useState } from "preact/hooks";
import type { Exchange, MessageDiff } from "../../types.ts";
import { detailKey, fetchDiff, type Side } from "./api.ts";
import type { Format } from "./format.ts";

/** A growing Message is compared at most so often, ms. */
const PAUSE_MS = 500;

/** What is known of it. Both null: the answer is not there yet. */
export interface Compared {
  readonly diff: MessageDiff | null;
  readonly error: string | null;
}

const NOTHING: Compared = { diff: null, error: null };

/** See above. `context`: so many equal lines around each change. Null where nothing is to be compared. */
export function useDifference(
  exchange: Exchange | null,
  side: Side,
  as: Format,
  context: number,
): Compared {
  const [kept, keep] = useState<Compared & { readonly of: string }>({ of: "", ...NOTHING });
  const of = exchange === null ? "" : JSON.stringify([exchange.id, side, as]);
  const version = exchange === null ? "" : detailKey(exchange);
  useEffect(() => {
    if (exchange === null) return;
    const asking = new AbortController();
    const ask = () =>
      fetchDiff({ id: exchange.id, side, as, context }, asking.signal).then(
        (diff) => keep({ of, diff, error: null }),
        (error: Error) => asking.signal.aborted || keep({ of, diff: null, error: error.message }),
      );
    const timer = setTimeout(ask, kept.of === of && kept.diff?.complete === false ? PAUSE_MS : 0);
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [of, context, version]);
  return kept.of === of ? kept : NOTHING;
}
