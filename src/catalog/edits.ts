// What the monitor passed on instead of what it received: the edits of a Message, as the index holds them, the bytes
// that were sent, and what became of each line of a head.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { latin1 } from "../decode/octets.ts";
import type { HttpHead } from "../decode/types.ts";
import type { Direction } from "../model.ts";
import type { HeaderLine } from "./types.ts";

/** An edit of a Direction; see `Edited`. */
export interface StoredEdit {
  readonly offset: number;
  readonly removed: number;
  readonly inserted: Uint8Array;
  readonly stopped: string | null;
}

/** Reads the edits of the index. */
export class Edits {
  readonly #within: StatementSync;

  constructor(database: DatabaseSync) {
    this.#within = database.prepare(
      "SELECT start AS offset, removed, inserted, stopped FROM edit " +
        "WHERE connection = ? AND direction = ? AND start >= ? AND start < ? ORDER BY start, rowid",
    );
  }

  /** Those in the bytes from `from` to `to` of a Direction, in the order of their offsets. */
  within(connection: number, direction: Direction, from: number, to: number): StoredEdit[] {
    return this.#within.all(connection, direction, from, to) as unknown as StoredEdit[];
  }
}

/** Bytes with edits done to them: what was received, as it was sent. */
export class SentBytes {
  readonly length: number;
  /** What it is made of, in order: stretches of what was received, and bytes that were inserted. */
  readonly #parts: readonly {
    readonly at: number;
    readonly from: number;
    readonly bytes: Uint8Array | null;
  }[];

  /** Offsets of `edits` are counted from the first of the `received` bytes, which `read` gives. */
  constructor(
    received: number,
    edits: readonly StoredEdit[],
    private readonly read: (from: number, into: Uint8Array) => number,
  ) {
    const parts = [];
    let [at, from] = [0, 0];
    for (const { offset, removed, inserted } of edits) {
      if (offset > from) parts.push({ at, from, bytes: null });
      at += offset - from;
      if (inserted.length > 0) parts.push({ at, from: 0, bytes: inserted });
      at += inserted.length;
      from = Math.min(received, offset + removed);
    }
    if (received > from) parts.push({ at, from, bytes: null });
    this.#parts = parts;
    this.length = at + received - from;
  }

  /** Fills `into` with the bytes from `from` on, as far as there are any; returns how many. */
  fill(from: number, into: Uint8Array): number {
    let filled = 0;
    let part = this.#parts.findLastIndex(({ at }) => at <= from);
    for (; part >= 0 && part < this.#parts.length && filled < into.length; part++) {
      const { at, from: received, bytes } = this.#parts[part];
      const end = this.#parts[part + 1]?.at ?? this.length;
      const begin = from + filled - at;
      const wanted = Math.min(end - at - begin, into.length - filled);
      if (wanted <= 0) break;
      const room = into.subarray(filled, filled + wanted);
      if (bytes === null) {
        const count = this.read(received + begin, room);
        filled += count;
        if (count < wanted) break;
      } else {
        room.set(bytes.subarray(begin, begin + wanted));
        filled += wanted;
      }
    }
    return filled;
  }
}

/** The lines of a head with what was sent instead of them. */
export interface SentHead {
  /** Null where it was sent as it came. */
  readonly startLine: string | null;
  readonly headers: readonly HeaderLine[];
}

/**
 * What became of the lines of `head`, which are `bytes` of a Direction from `start` on. `edits` are those within it, with
 * offsets of the Direction.
 */
export function sentHead(
  head: HttpHead,
  bytes: Uint8Array,
  start: number,
  edits: readonly StoredEdit[],
): SentHead {
  const end = start + bytes.length;
  const sentLine = (from: number, to: number): string | null => {
    const own = edits.filter(({ offset, stopped }) => stopped === null && offset >= from && offset < to);
    if (own.length === 0) return null;
    const sent = new SentBytes(
      to - from,
      own.map((edit) => ({ ...edit, offset: edit.offset - from })),
      (at, into) => {
        into.set(bytes.subarray(from - start + at, from - start + at + into.length));
        return into.length;
      },
    );
    const line = new Uint8Array(sent.length);
    sent.fill(0, line);
    return latin1(line, 0, line.length).replace(/^[\r\n]+/, "").replace(/\r?\n[^]*$/, "");
  };
  const first = head.headers[0]?.offset ?? end;
  const headers = head.headers.map(({ name, value, offset }, n): HeaderLine => {
    const line = sentLine(offset, head.headers[n + 1]?.offset ?? end);
    if (line === null) return { name, value };
    return { name, value, sent: line === "" ? null : line.slice(line.indexOf(":") + 1).trim() };
  });
  return { startLine: sentLine(start, first), headers };
}
