// The Exchange in full, kept up with while it grows. What belongs to another Exchange is never given.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Exchange, ExchangeDetail } from "../../types.ts";
import { detailKey, fetchDetail } from "./api.ts";

/** A growing Exchange is asked for at most so often. */
const PAUSE_MS = 250;

/** What is known of an Exchange. Both null: the answer is not there yet. */
export interface Known {
  readonly detail: ExchangeDetail | null;
  readonly error: string | null;
}

const NOTHING: Known = { detail: null, error: null };

interface Kept extends Known {
  readonly id: string | null;
}

/** Asks for the detail of `exchange` whenever it has changed, and once more when `again` has. */
export function useDetail(exchange: Exchange | null, again: number): Known {
  const [kept, keep] = useState<Kept>({ id: null, ...NOTHING });
  const asked = useRef({ id: "", at: 0, newest: 0, taken: 0 });
  const key = exchange === null ? "" : detailKey(exchange);

  // Asked before anything is painted: an effect would come a frame later.
  useLayoutEffect(() => {
    if (exchange === null) return;
    const { id } = exchange;
    const before = asked.current;
    const wait = before.id === id ? Math.max(0, before.at + PAUSE_MS - performance.now()) : 0;
    const askNow = () => {
      const ask = { id, at: performance.now(), newest: asked.current.newest + 1, taken: asked.current.taken };
      asked.current = ask;
      const number = ask.newest;
      const take = (known: Known) => {
        if (asked.current.id !== id || asked.current.taken > number) return;
        asked.current.taken = number;
        keep({ id, ...known });
      };
      fetchDetail(exchange, again).then(
        (detail) => take({ detail, error: null }),
        (error: Error) => take({ detail: null, error: error.message }),
      );
    };
    if (wait === 0) return askNow();
    const timer = setTimeout(askNow, wait);
    return () => clearTimeout(timer);
  }, [key, again]);

  return exchange !== null && kept.id === exchange.id ? kept : NOTHING;
}
