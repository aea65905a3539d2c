// The Wire of a Message that stands in a row of the index.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { CaptureBytes } from "./capture_bytes.ts";
import { type StoredMessage, unpackMessage } from "./facts.ts";
import { exchangeId } from "./rows.ts";
import type { Wire } from "./wire.ts";

/** The sides of an Exchange. */
export type Side = "request" | "response";

/** Makes Wires. */
export class Wires {
  readonly #messages: Readonly<Record<Side, StatementSync>>;

  constructor(database: DatabaseSync, private readonly bytes: CaptureBytes) {
    const message = (side: Side) => database.prepare(`SELECT ${side} AS message FROM exchange WHERE id = ?`);
    this.#messages = { request: message("request"), response: message("response") };
  }

  /** The Wire of `side` of an Exchange, whose row says `message`. */
  of(exchange: number, connection: number, side: Side, message: StoredMessage): Wire {
    const { direction, decrypted } = message;
    const stream = decrypted
      ? this.bytes.decrypted(connection, direction)
      : this.bytes.stream(connection, direction, message.start);
    let latest = message;
    const extent = () => {
      if (latest.state === "open") latest = this.#look(exchange, side) ?? { ...latest, state: "cut" };
      return { length: latest.end - latest.start, complete: latest.state !== "open" };
    };
    return {
      key: `${exchangeId(exchange)}/${side}`,
      headBytes: message.bodyStart - message.start,
      framing: message.framing,
      extent,
      read: (from, into) => {
        const wanted = Math.max(0, Math.min(into.length, extent().length - from));
        return wanted === 0 ? 0 : stream.read(message.start + from, into.subarray(0, wanted));
      },
      gaps: (from, to) => {
        const { start } = message;
        const length = extent().length;
        return stream.gaps(start + from, start + Math.min(to, length)).map((gap) => ({
          start: Math.max(0, gap.start - start),
          end: Math.min(length, gap.end - start),
        }));
      },
    };
  }

  /** The Message as its row says it now; null where the row was removed. */
  #look(exchange: number, side: Side): StoredMessage | null {
    const row = this.#messages[side].get(exchange) as { readonly message: string | null } | undefined;
    return row ? unpackMessage(row.message) : null;
  }
}
