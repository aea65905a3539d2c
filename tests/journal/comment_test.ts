// The comments of events: read back they are the events.

import assert from "node:assert/strict";
import { commentFor, commentText, eventOf, recordOf } from "../../src/journal/comment.ts";

const MEMBERS = { connection: 7, how: "refused", error: 'it said "no": €\n{' } as const;

Deno.test("commentText and commentFor say the same, and eventOf reads it back", () => {
  const event = { event: "failed", ...MEMBERS } as const;
  const text = commentText("failed", MEMBERS);
  assert.deepEqual(new TextEncoder().encode(text), commentFor(event));
  assert.deepEqual(eventOf(commentFor(event)), event);
});

Deno.test("eventOf knows comments of others, and events that lack something", () => {
  const read = (text: string) => eventOf(new TextEncoder().encode(text));
  assert.equal(read("a note of mine"), null);
  assert.equal(read('tcpmon {"event":"failed","connection":7,"how":"refused"}'), "damaged");
  assert.equal(read('tcpmon {"event":"failed",'), "damaged");
});

Deno.test("recordOf gives the members with kind and time, whichever of them comes first, and knows what eventOf knows", () => {
  const read = (text: string) => recordOf(new TextEncoder().encode(text), 12.5);
  const record = { kind: "failed", ...MEMBERS, at: 12.5 };
  assert.deepEqual(recordOf(commentFor({ event: "failed", ...MEMBERS }), 12.5), record);
  assert.deepEqual(read(`tcpmon ${JSON.stringify({ ...MEMBERS, event: "failed" })}`), record);
  const edit = { connection: 7, direction: "upstream", offset: 3, removed: 1 } as const;
  assert.deepEqual(
    recordOf(commentFor({ event: "edited", ...edit, inserted: "é" }), 12.5),
    { kind: "edited", ...edit, at: 12.5, inserted: Uint8Array.of(0xe9) },
  );
  assert.equal(read("a note of mine"), null);
  assert.equal(recordOf(commentFor({ event: "began", at: 1 }), 12.5), null);
  for (
    const text of [
      '{"event":"failed","connection":7,"how":"refused"}',
      '{"event":"failed",',
      '{"event":7}',
      "[]",
    ]
  ) {
    assert.equal(read(`tcpmon ${text}`), "damaged");
  }
});
