// The difference of two Messages as the program gives it: asked for anew while one of them grows, given up when another is
// wanted or somebody stops it.

import { useEffect, useState } from "preact/hooks";
import type { MessageDiff } from "../../types.ts";
import { type DiffAsked, fetchDiff } from "../pane/api.ts";

/** A growing Message is compared at most so often, ms. */
const PAUSE_MS = 1_000;

/** What is known of it: nothing while it is asked for. */
export interface Answered {
  readonly diff: MessageDiff | null;
  readonly error: string | null;
  readonly isStopped: boolean;
  /** How often it was answered anew, since a Message grew. */
  readonly renewals: number;
}

const NOTHING: Answered = { diff: null, error: null, isStopped: false, renewals: 0 };

/** The answer, how to stop asking, and how to ask again. */
export function useComparison(asked: DiffAsked): [Answered, stop: () => void, again: () => void] {
  const of = JSON.stringify(asked);
  const [kept, keep] = useState<Answered & { readonly of: string }>({ of: "", ...NOTHING });
  const [round, setRound] = useState(0);
  const [stop, setStop] = useState<() => void>(() => () => {});
  useEffect(() => {
    const asking = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = () =>
      fetchDiff(asked, asking.signal).then((diff) => {
        keep((before) => ({
          ...NOTHING,
          of,
          diff,
          renewals: before.diff === null ? 0 : before.renewals + 1,
        }));
        if (!diff.complete) timer = setTimeout(ask, PAUSE_MS);
      }, (error: Error) => {
        if (!asking.signal.aborted) keep({ ...NOTHING, of, error: error.message });
      });
    setStop(() => () => {
      asking.abort();
      keep({ ...NOTHING, of, isStopped: true });
    });
    keep((before) => before.of === of && before.diff !== null ? before : { ...NOTHING, of });
    ask();
    return () => {
      clearTimeout(timer);
      asking.abort();
    };
  }, [of, round]);
  return [kept.of === of ? kept : NOTHING, stop, () => setRound(round + 1)];
}
