// The turns of a client while they are edited: what is sent on one connection, one after the other, with the target's turn
// waited for in between. One immutable value; each function gives the next. Pure.

import { bytesOfEscaped, escapedOf } from "../../../decode/draft/escaped_text.ts";
import { bytesOfHex, hexOf } from "../../../decode/draft/hex_text.ts";
import { type InputError, reading } from "./body_input.ts";

/** How a turn is edited: as text with escapes for what is none, or in hex. */
export type TurnMode = "escapes" | "hex";

/** What the target said when it was recorded. */
export interface Answer {
  /** Its first bytes, with escapes. */
  readonly start: string;
  readonly bytes: number;
}

/** One turn of the client. */
export interface ClientTurn {
  /** Unique among the turns, and never given again. */
  readonly id: number;
  readonly mode: TurnMode;
  /** As typed. */
  readonly text: string;
  /** What the target answered to it; null for one that was added, or where it said nothing. */
  readonly answer: Answer | null;
}

/** See the top of this file. */
export interface TurnsEditing {
  readonly turns: readonly ClientTurn[];
  /** What the target said before the first turn; null where the client spoke first. */
  readonly greeting: Answer | null;
  /** The turn that is open; null for none. */
  readonly chosen: number | null;
  /** A turn of the target's is over after so long without a byte, ms, as typed. */
  readonly quiet: string;
  /** Whether the sending side ends with the last turn. */
  readonly endAfterTurns: boolean;
  readonly nextId: number;
}

/** What the turns come to. */
export interface TurnsOutcome {
  /** Null while something typed cannot be sent. */
  readonly turns: readonly Uint8Array[] | null;
  readonly errors: ReadonlyMap<number, InputError>;
  /** How many bytes each turn has that can be read. */
  readonly sizes: ReadonlyMap<number, number>;
  readonly quietMs: number;
  readonly quietError: string | null;
}

/** As of the API. */
const QUIET = { least: 10, most: 60_000, usual: 200 } as const;

/** Recorded turns to edit, each with the answer to it; the last one is open. */
export function turnsOf(
  recorded: readonly { readonly bytes: Uint8Array; readonly answer: Answer | null }[],
  greeting: Answer | null,
): TurnsEditing {
  const turns = recorded.map(({ bytes, answer }, id) => ({ id, ...typed(bytes), answer }));
  return {
    turns,
    greeting,
    chosen: turns.at(-1)?.id ?? null,
    quiet: String(QUIET.usual),
    endAfterTurns: false,
    nextId: turns.length,
  };
}

/** With another text of a turn. */
export function withTurn(editing: TurnsEditing, id: number, text: string): TurnsEditing {
  return changed(editing, id, (turn) => ({ ...turn, text }));
}

/** With a turn edited in another way; as it is where what is typed cannot be read. */
export function withTurnMode(editing: TurnsEditing, id: number, mode: TurnMode): TurnsEditing {
  return changed(editing, id, (turn) => {
    const read = bytesOfTurn(turn);
    if (turn.mode === mode || "error" in read) return turn;
    return { ...turn, mode, text: mode === "hex" ? hexOf(read.bytes) : escapedOf(read.bytes) };
  });
}

/** With another turn open; null for none. */
export function withChosen(editing: TurnsEditing, chosen: number | null): TurnsEditing {
  return { ...editing, chosen };
}

/** With a turn one place earlier or later. What was answered stays with what it was the answer to. */
export function withTurnMoved(editing: TurnsEditing, id: number, by: 1 | -1): TurnsEditing {
  const turns = [...editing.turns];
  const at = turns.findIndex((turn) => turn.id === id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= turns.length) return editing;
  [turns[at], turns[to]] = [turns[to], turns[at]];
  return { ...editing, turns };
}

/** Without a turn; the last one stays. */
export function withoutTurn(editing: TurnsEditing, id: number): TurnsEditing {
  const at = editing.turns.findIndex((turn) => turn.id === id);
  if (at < 0 || editing.turns.length === 1) return editing;
  const turns = editing.turns.filter((turn) => turn.id !== id);
  const chosen = editing.chosen === id ? turns[Math.min(at, turns.length - 1)].id : editing.chosen;
  return { ...editing, turns, chosen };
}

/** With an empty turn after all others, which is open. */
export function withTurnAdded(editing: TurnsEditing): TurnsEditing {
  const { turns, nextId } = editing;
  const mode = turns.at(-1)?.mode ?? "escapes";
  return {
    ...editing,
    turns: [...turns, { id: nextId, mode, text: "", answer: null }],
    chosen: nextId,
    nextId: nextId + 1,
  };
}

/** With another quiet time, as typed. */
export function withQuiet(editing: TurnsEditing, quiet: string): TurnsEditing {
  return { ...editing, quiet };
}

/** With another choice for the end of the sending side. */
export function withEnd(editing: TurnsEditing, endAfterTurns: boolean): TurnsEditing {
  return { ...editing, endAfterTurns };
}

/** See TurnsOutcome. */
export function turnsOutcomeOf({ turns, quiet }: TurnsEditing): TurnsOutcome {
  const errors = new Map<number, InputError>();
  const sizes = new Map<number, number>();
  const all: Uint8Array[] = [];
  for (const turn of turns) {
    const read = bytesOfTurn(turn);
    if ("error" in read) errors.set(turn.id, read.error);
    else {
      sizes.set(turn.id, read.bytes.length);
      all.push(read.bytes);
      if (read.bytes.length === 0) {
        errors.set(turn.id, {
          text: "Cannot send an empty turn. Write something, or remove it.",
          place: null,
        });
      }
    }
  }
  const quietMs = /^\s*\d+\s*$/.test(quiet) ? Number(quiet) : NaN;
  const isInRange = quietMs >= QUIET.least && quietMs <= QUIET.most;
  return {
    turns: errors.size === 0 && isInRange ? all : null,
    errors,
    sizes,
    quietMs,
    quietError: isInRange
      ? null
      : `The quiet time is a number of milliseconds from ${QUIET.least} to ${
        QUIET.most.toLocaleString("en-US")
      }.`,
  };
}

/** The bytes of a turn, as far as it can be read. */
export function bytesOfTurn({ mode, text }: ClientTurn) {
  return reading(() => mode === "hex" ? bytesOfHex(text) : bytesOfEscaped(text));
}

/** Bytes with more than a third of escapes are edited in hex. */
function typed(bytes: Uint8Array): Pick<ClientTurn, "mode" | "text"> {
  const text = escapedOf(bytes);
  const strange = text.match(/\\x/g)?.length ?? 0;
  return strange * 3 > bytes.length ? { mode: "hex", text: hexOf(bytes) } : { mode: "escapes", text };
}

function changed(editing: TurnsEditing, id: number, next: (turn: ClientTurn) => ClientTurn): TurnsEditing {
  return { ...editing, turns: editing.turns.map((turn) => turn.id === id ? next(turn) : turn) };
}
