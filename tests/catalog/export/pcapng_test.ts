// Exports as pcapng: they open here with the same rows, and tshark finds nothing lost in them.

import assert from "node:assert/strict";
import { WorkerCatalog } from "../../../src/catalog/catalog.ts";
import type { Exchange } from "../../../src/model.ts";
import { tshark } from "../../needs.ts";
import { NO_KEEP } from "../../../src/keep.ts";
import { folder, opened, record as recordTo, TARGET } from "../../journal/recording.ts";
import { answer, Capture, get } from "../capture.ts";
import { exported, withCatalog } from "./exporting.ts";

/** What is to be the same in rows that have other numbers. */
function facts({ id: _, connection: _c, resendOf: _r, ...row }: Exchange): unknown {
  return row;
}

/** Opens the bytes of a capture. */
async function reopened<T>(
  bytes: Uint8Array,
  look: (catalog: WorkerCatalog, file: string) => Promise<T>,
): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-test-" });
  try {
    const file = `${folder}/exported.pcapng`;
    await Deno.writeFile(file, bytes);
    const catalog = await WorkerCatalog.open({ file, folder });
    try {
      catalog.written(bytes.length);
      await catalog.level();
      return await look(catalog, file);
    } finally {
      await catalog.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Rows, oldest first, and the bytes of each side. */
async function all(catalog: WorkerCatalog): Promise<{ rows: Exchange[]; bytes: string[] }> {
  const rows = [...(await catalog.exchanges({ limit: 1000 })).exchanges].reverse();
  const bytes = [];
  for (const { id } of rows) {
    for (const side of ["request", "response"] as const) {
      for (const part of ["wire", "sent"] as const) {
        const found = await catalog.bytes({ exchange: id, side, part });
        bytes.push(found ? await new Response(found.stream).text() : "none");
      }
    }
  }
  return { rows, bytes };
}

const large = "x".repeat(200_000);

/** Three connections whose chunks come in turns, one with edits and TLS, one that fails. */
function record(capture: Capture): void {
  for (const connection of [1, 2]) {
    capture.opened(connection, `l${connection}`);
    capture.connected(connection);
  }
  capture.secured(2, "client");
  for (let n = 1; n <= 6; n++) {
    const connection = 1 + n % 2;
    const before = capture.bytes(connection, "upstream").length;
    capture.chunk(connection, "upstream", get(`/orders/${n}`).slice(0, 20));
    capture.chunk(connection, "upstream", get(`/orders/${n}`).slice(20));
    if (connection === 1) {
      capture.edited(1, "upstream", before + get(`/orders/${n}`).indexOf("localhost"), 9, "target");
    }
    capture.chunk(connection, "downstream", "HTTP/1.1 100 Continue\r\n\r\n");
    capture.chunk(connection, "downstream", answer(n === 3 ? large : `{"n":${n}}`));
  }
  capture.opened(3, "l1");
  capture.failed(3, "localhost:80 refused the connection");
  capture.ended(1, "client");
  capture.ended(1, "target");
  capture.closed(1);
  capture.chunk(2, "upstream", get("/cut"));
  capture.ended(2, "target", "reset");
  capture.closed(2, "reset", "the target reset the connection");
}

async function judged(file: string): Promise<string[]> {
  if (tshark === null) return [];
  const run = async (...args: string[]) => {
    const { stdout, stderr, success } = await new Deno.Command(tshark!, { args: ["-r", file, ...args] })
      .output();
    assert.ok(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  };
  const wrong = "_ws.malformed || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment || " +
    "tcp.analysis.retransmission || tcp.analysis.out_of_order || tcp.analysis.duplicate_ack";
  assert.deepEqual(await run("-Y", wrong), []);
  return await run(
    "-d",
    "tcp.port==8081,http",
    "-Y",
    "http.request",
    "-T",
    "fields",
    "-e",
    "http.request.uri",
  );
}

Deno.test("pcapng: everything opens again with the same rows and bytes", async () => {
  using capture = new Capture();
  record(capture);
  await withCatalog(capture, async (catalog) => {
    const before = await all(catalog);
    const bytes = await exported(catalog, { format: "pcapng" });
    await reopened(bytes, async (again, file) => {
      const after = await all(again);
      assert.deepEqual(after.rows, before.rows);
      assert.deepEqual(after.bytes, before.bytes);
      const connections = async (catalog: WorkerCatalog) => (await catalog.connections({})).connections;
      assert.deepEqual(await connections(again), await connections(catalog));
      const requests = await judged(file);
      if (tshark) assert.deepEqual(requests, [1, 2, 3, 4, 5, 6].map((n) => `/orders/${n}`).concat("/cut"));
    });
  });
});

Deno.test("pcapng: chosen exchanges alone, one behind the other, or their connections whole", async () => {
  using capture = new Capture();
  record(capture);
  await withCatalog(capture, async (catalog) => {
    const { rows } = await all(catalog);
    const of = (url: string) => rows.find((row) => row.url === url)!;
    const chosen = [of("/orders/3"), of("/orders/4"), of("/cut")];
    const ids = chosen.map(({ id }) => id);
    const bytes = await exported(catalog, { format: "pcapng", ids });
    await reopened(bytes, async (again, file) => {
      const after = await all(again);
      assert.deepEqual(after.rows.map(facts), chosen.map(facts));
      for (const [n, { id }] of chosen.entries()) {
        const detail = await catalog.exchange(id);
        const other = await again.exchange(after.rows[n].id);
        assert.deepEqual(other!.request, detail!.request);
        assert.deepEqual(other!.response, detail!.response);
        assert.deepEqual(other!.interim, detail!.interim);
      }
      const requests = await judged(file);
      if (tshark) assert.deepEqual(requests, ["/orders/3", "/orders/4", "/cut"]);
    });
    const whole = await exported(catalog, { format: "pcapng", ids: ids.slice(0, 1), wholeConnections: true });
    await reopened(whole, async (again) => {
      const urls = (await all(again)).rows.map(({ url }) => url);
      assert.deepEqual(urls, ["/orders/1", "/orders/3", "/orders/5", "/cut"]);
    });
    const listener = await exported(catalog, { format: "pcapng", listener: "l1" });
    await reopened(listener, async (again) => {
      assert.deepEqual((await all(again)).rows.map(({ listener }) => listener), Array(4).fill("l1"));
      assert.equal((await again.connections({})).total, 2);
    });
  });
});

Deno.test("pcapng: a connection whose end was not recorded opens as far as it goes", async () => {
  using capture = new Capture();
  capture.opened(7);
  capture.chunk(7, "upstream", get("/a"));
  capture.chunk(7, "downstream", answer("{}"));
  capture.chunk(7, "upstream", get("/b"));
  await withCatalog(capture, async (catalog) => {
    await reopened(await exported(catalog, { format: "pcapng", ids: ["e2"] }), async (again, file) => {
      const { rows: [row] } = await all(again);
      assert.deepEqual([row.url, row.state, row.connection], ["/b", "open", "c7"]);
      await judged(file);
    });
    const empty = await exported(catalog, { format: "pcapng", ids: ["e9"] });
    await reopened(empty, async (again) => assert.deepEqual((await all(again)).rows, []));
  });
});

Deno.test("pcapng: a capture in segments is one file, also where the oldest are gone", async () => {
  for (const [most, isWhole] of [[4_000_000, true], [1_000_000, false]] as const) {
    const { file, remove, path } = folder();
    const recorder = await recordTo(file, 0, { keep: { ...NO_KEEP, bytes: most } });
    recorder.opened(opened(1));
    recorder.connected({ connection: 1, address: { ...TARGET, host: "127.0.0.1" }, dialMs: 1 });
    for (let round = 0; round < 40; round++) {
      recorder.chunk(1, "upstream", new TextEncoder().encode(get(`/${round}`)));
      recorder.chunk(1, "downstream", new TextEncoder().encode(answer("x".repeat(50_000))));
      await recorder.flush();
    }
    await recorder.close();
    const { files } = recorder;
    assert.ok(files.length > 1);
    const end = files.at(-1)!.base + Deno.statSync(files.at(-1)!.path).size;
    const catalog = await WorkerCatalog.open({ files, folder: path });
    catalog.written(end);
    await catalog.level();
    const bytes = await exported(catalog, { format: "pcapng" });
    const before = (await catalog.exchanges({ limit: 1000 })).exchanges.map(({ url }) => url);
    await reopened(bytes, async (again) => {
      const after = (await again.exchanges({ limit: 1000 })).exchanges.map(({ url }) => url);
      const whole = before.filter((url) => url?.startsWith("/"));
      assert.deepEqual(after.filter((url) => url?.startsWith("/")), whole);
      assert.equal(whole.length === 40, isWhole);
      assert.equal((await again.connections({})).total, 1);
    });
    await catalog.close();
    remove();
  }
});
