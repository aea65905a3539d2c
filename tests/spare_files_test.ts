// Descriptors that are free: as many as the system says, and all are given back.

import assert from "node:assert/strict";

Deno.test({
  name: "SpareFiles takes as many descriptors as asked for, or as there are, and gives them back",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const program = `
      import { SpareFiles } from "${new URL("../src/spare_files.ts", import.meta.url)}";
      for (let round = 0; round < 2; round++) {
        const few = new SpareFiles(10), rest = new SpareFiles(100);
        console.log(few.count, few.isShort, rest.count > 0 && rest.count < 54, rest.isShort);
        few.close();
        rest.close();
      }`;
    const { stdout, code } = await new Deno.Command("bash", {
      args: ["-c", `ulimit -n 64; exec "$0" eval -q --no-check "$1"`, Deno.execPath(), program],
    }).output();
    assert.deepEqual([code, new TextDecoder().decode(stdout)], [0, "10 false true true\n".repeat(2)]);
  },
});
