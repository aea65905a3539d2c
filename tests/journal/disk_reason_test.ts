import assert from "node:assert/strict";
import { statfsSync } from "node:fs";
import { diskReason } from "../../src/journal/disk_reason.ts";

Deno.test("diskReason says what the disk said, without its numbers and paths", () => {
  const full = new Error("No space left on device (os error 28)");
  const cases: [error: unknown, reason: string][] = [
    [thrownBy(() => Deno.openSync("/nowhere/at/all/x")), "the folder is not there"],
    [thrownBy(() => statfsSync("/nowhere/at/all")), "the folder is not there"],
    [new Deno.errors.PermissionDenied("Permission denied (os error 13): open '/x'"), "permission denied"],
    [full, "no space left on device"],
    [
      new Error("Too many levels of symbolic links (os error 40): open 'x'"),
      "too many levels of symbolic links",
    ],
    [new Error("it is a folder"), "it is a folder"],
    ["odd", "odd"],
  ];
  for (const [error, reason] of cases) assert.equal(diskReason(error), reason);
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
