// The lines of --json-bodies, made from an export however that is divided.

import assert from "node:assert/strict";
import type { Catalog, ExportQuery } from "../src/catalog/types.ts";
import { WholeExchanges } from "../src/json_bodies.ts";
import { LineOutput } from "../src/line_output.ts";
import type { Exchange } from "../src/model.ts";

const of = (...numbers: readonly number[]) => numbers.map((number) => ({ id: `e${number}` }) as Exchange);
const lost = (count: number) => `lost ${count}`;

/** An export of two lines for each Exchange, one of them of a Connection, in pieces of `size` bytes. */
function catalogOf(size: number, asked: ExportQuery[] = []): Pick<Catalog, "export"> {
  return {
    export: (query) => {
      asked.push(query);
      const lines = query.ids!.flatMap((
        id,
      ) => [`{"event":"connection","id":"c"}\n`, `{"event":"exchange","id":"${id}"}\n`]);
      const bytes = new TextEncoder().encode(lines.join(""));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      const stream = ReadableStream.from(pieces);
      return Promise.resolve(
        { count: query.ids!.length, only: null, stream } as Awaited<ReturnType<Catalog["export"]>>,
      );
    },
  };
}

function outputOf() {
  let text = "";
  const output = new LineOutput({
    write: (bytes) => {
      text += new TextDecoder().decode(bytes);
      return Promise.resolve(bytes.length);
    },
  }, lost);
  return { output, text: () => text };
}

Deno.test("WholeExchanges leaves the lines of connections out, wherever the pieces end", async () => {
  for (let size = 1; size < 80; size++) {
    const { output, text } = outputOf();
    const whole = new WholeExchanges(catalogOf(size), output, "tcpmon", lost, assert.ifError);
    whole.completed(of(1, 2));
    await whole.done();
    assert.equal(
      text(),
      '{"event":"exchange","id":"e1"}\n{"event":"exchange","id":"e2"}\n',
      `in pieces of ${size}`,
    );
  }
});

Deno.test("WholeExchanges asks for what came meanwhile together, and other lines stand between", async () => {
  const asked: ExportQuery[] = [];
  const { output, text } = outputOf();
  const whole = new WholeExchanges(catalogOf(1000, asked), output, "tcpmon", lost, assert.ifError);
  whole.completed(of(1));
  whole.completed(of(2));
  output.line("other");
  whole.completed(of(3));
  await whole.done();
  await output.flush(1000);
  assert.deepEqual(asked.map(({ ids }) => ids), [["e1"], ["e2", "e3"]]);
  assert.deepEqual(
    text().trim().split("\n").sort(),
    [
      "other",
      ...[1, 2, 3].map((number) => `{"event":"exchange","id":"e${number}"}`),
    ].sort(),
  );
});

Deno.test("WholeExchanges says when the catalog fails", async () => {
  const failed: string[] = [];
  const { output } = outputOf();
  const catalog = { export: () => Promise.reject(new Error("gone")) };
  const whole = new WholeExchanges(catalog, output, "tcpmon", lost, ({ message }) => failed.push(message));
  whole.completed(of(1));
  await whole.done();
  assert.deepEqual(failed, ["gone"]);
});
