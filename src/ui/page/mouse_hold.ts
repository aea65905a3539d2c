// Whether what an element scrolls is held with the mouse: by its scroll bar, or by its text, in which something is
// being selected. Browsers tell a press on the bar as one on the element itself, no moves while it lasts, and then its
// end. Where one keeps the end to itself, the next move without the button tells, or a key, or that the window is left.
// Knows nothing of what is scrolled.

/** Of one element; `told` is called when it is taken hold of and when it is let go. */
export class MouseHold {
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

  /** Takes it as let go, if it is held. */
  readonly letGo = (): void => {
    if (this.#held === null) return;
    this.#held.abort();
    this.#held = null;
    this.told();
  };

  readonly #pressed = ({ target, button, pointerId }: PointerEvent): void => {
    if (button !== 0 || this.isHeld) return;
    this.#held = new AbortController();
    const options = { capture: true, signal: this.#held.signal };
    const { ownerDocument } = this.element;
    const ended = (event: PointerEvent) => {
      const isPressed = event.type === "pointermove" && (event.buttons & 1) !== 0;
      if (event.pointerId === pointerId && !isPressed) this.letGo();
    };
    for (const type of ["pointerup", "pointercancel", "pointermove"] as const) {
      ownerDocument.addEventListener(type, ended, options);
    }
    ownerDocument.addEventListener("visibilitychange", this.letGo, options);
    // Who selects may press keys meanwhile, as to copy.
    if (target === this.element) ownerDocument.addEventListener("keydown", this.letGo, options);
    ownerDocument.defaultView!.addEventListener("blur", this.letGo, { signal: this.#held.signal });
    this.told();
  };
}
