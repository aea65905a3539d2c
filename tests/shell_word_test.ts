import assert from "node:assert/strict";
import { shellWord } from "../src/shell_word.ts";

Deno.test("shellWord leaves alone what a shell takes as it is, and quotes the rest", () => {
  const cases: readonly (readonly [word: string, shown: string])[] = [
    ["capture-1.pcapng", "capture-1.pcapng"],
    ["[::1]:8081", "'[::1]:8081'"],
    ["user@host:80/a,b%20+c=d", "user@host:80/a,b%20+c=d"],
    ["status:>=500", "'status:>=500'"],
    ["it's here", `'it'\\''s here'`],
    ["$(reboot)", "'$(reboot)'"],
    ["", "''"],
  ];
  for (const [word, shown] of cases) assert.equal(shellWord(word), shown);
});
