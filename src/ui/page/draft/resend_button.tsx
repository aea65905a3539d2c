// The button "Resend", and what opens beside it: which way exchanges are sent again.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { splitAddress } from "../addresses.ts";
import { Icon } from "../icons.tsx";
import { canResend, chooseWay, resendSelected, wayNow, wayWords, whyNotResent } from "../resend.ts";
import type { Exchange } from "../../types.ts";
import { type Opened, type OpenedListener, shownIn } from "../state/derived.ts";
import { isOfTunnel } from "../tls/legs.ts";
import { Radio } from "./radio.tsx";

const MENU = "resend-menu";

/** See above. */
export function ResendButton({ now }: { readonly now: Opened }): JSX.Element {
  const isOpen = useSignal(false);
  const around = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => isOpen.value = false;
  useEffect(() => {
    if (!isOpen.value) return;
    const onPointerDown = (event: PointerEvent) => {
      if (!(event.target instanceof Node && around.current?.contains(event.target))) close();
    };
    document.addEventListener("pointerdown", onPointerDown);
    return () => document.removeEventListener("pointerdown", onPointerDown);
  }, [isOpen.value]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen.value) return;
    close();
    button.current?.focus();
    event.preventDefault();
  };
  const onFocusOut = (event: FocusEvent) => {
    if (event.relatedTarget instanceof Node && !around.current?.contains(event.relatedTarget)) close();
  };
  return (
    <div ref={around} class="resend-around" onKeyDown={onKeyDown} onFocusOut={onFocusOut}>
      <button
        type="button"
        class="button"
        title={whyNotResent(now) ?? `Send the selected again as they were, ${wayWords(now)} (r)`}
        disabled={!canResend(now)}
        onClick={resendSelected}
      >
        <Icon name="resend" />
        <span class="label">Resend</span>
      </button>
      {now.listener !== null && (
        <>
          <button
            ref={button}
            type="button"
            class="button resend-more"
            aria-label="Which way to send again"
            title={`Which way: ${wayWords(now)}`}
            aria-expanded={isOpen.value}
            aria-controls={isOpen.value ? MENU : undefined}
            onClick={() => isOpen.value = !isOpen.value}
          >
            <Icon name="down" />
          </button>
          {isOpen.value && (
            <div id={MENU} class="resend-menu" role="group" aria-label="Which way to send again">
              <WayChoice name="resend-way" now={now} exchange={shownIn(now.view)} />
            </div>
          )}
        </>
      )}
    </div>
  );
}

/** The two ways, each with what it means. */
export function WayChoice(
  { name, now, exchange }: {
    readonly name: string;
    readonly now: OpenedListener;
    /** What is sent. */
    readonly exchange: Exchange | null;
  },
): JSX.Element {
  const way = wayNow(now, exchange);
  const isTunnelled = exchange !== null && isOfTunnel(exchange, now.listener);
  const { port } = splitAddress(now.listener.listen);
  return (
    <>
      <Radio
        name={name}
        on={way === "listener"}
        off={isTunnelled}
        text={isTunnelled
          ? `Not through port ${port}: it came inside a tunnel of this proxy`
          : `Through port ${port}, with its options`}
        onChoose={() => chooseWay("listener")}
      />
      <Radio
        name={name}
        on={way === "target"}
        text={straightWords(now)}
        onChoose={() => chooseWay("target")}
      />
    </>
  );
}

function straightWords({ listener }: OpenedListener): string {
  return listener.target === null ? "Straight to its target" : `Straight to ${listener.target}`;
}
