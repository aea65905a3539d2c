// A menu of deeds, as it opens under a button: arrows go through it, Enter does, Esc closes. Switches may follow, and a
// sentence on what the deeds have in common.

import type { JSX } from "preact";
import { useId, useRef } from "preact/hooks";

/** One deed. */
export interface Deed {
  readonly name: string;
  /** What it is about, or why it cannot be done. */
  readonly detail: string;
  readonly off?: boolean;
  /** Whether it is off only until something is known. */
  readonly waits?: boolean;
  readonly act: () => void;
}

/** One switch. It stays open when it is used. */
export interface Switch {
  readonly name: string;
  readonly on: boolean;
  readonly change: (on: boolean) => void;
}

interface MenuProps {
  readonly name: string;
  readonly deeds: readonly Deed[];
  readonly switches?: readonly Switch[];
  readonly said: string;
  readonly close: () => void;
}

/** See above. */
export function Menu({ name, deeds, switches = [], said, close }: MenuProps): JSX.Element {
  const sentence = useId();
  const menu = useRef<HTMLDivElement>(null);
  const choices = () =>
    [...menu.current?.querySelectorAll<HTMLButtonElement>("button") ?? []].filter(({ disabled }) =>
      !disabled
    );
  const onKeyDown = (event: KeyboardEvent) => {
    const all = choices();
    const at = all.findIndex((choice) => choice === document.activeElement);
    const to: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? -1 : at - 1,
      Home: 0,
      End: -1,
    };
    if (event.key === "Tab") return close();
    if (!Object.hasOwn(to, event.key)) return;
    all.at(to[event.key] % all.length)?.focus();
    event.preventDefault();
  };
  return (
    <>
      <div
        ref={menu}
        role="menu"
        aria-label={name}
        aria-describedby={sentence}
        onKeyDown={onKeyDown}
      >
        {deeds.map(({ name, detail, off = false, act }, at) => (
          <button
            key={name}
            type="button"
            role="menuitem"
            class="menu-choice"
            tabIndex={-1}
            disabled={off}
            // It takes the focus when the popup around it is shown.
            autofocus={at === deeds.findIndex(({ off = false }) => !off)}
            onClick={() => {
              close();
              act();
            }}
          >
            <span class="menu-name">{name}</span> <span class="menu-detail">{detail}</span>
          </button>
        ))}
        {switches.map(({ name, on, change }) => (
          <button
            key={name}
            type="button"
            role="menuitemcheckbox"
            class="menu-choice menu-switch"
            tabIndex={-1}
            aria-checked={on}
            onClick={() => change(!on)}
          >
            <span class="menu-name">{name}</span>
            <span class="menu-detail" aria-hidden="true">{on ? "on" : "off"}</span>
          </button>
        ))}
      </div>
      <p class="menu-said" id={sentence}>{said}</p>
    </>
  );
}
