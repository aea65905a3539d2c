// What is said while a file is over the page, and while one is on its way to the program.

import type { JSX } from "preact";
import { coming, isOver } from "./opening.ts";

/** See above. */
export function DropSign(): JSX.Element | null {
  if (isOver.value) {
    return (
      <div class="drop-sign">
        <p>Drop it to open it as a capture: pcapng, pcap or HAR</p>
      </div>
    );
  }
  if (coming.value === null) return null;
  return <p class="coming" role="note" aria-live="polite">Opening {coming.value}…</p>;
}
