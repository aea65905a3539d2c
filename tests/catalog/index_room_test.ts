import assert from "node:assert/strict";
import { tellIndexRoom } from "../../src/catalog/index_room.ts";
import type { CatalogChange, SourceState } from "../../src/catalog/types.ts";

Deno.test("that the index waits for room, and that it goes on, is told once each time", () => {
  const listening: ((change: CatalogChange) => void)[] = [];
  const said: string[] = [];
  tellIndexRoom({ onChange: (listen) => (listening.push(listen), () => {}) }, (text) => said.push(text));
  const source: SourceState = { number: 0, done: 0, total: 1, error: null, notes: [], listeners: [] };
  const change = (...waits: boolean[]) => {
    const sources = waits.map((waits) => waits ? { ...source, waits } : source);
    const rest = { exchanges: [], more: false, counts: {}, behindMs: 0, completed: [] };
    for (const listen of listening) listen({ ...rest, sources });
  };
  for (const waits of [[false], [false, true], [true, true], [false, false], [true]]) change(...waits);
  assert.deepEqual(said.map((text) => text.slice(0, 22)), [
    "The index has no room ",
    "The index has room aga",
    "The index has no room ",
  ]);
});
