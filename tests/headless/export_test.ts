// What `tcpmon export` decides before a capture is opened, and what becomes of its file.

import assert from "node:assert/strict";
import type { Catalog } from "../../src/catalog/types.ts";
import { checkExport, exportExchanges, formatOf } from "../../src/headless/export.ts";
import type { ExportCommand } from "../../src/headless/options.ts";
import { Output } from "../../src/headless/output.ts";

const COMMAND: ExportCommand = {
  verb: "export",
  files: ["a.pcapng"],
  format: null,
  output: null,
  force: false,
  filter: "",
  redact: [],
  bodies: true,
  wholeConnections: false,
};

Deno.test("formatOf goes by the name of the format, else by how the output's name ends", () => {
  assert.equal(formatOf({ ...COMMAND, format: "HAR", output: "x.html" }), "har");
  const endings = [["x.HAR", "har"], ["a.b/x.zip", "raw"], ["x.sh", "curl"], ["x.html", "html"]] as const;
  for (const [output, format] of endings) {
    assert.equal(formatOf({ ...COMMAND, format: null, output }), format);
  }
  assert.throws(
    () => formatOf({ ...COMMAND, format: null, output: null }),
    /the format is missing\. Write --format and one of these: \w+, /,
  );
  assert.throws(
    () => formatOf({ ...COMMAND, format: null, output: "x.txt" }),
    /x\.txt does not say which format it is/,
  );
  assert.throws(
    () => formatOf({ ...COMMAND, format: "hra", output: null }),
    /there is no such format\. Write --format har\.$/,
  );
});

Deno.test("formatOf names the format that was meant, or all where none is near", () => {
  const table: readonly (readonly [Partial<ExportCommand>, string])[] = [
    [{ format: "hra" }, "Cannot export as hra: there is no such format. Write --format har."],
    [{ format: "json" }, "Cannot export as json: there is no such format. Write --format ndjson."],
    [
      { format: "xml" },
      "Cannot export as xml: there is no such format. Known are ndjson, har, pcapng, html, curl, raw.",
    ],
    [
      { filter: "HAR" },
      "Cannot export: the format is missing, and --filter (-f) is what to look for. Write --format har.",
    ],
  ];
  for (const [given, message] of table) {
    assert.throws(() => formatOf({ ...COMMAND, ...given }), { name: "UsageError", message });
  }
});

Deno.test("checkExport refuses rules that are none, and bytes on a terminal", () => {
  assert.throws(() => checkExport({ ...COMMAND, format: "har", redact: ["nonsense"] }, false), {
    name: "UsageError",
  });
  assert.throws(() => checkExport({ ...COMMAND, format: "raw" }, true), /on a terminal: it is no text/);
  assert.equal(checkExport({ ...COMMAND, format: "raw" }, false), "raw");
  assert.equal(checkExport({ ...COMMAND, format: "har" }, true), "har");
});

function catalogOf(...pieces: readonly (string | Error)[]): Pick<Catalog, "export"> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) {
        if (piece instanceof Error) controller.error(piece);
        else controller.enqueue(new TextEncoder().encode(piece));
      }
      if (!pieces.some((piece) => piece instanceof Error)) controller.close();
    },
  });
  return {
    export: () => Promise.resolve({ count: 2, only: null, stream } as Awaited<ReturnType<Catalog["export"]>>),
  };
}

const NEVER = new AbortController().signal;
const unread = new Output({ write: () => Promise.reject(new Error("nothing is printed")) });

Deno.test("exportExchanges writes a file that is not there yet, and none that is, unless forced to", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const output = `${folder}/x.har`;
    const write = (force: boolean, text: string) =>
      exportExchanges(catalogOf(text), { ...COMMAND, output, force }, "har", "tcpmon", unread, NEVER);
    assert.equal(await write(false, "first"), 2);
    await assert.rejects(
      write(false, "second"),
      /x\.har: it is there already\. Give another file, or --force\.$/,
    );
    assert.equal(await Deno.readTextFile(output), "first");
    await write(true, "3rd");
    assert.equal(await Deno.readTextFile(output), "3rd");
    const nowhere = { ...COMMAND, output: `${folder}/no/x.har` };
    await assert.rejects(
      exportExchanges(catalogOf("x"), nowhere, "har", "tcpmon", unread, NEVER),
      /Cannot write .*no\/x\.har: .*\. Give another file with --output\.$/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("exportExchanges leaves no half of a file where the export fails", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const output = `${folder}/x.har`;
    const failing = catalogOf(new RangeError("a number is missing"));
    await assert.rejects(
      exportExchanges(failing, { ...COMMAND, output }, "har", "tcpmon", unread, NEVER),
      /a number is missing/,
    );
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("exportExchanges writes over no capture that it reads, whatever its name", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [capture, older, link] = ["a.pcapng", "a.000001.pcapng", "b.pcapng"].map((n) => `${folder}/${n}`);
    await Deno.writeTextFile(capture, "kept");
    await Deno.writeTextFile(older, "kept too");
    await Deno.symlink(capture, link);
    for (const output of [capture, older, link]) {
      const command = { ...COMMAND, files: [capture], output, force: true };
      await assert.rejects(
        exportExchanges(catalogOf("x"), command, "pcapng", "tcpmon", unread, NEVER),
        /it is what is exported from\. Give another file with --output\.$/,
      );
    }
    assert.equal(await Deno.readTextFile(capture) + await Deno.readTextFile(older), "keptkept too");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("exportExchanges replaces no file where nothing can be exported, and leaves none where it is ended", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const output = `${folder}/x.har`;
    await Deno.writeTextFile(output, "kept");
    const command = { ...COMMAND, output, force: true };
    const refusing = { export: () => Promise.reject(new RangeError("that is no filter")) };
    await assert.rejects(
      exportExchanges(refusing, command, "har", "tcpmon", unread, NEVER),
      /that is no filter/,
    );
    assert.equal(await Deno.readTextFile(output), "kept");

    const stop = new AbortController();
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(new Uint8Array(1));
        stop.abort(new Error("Stopped"));
      },
    }, { highWaterMark: 0 });
    const endless = {
      export: () =>
        Promise.resolve({ count: 2, only: null, stream } as Awaited<ReturnType<Catalog["export"]>>),
    };
    await assert.rejects(
      exportExchanges(endless, command, "har", "tcpmon", unread, stop.signal),
      /Stopped/,
    );
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
