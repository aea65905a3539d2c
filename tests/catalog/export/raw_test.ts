// ZIP files: judged by unzip and by Python, and the bytes in them are those that were recorded.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { crc32, ZipParts } from "../../../src/catalog/export/zip.ts";
import { python, unzip } from "../../needs.ts";
import { answer, Capture, get } from "../capture.ts";
import { exported, withCatalog } from "./exporting.ts";

async function run(program: string, ...args: string[]): Promise<Uint8Array> {
  const { stdout, stderr, success } = await new Deno.Command(program, { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout));
  return stdout;
}

async function inFile(bytes: Uint8Array, look: (file: string) => Promise<void>): Promise<void> {
  const file = await Deno.makeTempFile({ prefix: "tcpmon-test-", suffix: ".zip" });
  try {
    await Deno.writeFile(file, bytes);
    await look(file);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test("crc32 is that of ISO 3309, whole or in pieces", () => {
  const text = Buffer.from("123456789");
  assert.equal(crc32(text), 0xcbf43926);
  for (let at = 0; at <= text.length; at++) {
    assert.equal(crc32(text.subarray(at), crc32(text.subarray(0, at))), 0xcbf43926);
  }
});

Deno.test({
  name: "raw: a ZIP with the exact bytes of each message",
  ignore: unzip === null,
  fn: async () => {
    using capture = new Capture();
    const large = Uint8Array.from({ length: 1_500_000 }, (_, n) => n ^ (n >> 8));
    const head = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${large.length}\r\n\r\n`);
    const sent: [name: RegExp, bytes: Uint8Array][] = [
      [/^\d{8}-\d{6}-e1-GET-a-200-request\.http$/, Buffer.from(get("/a"))],
      [/^\d{8}-\d{6}-e1-GET-a-200-response\.http$/, Buffer.from(answer("{}"))],
      [/e2-GET-2e_2e_2f-200-request\.http$/, Buffer.from(get("/%2e%2e%2f"))],
      [/e2-GET-2e_2e_2f-200-response\.http$/, Buffer.concat([head, large])],
      [/e3-tcp-request\.bin$/, Uint8Array.of(0, 1, 2, 0xff)],
    ];
    capture.opened(1);
    for (const [n, [, bytes]] of sent.slice(0, 4).entries()) {
      capture.chunk(1, n % 2 ? "downstream" : "upstream", bytes);
    }
    capture.opened(2);
    capture.chunk(2, "upstream", sent[4][1]);
    capture.ended(2, "client");
    capture.closed(2);
    await withCatalog(capture, async (catalog) => {
      await inFile(await exported(catalog, { format: "raw" }), async (file) => {
        await run(unzip!, "-tqq", file);
        const names = new TextDecoder().decode(await run(unzip!, "-Z1", file)).trim().split("\n");
        assert.equal(names.length, sent.length);
        for (const [n, [name, bytes]] of sent.entries()) {
          assert.match(names[n], name);
          assert.ok(Buffer.from(await run(unzip!, "-p", file, names[n])).equals(bytes), names[n]);
        }
      });
      capture.opened(3);
      capture.chunk(3, "upstream", get("/open"));
      catalog.written(capture.size);
      await catalog.level();
      await inFile(await exported(catalog, { format: "raw", ids: ["e1", "e4"] }), async (file) => {
        const said = new TextDecoder().decode(await run(unzip!, "-p", file, "README.txt"));
        assert.equal(said, "Still open when they were exported: e4.\n");
      });
      await inFile(await exported(catalog, { format: "raw", ids: ["e9"] }), async (file) => {
        if (python) {
          await run(python, "-c", `import zipfile; zipfile.ZipFile(${JSON.stringify(file)}).testzip()`);
        }
      });
    });
  },
});

Deno.test({
  name: "ZipParts writes more than 65,535 files, and tells lengths and places beyond 4 GiB",
  ignore: python === null,
  fn: async () => {
    const directory: Uint8Array[] = [];
    const zip = new ZipParts((bytes) => directory.push(bytes));
    const files: Uint8Array[] = [];
    const changed = new Date(2026, 2, 4, 10, 24, 40);
    for (let n = 0; n < 66_000; n++) files.push(zip.file({ name: `${n}é`, length: 0, crc: 0, changed }));
    await inFile(Buffer.concat([...files, ...directory, zip.end()]), async (file) => {
      const script = `import zipfile; z = zipfile.ZipFile(${JSON.stringify(file)}); z.testzip(); ` +
        "i = z.infolist(); print(len(i), i[-1].filename, i[0].date_time)";
      const text = new TextDecoder().decode(await run(python!, "-c", script));
      assert.equal(text.trim(), "66000 65999é (2026, 3, 4, 10, 24, 40)");
    });
    const entries: Uint8Array[] = [];
    const wide = new ZipParts((bytes) => entries.push(bytes));
    const local = wide.file({ name: "a", length: 5 * 2 ** 30, crc: 1, changed });
    wide.file({ name: "b", length: 3, crc: 2, changed });
    const view = new DataView(entries[1].buffer);
    assert.equal(view.getUint32(42, true), 0xffffffff);
    assert.equal(Number(view.getBigUint64(46 + 1 + 4 + 16, true)), local.length + 5 * 2 ** 30);
    assert.equal(new DataView(wide.end().buffer).getUint32(0, true), 0x06064b50);
  },
});
