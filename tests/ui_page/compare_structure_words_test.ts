import assert from "node:assert/strict";
import { structureWords } from "../../src/ui/page/compare/structure_words.ts";

Deno.test("structureWords counts what differs, and says what means nothing", () => {
  const counts = { changed: 0, removed: 0, added: 0, moved: 0, written: 0 };
  const of = (more: Partial<typeof counts>, notes: string[] = []) =>
    structureWords({ language: "json", counts: { ...counts, ...more }, changes: [], notes });
  assert.equal(of({}), "both mean the same");
  assert.equal(of({ changed: 2, moved: 1_000 }), "2 changed, 1,000 moved");
  assert.equal(of({ written: 3 }, ["note"]), "both mean the same; 3 written in another way; note");
});
