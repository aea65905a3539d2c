// The bytes of a Direction, found by the extents of the index and read from the capture file. Every read looks up the
// extents it needs, so bytes that came since the last one are there.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Direction } from "../model.ts";
import { type DecryptedStream, decryptedStream } from "./decrypted_file.ts";
import { fillGap } from "../decode/gap.ts";
import { type Gap, StoredRun } from "./extents.ts";

/** Reads the file: fills `into` from `position` on, returns how many bytes it got. */
export type ReadAt = (position: number, into: Uint8Array) => number;

/** One Direction of one Connection. */
export interface StreamOfBytes {
  /** Fills `into` with the bytes from `offset` on, as far as there are any; returns how many. */
  read(offset: number, into: Uint8Array): number;
  /** The gaps that overlap the bytes from `from` to `to`, in order and whole; `read` gives filler for them (see `fillGap`). */
  gaps(from: number, to: number): readonly Gap[];
}

/** All recorded bytes, by Connection and Direction. */
export class CaptureBytes {
  readonly #full: StatementSync;
  readonly #latest: Readonly<Record<Direction | DecryptedStream, StatementSync>>;

  /** `readDecrypted` reads from the file of what was decrypted. */
  constructor(
    database: DatabaseSync,
    private readonly readAt: ReadAt,
    private readonly readDecrypted: ReadAt = () => 0,
  ) {
    this.#full = database.prepare(
      "SELECT start, run FROM extent WHERE connection = ? AND direction = ? AND start <= ? " +
        "ORDER BY start DESC LIMIT 1",
    );
    const latest = (direction: Direction) =>
      database.prepare(
        `SELECT ${direction}_start AS start, ${direction}_run AS run FROM connection WHERE id = ?`,
      );
    const decrypted = (direction: Direction) =>
      database.prepare(
        `SELECT start, run FROM decrypted WHERE connection = ? AND direction = '${direction}'`,
      );
    this.#latest = {
      upstream: latest("upstream"),
      downstream: latest("downstream"),
      "decrypted upstream": decrypted("upstream"),
      "decrypted downstream": decrypted("downstream"),
    };
  }

  /**
   * The bytes of `direction` of the Connection with this number. Whoever reads nothing before byte `first` is told there
   * of what is missing around it.
   */
  stream(connection: number, direction: Direction, first = 0): StreamOfBytes {
    return this.#stream(connection, direction, this.readAt, first);
  }

  /** What was decrypted of `direction` of the Connection with this number. */
  decrypted(connection: number, direction: Direction): StreamOfBytes {
    return this.#stream(connection, decryptedStream(direction), this.readDecrypted, 0);
  }

  #stream(
    connection: number,
    direction: Direction | DecryptedStream,
    readAt: ReadAt,
    first: number,
  ): StreamOfBytes {
    let run: StoredRun | null = null;
    /** What was gone when it was last looked at; null until then. */
    let gone: number | null = null;
    return {
      read: (offset, into) => {
        let filled = 0;
        while (filled < into.length) {
          const at = offset + filled;
          if (!run || at < run.start || at >= run.end) run = this.#runAt(connection, direction, at);
          if (!run) break;
          const { position, length, gap } = run.find(at);
          const wanted = Math.min(length, into.length - filled);
          if (gap) {
            const start = at < first ? gap.start : Math.max(gap.start, first);
            fillGap(gap.end - start, at - start, into.subarray(filled, filled + wanted));
            filled += wanted;
            continue;
          }
          const count = readAt(position, into.subarray(filled, filled + wanted));
          if (count === 0) {
            gone = this.#gone(connection, direction, readAt);
            const [start, end] = gone > at ? [at < first ? 0 : first, gone] : [at, at + length];
            const missing = Math.min(end - at, into.length - filled);
            fillGap(end - start, at - start, into.subarray(filled, filled + missing));
            filled += missing;
            continue;
          }
          filled += count;
          if (count < wanted) break;
        }
        return filled;
      },
      gaps: (from, to) => {
        gone ??= this.#gone(connection, direction, readAt);
        const found: Gap[] = gone > from && to > from ? [{ start: 0, end: gone }] : [];
        for (let at = Math.max(from, gone); at < to;) {
          if (!run || at < run.start || at >= run.end) run = this.#runAt(connection, direction, at);
          if (!run) break;
          for (const gap of run.gaps(at, to)) {
            const last = found.at(-1);
            if (last?.end === gap.start) found[found.length - 1] = { start: last.start, end: gap.end };
            else found.push(gap);
          }
          at = run.end;
        }
        return found;
      },
    };
  }

  /** How many bytes a stream begins with that are not kept any more: the oldest files of a capture go first. */
  #gone(connection: number, direction: Direction | DecryptedStream, readAt: ReadAt): number {
    const probe = new Uint8Array(1);
    const isThere = ({ position }: { readonly position: number }) => readAt(position, probe) > 0;
    let gone = 0;
    for (let at = 0;;) {
      const run = this.#runAt(connection, direction, at);
      const places = run?.places() ?? [];
      if (!run || (places.length > 0 && isThere(places[0]))) break;
      if (places.length > 0 && isThere(places[places.length - 1])) {
        gone = places[places.findIndex(isThere) - 1].end;
        break;
      }
      if (places.length > 0) gone = run.end;
      at = run.end;
    }
    return gone;
  }

  /** The run that holds byte `offset` of a stream; null where there is no such byte. */
  #runAt(connection: number, direction: Direction | DecryptedStream, offset: number): StoredRun | null {
    const latest = runOf(this.#latest[direction].get(connection));
    if (!latest) return null;
    const run = offset >= latest.start ? latest : runOf(this.#full.get(connection, direction, offset));
    return run && offset < run.end ? run : null;
  }
}

function runOf(row: unknown): StoredRun | null {
  if (!row) return null;
  const { start, run } = row as { readonly start: number; readonly run: Uint8Array };
  return new StoredRun(start, run);
}
