// The body of a Draft as it stands in the editor: as text in one of its layouts, in hex, or kept as it was recorded; and
// back to bytes. Changing how it is edited changes no byte. Pure.

import { findCharset, isDeclared } from "../../../decode/charset.ts";
import { bodyOfText, type BodyText, bodyTextOf, encodingOf } from "../../../decode/draft/body_text.ts";
import type { Draft } from "../../../decode/draft/draft.ts";
import { headerValue, withoutHeader } from "../../../decode/draft/head_lines.ts";
import { bytesOfHex, hexOf } from "../../../decode/draft/hex_text.ts";
import type { Place } from "../../../decode/draft/text_encoding.ts";
import { chooseView } from "../../../decode/views/choose.ts";
import { sizesApart } from "../pane/words.ts";

/** How a body is edited. The first three are text, with the colours and the layout of their kind. */
export type BodyMode = "xml" | "json" | "text" | "hex";

/** All of them, in the order of the list. */
export const BODY_MODES: readonly BodyMode[] = ["xml", "json", "text", "hex"];

/** A larger body is not edited as text, bytes. */
export const MOST_TEXT = 4_000_000;
/** A larger body is not edited in hex, bytes: there it is three times as long. */
export const MOST_HEX = 1_000_000;

/** A body in the editor. */
export type BodyInput =
  | {
    readonly mode: "xml" | "json" | "text";
    /** As typed, its lines divided by "\n". */
    readonly text: string;
    readonly base: BodyText;
    /** The charset that head and text declared when the text was made. */
    readonly declared: string | null;
  }
  | { readonly mode: "hex"; readonly text: string }
  /** Too large to be edited: sent as it is, for this reason. */
  | { readonly mode: "kept"; readonly bytes: Uint8Array; readonly reason: string };

/** What a body belongs to. */
export type Owner = Pick<Draft, "protocol" | "head">;

/** What cannot be made bytes of, in words, and where. */
export interface InputError {
  readonly text: string;
  /** Counted from 1; null where it is no place. */
  readonly place: Place | null;
}

/** Bytes, or why there are none. */
export type Read = { readonly bytes: Uint8Array } | { readonly error: InputError };

/** The body in the editor that suits it, or in the one that is wanted. */
export function inputOf(owner: Owner, body: Uint8Array, wanted: BodyMode | null = null): BodyInput {
  const mode = wanted ?? modeFor(owner, body);
  const most = mode === "hex" ? MOST_HEX : MOST_TEXT;
  if (body.length > most) return { mode: "kept", bytes: body, reason: keptWords(body.length, most) };
  if (mode === "hex") return { mode, text: hexOf(body) };
  const base = bodyTextOf(withoutCodings(owner, body));
  if ("reason" in base) return inputOf(owner, body, "hex");
  return { mode, text: base.text, base, declared: declaredBy(owner, base.text) };
}

/** The bytes of what is typed. Without an edit they are those it was made from. */
export function bytesOfInput(input: BodyInput, owner: Owner): Read {
  if (input.mode === "kept") return { bytes: input.bytes };
  return reading(() =>
    input.mode === "hex"
      ? bytesOfHex(input.text)
      : bodyOfText({ ...input.base, encoding: encodingFor(input, owner) }, input.text)
  );
}

/** The same bytes in another editor; or why not, in words. */
export function inMode(
  input: BodyInput,
  owner: Owner,
  mode: BodyMode,
): BodyInput | { readonly refused: string } {
  if (input.mode === mode) return input;
  if (input.mode !== "hex" && input.mode !== "kept" && mode !== "hex") return { ...input, mode };
  const read = bytesOfInput(input, owner);
  if ("error" in read) return { refused: read.error.text };
  if (mode !== "hex") {
    const text = bodyTextOf(withoutCodings(owner, read.bytes));
    if ("reason" in text) return { refused: `Cannot show the body as text. ${text.reason}` };
  }
  const next = inputOf(owner, read.bytes, mode);
  return next.mode === "kept" ? { refused: `Cannot edit the body so. ${next.reason}` } : next;
}

/** Runs what reads something typed. */
export function reading(read: () => Uint8Array): Read {
  try {
    return { bytes: read() };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    return { error: { text: error.message, place: (error.cause as Place | undefined) ?? null } };
  }
}

/** The charset that is written, as words: "utf-8, declared"; null in hex. */
export function charsetWords(input: BodyInput, owner: Owner): string | null {
  if (input.mode === "hex" || input.mode === "kept") return null;
  const encoding = encodingFor(input, owner);
  if (encoding === input.base.encoding) {
    const { label, from } = foundBy(owner, input.text);
    const charsetFrom = input.base.mark === "" && label === input.base.charset
      ? from
      : input.base.charsetFrom;
    return `${input.base.charset}, ${charsetFrom}`;
  }
  return `${encoding.label}, it was ${input.base.charset}`;
}

/** Kept as it came, unless another charset is declared than then. A byte order mark says more than a declaration. */
function encodingFor(input: Extract<BodyInput, { base: BodyText }>, owner: Owner): BodyText["encoding"] {
  const declared = input.base.mark === "" ? declaredBy(owner, input.text) : null;
  if (declared === null || declared === input.declared || declared === input.base.encoding.label) {
    return input.base.encoding;
  }
  return encodingOf(declared, new TextDecoder(declared).encoding);
}

function declaredBy(owner: Owner, text: string): string | null {
  const { label, from } = foundBy(owner, text);
  return isDeclared(from) ? label : null;
}

function foundBy({ protocol, head }: Owner, text: string): ReturnType<typeof findCharset> {
  const contentType = protocol === "http" ? headerValue(head, "Content-Type") : null;
  return findCharset(contentType, new TextEncoder().encode(text.slice(0, 1024)));
}

/** The editor that suits a body. */
function modeFor(owner: Owner, body: Uint8Array): BodyMode {
  const isTurn = owner.protocol === "tcp";
  const mediaType = isTurn ? null : headerValue(owner.head, "Content-Type");
  const view = chooseView({ mediaType, bodyPrefix: body.subarray(0, 65_536), isTurn });
  if (view === "image" || view === "hex" || view === "tls") return "hex";
  return view === "xml" || view === "json" ? view : "text";
}

/** The coding is not in these bytes, whatever the head says. */
function withoutCodings(
  { protocol, head }: Owner,
  body: Uint8Array,
): Pick<Draft, "protocol" | "head" | "body"> {
  return { protocol, head: withoutHeader(head, "Content-Encoding"), body };
}

function keptWords(length: number, most: number): string {
  const [own, limit] = sizesApart(length, most);
  return `It has ${own}. Up to ${limit} can be edited, so it is sent as it was recorded.`;
}
