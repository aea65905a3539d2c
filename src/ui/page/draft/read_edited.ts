// Reads what a Draft is made of, and tells whether it was changed. Loaded with the first Draft.

import type { Exchange } from "../../types.ts";
import { contentCodingOf } from "../../../decode/draft/body_text.ts";
import { draftOf } from "../../../decode/draft/draft.ts";
import { bytesUrl, fetchBytes } from "../pane/api.ts";
import { size } from "../pane/words.ts";
import { decodedBody } from "./decoded.ts";
import type { Edited } from "./edited.ts";
import { type Editing, editingOf } from "./editing.ts";
import { outcomeOf } from "./outcome.ts";
import { readTurns } from "./turns_read.ts";

/** A request with more bytes is not edited; it can be sent again as it was. */
const MOST_EDITED = 64 * 1024 * 1024;

/** Reads the request of an Exchange, or the turns up to it, to edit. Rejects in words. */
export async function readEdited(exchange: Exchange, signal: AbortSignal): Promise<Edited> {
  const { id, requestBytes, protocol } = exchange;
  if (protocol !== "http") return { kind: "turns", turns: await readTurns(exchange, signal) };
  if (requestBytes > MOST_EDITED) {
    throw new Error(
      `Cannot edit this request: it has ${size(requestBytes)}, more than ${size(MOST_EDITED)}. ` +
        "Send it again as it was.",
    );
  }
  const bytes = await fetchBytes(bytesUrl(id, "request", "sent"), signal);
  const draft = draftOf(bytes, "http");
  const coding = contentCodingOf(draft.head);
  const decoded = coding === null || draft.body.length === 0
    ? null
    : await decodedBody(id, coding, draft.body, signal);
  return { kind: "request", editing: editingOf(bytes, "http", decoded) };
}

/** Whether what would be sent is not what was recorded. */
export function isChanged(editing: Editing): boolean {
  return outcomeOf(editing).isChanged;
}
