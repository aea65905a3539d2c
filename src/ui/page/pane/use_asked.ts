// A field that takes the focus whenever it is asked for, once each time, though what it is shown in comes and goes.
// Where it goes with the focus and comes back, it takes it back, unless something else has it now. Knows nothing of
// what the field is for.

import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** What was asked, and what was done; kept by who shows the field. */
export interface Asked {
  readonly times: number;
  readonly done: { times: number; wentWithFocus: boolean };
}

/** With what asks for the field. */
export function useAsked(): readonly [Asked, () => void] {
  const [times, setTimes] = useState(0);
  const done = useRef({ times: 0, wentWithFocus: false }).current;
  return [{ times, done }, () => setTimes((n) => n + 1)];
}

/** For the field. */
export function useFocusIfAsked(field: RefObject<HTMLInputElement | null>, { times, done }: Asked): void {
  useLayoutEffect(() => {
    if (done.times === times) return;
    done.times = times;
    field.current?.focus();
    field.current?.select();
  }, [times]);
  useLayoutEffect(() => {
    if (done.wentWithFocus && document.activeElement === document.body) field.current?.focus();
    return () => {
      done.wentWithFocus = document.activeElement === field.current;
    };
  }, []);
}
