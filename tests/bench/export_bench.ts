// How fast exports are, and how much memory they take: `deno task bench:export [--mb=5000] [FORMAT …]`; what redacting
// costs: `deno task bench:export --redact [--exchanges=4000] [--markdown] [FORMAT …]`. Prints; asserts nothing.
//
// With --redact the capture is of so many Exchanges with a token of its own each; every format is exported without and with
// the rules "secrets", in turn.
//
// A capture of so many megabytes is made, bodies of 1 KB to 64 MB, and indexed. Each format is exported and thrown away
// as it comes; of the HAR file, which is kept, it is also told how it opens. Memory is what the process has resident,
// at most, above what it had before the first export.

import "./begin.ts";
import { EXPORT_FORMATS } from "../../src/catalog/export/formats.ts";
import { WorkerCatalog } from "../../src/catalog/catalog.ts";
import type { ExportFormat } from "../../src/catalog/types.ts";
import { Kind } from "../../src/journal/batch.ts";
import { commentFor, type JournalEvent } from "../../src/journal/comment.ts";
import { JournalWriter } from "../../src/journal/writer.ts";
import { writeSecretExchanges } from "./secret_exchanges.ts";
import { table } from "./table.ts";

const encoder = new TextEncoder();
const SIZE = Number(Deno.args.map((arg) => /^--mb=(\d+)$/.exec(arg)?.[1]).find((size) => size) ?? 5000) * 1e6;
const EXCHANGES = Number(
  Deno.args.map((arg) => /^--exchanges=(\d+)$/.exec(arg)?.[1]).find((count) => count) ?? 4000,
);
const asked = Deno.args.filter((arg) => !arg.startsWith("--")) as ExportFormat[];
const formats = asked.length > 0 ? asked : Object.keys(EXPORT_FORMATS) as ExportFormat[];
/** Sizes of bodies in turn; every third is not text. */
const BODIES = [1_000, 5_000, 20_000, 1_000, 200_000, 1_000_000, 3_000, 1_000, 64_000_000];
const CHUNK = 60_000;
const CONNECTIONS = 20;
const HOST = { host: "127.0.0.1", port: 8081 };

/** Makes the capture; returns its size. */
function make(path: string): number {
  using file = Deno.openSync(path, { write: true, create: true });
  let size = 0;
  const writer = new JournalWriter((bytes) => {
    for (let from = 0; from < bytes.length;) from += file.writeSync(bytes.subarray(from));
    size += bytes.length;
  });
  writer.begin("bench", 0);
  let at = Date.UTC(2026, 0, 1);
  const tell = (event: JournalEvent & { readonly event: "opened" }) =>
    writer.record({
      kind: Kind.opened,
      connection: event.connection,
      at: at++,
      flags: 0,
      body: commentFor(event),
    });
  const text = encoder.encode('{"order":4711,"größe":"M","text":"some words"},\n'.repeat(1_400_000));
  const bytes = text.map((byte, n) => byte ^ (n * 31));
  for (let connection = 1; connection <= CONNECTIONS; connection++) {
    const client = { host: "127.0.0.1", port: 40_000 + connection };
    tell({
      event: "opened",
      connection,
      listener: "l1",
      listen: HOST,
      local: HOST,
      target: { host: "localhost", port: 80 },
      client,
    });
  }
  for (let n = 0; size < SIZE; n++) {
    const connection = 1 + n % CONNECTIONS;
    const write = (kind: Kind, body: Uint8Array) =>
      writer.record({ kind, connection, at: at++, flags: 0, body });
    const body = (n % 3 ? text : bytes).subarray(0, BODIES[n % BODIES.length]);
    write(Kind.upstream, encoder.encode(`GET /orders/${n} HTTP/1.1\r\nHost: localhost\r\n\r\n`));
    const head =
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    write(Kind.downstream, encoder.encode(head));
    for (let from = 0; from < body.length; from += CHUNK) {
      write(Kind.downstream, body.subarray(from, from + CHUNK));
    }
  }
  writer.flush();
  return size;
}

/** Megabytes, without decimals. */
function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;
}

/** Runs `work`; returns how long it took, ms, and the most memory that the process had above `before`. */
async function measured(work: () => Promise<void>, before: number): Promise<{ ms: number; most: number }> {
  let most = 0;
  const look = () => most = Math.max(most, Deno.memoryUsage().rss - before);
  const timer = setInterval(look, 50);
  const start = performance.now();
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  look();
  return { ms: performance.now() - start, most };
}

/** Each format without and with rules, over a capture in `folder`. */
async function redacting(folder: string): Promise<void> {
  const file = `${folder}/secrets.pcapng`;
  const size = writeSecretExchanges(file, EXCHANGES);
  const catalog = await WorkerCatalog.open({ file, folder });
  catalog.written(size);
  await catalog.level();
  const before = Deno.memoryUsage().rss;
  const run = async (format: ExportFormat, redact: readonly string[]) => {
    const { ms, most } = await measured(async () => {
      const { stream } = await catalog.export({ format, application: "tcpmon bench", redact });
      for await (const _ of stream);
    }, before);
    return { ms, most };
  };
  const head = ["format", "without", "with", "ratio", "exchanges/s", "MB/s", "memory"];
  const rows: string[][] = [];
  for (const format of formats) {
    const [without, masked] = [await run(format, []), await run(format, ["secrets"])];
    rows.push([
      format,
      `${(without.ms / 1000).toFixed(2)} s`,
      `${(masked.ms / 1000).toFixed(2)} s`,
      (masked.ms / without.ms).toFixed(1),
      Math.round(EXCHANGES / masked.ms * 1000).toLocaleString("en"),
      (size / masked.ms / 1000).toFixed(1),
      `+${mb(masked.most)}`,
    ]);
  }
  await catalog.close();
  const isMarkdown = Deno.args.includes("--markdown");
  console.log(`${EXCHANGES} exchanges, ${mb(size)}, by the rules "secrets":\n`);
  console.log(table([head, ...rows], { isMarkdown }).join("\n"));
}

const folder = await Deno.makeTempDir({ prefix: "tcpmon-bench-" });
try {
  if (Deno.args.includes("--redact")) await redacting(folder);
  else await bodies(folder);
} finally {
  await Deno.remove(folder, { recursive: true });
}

/** Each format over a capture of bodies of all sizes. */
async function bodies(folder: string): Promise<void> {
  const file = `${folder}/capture.pcapng`;
  const size = make(file);
  let catalog = await WorkerCatalog.open({ file, folder });
  catalog.written(size);
  await catalog.level();
  const before = Deno.memoryUsage().rss;
  console.log(`capture ${mb(size)}, memory before ${mb(before)}`);
  const harFile = `${folder}/all.har`;
  for (const format of formats) {
    let written = 0;
    const { ms, most } = await measured(async () => {
      const { stream } = await catalog.export({ format, application: "tcpmon bench" });
      using file = format === "har" ? Deno.openSync(harFile, { write: true, create: true }) : null;
      for await (const piece of stream) {
        written += piece.length;
        if (file) { for (let at = 0; at < piece.length;) at += file.writeSync(piece.subarray(at)); }
      }
    }, before);
    const speed = size / ms / 1000;
    console.log(
      `${format.padEnd(8)} ${(ms / 1000).toFixed(1)} s, ${speed.toFixed(0)} MB/s, ${mb(written)}, memory +${
        mb(most)
      }`,
    );
  }
  await catalog.close();
  if (formats.includes("har")) {
    const opened = `${folder}/opened`;
    await Deno.mkdir(opened);
    const { ms, most } = await measured(async () => {
      catalog = await WorkerCatalog.open({ opens: harFile, folder: opened });
      await catalog.level();
    }, before);
    console.log(`opening the HAR file: ${(ms / 1000).toFixed(1)} s, memory +${mb(most)}`);
    await catalog.close();
  }
}
