// Whether the scroll bar of an element is held with the mouse. Browsers tell a press on it as one on the element itself,
// no moves while it lasts, and then its end. Where one keeps the end to itself, the next move without the button tells.
// Knows nothing of what is scrolled.

/** One element's; `told` is called when it is taken hold of and when it is let go. */
export class ScrollBar {
  /** Ends the listening for its end; null while it is not held. */
  #held: AbortController | null = null;

  constructor(private readonly element: HTMLElement, private readonly told: () => void) {
    element.addEventListener("pointerdown", this.#pressed);
  }

  get isHeld(): boolean {
    return this.#held !== null;
  }

  destroy(): void {
    this.element.removeEventListener("pointerdown", this.#pressed);
    this.#held?.abort();
  }

  readonly #pressed = ({ target, button }: PointerEvent): void => {
    if (target !== this.element || button !== 0 || this.isHeld) return;
    this.#held = new AbortController();
    const options = { capture: true, signal: this.#held.signal };
    for (const type of ["pointerup", "pointercancel"] as const) {
      document.addEventListener(type, this.#ended, options);
    }
    document.addEventListener("pointermove", ({ buttons }) => (buttons & 1) === 0 && this.#ended(), options);
    this.told();
  };

  readonly #ended = (): void => {
    this.#held?.abort();
    this.#held = null;
    this.told();
  };
}
