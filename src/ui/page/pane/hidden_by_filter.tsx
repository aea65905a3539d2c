// Says of the Exchange in the panes that the table does not have it, because the filter hides it; and the way to its row.
// It asks the program where the rows that are known do not tell.

import type { JSX } from "preact";
import { computed } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Exchange } from "../../types.ts";
import { fetchExchanges, isThere } from "../api.ts";
import { goToUnfiltered } from "../origins.ts";
import { isPartial } from "../state/derived.ts";
import { ordinalOf } from "../state/rows.ts";
import { NEWEST_FIRST } from "../state/sort.ts";
import { filterNow, openedNow } from "../state/store.ts";
import { whenSeen } from "./alarm.ts";

/** While contents are searched it is asked again after so long, ms. */
const AGAIN_MS = 1_000;

/** See above; nothing where the table has it. */
export function HiddenByFilter({ exchange }: { readonly exchange: Exchange }): JSX.Element | null {
  if (!useHidden(exchange)) return null;
  return (
    <p class="pane-note" role="note" aria-label="Not in the table">
      The filter hides this exchange.{" "}
      <button type="button" class="link" onClick={() => void goToUnfiltered(exchange)}>
        Clear the filter and go to its row
      </button>
    </p>
  );
}

function useHidden({ id, listener, state, status }: Exchange): boolean {
  const filter = filterNow.value;
  const inTable = useMemo(
    () => computed(() => openedNow.value !== null && ordinalOf(openedNow.value.view.rows, id) !== null),
    [id],
  ).value;
  const key = filter === "" || inTable ? "" : JSON.stringify([id, state, status, filter]);
  const [hidden, keep] = useState("");
  useEffect(() => {
    if (key === "") return;
    const over = new AbortController();
    let callOff = () => {};
    const look = async () => {
      // With a space, for a parenthesis would be part of a word that one opens in.
      const wanted = { filter: `id:${id} (${filter} )`, sort: NEWEST_FIRST, offset: 0, limit: 1 };
      const { total, search } = await fetchExchanges(listener, wanted, over.signal);
      if (over.signal.aborted || total > 0) return;
      if (!isPartial(search ?? null)) {
        // One that was removed is nowhere, which is said elsewhere.
        if (await isThere(id)) keep(key);
      } else if (search!.stopped === null) callOff = whenSeen(AGAIN_MS, ask);
    };
    // Without an answer nothing is said: what is wrong is said where the rows are asked for.
    const ask = () => void look().catch(() => {});
    ask();
    return () => {
      over.abort();
      callOff();
    };
  }, [key]);
  return key !== "" && hidden === key;
}
