// What a Draft comes to as it stands: the request that would be sent, what is wrong with what is typed, and what the user
// should know before he sends. Pure.

import { contentCodingOf } from "../../../decode/draft/body_text.ts";
import { type Draft, isChanged, isChunked, isSame } from "../../../decode/draft/draft.ts";
import { draftNotes, lengthChange } from "../../../decode/draft/encode.ts";
import { headerValue, withoutCoding } from "../../../decode/draft/head_lines.ts";
import { withoutLastEnds } from "../../../decode/draft/lines.ts";
import { headBytes } from "../../../decode/draft/octet_text.ts";
import { formatters } from "../../../decode/views/mod.ts";
import { size } from "../pane/words.ts";
import { bytesOfInput, charsetWords, type InputError, reading } from "./body_input.ts";
import { type Editing, ownerOf } from "./editing.ts";

/** What becomes of Content-Length. */
export interface Length {
  /** As typed; null where there is none. */
  readonly typed: string | null;
  /** The right one; null where it is known only when the body has been coded. */
  readonly right: number | null;
  /** Whether putting it right changes anything. */
  readonly isWrong: boolean;
}

/** See the top of this file. */
export interface Outcome {
  /** Null while something typed cannot be sent. */
  readonly draft: Draft | null;
  /** The coding to put on its body before it is encoded; null for none. */
  readonly recode: string | null;
  readonly headError: InputError | null;
  readonly bodyError: InputError | null;
  /** Whether it differs from what it was made from. */
  readonly isChanged: boolean;
  /** Null where the length is no matter: not HTTP, chunked, or nothing to count. */
  readonly length: Length | null;
  /** What is so of the body: "737 B", "utf-8, declared". */
  readonly facts: readonly string[];
  /** What should be known before it is sent. */
  readonly warnings: readonly string[];
}

/** Longer texts are not read through for what is not well-formed. */
const MOST_CHECKED = 500_000;

const known = new WeakMap<Editing, Outcome>();

/** See Outcome. The same value is not read twice. */
export function outcomeOf(editing: Editing): Outcome {
  let outcome = known.get(editing);
  if (outcome === undefined) known.set(editing, outcome = read(editing));
  return outcome;
}

function read(editing: Editing): Outcome {
  const { origin, head } = editing;
  const headRead = reading(() => headBytes(head, origin.source?.headCharset ?? "utf-8"));
  const bodyRead = bytesOfInput(editing.body, ownerOf(editing));
  const headError = "error" in headRead ? inHead(headRead.error) : emptyHead(editing);
  const bodyError = "error" in bodyRead ? bodyRead.error : null;
  if (headError !== null || "error" in bodyRead) {
    const wrong = { draft: null, recode: null, isChanged: true, length: null };
    return { ...wrong, headError, bodyError, facts: [], warnings: [] };
  }
  const { draft, recode, isCoded } = put(editing, bodyRead.bytes);
  const charset = bodyRead.bytes.length === 0 ? null : charsetWords(editing.body, ownerOf(editing));
  return {
    draft,
    recode,
    headError,
    bodyError,
    isChanged: isChanged(draft) || recode !== null,
    length: lengthOf(draft, recode !== null),
    facts: [
      size(bodyRead.bytes.length),
      ...charset === null ? [] : [charset],
      ...codingFacts(editing, recode, isCoded),
      ...chunkFacts(draft),
    ],
    warnings: [...warningsOf(editing, draft), ...draftNotes(draft)],
  };
}

/** The Draft with the edited body: where that was coded and is not changed, with the bytes that were recorded. */
function put(
  { origin, head, coding }: Editing,
  body: Uint8Array,
): { readonly draft: Draft; readonly recode: string | null; readonly isCoded: boolean } {
  const plain = { ...origin, head, body };
  if (coding === null) return { draft: plain, recode: null, isCoded: contentCodingOf(head) !== null };
  if (contentCodingOf(head) !== coding.name) return { draft: plain, recode: null, isCoded: false };
  if (coding.choice === "off") return { draft: withoutCoding(plain, body), recode: null, isCoded: false };
  if (isSame(body, coding.decoded)) {
    return { draft: { ...plain, body: origin.body }, recode: null, isCoded: true };
  }
  return { draft: plain, recode: coding.name, isCoded: true };
}

function lengthOf(draft: Draft, isRecoded: boolean): Length | null {
  if (draft.protocol === "tcp" || isChunkedHead(draft.head)) return null;
  const typed = headerValue(draft.head, "Content-Length");
  if (headerValue(draft.head, "Transfer-Encoding") !== null) return null;
  if (typed === null && draft.body.length === 0) return null;
  if (isRecoded) return { typed, right: null, isWrong: true };
  return { typed, right: draft.body.length, isWrong: lengthChange(draft) !== null };
}

function codingFacts({ coding, head }: Editing, recode: string | null, isCoded: boolean): string[] {
  if (coding === null) return isCoded ? [`coded with ${contentCodingOf(head)}`] : [];
  if (recode !== null) return [`will be coded with ${coding.name} again`];
  return isCoded ? [`shown without ${coding.name}, sent as recorded`] : [`sent without ${coding.name}`];
}

function chunkFacts(draft: Draft): string[] {
  if (draft.protocol === "tcp" || !isChunkedHead(draft.head) || draft.source?.chunks === "damaged") return [];
  const { source, body } = draft;
  if (source?.chunks === "taken off" && isSame(body, source.body)) return ["sent in its chunks as they came"];
  return [body.length === 0 ? "sent as the last chunk alone" : "sent as one chunk"];
}

function warningsOf({ head, body, coding }: Editing, { protocol }: Draft): string[] {
  const warnings: string[] = [];
  const named = contentCodingOf(head);
  if (protocol === "http" && coding !== null && named !== null && named !== coding.name) {
    warnings.push(`The head says ${named}, but the body is sent without a coding`);
  }
  if ((body.mode !== "xml" && body.mode !== "json") || body.text.length > MOST_CHECKED || body.text === "") {
    return warnings;
  }
  const formatter = formatters[body.mode].create();
  formatter.receive(body.text);
  formatter.end();
  const { fault } = formatter;
  if (fault !== null) {
    warnings.push(`Not well-formed at line ${fault.line}, column ${fault.column}: ${fault.text}`);
  }
  return warnings;
}

/** Whether a head, as typed, says that its body is chunked. */
function isChunkedHead(head: string): boolean {
  return isChunked(new TextEncoder().encode(`${withoutLastEnds(head)}\r\n\r\n`));
}

function emptyHead({ origin, head }: Editing): InputError | null {
  if (origin.protocol === "tcp" || head.trim() !== "") return null;
  return { text: "Cannot send without a start line: write one such as GET / HTTP/1.1.", place: null };
}

/** A head has no charset to declare. */
function inHead({ text, place }: InputError): InputError {
  return {
    text: text.replace(/Change it, or .*$/, "The head came in that charset: write other characters."),
    place,
  };
}
