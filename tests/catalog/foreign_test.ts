import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import { concat, conversation, ip, ipPacket, pcap, type Turn } from "../journal/foreign/made.ts";

const utf8 = new TextEncoder();
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 500\r\n\r\n";
const TURNS: readonly Turn[] = [
  [true, utf8.encode("GET /whole HTTP/1.1\r\nHost: x\r\n\r\n")],
  [false, utf8.encode("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")],
  [true, utf8.encode("GET /gap HTTP/1.1\r\nHost: x\r\n\r\n")],
  [false, utf8.encode(HEAD + "0123456789".repeat(50))],
];

Deno.test("a capture of another program: rows, gaps in bytes and views, what was passed over", async () => {
  const folder = await Deno.makeTempDir();
  const segments = conversation(TURNS, { size: 100 });
  const last = segments.findLastIndex(({ data }) => data.length === 100);
  const frames = segments.toSpliced(last, 1)
    .map((made) => ({ at: made.at, bytes: ipPacket(made, { wide: false, client: 50_000, server: 80 }) }));
  frames.push({ at: frames[0].at, bytes: ip(new Uint8Array(8), false, true, 17) });
  const file = `${folder}/made.pcap`;
  await Deno.writeFile(file, pcap(101, frames));
  // Written some time ago, so that it is not waited for more.
  await Deno.utime(file, 1, 1);
  const catalog = await WorkerCatalog.open({ opens: file, folder });
  try {
    await catalog.level();

    const { exchanges } = await catalog.exchanges({});
    assert.deepEqual(exchanges.map(({ url, state, listener }) => [url, state, listener]), [
      ["/gap", "done", "capture"],
      ["/whole", "done", "capture"],
    ]);
    assert.equal(exchanges[0].fault, "100 bytes are missing in the capture");
    const answered = await catalog.exchange(exchanges[0].id);
    const offset = 400;
    assert.deepEqual(answered?.response?.gaps, [{ offset, length: 100 }]);
    assert.equal(answered?.request?.gaps, undefined);

    const bytes = async (range?: { from: number; to: number }) => {
      const opened = await catalog.bytes(
        { exchange: exchanges[0].id, side: "response", part: "wire" },
        range,
      );
      return { gaps: opened!.gaps, bytes: new Uint8Array(await new Response(opened!.stream).arrayBuffer()) };
    };
    const whole = await bytes();
    assert.deepEqual(whole.gaps, [{ start: offset, end: offset + 100 }]);
    const sent = utf8.encode(HEAD + "0123456789".repeat(50));
    const filler = whole.bytes.subarray(offset, offset + 100);
    assert.deepEqual(whole.bytes, concat(sent.subarray(0, offset), filler, sent.subarray(offset + 100)));
    assert.match(new TextDecoder().decode(filler), /^\n\[100 bytes are missing here\] +\n$/);
    assert.equal((await bytes({ from: 0, to: offset - 1 })).gaps, undefined);
    assert.deepEqual((await bytes({ from: offset + 99, to: offset + 99 })).gaps, whole.gaps);

    const view = async (as: "hex" | "text") =>
      (await catalog.view({ exchange: exchanges[0].id, side: "response", as, from: 0, lines: 100 }))!.text;
    const hex = (await view("hex")).split("\n");
    assert.equal(hex[offset / 16], `00000190  ${"-- ".repeat(8)} ${"-- ".repeat(8)} ${" ".repeat(16)}`);
    assert.match((await view("text")).split("\n")[1], /^\[100 bytes are missing here\] +$/);
    assert.deepEqual(catalog.sources[0].notes, ["1 packet of UDP was passed over"]);
    assert.equal(catalog.sources[0].listeners[0].target, null);
  } finally {
    await catalog.close();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a compressed capture: all of it, and of a damaged one what can be unpacked", async () => {
  const folder = await Deno.makeTempDir();
  const frames = conversation(TURNS, { size: 100 })
    .map((made) => ({ at: made.at, bytes: ipPacket(made, { wide: false, client: 50_000, server: 80 }) }));
  const packed = gzipSync(pcap(101, frames), { level: 0 });
  for (const [cut, urls] of [[0, ["/gap", "/whole"]], [700, ["/whole"]]] as const) {
    const file = `${folder}/made${cut}.pcap.gz`;
    await Deno.writeFile(file, packed.subarray(0, packed.length - cut));
    await Deno.utime(file, 1, 1);
    const catalog = await WorkerCatalog.open({ opens: file, folder });
    try {
      await catalog.level();
      const { exchanges } = await catalog.exchanges({});
      assert.deepEqual(exchanges.filter(({ state }) => state === "done").map(({ url }) => url), urls);
      assert.match(
        catalog.sources[0].notes.join(),
        cut === 0 ? /^$/ : /compressed data is damaged or ends early/,
      );
    } finally {
      await catalog.close();
    }
  }
  await Deno.writeFile(`${folder}/other.gz`, gzipSync("no capture"));
  await assert.rejects(
    WorkerCatalog.open({ opens: `${folder}/other.gz`, folder }),
    /Cannot open .*other\.gz: it is neither pcapng nor pcap nor HAR/,
  );
  await Deno.remove(folder, { recursive: true });
});
