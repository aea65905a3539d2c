// The program with limits to what it keeps: what goes, what stays, and what is said of it.

import assert from "node:assert/strict";
import { JournalReader } from "../src/journal/reader.ts";
import type { ConnectionList, Exchange, ExchangeDetail, ExchangeList } from "../src/ui/types.ts";
import { NO_KEEP } from "../src/keep.ts";
import { startProgram } from "../src/program.ts";
import { Running } from "./running.ts";

/** An HTTP server whose answers have so many bytes as the path says, and a client that asks it over one connection. */
function sized() {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const body = "x".repeat(Number(new URL(request.url).pathname.slice(1)));
    // Deno compresses text.
    return new Response(body, { headers: { "content-type": "application/octet-stream" } });
  });
  return { port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

async function ask(running: Running, path: string): Promise<void> {
  const body = await (await fetch(`${running.url()}${path}`)).text();
  assert.equal(body.length, Number(path.slice(1).split("?")[0]));
}

/** The Exchanges once the newest is done. */
async function all(running: Running, newest: string): Promise<ExchangeList> {
  await running.line(({ event, url }) => event === "exchange" && url === newest);
  return await running.json<ExchangeList>("/exchanges?limit=1000");
}

Deno.test("--keep SIZE: the oldest exchanges go with their bytes, the others stay whole, and it is said what went", async () => {
  await using target = sized();
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${target.port}`, "--keep", "1MB"]);
  try {
    for (let count = 0; count < 60; count++) {
      await ask(running, `/50000?${count}`);
      // What goes before the index has read it has no row: it is let follow.
      if (count % 5 === 4) await all(running, `/50000?${count}`);
    }
    // How many there were is known of those that were read before they went.
    const { dropped, bytes, keeps } = await running.recording(({ dropped }) => dropped !== undefined);
    assert.equal(keeps, "at most 1 MB");
    assert.ok(bytes <= 1_000_000, `${bytes}`);
    assert.ok(Date.parse(dropped!.until) > 0);
    const { exchanges, total } = await all(running, "/50000?59");
    assert.ok(total >= 5 && total < 30, `${total}`);
    assert.deepEqual(exchanges.map(({ url }) => url), exchanges.map((_, at) => `/50000?${59 - at}`));
    const lost: string[] = [];
    for (const { id } of exchanges) {
      const response = await running.api(`/exchanges/${id}/response/body`);
      if (await response.text() !== "x".repeat(50_000)) lost.push(id);
    }
    assert.deepEqual(lost, []);
    // Saved, it is one file with all that its files have.
    const saved = await running.api("/capture");
    const joined = new Uint8Array(await saved.arrayBuffer());
    assert.equal(joined.length, Number(saved.headers.get("content-length")));
    const records = new JournalReader((position, into) => {
      const there = joined.subarray(position, position + into.length);
      into.set(there);
      return there.length;
    });
    let segments = 0;
    for (let one = records.next(joined.length); one; one = records.next(joined.length)) {
      if (one.kind === "segment") segments++;
    }
    assert.equal(records.position, joined.length);
    assert.ok(segments > 1, `${segments}`);
    // The connection is kept alive, and its beginning is told as a gap.
    const { connections } = await running.json<ConnectionList>("/connections");
    const whole = await running.api(`/connections/${connections[0].id}/downstream`);
    const [, end] = /^0-(\d+)$/.exec(whole.headers.get("tcpmon-missing-bytes") ?? "") ?? [];
    const bytesOf = await whole.text();
    assert.equal(bytesOf.length, connections[0].downstreamBytes);
    const gone = Number(end) + 1;
    // What was gone before it was read, and what went afterwards, may be told one after the other.
    const told = bytesOf.slice(0, gone).split(/\s{2,}/).map((part) => part.trim()).filter((part) =>
      part !== ""
    );
    for (const part of told) assert.match(part, /^\[[\d,]+ bytes are missing here\]$/);
    assert.doesNotMatch(bytesOf.slice(gone), /missing/);
    // What is left begins with what the oldest segment holds.
    assert.ok(gone > 0 && gone <= exchanges.length * -50_000 + bytesOf.length, `${gone}`);
  } finally {
    await running.stop();
  }
});

Deno.test("--keep COUNT: as many exchanges as that", async () => {
  await using target = sized();
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${target.port}`, "--keep", "10"]);
  try {
    for (let count = 0; count < 35; count++) await ask(running, `/100?${count}`);
    await running.recording(({ dropped }) => dropped?.exchanges === 25);
    const { exchanges, total } = await all(running, "/100?34");
    assert.equal(total, 10);
    assert.deepEqual(exchanges.map(({ url }) => url), exchanges.map((_, at) => `/100?${34 - at}`));
  } finally {
    await running.stop();
  }
});

Deno.test("--capture-limit SIZE: all is relayed, so much of it recorded, and that it is cut is told", async () => {
  await using target = sized();
  const args = ["-l", "0", "-t", `127.0.0.1:${target.port}`, "--capture-limit", "10kB"];
  const running = await Running.start(args);
  try {
    await ask(running, "/500?a");
    await ask(running, "/100000?b");
    await ask(running, "/100?c");
    await running.stop("SIGTERM");
    const { lines } = running;
    const done = lines.filter(({ event }) => event === "exchange") as unknown as Exchange[];
    const first = done.find(({ url }) => url === "/500?a")!;
    assert.equal(first.cut, undefined);
    const second = done.find(({ url }) => url === "/100000?b")!;
    assert.deepEqual([second.state, second.cut, second.fault], ["done", "response", null]);
    assert.ok(second.responseBytes > 100_000, `${second.responseBytes}`);
  } finally {
    await running.stop().catch(() => {});
  }
});

Deno.test("--capture-limit SIZE: what is there of a body is given, and the rest of it told as missing", async () => {
  await using target = sized();
  const args = ["-l", "0", "-t", `127.0.0.1:${target.port}`, "--capture-limit", "10kB"];
  const running = await Running.start(args);
  try {
    await ask(running, "/100000?b");
    const { exchanges } = await all(running, "/100000?b");
    const { id, connection } = exchanges[0];
    const detail = await running.json<ExchangeDetail>(`/exchanges/${id}`);
    assert.equal(detail.response!.bodyBytes, 100_000);
    assert.ok(
      detail.response!.notes.some((note) => /first 10,000 bytes/.test(note)),
      `${detail.response!.notes}`,
    );
    const body = await (await running.api(`/exchanges/${id}/response/body`)).text();
    assert.match(body, /^x{9000,10000}\n\[[\d,]+ bytes are missing here\] */);
    const one = await running.json<{ readonly cut: unknown; readonly downstreamBytes: number }>(
      `/connections/${connection}`,
    );
    assert.deepEqual(one.cut, { upstream: null, downstream: 10_000 });
    assert.equal((await running.recording(() => true)).captureLimit, 10_000);
  } finally {
    await running.stop();
  }
});

Deno.test("--keep DURATION: what is older goes, what is newer stays", async () => {
  await using target = sized();
  // Ten seconds are the least on the command line.
  const program = await startProgram({
    ...{
      version: "1.2.3",
      ui: { host: "127.0.0.1", port: 0 },
      capture: null,
      jsonLine: null,
      notice: () => {},
    },
    routes: [{ listen: { host: "127.0.0.1", port: 0 }, target: { host: "127.0.0.1", port: target.port } }],
    keep: { ...NO_KEEP, ms: 800 },
  });
  try {
    assert.match(program.capture.keeps, /^the latest 1 seconds?, at most /);
    const json = async <T>(path: string): Promise<T> => {
      const headers = { authorization: `Bearer ${program.page.token}` };
      return await (await fetch(`${program.page.apiUrl}${path}`, { headers })).json();
    };
    const [{ listen }] = program.listeners();
    for (let count = 0;; count++) {
      await (await fetch(`http://${listen}/1000?${count}`)).arrayBuffer();
      const { dropped } = await json<{ readonly dropped?: { readonly exchanges: number } }>("/recording");
      const { exchanges } = await json<ExchangeList>("/exchanges?limit=1000");
      if (dropped === undefined || dropped.exchanges === 0 || exchanges.length === 0) continue;
      // The oldest have gone, and those that are left follow one another to the newest that was read.
      const left = exchanges.map(({ url }) => Number(url?.split("?")[1]));
      assert.ok(left.at(-1)! > 0, `${left}`);
      assert.deepEqual(left, left.map((_, at) => left[0] - at));
      break;
    }
  } finally {
    await program.stop();
  }
});

Deno.test("what a connection was rewritten by is known on both sides of a new file", async () => {
  await using target = sized();
  const args = ["-l", "0", "-t", `127.0.0.1:${target.port}`, "--host-header", "rewrite", "--keep", "1MB"];
  const running = await Running.start(args);
  try {
    for (let count = 0; count < 30; count++) await ask(running, `/50000?${count}`);
    const { exchanges } = await all(running, "/50000?29");
    assert.ok(exchanges.length < 30);
    assert.equal(new Set(exchanges.map(({ connection }) => connection)).size, 1);
    const host = (text: string) => /^host: (\S+)/im.exec(text)?.[1];
    for (const { id } of exchanges.slice(0, -1)) {
      const [came, sent] = await Promise.all(
        ["request", "request/sent"].map(async (part) =>
          host(await (await running.api(`/exchanges/${id}/${part}`)).text())
        ),
      );
      assert.deepEqual([came, sent], [new URL(running.url()).host, `127.0.0.1:${target.port}`], id);
    }
  } finally {
    await running.stop();
  }
});
