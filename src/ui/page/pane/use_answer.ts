// The answer to a question that is being typed, and that is asked again while what it is about grows.

import { useEffect, useRef, useState } from "preact/hooks";

/** Typing pauses so long before a question is asked. */
const PAUSE_MS = 150;
/** What grows is asked about again at most so often. */
const GROWING_MS = 1_000;

/** What was answered to `question`, or what went wrong. */
export interface Answer<T> {
  readonly question: string;
  readonly result: T | null;
  readonly error: string | null;
}

/**
 * The latest answer, which may be one to an earlier question; null while `question` is. `ask` is called with the
 * question as it is then, and its signal is aborted when another is asked; `version` grows with what it is about.
 */
export function useAnswer<T>(
  question: string | null,
  version: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Answer<T> | null {
  const [answer, setAnswer] = useState<Answer<T> | null>(null);
  const latest = useRef(ask);
  latest.current = ask;
  const again = useRef<() => void>(() => {});

  useEffect(() => {
    if (question === null) return setAnswer(null);
    const ended = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = (ms: number) => timer = setTimeout(run, ms);
    const run = async () => {
      const settled = await latest.current(ended.signal).then(
        (result): Answer<T> => ({ question, result, error: null }),
        (error: Error): Answer<T> => ({ question, result: null, error: error.message }),
      );
      timer = undefined;
      if (!ended.signal.aborted) setAnswer(settled);
    };
    again.current = () => timer ??= wait(GROWING_MS);
    wait(PAUSE_MS);
    return () => {
      clearTimeout(timer);
      ended.abort();
    };
  }, [question]);

  useEffect(() => {
    if (question !== null) again.current();
  }, [version]);

  return answer;
}
