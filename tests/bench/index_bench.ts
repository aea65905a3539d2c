// What the index costs: `deno task bench:index [--exchanges 200000] [--only keep-alive|close]`. A capture of small
// Exchanges is read, decoded and indexed in this thread as the index worker does it, so that a profiler sees it
// (`--cpu-prof`).

import "./begin.ts";
import process from "node:process";
import { parseArgs } from "node:util";
import { decode } from "../../src/decode/mod.ts";
import { Indexer } from "../../src/catalog/indexer.ts";
import { News } from "../../src/catalog/news.ts";
import { Pace } from "../../src/catalog/pace.ts";
import { createIndex } from "../../src/catalog/schema.ts";
import { Tables } from "../../src/catalog/tables.ts";
import { Tail } from "../../src/catalog/tail.ts";
import { readerOf } from "../../src/journal/file.ts";
import { JournalReader } from "../../src/journal/reader.ts";
import { ownFolder } from "./programs.ts";
import { writeSmallExchanges } from "./small_exchanges.ts";

const { values } = parseArgs({
  options: { exchanges: { type: "string", default: "200000" }, only: { type: "string" } },
});

const kinds = ["keep-alive", "close"];
if (values.only !== undefined && !kinds.includes(values.only)) {
  console.error(`Cannot measure ${values.only}: --only takes ${kinds.join(" or ")}.`);
  Deno.exit(1);
}
const folder = await ownFolder("/dev/shm");
try {
  for (const close of [false, true]) {
    if (values.only && values.only !== (close ? "close" : "keep-alive")) continue;
    const exchanges = Math.round(Number(values.exchanges) / (close ? 4 : 1));
    const file = `${folder}/capture.pcapng`;
    const size = writeSmallExchanges(file, { exchanges, close });
    const name = close ? "a connection each" : "keep-alive";
    say(`${name}, read`, exchanges, size, readAll(file, size));
    say(`${name}, read and decoded`, exchanges, size, decodeAll(file, size));
    say(`${name}, indexed`, exchanges, size, await indexAll(file, size));
    console.log(
      `  index: ${Math.round(Deno.statSync(`${folder}/catalog.sqlite`).size / exchanges)} bytes each`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Processor time of this program so far, ms: what others do on the machine does not count. */
function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function say(name: string, exchanges: number, size: number, ms: number): void {
  console.log(
    `${name}: ${Math.round(exchanges / ms * 1000)} exchanges/s, ${
      (1000 * ms / exchanges).toFixed(1)
    } µs each, ${Math.round(size / ms / 1000)} MB/s`,
  );
}

function readAll(file: string, size: number): number {
  using handle = Deno.openSync(file);
  const begun = now();
  const reader = new JournalReader(readerOf(handle));
  while (reader.next(size) !== null);
  return now() - begun;
}

function decodeAll(file: string, size: number): number {
  using handle = Deno.openSync(file);
  const begun = now();
  const reader = new JournalReader(readerOf(handle));
  const decoders = new Map<number, ReturnType<typeof decode>>();
  for (let record = reader.next(size); record !== null; record = reader.next(size)) {
    if (record.kind === "opened") decoders.set(record.connection, decode());
    else if (record.kind === "closed") decoders.delete(record.connection);
    else if (record.kind === "chunk") {
      decoders.get(record.connection)!.receive(record.direction, reader.payload(record), record.at);
    }
  }
  return now() - begun;
}

async function indexAll(file: string, size: number): Promise<number> {
  using handle = Deno.openSync(file);
  const begun = now();
  const reader = new JournalReader(readerOf(handle));
  const tables = new Tables(createIndex(folder));
  const news = new News(false);
  const indexer = new Indexer(tables, decode, (row, done) => news.row(row, done));
  const tail = new Tail(reader, indexer, news, new Pace(8), () => {}, (error) => {
    throw error;
  });
  tail.written(size);
  await tail.level();
  const took = now() - begun;
  tail.stop();
  tables.close();
  return took;
}
