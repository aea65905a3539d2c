// A Draft while it is edited, as one immutable value: what is typed, how it is shown, and what is to become of lengths and
// codings. Each function gives the next value. Pure; what it comes to is said by outcome.ts.

import { contentCodingOf } from "../../../decode/draft/body_text.ts";
import { type Draft, draftOf } from "../../../decode/draft/draft.ts";
import type { LengthChoice } from "../../../decode/draft/encode.ts";
import { formatters } from "../../../decode/views/mod.ts";
import { type BodyInput, type BodyMode, inMode, inputOf } from "./body_input.ts";

/** The content coding of a body that is edited without it. */
export interface Coding {
  /** As the head names it: "gzip". */
  readonly name: string;
  /** The body without it, unedited. */
  readonly decoded: Uint8Array;
  /** What becomes of it where the body is changed. "again" only where `isWritable`. */
  readonly choice: "again" | "off";
  readonly isWritable: boolean;
}

/** See the top of this file. */
export interface Editing {
  /** What it was made from, unedited. */
  readonly origin: Draft;
  /** Start line and header lines, as typed. */
  readonly head: string;
  readonly body: BodyInput;
  readonly length: LengthChoice;
  /** Null where the body has none, or is edited with it, in hex. */
  readonly coding: Coding | null;
  /** Why the last change of the editor could not be made, in words; null after any other change. */
  readonly refusal: string | null;
}

/** Codings that the page can write itself. */
const WRITABLE = /^(gzip|x-gzip|deflate)$/i;

/**
 * A Draft of recorded bytes to edit. `decoded` is the body without its content coding; null where it has none, or where
 * that could not be removed.
 */
export function editingOf(
  bytes: Uint8Array,
  protocol: Draft["protocol"],
  decoded: Uint8Array | null,
): Editing {
  const origin = draftOf(bytes, protocol);
  const name = origin.protocol === "http" ? contentCodingOf(origin.head) : null;
  if (name === null || decoded === null || origin.source?.chunks === "damaged") {
    return editingOfDraft(origin, name === null ? null : "hex");
  }
  const isWritable = WRITABLE.test(name);
  return {
    ...editingOfDraft(origin, "hex"),
    body: inputOf(origin, decoded),
    coding: { name, decoded, isWritable, choice: isWritable ? "again" : "off" },
  };
}

/** Any Draft to edit, such as one that is written anew. `mode`: the editor of its body; the one that suits it if null. */
export function editingOfDraft(origin: Draft, mode: BodyMode | null = null): Editing {
  return {
    origin,
    head: origin.head,
    body: inputOf(origin, origin.body, mode),
    length: "set",
    coding: null,
    refusal: null,
  };
}

/** With another head: start line and header lines divided by "\n". */
export function withHead(editing: Editing, head: string): Editing {
  return head === editing.head ? editing : { ...editing, head, refusal: null };
}

/** With another text in the editor of the body. */
export function withBody(editing: Editing, text: string): Editing {
  const { body } = editing;
  if (body.mode === "kept" || body.text === text) return editing;
  return { ...editing, body: { ...body, text }, refusal: null };
}

/** With the body in another editor; where that cannot be, it says why. */
export function withMode(editing: Editing, mode: BodyMode): Editing {
  const next = inMode(editing.body, ownerOf(editing), mode);
  return "refused" in next
    ? { ...editing, refusal: next.refused }
    : { ...editing, body: next, refusal: null };
}

/** With another choice for Content-Length. */
export function withLengthChoice(editing: Editing, length: LengthChoice): Editing {
  return { ...editing, length };
}

/** With another choice for the content coding. */
export function withCodingChoice(editing: Editing, choice: Coding["choice"]): Editing {
  return editing.coding === null ? editing : { ...editing, coding: { ...editing.coding, choice } };
}

/** Whether `laidOut` can change anything. */
export function canLayOut({ body }: Editing): boolean {
  return body.mode === "xml" || body.mode === "json";
}

/** With the body laid out as its editor has it: white space between tokens changes, and nothing else. */
export function laidOut(editing: Editing): Editing {
  const { body } = editing;
  if (body.mode !== "xml" && body.mode !== "json") return editing;
  const formatter = formatters[body.mode].create();
  return withBody(editing, formatter.receive(body.text) + formatter.end());
}

/** What the body belongs to, as typed. */
export function ownerOf({ origin, head }: Editing): Pick<Draft, "protocol" | "head"> {
  return { protocol: origin.protocol, head };
}
