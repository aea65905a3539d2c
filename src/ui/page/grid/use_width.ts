// The width of an element, as it changes.

import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";

/** The width inside `element` without its scroll bar, px; that of the window until it is there. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const width = useSignal(innerWidth);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    width.value = current.clientWidth;
    const observer = new ResizeObserver(() => width.value = current.clientWidth);
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return width.value;
}
