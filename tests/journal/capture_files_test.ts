import assert from "node:assert/strict";
import { type CaptureFile, CaptureFiles, POSITIONS } from "../../src/journal/capture_files.ts";
import { commentFor } from "../../src/journal/comment.ts";
import { sectionStart } from "../../src/journal/pcapng.ts";

/** A file that begins as the segment at `base` does, and has `text` behind that. */
function segment(path: string, base: number, text: string): number {
  const start = sectionStart("tcpmon", commentFor({ event: "began", at: 1, base, segment: 2 }));
  const bytes = new Uint8Array([...start, ...new TextEncoder().encode(text)]);
  Deno.writeFileSync(path, bytes);
  return bytes.length;
}

/** The `length` bytes at a position, as text. */
function textAt(files: CaptureFiles, position: number, length: number): string {
  const into = new Uint8Array(length);
  return new TextDecoder().decode(into.subarray(0, files.readAt(position, into)));
}

Deno.test("CaptureFiles reads each position in its file, also once that has another name or is removed", () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  try {
    const [path, later] = [`${folder}/a.pcapng`, `${folder}/a.000001.pcapng`];
    const first = segment(path, 0, "first");
    let list: CaptureFile[] = [{ path, later, base: 0, length: null }];
    const files = new CaptureFiles(() => list);
    assert.equal(textAt(files, first - 5, 99), "first");

    // The file is renamed and begun anew, and nobody has said so yet.
    Deno.renameSync(path, later);
    const second = segment(path, first, "second");
    assert.equal(textAt(files, first - 5, 5), "first");
    list = [{ path: later, later: null, base: 0, length: first }, { path, later, base: first, length: null }];
    // It asks again for a position that is in none it knows.
    assert.equal(textAt(files, first - 5, 99), "first");
    files.refresh();
    assert.equal(textAt(files, first - 5, 99), "first");
    assert.equal(textAt(files, first + second - 6, 99), "second");

    // Who opens it late finds it under either name, and never takes the next segment for it.
    const late = new CaptureFiles(() => [{ path, later, base: 0, length: null }]);
    assert.equal(textAt(late, first - 5, 99), "first");
    late.close();

    const opened = `${folder}/opened.pcap`;
    Deno.writeTextFileSync(opened, "opened");
    list = [...list.slice(1), { path: opened, later: null, base: POSITIONS, length: 6 }];
    files.refresh();
    assert.equal(textAt(files, first - 5, 5), "");
    assert.equal(textAt(files, POSITIONS + 2, 99), "ened");
    assert.deepEqual(files.find(POSITIONS + 2), { file: list[1], offset: 2 });
    assert.equal(files.find(POSITIONS + 6), null);
    // Behind what is gone the same capture goes on; behind its end another's positions are none of it.
    assert.deepEqual(
      [0, first, first + second, POSITIONS, POSITIONS + 6].map(files.after),
      [first, null, null, null, null],
    );

    Deno.removeSync(opened);
    assert.equal(textAt(files, POSITIONS, 2), "op");
    files.close();
    assert.equal(textAt(files, POSITIONS, 2), "");
    assert.throws(() => files.check(), /opened\.pcap: it is not there/);
    files.close();
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
