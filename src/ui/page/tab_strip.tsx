// The strip above everything: a tab for each listener, the two that are always there, and how the page is connected.

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Listener } from "../types.ts";
import { isSender } from "../../catalog/seen_listeners.ts";
import { splitAddress, targetWords, throughWords } from "./addresses.ts";
import { CaptureButton } from "./captures/capture_button.tsx";
import { Icon, Sign } from "./icons.tsx";
import { PANEL } from "./ids.ts";
import { focusArea } from "./keys/areas.ts";
import { LinkState } from "./link_state.tsx";
import { count } from "./pane/words.ts";
import { TabList } from "./tab_list.tsx";
import { hasHiddenTabs, TabScroller } from "./tab_scroller.tsx";
import { dispatch, state } from "./state/store.ts";
import { clientLeg, isInsecure, type Leg, targetLeg } from "./tls/legs.ts";
import { LEG_ICONS } from "./tls/listener_line.tsx";
import { isConnected, isSameTab, tabsOf } from "./state/derived.ts";
import type { Tab } from "./state/state.ts";

/** Id of a tab's element. */
export function tabId(tab: Tab): string {
  return typeof tab === "string" ? `tab-${tab}` : `tab-of-${tab.listener}`;
}

/** See above. */
export function TabStrip(): JSX.Element {
  const { tab: chosen } = state.value;
  const tabs = tabsOf(state.value);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || chosen === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = tabs.findIndex((tab) => isSameTab(tab, chosen)) + step;
    const next = tabs[Number.isFinite(at) ? (at + tabs.length) % tabs.length : at < 0 ? 0 : tabs.length - 1];
    event.preventDefault();
    dispatch({ type: "open", tab: next });
    document.getElementById(tabId(next))?.focus();
  };
  return (
    <header class="strip">
      <h1 class="brand" title={`tcpmon ${state.value.version}`}>
        <Icon name="relay" />
        <span class="name">tcpmon</span>
      </h1>
      <div class="tabs" role="tablist" aria-label="Listeners" onKeyDown={onKeyDown}>
        <TabScroller>
          {state.value.listeners.map((listener) => (
            <TabButton
              key={listener.id}
              tab={{ listener: listener.id }}
              chosen={chosen}
              title={listener.capture
                ? `${listener.capture.file}, a capture that is only read`
                : `${listener.name === null ? "" : `${listener.name}: `}${listener.listen} → ${
                  targetWords(listener.target)
                }${throughWords(listener.via)}${listener.error === null ? "" : `: ${listener.error}`}`}
            >
              <ListenerWords listener={listener} />
            </TabButton>
          ))}
        </TabScroller>
        {tabs.includes("add") && (
          <TabButton key="add" tab="add" chosen={chosen} title="Add listener">
            <Icon name="add" />
            <span class="label">Add listener</span>
          </TabButton>
        )}
        {tabs.includes("sender") && (
          <TabButton key="sender" tab="sender" chosen={chosen} title="Sender">
            <Icon name="send" />
            <span class="label">Sender</span>
          </TabButton>
        )}
      </div>
      {hasHiddenTabs.value && <TabList />}
      <CaptureButton />
      <LinkState />
    </header>
  );
}

interface TabButtonProps {
  readonly tab: Tab;
  readonly chosen: Tab | null;
  readonly title: string;
  readonly children: JSX.Element | JSX.Element[];
}

function TabButton({ tab, chosen, title, children }: TabButtonProps): JSX.Element {
  const isChosen = chosen !== null && isSameTab(tab, chosen);
  const element = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isChosen) element.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [isChosen]);
  return (
    <button
      ref={element}
      type="button"
      role="tab"
      id={tabId(tab)}
      class={typeof tab === "string" ? "tab plain" : "tab"}
      aria-selected={isChosen}
      aria-controls={isChosen ? PANEL : undefined}
      tabIndex={isChosen ? 0 : -1}
      title={title}
      onClick={() => {
        dispatch({ type: "open", tab });
        if (tab === "add") setTimeout(() => focusArea("form"));
      }}
    >
      {children}
    </button>
  );
}

interface LockProps {
  readonly leg: Leg;
  readonly of: string;
  readonly isLoud?: boolean;
}

/** The mark of a leg that can be TLS by the monitor's doing; others have none. */
function Lock({ leg: { kind, word }, of, isLoud = false }: LockProps): JSX.Element | null {
  if (kind !== "tls" && kind !== "either") return null;
  return (
    <span class={isLoud ? "lock loud" : "lock"}>
      <Icon name={LEG_ICONS[kind]} />
      <span class="unseen">{word} {of}{isLoud ? ", any certificate accepted" : ""}</span>
    </span>
  );
}

/** What a listener's state is called where it does not listen. */
const STATES = { stopped: "stopped", failed: "cannot listen" } as const;

/** The file, and which listener of several. */
function CaptureWords({ listener: { id, capture, listen } }: { readonly listener: Listener }): JSX.Element {
  const { counts, listeners } = state.value;
  const total = counts[id]?.total ?? 0;
  const isOnly = listeners.filter((other) => other.capture?.id === capture?.id).length === 1;
  return (
    <>
      <Icon name="capture" />
      <span class="words of-capture">
        <span class="capture-name">{capture?.file}</span>{" "}
        {!isOnly && <span class="capture-port">{isSender(id) ? "Sender" : splitAddress(listen).port}</span>}
        {" "}
        <span class="aside">
          {count(total)} <span class="unseen">{total === 1 ? "exchange" : "exchanges"}, capture</span>
        </span>
      </span>
    </>
  );
}

function ListenerWords({ listener }: { readonly listener: Listener }): JSX.Element {
  if (listener.capture !== undefined) return <CaptureWords listener={listener} />;
  const total = state.value.counts[listener.id]?.total ?? 0;
  return (
    <>
      {listener.state === "listening" &&
        (isConnected(state.value) ? <Sign name="disc" tone="ok" /> : <Sign name="ring" />)}
      {listener.state === "stopped" && <Sign name="square" />}
      {listener.state === "failed" && <Sign name="triangle" tone="bad" />}
      <span class="words">
        <span class="port">
          <b>{splitAddress(listener.listen).port}</b>
          <Lock leg={clientLeg(listener)} of="from clients" />
        </span>{" "}
        <span class="target">
          {listener.name === null && (
            <>
              <span class="arrow">→</span>
              {" "}
            </>
          )}
          <Lock leg={targetLeg(listener)} of="to the target" isLoud={isInsecure(listener)} />
          {listener.name ?? targetWords(listener.target)}
        </span>{" "}
        {(listener.state === "stopped" || listener.state === "failed") && (
          <span class="aside">{STATES[listener.state]}</span>
        )} {listener.slow !== null && <span class="aside slowed">slow</span>}{" "}
        <span class="aside">
          {count(total)} <span class="unseen">{total === 1 ? "exchange" : "exchanges"}</span>
        </span>
      </span>
    </>
  );
}
