// What opens under a button and lies over the page: where it is put, how it is closed, and where the focus goes then.
// It lies in the top layer, because panes cut off what leaves them. Knows nothing of what is in it.

import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type Signal, useSignal } from "@preact/signals";

/** Kept from the edges of the window, and from the button, px. */
const MARGIN = 8;
const GAP = 2;

/** What makes a button open a popup. */
export interface Popup {
  readonly isOpen: Signal<boolean>;
  /** Closes it; a focus that was inside goes back to where it was before, or to the button. */
  readonly close: () => void;
  readonly around: RefObject<HTMLDivElement | null>;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly popup: RefObject<HTMLDivElement | null>;
  /** For the element that holds the button and the popup. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocusOut: (event: FocusEvent) => void;
}

/** A popup; `opened` is for who opens it by other means than the button. It must be written below the button. */
export function usePopup(opened?: Signal<boolean>): Popup {
  const own = useSignal(false);
  const isOpen = opened ?? own;
  const around = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const isWithin = (target: EventTarget | null) => target instanceof Node && around.current?.contains(target);
  const before = useRef<Element | null>(null);
  const close = () => {
    const wasInside = popup.current?.contains(document.activeElement) ?? false;
    isOpen.value = false;
    if (!wasInside) return;
    const hadFocus = before.current instanceof HTMLElement && before.current !== document.body;
    (hadFocus ? before.current as HTMLElement : button.current)?.focus();
  };
  useLayoutEffect(() => {
    if (!isOpen.value || !popup.current || !button.current) return;
    before.current = document.activeElement;
    popup.current.showPopover();
    place(popup.current, button.current.getBoundingClientRect());
    const onPointerDown = (event: PointerEvent) => {
      if (!isWithin(event.target)) isOpen.value = false;
    };
    const leave = () => isOpen.value = false;
    document.addEventListener("pointerdown", onPointerDown);
    addEventListener("resize", leave);
    return () => {
      document.removeEventListener("pointerdown", onPointerDown);
      removeEventListener("resize", leave);
    };
  }, [isOpen.value]);
  useLayoutEffect(() => () => void (isOpen.value = false), []);
  return {
    isOpen,
    close,
    around,
    button,
    popup,
    onKeyDown: (event) => {
      if (event.key !== "Escape" || !isOpen.value) return;
      close();
      event.preventDefault();
    },
    onFocusOut: ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !isWithin(relatedTarget)) isOpen.value = false;
    },
  };
}

/**
 * Below the button, or above where there is no room, and in line with its left edge, or its right one where there is
 * none; never over the edges of the window.
 */
function place(popup: HTMLElement, button: DOMRect): void {
  const { width, height } = popup.getBoundingClientRect();
  const rightmost = innerWidth - width - MARGIN;
  const left = Math.max(
    MARGIN,
    button.left <= rightmost ? button.left : Math.min(button.right - width, rightmost),
  );
  const below = button.bottom + GAP;
  const top = below + height + MARGIN <= innerHeight ? below : Math.max(MARGIN, button.top - GAP - height);
  popup.style.left = `${left}px`;
  popup.style.top = `${top}px`;
}
