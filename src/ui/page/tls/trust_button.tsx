// What opens the list of how clients come to trust tcpmon's own authority.

import type { JSX } from "preact";
import { openTrust } from "./authority.ts";

/** See above; on a listener's line. */
export function TrustButton(): JSX.Element {
  return (
    <span class="statement" title="Clients are shown certificates that tcpmon's own authority issues.">
      clients are shown certificates of tcpmon's authority
      <button type="button" class="button bordered" aria-haspopup="dialog" onClick={openTrust}>
        Trust it
      </button>
    </span>
  );
}
