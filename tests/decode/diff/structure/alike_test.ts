import assert from "node:assert/strict";
import { shown } from "./differences.ts";

Deno.test("alike: by identity, by what is in common, then by place", () => {
  const cases: [before: unknown, after: unknown, found: string[]][] = [
    // The same id, and nothing else.
    [[{ id: 1, a: 1, b: 2 }], [{ id: 2, a: 9, b: 9 }, { id: 1, a: 3, b: 4 }], [
      'added $[0]: {"id":2,"a":9,"b":9}',
      "changed $[0].a to $[1].a: 1 → 3",
      "changed $[0].b to $[1].b: 2 → 4",
    ]],
    // No id, and most in common.
    [[{ a: 1, b: 2, c: 3 }], [[0], { a: 1, b: 2, c: 4 }], [
      "added $[0]: [0]",
      "changed $[0].c to $[1].c: 3 → 4",
    ]],
    // Nothing in common, but the place.
    [[["x"], 5], [["y"], 6], ['changed $[0][0]: "x" → "y"', "changed $[1]: 5 → 6"]],
    // Not even the type.
    [[1], ["a"], ["removed $[0]: 1", 'added $[0]: "a"']],
  ];
  for (const [before, after, found] of cases) {
    assert.deepEqual(shown("json", JSON.stringify(before), JSON.stringify(after)), found);
  }
});
