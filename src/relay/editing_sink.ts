// A stage before a leg in which an Editor may put other bytes than those that came, and that tells of each such edit.
// It knows nothing of what the bytes mean, and keeps none itself: what is held back is the Editor's.

import type { Address, Direction, Edited, Observer } from "../model.ts";
import type { Outlet, Sink } from "./sink.ts";

/** Edits one Direction; see `Editor` of src/decode/rewrite/rules.ts, which is one. */
export interface DirectionEditor {
  /** Gives the bytes to pass on now; they are valid until the next call. */
  receive(bytes: Uint8Array): Uint8Array;
  /** The Direction has ended: gives the bytes that were held back. */
  end(): Uint8Array;
  /** The edits since the last call. */
  takeEdits(): readonly Omit<Edited, "connection" | "direction">[];
}

/** What is known of a Connection when its Editors are made. */
export interface EditedLegs {
  readonly listen: Address;
  readonly target: Address;
  /** The address that the client reached. */
  readonly local: Address;
  /** Whether the client speaks TLS with the monitor; known once its first bytes have come. */
  clientInTls(): boolean;
}

/** Makes the Editors of a Connection; none for a Direction that passes as it comes. */
export type MakeEditors = (legs: EditedLegs) => Readonly<Partial<Record<Direction, DirectionEditor>>>;

/** Writes to the Sink of `outlet` what an Editor makes of what it is given. */
export class EditingSink implements Sink {
  constructor(
    private readonly outlet: Outlet,
    private readonly editor: DirectionEditor,
    private readonly connection: number,
    private readonly direction: Direction,
    private readonly observer: Observer,
  ) {}

  async write(bytes: Uint8Array): Promise<number> {
    const passed = this.editor.receive(bytes);
    this.#tell();
    await this.#pass(passed);
    return bytes.length;
  }

  /** Writes what is held back: the Direction has ended. */
  async flush(): Promise<void> {
    const held = this.editor.end();
    this.#tell();
    await this.#pass(held);
  }

  async closeWrite(): Promise<void> {
    await this.flush();
    await this.outlet.sink.closeWrite();
  }

  async #pass(bytes: Uint8Array): Promise<void> {
    for (let written = 0; written < bytes.length;) {
      written += await this.outlet.sink.write(written === 0 ? bytes : bytes.subarray(written));
    }
  }

  // Before the bytes are written, as chunks are: what could not be delivered is recorded, too.
  #tell(): void {
    for (const edit of this.editor.takeEdits()) {
      this.observer.edited({ connection: this.connection, direction: this.direction, ...edit });
    }
  }
}
