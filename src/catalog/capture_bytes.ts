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

  /** The bytes of `direction` of the Connection with this number. */
  stream(connection: number, direction: Direction): StreamOfBytes {
    return this.#stream(connection, direction, this.readAt);
  }

  /** What was decrypted of `direction` of the Connection with this number. */
  decrypted(connection: number, direction: Direction): StreamOfBytes {
    return this.#stream(connection, decryptedStream(direction), this.readDecrypted);
  }

  #stream(connection: number, direction: Direction | DecryptedStream, readAt: ReadAt): StreamOfBytes {
    let run: StoredRun | null = null;
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
            fillGap(gap.end - gap.start, at - gap.start, into.subarray(filled, filled + wanted));
            filled += wanted;
            continue;
          }
          const count = readAt(position, into.subarray(filled, filled + wanted));
          if (count === 0) {
            // The file that had them is not kept any more.
            fillGap(length, 0, into.subarray(filled, filled + wanted));
            filled += wanted;
            continue;
          }
          filled += count;
          if (count < wanted) break;
        }
        return filled;
      },
      gaps: (from, to) => {
        const found: Gap[] = [];
        for (let at = from; at < to;) {
          if (!run || at < run.start || at >= run.end) run = this.#runAt(connection, direction, at);
          if (!run) break;
          found.push(...run.gaps(at, to));
          at = run.end;
        }
        return found;
      },
    };
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
