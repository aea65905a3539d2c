// The files of a capture as one, while they change.

import assert from "node:assert/strict";
import { CaptureFiles } from "../../src/journal/capture_files.ts";
import { joined } from "../../src/catalog/joined.ts";

Deno.test("joined: all that is there when it begins, over the ends of files, whatever is removed or written meanwhile", () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const names = ["gone", "first", "second", "newest"];
  const list = names.map((name, at) => ({
    path: `${folder}/${name}`,
    later: null,
    base: 100 * at,
    length: name === "newest" ? null : name.length,
  }));
  for (const { path } of list.slice(1)) Deno.writeTextFileSync(path, path.slice(folder.length + 1));
  const files = new CaptureFiles(() => list);
  const readable = joined(files, 304);
  Deno.removeSync(`${folder}/first`);
  Deno.writeTextFileSync(`${folder}/newest`, "newest, and more");
  const whole = "firstsecondnewe";
  assert.equal(readable.total, whole.length);
  for (let from = 0; from <= whole.length; from++) {
    for (let length = 0; length <= whole.length + 1; length++) {
      const into = new Uint8Array(length);
      const count = readable.read(from, into);
      assert.equal(new TextDecoder().decode(into.subarray(0, count)), whole.slice(from, from + length));
    }
  }
  readable.close();
  Deno.removeSync(folder, { recursive: true });
});
