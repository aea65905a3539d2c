// Refusals: what the client is given of them.

import assert from "node:assert/strict";
import { notFound, Refusal } from "../../src/ui/refusal.ts";

Deno.test("Refusal.json has only what there is to say", () => {
  const error = "Cannot do that: no.";
  assert.deepEqual(new Refusal(400, error).json(), { error });
  assert.deepEqual(new Refusal(400, error, "q").json(), { error, field: "q" });
  assert.deepEqual(new Refusal(409, error, null, "8082").json(), { error, suggestion: "8082" });
});

Deno.test("notFound says what is not there, and where to look, in few words", () => {
  assert.deepEqual(notFound("connection", "c9").json(), {
    error: 'Cannot find connection "c9": there is none with this id, or it was removed. ' +
      "GET /api/connections lists those there are.",
  });
  assert.match(notFound("exchange", "e9", "response").message, /or it has no response yet/);
  assert(notFound("exchange", "x".repeat(5000)).message.length < 300);
});
