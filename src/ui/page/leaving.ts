// Asks, as browsers do, before the window is closed or loaded again while something that was typed and not sent would
// be lost. Who has such things registers here; it knows nothing of them.

const askers: (() => boolean)[] = [];

/** `hasUnsent` tells whether something would be lost; it is only called when the window is being left. */
export function askBeforeLeaving(hasUnsent: () => boolean): void {
  if (askers.length === 0) {
    addEventListener("beforeunload", (event) => {
      if (askers.some((ask) => ask())) event.preventDefault();
    });
  }
  askers.push(hasUnsent);
}
