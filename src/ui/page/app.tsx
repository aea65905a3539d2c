// The page: tab strip, what the chosen tab shows, foot, and the list of keys.

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { DropSign } from "./captures/drop_sign.tsx";
import { Banners } from "./banners.tsx";
import { Foot } from "./foot.tsx";
import { PANEL } from "./ids.ts";
import { ExportDialog, KeysDialog, SenderScreen, TrustDialog } from "./later_parts.ts";
import { ListenerForm } from "./listener_form.tsx";
import { ListenerScreen } from "./listener_screen.tsx";
import { openedNow, state } from "./state/store.ts";
import { tabId, TabStrip } from "./tab_strip.tsx";
import { splitAddress, targetWords } from "./addresses.ts";

/** See above. */
export function App(): JSX.Element {
  const { tab } = state.value;
  const now = openedNow.value;
  const title = now?.listener?.capture
    ? `${now.listener.capture.file} · tcpmon`
    : now?.listener
    ? `${splitAddress(now.listener.listen).port} → ${targetWords(now.listener.target)} · tcpmon`
    : "tcpmon";
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div class="page">
      <TabStrip />
      <main>
        <div class="screen" role="tabpanel" id={PANEL} aria-labelledby={tab ? tabId(tab) : undefined}>
          {now !== null && now.listener !== null && <ListenerScreen now={now} />}
          {tab === "add" && <Banners />}
          {tab === "add" && <ListenerForm />}
          {now !== null && now.listener === null && <SenderScreen now={now} />}
        </div>
      </main>
      <Foot />
      <KeysDialog />
      <TrustDialog />
      <DropSign />
      <ExportDialog />
    </div>
  );
}
