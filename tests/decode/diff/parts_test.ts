import assert from "node:assert/strict";
import { partsOf } from "../../../src/decode/diff/parts.ts";
import { git } from "../../needs.ts";
import { generator, printedSeed } from "../draft/requests.ts";
import { run } from "./run.ts";

function without(text: string, parts: readonly (readonly [number, number])[]): string {
  let [left, at] = ["", 0];
  for (const [from, to] of parts) {
    left += text.slice(at, from);
    at = to;
  }
  return left + text.slice(at);
}

Deno.test("partsOf: without them, both lines are the same", () => {
  const random = generator(printedSeed());
  const words = ["price", "141.80", "EUR", "a", "b", " ", "<", ">", "=", "é€"];
  for (let round = 0; round < 3_000; round++) {
    const line = Array.from({ length: 12 }, () => words[Math.floor(random() * words.length)]);
    const other = line.map((word) => random() < 0.2 ? words[Math.floor(random() * words.length)] : word);
    const [before, after] = [line.join(""), other.join("")];
    const parts = run(partsOf(before, after));
    const isAlike = parts.before.length + parts.after.length > 0;
    if (!isAlike) continue;
    // Equal signs between two changed parts may be part of them: what is left is then a part of the other's.
    const [one, two] = [without(before, parts.before), without(after, parts.after)];
    assert.equal(one.replace(/[.,:;+/ -]/g, ""), two.replace(/[.,:;+/ -]/g, ""), `${before} and ${after}`);
    assert.deepEqual(run(partsOf(after, before)), { before: parts.after, after: parts.before });
  }
});

Deno.test({
  name: "partsOf marks no more words than git diff --word-diff",
  ignore: git === null,
  fn: async () => {
    const random = generator(printedSeed());
    const folder = await Deno.makeTempDir({ prefix: "tcpmon-test-" });
    try {
      const words = () => Array.from({ length: 14 }, () => `w${Math.floor(random() * 6)}`);
      // A line that all have, between them, keeps each pair a change of its own.
      const pairs = Array.from({ length: 60 }, () => {
        const line = words();
        return [line, line.map((word) => random() < 0.3 ? `n${Math.floor(random() * 4)}` : word)] as const;
      });
      const texts = [0, 1].map((side) =>
        pairs.map((pair, n) => `${pair[side].join(" ")}\n#${n}#\n`).join("")
      );
      await Deno.writeTextFile(`${folder}/a`, texts[0]);
      await Deno.writeTextFile(`${folder}/b`, texts[1]);
      const { stdout } = await new Deno.Command(git!, {
        args: [
          "diff",
          "--no-index",
          "--minimal",
          "--word-diff=porcelain",
          "--word-diff-regex=[^ ]+",
          "-U0",
          "a",
          "b",
        ],
        cwd: folder,
        env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      }).output();
      const judged = new TextDecoder().decode(stdout).split("\n")
        .filter((line) => /^[-+](?![-+])/.test(line)).flatMap((line) => line.slice(1).trim().split(" "))
        .length;
      let marked = 0;
      for (const [one, other] of pairs) {
        const [before, after] = [one.join(" "), other.join(" ")];
        const parts = run(partsOf(before, after));
        const count = (text: string, of: readonly (readonly [number, number])[]) =>
          of.flatMap(([from, to]) => text.slice(from, to).match(/\S+/g) ?? []).length;
        marked += count(before, parts.before) + count(after, parts.after);
      }
      assert.ok(judged > 100, `git marks ${judged} words`);
      assert.ok(marked <= judged, `${marked} words are marked, ${judged} by git`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
