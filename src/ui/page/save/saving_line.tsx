// What is being saved, or has just been, in the foot: in place of what stands there, so that nothing moves for it.

import type { JSX } from "preact";
import { savedSize, savingWords } from "./said.ts";
import { saving } from "./saving.ts";

/** See above. It is read out when it begins and when it ends, not with every byte. */
export function SavingLine(): JSX.Element {
  const now = saving.value;
  return (
    <span class={now ? "facts saving" : "unseen"}>
      <span aria-live="polite">{now && savingWords(now)}</span>
      {now && savedSize(now) !== "" && <span class="quiet">, {savedSize(now)}</span>}
      {now?.state === "going" && <button type="button" class="link" onClick={now.stop}>Stop</button>}
    </span>
  );
}
