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
    const measure = () => setOverflows(element.scrollHeight > element.clientHeight + 1);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  });
  return [ref, overflows];
}
