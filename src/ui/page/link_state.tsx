// How the page is connected to the program: live, reconnecting, or ended. The one element with the role `status`.

import type { JSX } from "preact";
import { Sign } from "./icons.tsx";
import { seconds } from "./pane/words.ts";
import { useNow } from "./clock.ts";
import { state } from "./state/store.ts";

/** See above. */
export function LinkState(): JSX.Element {
  const { link } = state.value;
  const now = useNow(link.state === "reconnecting");
  return (
    <div class={`link-state ${link.state}`} role="status">
      {link.state === "connecting" && "connecting"}
      {link.state === "live" && (
        <>
          <Sign name="disc" tone="ok" />
          live
        </>
      )}
      {link.state === "reconnecting" && (
        <>
          <Sign name="half" />
          <span>
            reconnecting, <span aria-live="off">last news {seconds(now - link.lastNews)} ago</span>
          </span>
        </>
      )}
      {link.state === "ended" && (
        <>
          <Sign name="cross" />
          ended: {link.by === "stop" ? "tcpmon was stopped" : "another run began"}
        </>
      )}
    </div>
  );
}
