// What is loaded later than the table, in the order in which it is likely to be wanted: the panes with their editor are
// fetched as soon as rows are on the screen, so that the first click finds them there.

import { effect } from "@preact/signals";
import { choices, closeExport } from "./export/exporting.ts";
import { isKeysOpen } from "./keys/keys_open.ts";
import { later } from "./later.tsx";
import { nextWant } from "./state/derived.ts";
import { state } from "./state/store.ts";
import { isTrustOpen } from "./tls/authority.ts";

/** The page is loaded on after this, ms, where the browser never has time. */
const LONGEST_MS = 500;
/** It is loaded on after this, ms, also where rows are still asked for. */
const ANYWAY_MS = 2_000;

// Few parts, since each has its own files with what it shares with each of the others, and each file is a request.
const rest = () => import("./later_rest.ts");

/** One pane: the Request or the Response of an Exchange. */
export const Pane = later({
  name: "the panes",
  load: async () => (await import("./pane/pane.tsx")).Pane,
  isWanted: ({ exchange }) => exchange !== null,
  region: ({ side }) => side === "request" ? "Request" : "Response",
});

/** A Draft in the place of the Request. */
export const DraftPane = later({
  name: "the draft",
  load: async () => (await rest()).DraftPane,
  region: () => "Request",
});

/** What differs between two Messages. */
export const ComparePane = later({
  name: "the comparison",
  load: async () => (await rest()).ComparePane,
  region: () => "Comparison",
});

/** The Sender's tab. */
export const SenderScreen = later({
  name: "the sender",
  load: async () => (await rest()).SenderScreen,
});

/** "Export…". */
export const ExportDialog = later({
  name: "the export",
  load: async () => (await rest()).ExportDialog,
  isWanted: () => choices.value !== null,
  giveUp: () => closeExport(),
});

/** How clients come to trust tcpmon's authority. */
export const TrustDialog = later({
  name: "the authority",
  load: async () => (await rest()).TrustDialog,
  isWanted: () => isTrustOpen.value,
  giveUp: () => isTrustOpen.value = false,
});

/** The list of keys. */
export const KeysDialog = later({
  name: "the list of keys",
  load: async () => (await rest()).KeysDialog,
  isWanted: () => isKeysOpen.value,
  giveUp: () => isKeysOpen.value = false,
});

/** Fetches them all, one after the other, once the page shows what it opens with and has time, and after a while anyway. */
export function startFetching(): void {
  const begin = () => {
    clearTimeout(timer);
    whenIdle(async () => {
      const parts = [Pane, DraftPane, ComparePane, SenderScreen, ExportDialog, TrustDialog, KeysDialog];
      for (const { fetch } of parts) await fetch();
    });
  };
  const timer = setTimeout(begin, ANYWAY_MS);
  const stop = effect(() => {
    if (state.value.tab === null || nextWant(state.value) !== null) return;
    queueMicrotask(() => stop());
    begin();
  });
}

/** After the next frame is drawn, so that the first rows are not kept waiting. */
function whenIdle(deed: () => void): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(deed, { timeout: LONGEST_MS });
  else setTimeout(deed, LONGEST_MS);
}
