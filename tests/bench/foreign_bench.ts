// How fast a capture of another program is read: `deno run -A tests/bench/foreign_bench.ts [--mb=200]`. Prints; asserts
// nothing. A pcap of 50 connections at once is made, one packet in 50 out of order, and read to its end, in packets as
// Ethernet has them and as large as offloading makes them; memory is looked at at a tenth and at the end.

import "./begin.ts";
import { readerOf } from "../../src/journal/file.ts";
import { ForeignReader } from "../../src/journal/foreign/reader.ts";
import { conversation, type Frame, ipPacket, type Made, pcap } from "../journal/foreign/made.ts";

const SIZE = Number(/^--mb=(\d+)$/.exec(Deno.args[0] ?? "")?.[1] ?? 200) * 1e6;
const CONNECTIONS = 50;

/** Writes a capture of about SIZE bytes in packets of `size`. */
function make(path: string, size: number): void {
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  const data = new Uint8Array(size * 40).fill(0x61);
  file.writeSync(pcap(101, []));
  let written = 0;
  for (let round = 0; written < SIZE; round++) {
    const all = [...Array(CONNECTIONS).keys()].map((connection) => ({
      ends: { wide: false, client: 1024 + (round * CONNECTIONS + connection) % 60_000, server: 80 },
      segments: conversation([[true, data.subarray(0, size)], [false, data]], { size, at: round * 1e3 }),
    }));
    const frames: Frame[] = [];
    for (let i = 0; i < all[0].segments.length; i++) {
      for (const { ends, segments } of all) {
        const made: Made = segments[i % 50 === 20 ? i + 1 : i % 50 === 21 ? i - 1 : i];
        frames.push({ at: made.at, bytes: ipPacket(made, ends) });
      }
    }
    const part = pcap(101, frames).subarray(24);
    for (let at = 0; at < part.length;) at += file.writeSync(part.subarray(at));
    written += part.length;
  }
}

function read(path: string): void {
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  const reader = new ForeignReader("pcap", readerOf(file));
  let records = 0;
  let gaps = 0;
  let early = 0;
  const begun = performance.now();
  for (const finish of [false, true]) {
    if (finish) reader.finish();
    for (let record = reader.next(size); record !== null; record = reader.next(size)) {
      records++;
      if (record.kind === "gap") gaps++;
      if (early === 0 && reader.position > size / 10) early = Deno.memoryUsage().rss;
    }
  }
  const seconds = (performance.now() - begun) / 1e3;
  const grown = (Deno.memoryUsage().rss - early) / 1e6;
  console.log(
    `  ${(size / 1e6 / seconds).toFixed(0)} MB/s, ${
      Math.round(records / seconds).toLocaleString("en")
    } records/s, ` +
      `${gaps} gaps, memory ${grown < 0 ? "" : "+"}${grown.toFixed(0)} MB after the first tenth`,
  );
}

const folder = await Deno.makeTempDir();
try {
  for (const size of [1_460, 30_000]) {
    console.log(`packets of ${size.toLocaleString("en")} bytes, ${SIZE / 1e6} MB`);
    make(`${folder}/made.pcap`, size);
    read(`${folder}/made.pcap`);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
