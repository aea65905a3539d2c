// What Apache TCPMon 1.0 fails at, done with the program as a user starts it: rows and descriptors under load, servers
// that speak first, bytes without a Host field, without a line end, and beyond ASCII.

import assert from "node:assert/strict";
import type { Exchange } from "../src/model.ts";
import { soonest } from "../src/soonest.ts";
import { httpServer } from "./monitor.ts";
import { server, write } from "./relay/transcript.ts";
import { programs, Running } from "./running.ts";

/** One character a byte. */
function octets(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

/** Sends bytes, ends the sending side where `ends`, and reads to the end, or until `until` has come. */
async function call(
  port: number,
  bytes: Uint8Array | string,
  { ends = false, until = "" } = {},
): Promise<string> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    await write(conn, bytes);
    if (ends) await conn.closeWrite();
    const buffer = new Uint8Array(65_536);
    let text = "";
    while (until === "" || !text.includes(until)) {
      const read = await conn.read(buffer);
      if (read === null) break;
      text += octets(buffer.subarray(0, read));
    }
    return text;
  } finally {
    conn.close();
  }
}

async function bytesOf(running: Running, path: string): Promise<string> {
  const answer = await running.api(path);
  assert.equal(answer.status, 200, path);
  return octets(new Uint8Array(await answer.arrayBuffer()));
}

/** All exchanges, newest first. */
async function exchanges(running: Running): Promise<Exchange[]> {
  const all: Exchange[] = [];
  for (;;) {
    const page = await running.json<{ exchanges: Exchange[]; total: number }>(
      `/exchanges?limit=1000&offset=${all.length}`,
    );
    all.push(...page.exchanges);
    if (all.length >= page.total) return all;
  }
}

/** How many descriptors the program has open: on Linux. */
function descriptors(running: Running): number {
  return [...Deno.readDirSync(`/proc/${running.pid}/fd`)].length;
}

const REQUEST = (path: string) => `GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`;

Deno.test({
  name: "4,000 connections, 20 at a time: no row is lost, and no descriptor is left",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const [clients, each] = [20, 200];
    const backend = httpServer();
    const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${backend.address.port}`]);
    try {
      await call(running.port(), REQUEST("/first"), { until: "\r\n\r\n" });
      await running.line(({ event, state }) => event === "connection" && state === "closed");
      // The catalog, which has some of its own, is open once it answers.
      await running.json("/exchanges");
      const before = descriptors(running);
      await Promise.all(Array.from({ length: clients }, async (_, client) => {
        for (let n = 0; n < each; n++) {
          assert.match(
            await call(running.port(), REQUEST(`/${client}/${n}`), { until: "\r\n\r\n" }),
            /^HTTP\/1\.1 200/,
          );
        }
      }));
      const wanted = clients * each + 1;
      const isOver = ({ event, state }: Record<string, unknown>) =>
        event === "connection" && state === "closed";
      await running.until((lines) => lines.filter(isOver).length >= wanted);
      await running.until((lines) => lines.filter(({ event }) => event === "exchange").length >= wanted);
      const rows = await exchanges(running);
      assert.equal(rows.length, wanted);
      assert.equal(new Set(rows.map(({ url }) => url)).size, wanted);
      assert.deepEqual(rows.filter(({ state, status }) => state !== "done" || status !== 200), []);
      assert.equal(new Set(rows.map(({ connection }) => connection)).size, wanted);
      // A few are the catalog's, which opens files as it is asked.
      assert.ok(descriptors(running) <= before + 10, `${before} before, ${descriptors(running)} after`);
    } finally {
      await running.stop();
      await backend.close();
    }
  },
});

/** More than a target takes to be dialled where there is a file descriptor for it. */
const SERVED_MS = 3_000;

/** 80 clients of a program that may open 100 files, and whose target holds them for as long as they stay. */
class ManyClients {
  /** Those that have heard from the target. */
  readonly served: Deno.TcpConn[] = [];
  #clients: Promise<void>[] = [];
  #wake = () => {};

  private constructor(readonly running: Running, private readonly target: ReturnType<typeof server>) {}

  static async of([name, command, args]: typeof programs[number]): Promise<ManyClients> {
    const target = server(async (conn) => {
      await write(conn, "hello");
      while (await conn.read(new Uint8Array(16)).catch(() => null) !== null);
    });
    const few = ["-c", 'ulimit -n 100; exec "$0" "$@"', command, ...args];
    const route = ["-l", "0", "-t", `127.0.0.1:${target.address.port}`];
    return new ManyClients(await Running.start(route, [name, "bash", few]), target);
  }

  come(): void {
    this.#clients = Array.from({ length: 80 }, async () => {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port: this.running.port() });
      if (await conn.read(new Uint8Array(16)).catch(() => null) === null) conn.close();
      else this.served.push(conn);
      this.#wake();
    });
  }

  /** How many Connections have come to this. */
  count(state: "open" | "closed" | "failed"): number {
    return this.running.lines.filter((line) => line.event === "connection" && line.state === state).length;
  }

  async untilServed(count: () => number): Promise<void> {
    while (this.served.length < count()) await new Promise<void>((resolve) => this.#wake = resolve);
  }

  /** All that have been accepted are served: what is told of them, and what they hear, come on ways of their own. */
  async allOpenServed(): Promise<void> {
    do {
      await this.untilServed(() => Math.max(1, this.count("open")));
      await this.running.until(() => this.count("open") >= this.served.length);
    } while (this.count("open") > this.served.length);
  }

  /** Has each go once it has been served, until all have been. */
  async allServed(): Promise<void> {
    for (let gone = 0; gone < 80; gone++) {
      await this.untilServed(() => gone + 1);
      this.served[gone].close();
    }
    await this.running.until(() => this.count("closed") === 80);
    assert.equal(this.count("failed"), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.stop();
    await Promise.all(this.#clients);
    for (const conn of this.served) {
      try {
        conn.close();
      } catch { /* it has gone */ }
    }
    await this.target.close();
  }
}

/** The page answers four at once. */
async function pageAnswers(running: Running): Promise<void> {
  for (const answer of await Promise.all([1, 2, 3, 4].map(() => running.api("/exchanges")))) {
    assert.equal(answer.status, 200);
    await answer.body?.cancel();
  }
}

for (const program of programs) {
  Deno.test({
    name: `${program[0]} accepts no client that it has too few open files for, and all when others have gone`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      await using clients = await ManyClients.of(program);
      const { running, served } = clients;
      // The catalog, which has some files of its own, is open once it answers.
      await running.json("/exchanges");
      const feed = await running.api("/events");
      clients.come();
      await noticed(feed, /too many files are open.*New clients wait/);
      await soonest(clients.allOpenServed(), SERVED_MS);
      assert.equal(served.length, clients.count("open"));
      const taken = descriptors(running);
      assert.ok(
        served.length > 5 && taken < 96,
        `${taken} descriptors are taken, ${served.length} are served`,
      );
      await pageAnswers(running);
      await clients.allServed();
    },
  });

  Deno.test({
    name: `${program[0]} leaves its own threads enough open files where many clients come as it starts`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      await using clients = await ManyClients.of(program);
      clients.come();
      await pageAnswers(clients.running);
      await clients.allServed();
    },
  });
}

/** Resolves when the live feed has told a notice. */
async function noticed({ body }: Response, text: RegExp): Promise<void> {
  let told = "";
  for await (const more of body!.pipeThrough(new TextDecoderStream())) {
    told += more;
    if (text.test(told)) return;
  }
}

Deno.test("20 clients at a time, 2,000 requests of each: no row is lost", async () => {
  const [clients, each] = [20, 2_000];
  const backend = server(async (conn) => {
    const buffer = new Uint8Array(4096);
    for (let text = "";;) {
      const read = await conn.read(buffer).catch(() => null);
      if (read === null) return;
      text += octets(buffer.subarray(0, read));
      const asked = text.split("\r\n\r\n");
      text = asked.pop()!;
      for (let nth = 0; nth < asked.length; nth++) {
        await write(conn, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
      }
    }
  });
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${backend.address.port}`]);
  try {
    await Promise.all(Array.from({ length: clients }, async (_, client) => {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
      const buffer = new Uint8Array(4096);
      for (let n = 0; n < each; n++) {
        await write(conn, REQUEST(`/${client}/${n}`));
        for (let text = ""; !text.endsWith("ok");) {
          const read = await conn.read(buffer);
          assert.ok(read !== null, "the connection ended");
          text += octets(buffer.subarray(0, read));
        }
      }
      conn.close();
    }));
    // The last rows are there once the connections, which the index reads after them, are over.
    for (let closed = 0; closed < clients;) {
      const { connections } = await running.json<{ connections: { state: string }[] }>("/connections");
      closed = connections.filter(({ state }) => state === "closed").length;
    }
    const rows = await exchanges(running);
    assert.equal(rows.length, clients * each);
    assert.equal(new Set(rows.map(({ url }) => url)).size, clients * each);
    assert.deepEqual(rows.filter(({ state, status }) => state !== "done" || status !== 200), []);
  } finally {
    await running.stop();
    await backend.close();
  }
});

Deno.test("a server that speaks first is heard, and its greeting is a row", async () => {
  const mail = server(async (conn) => {
    await write(conn, "220 mail.example.org ESMTP\r\n");
    await conn.read(new Uint8Array(100));
    await write(conn, "221 bye\r\n");
  });
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${mail.address.port}`]);
  try {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: running.port() });
    const buffer = new Uint8Array(100);
    const read = await conn.read(buffer);
    assert.equal(octets(buffer.subarray(0, read!)), "220 mail.example.org ESMTP\r\n");
    await write(conn, "QUIT\r\n");
    while (await conn.read(buffer) !== null);
    conn.close();
    await running.line(({ event, url }) => event === "exchange" && String(url).includes("QUIT"));
    const rows = await exchanges(running);
    assert.deepEqual(rows.map(({ protocol, state }) => [protocol, state]), [["tcp", "done"], [
      "tcp",
      "done",
    ]]);
    assert.match(rows[1].url ?? "", /^← 220 mail/);
    assert.equal(
      await bytesOf(running, `/exchanges/${rows[1].id}/response`),
      "220 mail.example.org ESMTP\r\n",
    );
  } finally {
    await running.stop();
    await mail.close();
  }
});

/** What TCPMon holds back for good, loses, or changes on its way. */
const BYTES: readonly [name: string, bytes: Uint8Array | string][] = [
  ["PING without a Host field", "PING\r\n"],
  ["bytes without a line end", Uint8Array.from({ length: 256 }, (_, n) => n)],
  [
    "é before the Host field",
    "GET /é?n=€ HTTP/1.1\r\nX-Name: José\r\nHost: localhost\r\nConnection: close\r\n\r\n",
  ],
  ["host in lower case", "GET / HTTP/1.1\r\nhost: LocalHost:1\r\n\r\n"],
  ["a method of one's own", "BREW /pot HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbean"],
];

for (const [name, bytes] of BYTES) {
  Deno.test(`${name}: they reach the target as they were sent, and the sending side ends after them`, async () => {
    const received: string[] = [];
    const target = server(async (conn) => {
      const buffer = new Uint8Array(4096);
      let text = "";
      for (let read = await conn.read(buffer); read !== null; read = await conn.read(buffer)) {
        text += octets(buffer.subarray(0, read));
      }
      received.push(text);
      await write(conn, `got ${text.length}`);
    });
    const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${target.address.port}`]);
    try {
      const sent = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
      assert.equal(await call(running.port(), sent, { ends: true }), `got ${sent.length}`);
      assert.deepEqual(received, [octets(sent)]);
      const { connection } = await running.line(({ event }) => event === "exchange");
      assert.equal(await bytesOf(running, `/connections/${connection}/upstream`), octets(sent));
    } finally {
      await running.stop();
      await target.close();
    }
  });
}
