// Passes what two sides say through a pair of Editors, whole or in pieces, and tells what came out. Checks on the way what
// must hold of every Editor: what was received and the edits give what was sent, and what is held back is a line at most.

import assert from "node:assert/strict";
import type { Edit, Editor } from "../../../src/decode/rewrite/mod.ts";
import { octets } from "../transcript.ts";

/** What one side says next: ">" is the client. */
export type Said = readonly [side: ">" | "<", text: string];

/** What was passed on to each side, as text, and the edits. */
export interface Passed {
  readonly upstream: string;
  readonly downstream: string;
  readonly edits: readonly Edit[];
  /** Why editing stopped, where that was told. */
  readonly stopped: readonly string[];
}

class Side {
  readonly received: number[] = [];
  readonly sent: number[] = [];
  readonly edits: Edit[] = [];

  constructor(private readonly editor: Editor) {}

  receive(bytes: Uint8Array): void {
    this.received.push(...bytes);
    // The pump's buffer is used again: nothing of it may be kept.
    const buffer = bytes.slice();
    this.sent.push(...this.editor.receive(buffer));
    buffer.fill(0x21);
    this.edits.push(...this.editor.takeEdits());
  }

  end(): void {
    this.sent.push(...this.editor.end());
    this.edits.push(...this.editor.takeEdits());
    assert.deepEqual(Uint8Array.from(this.sent), applied(Uint8Array.from(this.received), this.edits));
  }
}

/** What was sent, from what was received and the edits. */
export function applied(received: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const sent: number[] = [];
  let at = 0;
  for (const { offset, removed, inserted } of edits) {
    assert.ok(offset >= at && offset + removed <= received.length, "edits are in order and do not overlap");
    sent.push(...received.subarray(at, offset), ...inserted);
    at = offset + removed;
  }
  sent.push(...received.subarray(at));
  return Uint8Array.from(sent);
}

/** How a text is cut: `sizes` gives the length of each piece in turn. */
export type Sizes = () => number;

/** Passes everything on in pieces. */
export function pass(
  editors: { readonly upstream: Editor; readonly downstream: Editor },
  conversation: readonly Said[],
  sizes: Sizes = () => Infinity,
): Passed {
  const up = new Side(editors.upstream);
  const down = new Side(editors.downstream);
  for (const [side, text] of conversation) {
    const bytes = octets(text);
    for (let from = 0; from < bytes.length;) {
      const to = Math.min(bytes.length, from + sizes());
      (side === ">" ? up : down).receive(bytes.subarray(from, to));
      from = to;
    }
  }
  up.end();
  down.end();
  const edits = [...up.edits, ...down.edits];
  return {
    upstream: text(up.sent),
    downstream: text(down.sent),
    edits: edits.filter(({ stopped }) => stopped === undefined),
    stopped: edits.flatMap(({ stopped }) => stopped ?? []),
  };
}

function text(bytes: readonly number[]): string {
  let out = "";
  for (const byte of bytes) out += String.fromCharCode(byte);
  return out;
}

/** Sizes from 1 to 40 that a seed gives (mulberry32). */
export function randomSizes(seed: number): Sizes {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return 1 + ((t ^ (t >>> 14)) >>> 0) % 40;
  };
}
