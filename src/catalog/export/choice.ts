// The Exchanges of one export, read from the index some rows at a time, oldest first. Knows nothing of formats.

import type { DatabaseSync } from "node:sqlite";
import type { Connection, Exchange } from "../../model.ts";
import { type BodySource, openBody } from "../body.ts";
import type { Details, OpenedMessage } from "../details.ts";
import {
  CONNECTION_COLUMNS,
  connectionOf,
  type ConnectionRow,
  EXCHANGE_COLUMNS,
  exchangeOf,
  type StoredExchange,
} from "../rows.ts";
import type { Slices } from "../slices.ts";
import type { ExchangeDetail } from "../types.ts";
import type { Side } from "../wire_of_row.ts";

/** So many rows are read at once. */
const ROWS = 200;
/** Of so many it is looked at the beginning whether they are there. */
const MOST_LOOKED_FOR = 100_000;
const COLUMNS = `${EXCHANGE_COLUMNS.join(", ")}, request, response, interim`;

/** What is read from. */
export interface ChoiceFrom {
  readonly database: DatabaseSync;
  readonly details: Details;
  /** For bodies that are too large for memory. */
  readonly folder: string;
  readonly slices: Slices;
}

/** An Exchange of an export. */
export interface Chosen {
  readonly row: StoredExchange;
  readonly connection: Connection;
  /** Its row. */
  exchange(): Exchange;
  /** All but the bytes. */
  detail(): Promise<ExchangeDetail>;
  /** One side of it, as it came or (`sent`) as it was passed on; null where there is none. */
  message(side: Side, sent?: boolean): Promise<OpenedMessage | null>;
  /** The body of one side, without codings, decoded as far as it has come; null where there is none. To be closed. */
  body(side: Side): Promise<BodySource | null>;
}

/** Which Exchanges are exported. */
export interface Choice {
  readonly count: number;
  /** The Exchange where it is one and is there; otherwise null. */
  only(): Exchange | null;
  /** All that are still there, oldest first. */
  exchanges(): AsyncIterable<Chosen> | Iterable<Chosen>;
}

/** Those of the index. */
export class IndexChoice implements Choice {
  readonly count: number;
  readonly #last: number;
  readonly #numbers: Float64Array | null;

  /** `numbers` in ascending order, of which some may be gone; null for all of `listener` (or of all) that there are now. */
  constructor(
    private readonly from: ChoiceFrom,
    numbers: Float64Array | null,
    private readonly listener: string | undefined,
  ) {
    const there = from.database.prepare("SELECT 1 FROM exchange WHERE id = ?");
    // So many come from a filter, just now.
    const isFew = numbers !== null && numbers.length <= MOST_LOOKED_FOR;
    this.#numbers = isFew ? numbers.filter((number) => there.get(number) !== undefined) : numbers;
    const { count, last } = from.database
      .prepare(`SELECT count(*) AS count, max(id) AS last FROM exchange${this.#where(" WHERE ", "")}`)
      .get(...this.#listeners) as { readonly count: number; readonly last: number | null };
    this.count = this.#numbers?.length ?? count;
    this.#last = last ?? -1;
  }

  only(): Exchange | null {
    if (this.count !== 1) return null;
    for (const row of this.#rows()) return exchangeOf(row);
    return null;
  }

  *exchanges(): Generator<Chosen, void, void> {
    const { database, details, folder, slices } = this.from;
    const find = database.prepare(`SELECT ${CONNECTION_COLUMNS.join(", ")} FROM connection WHERE id = ?`);
    let known: ConnectionRow | undefined;
    for (const row of this.#rows()) {
      if (known?.id !== row.connection) {
        known = find.get(row.connection) as unknown as ConnectionRow | undefined;
      }
      if (!known) continue;
      yield {
        row,
        connection: connectionOf(known),
        exchange: () => exchangeOf(row),
        detail: () => details.detail(row),
        message: (side, sent) => Promise.resolve(details.messageOf(row, side, sent)),
        body: async (side) => {
          const message = details.messageOf(row, side);
          if (!message) return null;
          const body = openBody(message.wire, message.facts, { folder, slices });
          try {
            await body.advance(Infinity);
            return body;
          } catch (error) {
            body.close();
            throw error;
          }
        },
      };
    }
  }

  /** Rows are read some at a time, so that no reader keeps the index from being tidied up. */
  *#rows(): Generator<StoredExchange, void, void> {
    const { database } = this.from;
    if (this.#numbers !== null) {
      const find = database.prepare(`SELECT ${COLUMNS} FROM exchange WHERE id = ?`);
      for (const number of this.#numbers) {
        const row = find.get(number) as unknown as StoredExchange | undefined;
        if (row) yield row;
      }
      return;
    }
    const after = database.prepare(
      `SELECT ${COLUMNS} FROM exchange WHERE ${this.#where("", " AND ")}id > ? AND id <= ? ` +
        `ORDER BY id LIMIT ${ROWS}`,
    );
    for (let last = -1;;) {
      const rows = after.all(...this.#listeners, last, this.#last) as unknown as StoredExchange[];
      yield* rows;
      if (rows.length < ROWS) return;
      last = rows[rows.length - 1].id;
    }
  }

  #where(before: string, behind: string): string {
    return this.listener === undefined ? "" : `${before}listener = ?${behind}`;
  }

  get #listeners(): string[] {
    return this.listener === undefined ? [] : [this.listener];
  }
}
