// Keeps text under the mouse that holds it where something above it comes or goes, such as a fact that needs another
// line: it is scrolled as far as its box has moved, where it is long enough to be. Knows nothing of what is held.

/** Does so for what `element` scrolls, before it is drawn; returns how to end it. */
export function keepStill(element: HTMLElement, isHeld: () => boolean): () => void {
  let top = 0;
  const note = () => {
    const before = top;
    top = element.getBoundingClientRect().top;
    return top - before;
  };
  const observer = new ResizeObserver(() => {
    const moved = note();
    if (isHeld()) element.scrollTop += moved;
  });
  observer.observe(element);
  element.addEventListener("pointerdown", note);
  return () => {
    observer.disconnect();
    element.removeEventListener("pointerdown", note);
  };
}
