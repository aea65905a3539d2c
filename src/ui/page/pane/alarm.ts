// Time for what waits: not while nobody looks.

/** Calls `ring` after `ms`, or as soon as the page is looked at again, if that is later; returns how to call it off. */
export function whenSeen(ms: number, ring: () => void): () => void {
  const onSeen = () => {
    if (document.hidden) return;
    callOff();
    ring();
  };
  const timer = setTimeout(() => {
    document.addEventListener("visibilitychange", onSeen);
    onSeen();
  }, ms);
  const callOff = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", onSeen);
  };
  return callOff;
}
