// The Listeners that a capture tells of, in the order in which it names them first.

import { formatAddress } from "../address.ts";
import type { JournalRecord } from "../journal/records.ts";
import { SENDER } from "../model.ts";
import type { SeenListener } from "./types.ts";

/** See above. */
export class SeenListeners {
  readonly #known: Map<string, SeenListener>;
  #changed = new Set<string>();

  /** `known` are those that are known before anything is read. */
  constructor(known: readonly SeenListener[] = []) {
    this.#known = new Map(known.map((listener) => [listener.id, listener]));
  }

  get list(): readonly SeenListener[] {
    return [...this.#known.values()];
  }

  /** Takes what a record tells. */
  note(record: JournalRecord): void {
    if (record.kind !== "opened" && record.kind !== "carried") return;
    const { listener: id, listen, target, origin, forward } = record;
    const known = this.#known.get(id);
    // What tcpmon sent itself may have gone elsewhere than its Listener's clients do.
    if (origin !== undefined && known !== undefined) return;
    // What another program captured came through none: its Connections go to any number of targets.
    if (origin === undefined && listen.port === 0) {
      if (known === undefined) this.#put({ id, listen: formatAddress(listen), target: null, route: null });
      return;
    }
    if (record.route) {
      this.#put({ id, listen: record.route.listen, target: record.route.target, route: record.route });
      return;
    }
    const seen = { listen: formatAddress(listen), target: forward ? null : formatAddress(target) };
    if (known?.listen === seen.listen && known.target === seen.target) return;
    this.#put({ id, ...seen, route: known?.route ?? null });
  }

  /** Those that have changed since the last call. */
  takeChanged(): SeenListener[] {
    const changed = [...this.#changed].map((id) => this.#known.get(id)!);
    if (changed.length > 0) this.#changed = new Set();
    return changed;
  }

  #put(listener: SeenListener): void {
    this.#known.set(listener.id, listener);
    this.#changed.add(listener.id);
  }
}

/** Whether a Listener's id is that of what the Sender sent, in whichever capture. */
export function isSender(id: string): boolean {
  return id === SENDER || id.endsWith(`.${SENDER}`);
}
