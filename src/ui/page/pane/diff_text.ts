// The rows of a difference as they are drawn: pieces of lines with their colours and what changed in them, sections with
// their words, and the changes that can be gone through. Pure.

import type { Difference, DiffRow, Part, ViewKind } from "../../types.ts";
import { lexTls } from "./tls_tokens.ts";
import { type Lexer, lexForm, lexJson, lexXml, type Token, type TokenKind } from "./tokens.ts";
import { count, counted } from "./words.ts";

/** A piece of a line. */
export interface Piece {
  readonly text: string;
  readonly kind: TokenKind | null;
  /** Whether the other line has something else there. */
  readonly isChanged: boolean;
}

/** A row with the pieces of its line. */
export interface DrawnRow {
  readonly row: DiffRow;
  readonly pieces: readonly Piece[];
  /** The pieces of the line after, where an equal one is written otherwise there. */
  readonly other?: readonly Piece[];
  /** Number of the change that begins with it, from 0 in all of the difference; null where none does. */
  readonly change: number | null;
}

/** Longer lines have no colours. */
const LONGEST_LINE = 20_000;

const LEXERS: Readonly<Partial<Record<ViewKind, Lexer>>> = {
  xml: lexXml,
  json: lexJson,
  form: lexForm,
  tls: lexTls,
};

/** "1 of 7 lines differs", "equal, 7 lines", "none before, 7 lines after" */
export function differenceWords({ unit, before, after, removed, added }: Difference): string {
  const all = Math.max(before, after);
  if (before === 0 && after > 0) return `none before, ${counted(after, unit ?? "line")} after`;
  if (after === 0 && before > 0) return `${counted(before, unit ?? "line")} before, none after`;
  const differ = Math.max(removed, added);
  const words = counted(all, unit ?? "line");
  if (differ === 0) return all === 0 ? "none in both" : `equal, ${words}`;
  return `${count(differ)} of ${words} ${differ === 1 ? "differs" : "differ"}`;
}

/** The rows, drawn. `changesBefore` is how many changes the parts above have. */
export function drawnRows(
  rows: readonly DiffRow[],
  kind: ViewKind | "head",
  changesBefore: number,
): readonly DrawnRow[] {
  const lexer = kind === "head" ? lexHead : LEXERS[kind];
  const states = { before: "", after: "" };
  let changes = changesBefore;
  let isIn = false;
  return rows.map((row) => {
    const isEdge = row.kind === "removed" || row.kind === "added";
    const change = isEdge && !isIn ? changes++ : null;
    isIn = isEdge;
    if (row.kind === "left-out") {
      states.before = states.after = "";
      return { row, pieces: [], change };
    }
    const side = row.kind === "removed" ? "before" : "after";
    const lexed = lexer === undefined || row.text.length > LONGEST_LINE
      ? { tokens: [], state: "" }
      : lexer(row.text, states[side]);
    states[side] = lexed.state;
    if (row.kind === "equal") states.before = lexed.state;
    const parts = row.kind === "equal" ? [] : row.parts ?? [];
    const pieces = piecesOf(row.text, lexed.tokens, parts);
    if (row.kind !== "equal" || row.other === undefined) return { row, pieces, change };
    // It is a line of a head, or bytes: what came before it does not matter.
    return { row, pieces, change, other: piecesOf(row.other, lexer?.(row.other, "").tokens ?? [], []) };
  });
}

/** How many changes rows have: runs of lines that were removed or added. */
export function changesIn(rows: readonly DiffRow[]): number {
  const isEdge = (row: DiffRow | undefined) => row?.kind === "removed" || row?.kind === "added";
  return rows.filter((row, at) => isEdge(row) && !isEdge(rows[at - 1])).length;
}

/** A line in pieces that each have one colour and are changed or not. */
export function piecesOf(text: string, tokens: readonly Token[], parts: readonly Part[]): Piece[] {
  const cuts = new Set([0, text.length]);
  for (const { from, to } of tokens) cuts.add(from).add(to);
  for (const [from, to] of parts) cuts.add(from).add(to);
  const places = [...cuts].filter((at) => at <= text.length).sort((a, b) => a - b);
  let token = 0;
  let part = 0;
  return places.slice(0, -1).map((from, n) => {
    while (token < tokens.length && tokens[token].to <= from) token++;
    while (part < parts.length && parts[part][1] <= from) part++;
    return {
      text: text.slice(from, places[n + 1]),
      kind: tokens[token]?.from <= from ? tokens[token].kind : null,
      isChanged: parts[part]?.[0] <= from,
    };
  });
}

/** A header line has a name. */
function lexHead(line: string): { readonly tokens: readonly Token[]; readonly state: string } {
  const colon = /^[^\s:]+(?=:)/.exec(line)?.[0].length ?? 0;
  if (colon === 0) return { tokens: [], state: "" };
  return {
    tokens: [{ from: 0, to: colon, kind: "tag" }, { from: colon, to: colon + 1, kind: "punct" }],
    state: "",
  };
}
