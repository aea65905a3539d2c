import assert from "node:assert/strict";
import { jsonPlaces, placeIn } from "../src/json_places.ts";

const TEXT = `{
  "listeners": [
    { "listen": 8081, "a-b": { "c": [1, [2, 3]] } },
    "x"
  ]
}`;

const CASES: readonly (readonly [path: string, place: readonly [line: number, column: number]])[] = [
  ["", [1, 1]],
  ["listeners", [2, 3]],
  ["listeners[0]", [3, 5]],
  ["listeners[0].listen", [3, 7]],
  ["listeners[0].listen.deeper", [3, 7]],
  ["listeners[1]", [4, 5]],
  ["listeners[7]", [2, 3]],
];

for (const [path, [line, column]] of CASES) {
  Deno.test(`placeIn finds "${path}"`, () => {
    assert.deepEqual(placeIn(jsonPlaces(TEXT), path), { line, column });
  });
}

Deno.test("jsonPlaces tells what is not nested deep, after what is, too", () => {
  const places = jsonPlaces(`{"a": ${"[".repeat(100)}{"b": 1}${"]".repeat(100)}, "c": 2}`);
  assert.deepEqual(placeIn(places, "c"), { line: 1, column: 217 });
  assert.ok(places.size < 30, `${places.size} places`);
});

Deno.test("jsonPlaces takes no longer for one line of many members, and for a hundred thousand levels", () => {
  const many = `[${"0,".repeat(300_000)}0]`;
  assert.equal(jsonPlaces(many).size, 300_002);
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  assert.deepEqual(placeIn(jsonPlaces(`{"a": ${deep},\n"b": 1}`), "b"), { line: 2, column: 1 });
});
