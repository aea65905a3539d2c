// Asks, as browsers do, before the window is closed or loaded again while something that was typed and not sent would be
// lost. Who has such things registers here; it knows nothing of them.

const kept: (() => boolean)[] = [];

/** `isUnsent` tells whether something would be lost; it is only called when the window is being left. */
export function askBeforeLeaving(isUnsent: () => boolean): void {
  if (kept.length === 0) {
    addEventListener("beforeunload", (event) => {
      if (kept.some((isUnsent) => isUnsent())) event.preventDefault();
    });
  }
  kept.push(isUnsent);
}
