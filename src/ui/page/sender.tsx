// The tab that will send requests of one's own. It says what will be there, and what there is until then.

import type { JSX } from "preact";
import { CopyLine } from "./copy_line.tsx";
import { reachedAt } from "./addresses.ts";
import { state } from "./state/store.ts";

/** See above. */
export function Sender(): JSX.Element {
  const listener = state.value.listeners.find(({ state }) => state === "listening");
  return (
    <div class="sheet">
      <div>
        <h2>Sender</h2>
        <p class="quiet">Sending comes with a later version.</p>
      </div>
      <aside>
        <h3>What will be here</h3>
        <p>
          A request of your own, to any target: typed, pasted, or taken from an exchange and changed. It is
          sent byte for byte, recorded like every other, and its answer stands beside it.
        </p>
        <h3>Until then</h3>
        {listener
          ? (
            <>
              <p class="before">Send through a listener with curl:</p>
              <CopyLine text={`curl -i http://${reachedAt(listener.listen)}/`} />
            </>
          )
          : <p>Add a listener, and send through it with a program of yours.</p>}
      </aside>
    </div>
  );
}
