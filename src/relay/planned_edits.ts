// Edits that are known before their bytes come: an Editor (see editing_sink.ts) that makes them as those bytes pass.

import type { Edited } from "../model.ts";
import type { DirectionEditor } from "./editing_sink.ts";

/** An edit of one Direction. */
export type PlannedEdit = Omit<Edited, "connection" | "direction">;

const NO_EDITS: readonly PlannedEdit[] = Object.freeze([]);

/** Makes the edits that are planned; all else passes as it came, without being copied. */
export class PlannedEdits implements DirectionEditor {
  /** Offset of the byte that comes next. */
  #offset = 0;
  readonly #planned: PlannedEdit[] = [];
  #made: PlannedEdit[] = [];

  /** Plans an edit of bytes that have not come, behind all that are planned. */
  plan(edit: PlannedEdit): void {
    this.#planned.push(edit);
  }

  receive(bytes: Uint8Array): Uint8Array {
    const from = this.#offset;
    const to = this.#offset += bytes.length;
    const pieces: Uint8Array[] = [];
    let kept = from;
    while (this.#planned.length > 0 && this.#planned[0].offset < to) {
      const edit = this.#planned[0];
      const end = edit.offset + edit.removed;
      if (edit.offset > kept) pieces.push(bytes.subarray(kept - from, edit.offset - from));
      // The rest of what is removed may come later; the edit is told once all of it has.
      kept = Math.min(end, to);
      if (end > to) break;
      pieces.push(edit.inserted);
      this.#made.push(edit);
      this.#planned.shift();
    }
    if (kept === from && pieces.length === 0) return bytes;
    pieces.push(bytes.subarray(kept - from));
    return joined(pieces);
  }

  end(): Uint8Array {
    return new Uint8Array(0);
  }

  takeEdits(): readonly PlannedEdit[] {
    if (this.#made.length === 0) return NO_EDITS;
    const made = this.#made;
    this.#made = [];
    return made;
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
