// The records of an opened capture, moved into the spans that it has in an index of several (source_numbers.ts): their
// positions and numbers, and the ids of their Listeners, which begin with the capture's own.

import { CONNECTIONS, POSITIONS } from "../journal/capture_files.ts";
import type { ChunkRecord, JournalRecord, RecordSource } from "../journal/records.ts";
import { exchangeId, exchangeNumber } from "./rows.ts";

/** The id of an opened capture, from its number. */
export function captureId(number: number): string {
  return `k${number}`;
}

/** The id that a Listener of the capture with this number has in the index. */
export function listenerIn(number: number, listener: string): string {
  return number === 0 ? listener : `${captureId(number)}.${listener}`;
}

/** See above. */
export class ShiftedSource implements RecordSource {
  readonly #connections: number;
  readonly #positions: number;

  /** `number`: the capture's, from 1 on. */
  constructor(private readonly source: RecordSource, private readonly number: number) {
    this.#connections = number * CONNECTIONS;
    this.#positions = number * POSITIONS;
  }

  /** In the file, not in the span: what is read is told by it. */
  get position(): number {
    return this.source.position;
  }

  /** `limit` is a position in the file. */
  next(limit: number): JournalRecord | null {
    const record = this.source.next(limit);
    if (record === null || record.kind === "continued") return record;
    if (record.kind === "secrets" || record.kind === "segment") {
      return { ...record, position: record.position + this.#positions };
    }
    const connection = record.connection + this.#connections;
    switch (record.kind) {
      case "chunk":
        return { ...record, connection, position: record.position + this.#positions };
      case "opened":
      case "carried":
        return {
          ...record,
          connection,
          listener: listenerIn(this.number, record.listener),
          resendOf: record.resendOf?.map((id) => this.#exchange(id)),
        };
      default:
        return { ...record, connection };
    }
  }

  finish(): void {
    this.source.finish?.();
  }

  get leftOut(): number {
    return this.source.leftOut ?? 0;
  }

  get notes(): readonly string[] {
    return this.source.notes ?? [];
  }

  payload(chunk: ChunkRecord): Uint8Array {
    return this.source.payload({ ...chunk, position: chunk.position - this.#positions });
  }

  #exchange(id: string | null): string | null {
    const number = id === null ? null : exchangeNumber(id);
    return number === null ? id : exchangeId(number + this.#connections);
  }
}
