// The layout of a batch: how records lie in the shared memory between the recorder (main thread) and the journal's
// worker. A batch is a run of records; each is a header of HEADER bytes and its body, padded to 8 bytes.
// It knows nothing of pcapng, files or sockets.

import type { Direction } from "../model.ts";

/** Size of one batch, bytes. */
export const BATCH = 1 << 20;
/** Size of a record's header: kind (u32), connection (u32), time (f64, ms), length (u32), flags (u32). */
export const HEADER = 24;

/** Kinds of records: bytes of one Direction, or one of the Observer's other events as JSON. */
export const UPSTREAM = 0;
export const DOWNSTREAM = 1;
export const EVENT = 2;

/** Flag of a piece that is followed by more of the same Chunk. */
const MORE = 1;

/** One record, as `BatchReader` gives it. */
export interface BatchRecord {
  readonly kind: number;
  readonly connection: number;
  readonly at: number;
  /** False where more pieces of the same Chunk follow. */
  readonly last: boolean;
  readonly body: Uint8Array;
}

/** The kind of record that holds bytes of `direction`. */
export function kindOf(direction: Direction): number {
  return direction === "upstream" ? UPSTREAM : DOWNSTREAM;
}

/** Appends records to one batch. */
export class BatchWriter {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  /** Bytes in use. */
  length = 0;

  constructor(readonly memory: SharedArrayBuffer) {
    this.#view = new DataView(memory);
    this.#bytes = new Uint8Array(memory);
  }

  /** How long a record's body may be to fit in what is left; negative when not even its header does. */
  get room(): number {
    return this.#bytes.length - this.length - HEADER;
  }

  /** Appends one record; its body must fit (`room`). */
  append(kind: number, connection: number, at: number, body: Uint8Array, more: boolean): void {
    const start = this.length;
    this.#view.setUint32(start, kind, true);
    this.#view.setUint32(start + 4, connection, true);
    this.#view.setFloat64(start + 8, at, true);
    this.#view.setUint32(start + 16, body.length, true);
    this.#view.setUint32(start + 20, more ? MORE : 0, true);
    this.#bytes.set(body, start + HEADER);
    this.length = start + HEADER + ((body.length + 7) & ~7);
  }
}

/** The records of a batch in order. Their bodies lie in `memory` itself. */
export function* readBatch(memory: SharedArrayBuffer, length: number): Generator<BatchRecord> {
  const view = new DataView(memory);
  const bytes = new Uint8Array(memory);
  for (let start = 0; start < length;) {
    const size = view.getUint32(start + 16, true);
    yield {
      kind: view.getUint32(start, true),
      connection: view.getUint32(start + 4, true),
      at: view.getFloat64(start + 8, true),
      last: (view.getUint32(start + 20, true) & MORE) === 0,
      body: bytes.subarray(start + HEADER, start + HEADER + size),
    };
    start += HEADER + ((size + 7) & ~7);
  }
}
