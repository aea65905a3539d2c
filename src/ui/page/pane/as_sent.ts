// A Message as it was passed on rather than as it came. Pure: it is made of what the program tells of the edits.

import type { MessageDetail } from "../../types.ts";

/** The Message with the head that was sent; the same one where nothing in it was rewritten. */
export function asSent(message: MessageDetail): MessageDetail {
  if (message.edits.length === 0) return message;
  const longer = message.edits.reduce((sum, { inserted, removed }) => sum + inserted.length - removed, 0);
  return {
    ...message,
    bytes: message.bytes + longer,
    headBytes: message.headBytes + longer,
    startLine: message.sentStartLine ?? message.startLine,
    sentStartLine: null,
    headers: message.headers.flatMap(({ name, value, sent }) =>
      sent === null ? [] : [{ name, value: sent ?? value }]
    ),
    // Offsets of faults are those of what came.
    faults: [],
  };
}
