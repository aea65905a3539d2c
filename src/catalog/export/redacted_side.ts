// One Message of an export with what the rules name masked. Where something is, it has no codings any more: its head
// says so, and its bytes are what is left. A Redactor that only learns is given all of it, and nothing is kept.

import {
  headBytes,
  type RedactableHead,
  type Redactor,
  reframed,
  sameHead,
} from "../../decode/redact/mod.ts";
import type { BodySource } from "../body.ts";
import type { Slices } from "../slices.ts";
import { Spool } from "../spool.ts";
import type { HeaderLine, MessageDetail } from "../types.ts";
import type { Side } from "../wire_of_row.ts";
import type { Chosen } from "./choice.ts";

/** So much of a body is redacted at once. */
const PIECE = 256 * 1024;

/** Where bodies are kept that are too large for memory, and when others have their turn. */
export interface RedactInto {
  readonly folder: string;
  readonly slices: Slices;
}

/** A Message in which something is masked. */
export interface RedactedSide {
  readonly detail: MessageDetail;
  readonly head: Uint8Array;
  /** To be closed. */
  readonly body: Spool;
  readonly notes: readonly string[];
}

/** `masked` is null where nothing is; `told` is what is said of the Message, in either case. */
export async function redactSide(
  chosen: Chosen,
  side: Side,
  detail: MessageDetail,
  redactor: Redactor,
  into: RedactInto,
): Promise<{ readonly told: MessageDetail; readonly masked: RedactedSide | null }> {
  const before = headOf(detail);
  const passed = passedOn(detail, before);
  const head = redactor.head(before);
  const sent = passed === null ? head : redactor.head(passed);
  const { spool, changed, notes } = await redactBody(chosen, side, detail, redactor, into);
  const told = {
    faults: detail.faults.map((fault) => ({ ...fault, text: redactor.words(fault.text) })),
    notes: detail.notes.map((note) => redactor.words(note)),
    reason: detail.reason === null ? null : redactor.words(detail.reason),
  };
  const isSame = !changed && sameHead(head, before) && (passed === null || sameHead(sent, passed));
  if (redactor.onlyLearns || isSame) {
    spool.close();
    return { told: { ...detail, ...told }, masked: null };
  }
  const isTurn = head.startLine === null;
  const whole = isTurn ? { headers: [], notes: [] } : reframed(head, spool.length, changed);
  const bytes = isTurn ? new Uint8Array(0) : headBytes(head.startLine ?? "", whole.headers);
  const { gaps: _, ...ungapped } = detail;
  const masked: MessageDetail = {
    ...ungapped,
    ...told,
    bytes: bytes.length + spool.length,
    headBytes: bytes.length,
    startLine: head.startLine,
    headers: withSent(whole.headers, sent.headers),
    trailers: [],
    framing: isTurn ? detail.framing : spool.length > 0 || detail.contentLength !== null ? "length" : "none",
    contentLength: isTurn ? null : spool.length,
    bodyBytes: spool.length,
    chunks: 0,
    contentCoding: [],
    sentStartLine: sent.startLine === head.startLine || detail.sentStartLine === null ? null : sent.startLine,
    edits: [],
    notes: [...told.notes, "Masked for this export: it is not as it came.", ...whole.notes],
  };
  return { told: masked, masked: { detail: masked, head: bytes, body: spool, notes } };
}

async function redactBody(
  chosen: Chosen,
  side: Side,
  detail: MessageDetail,
  redactor: Redactor,
  { folder, slices }: RedactInto,
): Promise<{ readonly spool: Spool; readonly changed: boolean; readonly notes: readonly string[] }> {
  const spool = new Spool(folder);
  const body = await chosen.body(side);
  if (body === null) return { spool, changed: false, notes: [] };
  try {
    const contentType = (await chosen.message(side))?.facts.contentType ?? null;
    const isTurn = detail.startLine === null;
    const redaction = redactor.body({ contentType, isTurn, codedAs: body.codedAs });
    const piece = new Uint8Array(Math.min(PIECE, body.extent().length));
    const known = missingFrom(detail, body);
    // An HTTP message without its head has whatever of that was captured in its body.
    const isHeadless = isTurn && chosen.row.protocol === "http";
    const end = isHeadless ? 0 : redactor.reachesBodies ? known : Infinity;
    for (let from = 0; from < end;) {
      const length = body.read(from, piece.subarray(0, Math.min(PIECE, end - from)));
      if (length === 0) break;
      spool.append(redaction.receive(piece.slice(0, length)));
      from += length;
      if (slices.due()) await slices.pause();
    }
    // What stands behind bytes that are missing cannot be told.
    if (end < Infinity) spool.append(redaction.lost());
    spool.append(redaction.end());
    return {
      spool,
      changed: redaction.changed,
      notes: body.notes.map((note) => redactor.words(note)),
    };
  } catch (error) {
    spool.close();
    throw error;
  } finally {
    body.close();
  }
}

/** Where in the body the first bytes are missing that the capture does not have; Infinity where none are. */
function missingFrom(detail: MessageDetail, body: BodySource): number {
  const inBody = detail.gaps?.filter(({ offset, length }) => offset + length > detail.headBytes) ?? [];
  if (inBody.length === 0) return Infinity;
  // In a coded body it is not known where.
  return body.gaps === undefined ? 0 : Math.max(0, inBody[0].offset - detail.headBytes);
}

function headOf({ startLine, headers, trailers }: MessageDetail): RedactableHead {
  return { startLine, headers: headers.map(({ name, value }) => ({ name, value })), trailers };
}

/** The head as it was passed on; null where that is how it came. */
function passedOn({ sentStartLine, headers }: MessageDetail, came: RedactableHead): RedactableHead | null {
  if (sentStartLine === null && headers.every(({ sent }) => typeof sent !== "string")) return null;
  const passed = headers.map(({ name, value, sent }) => ({
    name,
    value: typeof sent === "string" ? sent : value,
  }));
  return { ...came, startLine: sentStartLine ?? came.startLine, headers: passed };
}

/** What was passed on instead is told where it is still another value. */
function withSent(headers: readonly HeaderLine[], sent: readonly HeaderLine[]): HeaderLine[] {
  return headers.map(({ name, value }) => {
    const passed = sent.filter((line) => line.name === name);
    return passed.length !== 1 || passed[0].value === value || /^content-|^transfer-/i.test(name)
      ? { name, value }
      : { name, value, sent: passed[0].value };
  });
}
