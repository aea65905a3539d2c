// Whether an element scrolls: then, and only then, it must be reachable by keyboard.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Ref } from "preact";

/** A ref for the element, and whether its content is higher than it is. */
export function useOverflow<E extends HTMLElement>(): [Ref<E>, boolean] {
  const ref = useRef<E>(null);
  const [overflows, setOverflows] = useState(false);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    // It is told of the element at once, too, but when the page has been laid out: to ask here would do that twice.
    const observer = new ResizeObserver(() => setOverflows(element.scrollHeight > element.clientHeight + 1));
    observer.observe(element);
    return () => observer.disconnect();
  });
  return [ref, overflows];
}
