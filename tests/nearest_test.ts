// Which name was meant.

import assert from "node:assert/strict";
import { nearest } from "../src/nearest.ts";

Deno.test("nearest finds the name that was meant, or none", () => {
  const known = ["listen", "target", "hostHeader", "via", "latencyMs"];
  const table: readonly [name: string, meant: string | null][] = [
    ["tagret", "target"],
    ["Target", "target"],
    ["hostheader", "hostHeader"],
    ["host_header", "hostHeader"],
    ["latency", "latencyMs"],
    ["lat", "latencyMs"],
    ["vja", "via"],
    ["x", null],
    ["", null],
    ["frobnicate", null],
  ];
  for (const [name, meant] of table) assert.equal(nearest(name, known), meant, name);
  assert.equal(nearest("listen", []), null);
});

Deno.test("nearest takes two letters that have changed places for one mistake", () => {
  assert.equal(nearest("hlep", ["keep", "help"]), "help");
  assert.equal(nearest("nmae", ["name", "via"]), "name");
  assert.equal(nearest("wiat", ["size", "path", "wait"]), "wait");
});
