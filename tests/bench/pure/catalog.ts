// The catalog's part: records into rows of SQLite, and what a filter costs: reading it, asking the columns, looking
// through contents.

import { Indexer } from "../../../src/catalog/indexer.ts";
import { createIndex } from "../../../src/catalog/schema.ts";
import { oneCharEach } from "../../../src/catalog/search/latin1.ts";
import { Tables } from "../../../src/catalog/tables.ts";
import { decode } from "../../../src/decode/mod.ts";
import { finderFor, TextWindow } from "../../../src/decode/query/finder.ts";
import { parseQuery } from "../../../src/decode/query/mod.ts";
import type { Sought } from "../../../src/decode/query/types.ts";
import { JournalReader } from "../../../src/journal/reader.ts";
import { bytesOf, jsonRecords, request, response } from "./inputs.ts";
import { MemoryFile, write } from "./pcapng.ts";
import type { PureGroup } from "./types.ts";

/** So many records are one transaction. */
const AT_ONCE = 5_000;
const WINDOW = 256 * 1024;

/** Indexes a Journal into a database that is removed again; returns how many Exchanges there are. */
function indexed(file: MemoryFile): number {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-bench-" });
  try {
    const tables = new Tables(createIndex(folder));
    const indexer = new Indexer(tables, decode);
    const reader = new JournalReader(file.read);
    let count = 0;
    for (let record = reader.next(file.length); record !== null; record = reader.next(file.length)) {
      indexer.apply(record, reader);
      if (++count % AT_ONCE === 0) indexer.flush();
    }
    indexer.flush();
    tables.close();
    return indexer.counting.total;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** See above. */
export const index: PureGroup = {
  group: "Index",
  cases: () => {
    const answer = bytesOf(response('{"id":17,"state":"shipped"}'));
    const large = bytesOf(response(jsonRecords(50_000)));
    return ([
      ["small exchanges, kept alive", 10, 200, answer],
      ["small exchanges, a Connection each", 2_000, 1, answer],
      ["answers of 50 KB", 10, 20, large],
    ] as const).map(([name, connections, chunks, reply]) => {
      const file = new MemoryFile();
      const asked = (connection: number, chunk: number) => bytesOf(request(connection * 1_000 + chunk));
      write(
        { connections, chunks, bytes: reply.length },
        file.append,
        (connection, chunk, isUpstream) => isUpstream ? asked(connection, chunk) : reply,
      );
      return { name, bytes: file.length, run: () => indexed(file), expected: connections * chunks };
    });
  },
};

/** Looks through bytes in windows; returns in how many of them it is. */
function windowsWith(sought: Sought, bytes: Uint8Array): number {
  const finder = finderFor(sought, false, oneCharEach);
  let hits = 0;
  for (let at = 0; at < bytes.length; at += WINDOW) {
    const part = bytes.subarray(Math.max(0, at - finder.overlap), at + WINDOW);
    const window = new TextWindow(part, "utf-8", at === 0, at + WINDOW >= bytes.length, oneCharEach);
    if (finder.inWindow(window)) hits++;
  }
  return hits;
}

/** See above. */
export const search: PureGroup = {
  group: "Search",
  cases: () => {
    const bytes = bytesOf(jsonRecords(2_000_000));
    const sought: readonly (readonly [name: string, sought: Sought])[] = [
      ["a word that is nowhere", { is: "text", text: "no such word" }],
      ["a word that is not ASCII", { is: "text", text: "Ölpreis" }],
      ["an expression", { is: "regex", source: "\\bstatus\\d{4}", flags: "i" }],
      ["bytes", { is: "bytes", bytes: Uint8Array.of(0xff, 0xfe, 0x00) }],
    ];
    const filter = Array.from({ length: 20 }, (_, at) => `(status:>=${400 + at} or -path:/orders/${at})`)
      .join(" ");
    return [
      ...sought.map(([name, one]) => ({
        name,
        bytes: bytes.length,
        run: () => windowsWith(one, bytes),
        expected: 0,
      })),
      {
        name: "reading a filter of 40 terms",
        bytes: filter.length,
        run: () => Number(parseQuery(filter).error === null),
        expected: 1,
      },
    ];
  },
};
