import assert from "node:assert/strict";
import { Nodes } from "../../../../src/decode/diff/structure/tree.ts";

Deno.test("Nodes: what means the same has the same number, whatever it is made of", () => {
  const nodes = new Nodes();
  const place = { type: "t", step: "", from: 0, to: 1 };
  const leaf = (value: string, text = value) => nodes.leaf(place, value, text);
  assert.equal(leaf("1").same, leaf("1").same);
  assert.deepEqual([leaf("1", "1.0").same === leaf("1").same, leaf("1", "1.0").exact === leaf("1").exact], [
    true,
    false,
  ]);
  const joint = (keyed: [string, string][], listed: string[]) =>
    nodes.joint(
      place,
      new Map(keyed.map(([key, value]) => [key, leaf(value)])),
      listed.map((value) => leaf(value)),
      "",
    );
  assert.equal(joint([["a", "1"], ["b", "2"]], []).same, joint([["b", "2"], ["a", "1"]], []).same);
  // A list is no object, and where the one ends and the other begins cannot be mistaken.
  const all = [
    joint([], []),
    joint([], ["1"]),
    joint([["1", "1"]], []),
    joint([["1", "1"]], ["1"]),
    joint([], ["1", "1"]),
  ];
  assert.equal(new Set(all.map(({ same }) => same)).size, all.length);
});
