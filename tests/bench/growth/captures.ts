// What a capture costs: by its Exchanges, by Connections that are open, by the files that it is in, and by how many are
// open at once. They are asked for through the catalog's workers, as the program asks.

import { WorkerCatalog } from "../../../src/catalog/catalog.ts";
import { Indexer } from "../../../src/catalog/indexer.ts";
import { createIndex } from "../../../src/catalog/schema.ts";
import { Tables } from "../../../src/catalog/tables.ts";
import type { ExchangeQuery } from "../../../src/catalog/types.ts";
import { decode } from "../../../src/decode/mod.ts";
import { Kind } from "../../../src/journal/batch.ts";
import { type CaptureFile, CaptureFiles } from "../../../src/journal/capture_files.ts";
import { commentFor } from "../../../src/journal/comment.ts";
import { JournalReader } from "../../../src/journal/reader.ts";
import { JournalWriter } from "../../../src/journal/writer.ts";
import { bytesOf, request, response } from "../pure/inputs.ts";
import { MemoryFile, write } from "../pure/pcapng.ts";
import type { Cost, Family } from "./types.ts";

const ANSWER = bytesOf(response('{"id":17,"state":"shipped"}'));
/** So many Exchanges go over one Connection. */
const EACH = 20;
const LISTEN = { host: "127.0.0.1", port: 8081 };
const AT = Date.UTC(2026, 0, 1);

/** A capture of so many Exchanges. */
function record(file: string, exchanges: number): number {
  using handle = Deno.openSync(file, { write: true, create: true, truncate: true });
  let size = 0;
  const connections = Math.max(1, exchanges / EACH);
  write(
    { connections, chunks: exchanges / connections, bytes: ANSWER.length },
    (bytes) => {
      for (let at = 0; at < bytes.length;) at += handle.writeSync(bytes.subarray(at));
      size += bytes.length;
    },
    (connection, chunk, isUpstream) => isUpstream ? bytesOf(request(connection * 1_000 + chunk)) : ANSWER,
  );
  return size;
}

/** By how many Exchanges there are. */
export const exchanges: Family = {
  by: "exchanges",
  sizes: [1e2, 1e3, 1e4, 1e5],
  prepare: async (size) => {
    const folder = await Deno.makeTempDir({ prefix: "tcpmon-bench-" });
    const file = `${folder}/capture.pcapng`;
    const length = record(file, size);
    const catalog = await WorkerCatalog.open({ file, folder });
    let asked = 0;
    // Filters are remembered, so each time another one is asked for.
    const list = (what: string, query: () => ExchangeQuery, total: number): Cost => ({
      what,
      run: async () => {
        const found = await catalog.exchanges({ ...query(), whole: true });
        if (found.total !== total) {
          throw new Error(`${found.total} of ${total} for ${JSON.stringify(query())}`);
        }
      },
    });
    const exported = (what: string, format: "ndjson" | "pcapng", only: "first" | "all"): Cost => ({
      what,
      run: async () => {
        const { stream } = await catalog.export({ format, application: "bench" });
        for await (const piece of stream) if (piece.length > 0 && only === "first") break;
      },
    });
    return {
      costs: [
        {
          what: "indexed",
          once: true,
          run: async () => {
            catalog.written(length);
            await catalog.level();
          },
        },
        list("first page", () => ({}), size),
        list("page in the middle", () => ({ offset: size / 2 }), size),
        list("filter that all match", () => ({ q: `status:<${300 + ++asked}` }), size),
        list("filter that none matches", () => ({ q: `path:/nowhere/${++asked}` }), 0),
        list("sorted by path, anew", () => ({ q: `status:<${300 + ++asked}`, sort: "url" }), size),
        list("search in bodies", () => ({ q: `body:nowhere${++asked}` }), 0),
        {
          what: "details of one",
          run: async () => {
            if (await catalog.exchange(`e${size / 2}`) === null) throw new Error("it is not there");
          },
        },
        { what: "what a page begins with", run: () => catalog.overview() },
        exported("export begins", "ndjson", "first"),
        exported("export as NDJSON", "ndjson", "all"),
        exported("export as pcapng", "pcapng", "all"),
        {
          what: "all removed",
          once: true,
          run: async () => {
            if (await catalog.remove({ all: true }) !== size) throw new Error("not all were removed");
          },
        },
      ],
      close: async () => {
        await catalog.close();
        await Deno.remove(folder, { recursive: true });
      },
    };
  },
};

/** By how many Connections are open at once. */
export const openConnections: Family = {
  by: "open connections of a capture",
  sizes: [30, 300, 3e3, 3e4],
  prepare: (size) => {
    const folder = Deno.makeTempDirSync({ prefix: "tcpmon-bench-" });
    const file = new MemoryFile();
    const writer = new JournalWriter(file.append);
    const open = () => {
      writer.begin("tcpmon bench", AT);
      for (let connection = 1; connection <= size; connection++) {
        const client = { host: `127.0.${connection % 200}.1`, port: 1024 + connection % 60_000 };
        const target = { host: "localhost", port: 80 };
        const opened = { connection, listener: "l1", listen: LISTEN, local: LISTEN, target, client };
        const comment = commentFor({ event: "opened", ...opened });
        writer.record({ kind: Kind.opened, connection, at: AT + connection, flags: 0, body: comment });
      }
      writer.flush();
    };
    const tables = new Tables(createIndex(folder));
    const indexer = new Indexer(tables, decode);
    const reader = new JournalReader(file.read);
    const read = () => {
      for (let record = reader.next(file.length); record !== null; record = reader.next(file.length)) {
        indexer.apply(record, reader);
      }
      indexer.flush();
      if (indexer.held.connections !== size) throw new Error(`${indexer.held.connections} are open`);
    };
    return {
      costs: [
        { what: "recorded", once: true, run: open },
        { what: "indexed", once: true, run: read },
        {
          what: "carried into a new file",
          once: true,
          run: () => {
            writer.beginSegment("tcpmon bench", { at: AT + 1e6, segment: 2, base: file.length }, true);
            writer.carry(AT + 1e6);
            writer.flush();
          },
        },
        { what: "read from a new file", once: true, run: read },
        { what: "ended", once: true, run: () => indexer.stop("it ended") },
        { what: "ended, in the index", once: true, run: () => indexer.flush() },
      ],
      close: () => {
        tables.close();
        Deno.removeSync(folder, { recursive: true });
      },
    };
  },
};

/** By how many files a capture is in. */
export const segments: Family = {
  by: "files of a capture",
  sizes: [1, 10, 1e2, 1e3],
  prepare: async (size) => {
    const folder = await Deno.makeTempDir({ prefix: "tcpmon-bench-" });
    const list: CaptureFile[] = [];
    const length = 1_000;
    for (let at = 0; at < size; at++) {
      const path = `${folder}/${at}.pcapng`;
      await Deno.writeFile(path, new Uint8Array(length).fill(at));
      list.push({ path, later: null, base: at * length, length });
    }
    const files = new CaptureFiles(() => list);
    const into = new Uint8Array(16);
    return {
      costs: [
        { what: "opened", once: true, run: () => files.hold() },
        {
          what: "10,000 places read",
          run: () => {
            for (let at = 0; at < 10_000; at++) files.readAt((at * 7_919) % (size * length - 16), into);
          },
        },
        { what: "looked at anew", run: () => files.refresh() },
      ],
      close: async () => {
        files.close();
        await Deno.remove(folder, { recursive: true });
      },
    };
  },
};

/** By how many captures are open beside each other. */
export const captures: Family = {
  by: "captures opened",
  // No more than 127 can be: their positions share the numbers that are exact.
  sizes: [1, 10, 1e2],
  prepare: async (size) => {
    const folder = await Deno.makeTempDir({ prefix: "tcpmon-bench-" });
    const names = Array.from({ length: size + 1 }, (_, at) => `${folder}/${at}.pcapng`);
    const lengths = names.map((name) => record(name, EACH));
    const catalog = await WorkerCatalog.open({ file: names[0], folder });
    catalog.written(lengths[0]);
    await catalog.level();
    return {
      costs: [
        {
          what: "opened",
          once: true,
          run: async () => {
            for (let number = 1; number <= size; number++) {
              await catalog.addSource({ number, file: names[number], ends: "now" });
            }
            await catalog.level();
          },
        },
        { what: "first page of all", run: () => catalog.exchanges({}) },
        { what: "filter over all", run: () => catalog.exchanges({ q: "path:/nowhere" }) },
        {
          what: "closed",
          once: true,
          run: async () => {
            for (let number = 1; number <= size; number++) await catalog.removeSource(number);
          },
        },
      ],
      close: async () => {
        await catalog.close();
        await Deno.remove(folder, { recursive: true });
      },
    };
  },
};
