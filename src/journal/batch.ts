// The layout of a batch: how records lie in the shared memory between the recorder (main thread) and the journal's
// worker. A batch is a run of records; each is a header of HEADER bytes and its body, padded to 8 bytes.
// It knows nothing of pcapng, files or sockets.

/** Size of one batch, bytes. */
export const BATCH = 1 << 20;
/** Size of a record's header: kind (u32), connection (u32), time (f64, ms), length (u32), flags (u32). */
export const HEADER = 24;

/** Kinds of records. The body of the first two is bytes of one Direction; of the others, their comment or nothing. */
export const Kind = {
  upstream: 0,
  downstream: 1,
  opened: 2,
  connected: 3,
  clientEnded: 4,
  targetEnded: 5,
  closed: 6,
  failed: 7,
  upstreamEdited: 8,
  downstreamEdited: 9,
  clientSecured: 10,
  targetSecured: 11,
} as const;
export type Kind = typeof Kind[keyof typeof Kind];

/** Flag of a piece that is followed by more of the same Chunk. */
export const MORE = 1;
/** Flag of an end that was not an orderly one. */
export const ABRUPT = 2;

/** One record. */
export interface BatchRecord {
  readonly kind: Kind;
  readonly connection: number;
  /** ms since the epoch. */
  readonly at: number;
  /** MORE, ABRUPT or 0. */
  readonly flags: number;
  readonly body: Uint8Array;
}

/** Appends records to one batch. */
export class BatchWriter {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  /** Bytes in use. */
  length = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#view = new DataView(memory);
    this.#bytes = new Uint8Array(memory);
  }

  /** How long a record's body may be to fit in what is left; negative when not even its header does. */
  get room(): number {
    return this.#bytes.length - this.length - HEADER;
  }

  /** Appends one record; its body must fit (`room`). */
  append(kind: Kind, connection: number, at: number, flags: number, body: Uint8Array): void {
    this.#bytes.set(body, this.length + HEADER);
    this.#head(kind, connection, at, flags, body.length);
  }

  /** Appends one record with a text, as UTF-8, where there is `utf8Room` for it. */
  appendText(kind: Kind, connection: number, at: number, flags: number, text: string): void {
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(this.length + HEADER));
    this.#head(kind, connection, at, flags, written);
  }

  /** Writes the header before a body that is there. */
  #head(kind: Kind, connection: number, at: number, flags: number, length: number): void {
    const start = this.length;
    this.#view.setUint32(start, kind, true);
    this.#view.setUint32(start + 4, connection, true);
    this.#view.setFloat64(start + 8, at, true);
    this.#view.setUint32(start + 16, length, true);
    this.#view.setUint32(start + 20, flags, true);
    this.length = start + HEADER + ((length + 7) & ~7);
  }
}

/** Room in which a text fits as UTF-8 in any case, bytes: the most that its characters may take, or what it takes. */
export function utf8Room(text: string): number {
  const most = text.length * 3;
  return most < BATCH / 4 ? most : encoder.encode(text).length;
}

const encoder = new TextEncoder();

/** The records of a batch in order. Their bodies lie in `memory` itself. */
export function* readBatch(memory: SharedArrayBuffer, length: number): Generator<BatchRecord> {
  const view = new DataView(memory);
  const bytes = new Uint8Array(memory);
  for (let start = 0; start < length;) {
    const size = view.getUint32(start + 16, true);
    yield {
      kind: view.getUint32(start, true) as Kind,
      connection: view.getUint32(start + 4, true),
      at: view.getFloat64(start + 8, true),
      flags: view.getUint32(start + 20, true),
      body: bytes.subarray(start + HEADER, start + HEADER + size),
    };
    start += HEADER + ((size + 7) & ~7);
  }
}
