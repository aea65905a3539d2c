import assert from "node:assert/strict";
import { unified } from "../../../src/decode/diff/unified.ts";
import { git } from "../../needs.ts";
import { generator, printedSeed } from "../draft/requests.ts";
import { run } from "./run.ts";

function text(before: string, after: string, context = 3): string {
  const named = (name: string, text: string) => ({ name, lines: text.split("\n") });
  return run(unified(named("a/x", before), named("b/x", after), context));
}

Deno.test("unified says where lines begin, and which have no end", () => {
  assert.equal(
    text("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\nten", 1),
    `--- a/x
+++ b/x
@@ -4,3 +4,3 @@
 4
-5
+five
 6
@@ -9 +9,2 @@
 9
+ten
\\ No newline at end of file
`,
  );
  assert.equal(text("", "a\n"), "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n");
  assert.equal(text("a\n", ""), "--- a/x\n+++ b/x\n@@ -1 +0,0 @@\n-a\n");
  assert.equal(text("a\nb", "a\nb"), "");
  assert.equal(text("", ""), "");
});

Deno.test({
  name: "unified is applied by git to exactly the other text",
  ignore: git === null,
  fn: async () => {
    const random = generator(printedSeed());
    const folder = await Deno.makeTempDir({ prefix: "tcpmon-test-" });
    try {
      const lines = () =>
        Array.from({ length: Math.floor(random() * 14) }, () => `${"abc"[Math.floor(random() * 3)]}\n`).join(
          "",
        ) +
        (random() < 0.5 ? "end" : "");
      const wanted: string[] = [];
      let patch = "";
      for (let n = 0; n < 200; n++) {
        const [before, after] = [lines(), lines()];
        await Deno.writeTextFile(`${folder}/${n}`, before);
        wanted.push(after);
        const named = (side: string, text: string) => ({ name: `${side}/${n}`, lines: text.split("\n") });
        const hunks = run(unified(named("a", before), named("b", after), Math.floor(random() * 4)));
        // A name without lines is no patch; with none of context, git wants to be told.
        patch += hunks;
      }
      await Deno.writeTextFile(`${folder}/patch`, patch);
      const { code, stderr } = await new Deno.Command(git!, {
        args: ["apply", "--unidiff-zero", "--whitespace=nowarn", "patch"],
        cwd: folder,
        env: { GIT_CEILING_DIRECTORIES: folder, GIT_DIR: "/nonexistent" },
        stderr: "piped",
      }).output();
      assert.equal(code, 0, new TextDecoder().decode(stderr));
      for (const [n, after] of wanted.entries()) {
        assert.equal(await Deno.readTextFile(`${folder}/${n}`), after, `case ${n}`);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
