// The comments of events: read back they are the events.

import assert from "node:assert/strict";
import { commentFor, commentText, eventOf } from "../../src/journal/comment.ts";

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
