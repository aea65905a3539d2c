// The page's server on real sockets: where it binds, what goes over the wire, who goes away, and how it ends.

import assert from "node:assert/strict";
import type { Address } from "../../src/model.ts";
import { DEFAULT_PORT, type PageServer, servePage } from "../../src/ui/server.ts";
import { TextLineStream } from "../lines.ts";
import { FakeCatalog, FakeControl, FakeSends, someAssets } from "./fakes.ts";

const FREE: Address = { host: "127.0.0.1", port: 0 };

/** A page of fakes that is being served. */
class Served implements AsyncDisposable {
  private constructor(
    readonly catalog: FakeCatalog,
    readonly control: FakeControl,
    readonly page: PageServer,
    readonly reported: unknown[],
  ) {}

  static async at(address: Address | null, assets = someAssets): Promise<Served> {
    const [catalog, control, reported] = [new FakeCatalog(), new FakeControl(), [] as unknown[]];
    const report = (error: unknown) => void reported.push(error);
    const page = await servePage({
      catalog,
      control,
      sends: new FakeSends(),
      version: "1.2.3",
      address,
      assets,
      report,
      notice: report,
    });
    return new Served(catalog, control, page, reported);
  }

  call(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.page.apiUrl}${path}`, {
      headers: { Authorization: `Bearer ${this.page.token}`, ...headers },
    });
  }

  /** Sends a request as it is written, and gives the connection. */
  async send(lines: readonly string[]): Promise<Deno.TcpConn> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: this.page.address.port });
    await conn.write(new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n`));
    return conn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.close();
  }
}

Deno.test("servePage answers once the page can be loaded, also where it could not be at first", async () => {
  let fails = 2;
  const assets = {
    ...someAssets,
    get files() {
      if (fails-- > 0) throw new Error("Too many open files");
      return someAssets.files;
    },
  };
  await using served = await Served.at(FREE, assets);
  await assert.rejects(served.page.load(), /Too many open files/);
  const statuses: number[] = [];
  for (let n = 0; n < 2; n++) {
    const answer = await served.call("/listeners");
    statuses.push(answer.status);
    await answer.body?.cancel();
  }
  assert.deepEqual(statuses, [500, 200]);
});

Deno.test("servePage binds the address it is given, and says where it is", async () => {
  await using served = await Served.at(FREE);
  const { address, url, apiUrl, token } = served.page;
  assert.equal(address.host, "127.0.0.1");
  assert(address.port > 0);
  assert.equal(apiUrl, `http://127.0.0.1:${address.port}/api`);
  assert.equal(url, `http://127.0.0.1:${address.port}/?token=${token}`);

  const door = await fetch(url, { redirect: "manual" });
  await door.body?.cancel();
  assert.equal(door.status, 303);
  const cookie = door.headers.get("set-cookie")!.split(";")[0];
  assert.match(cookie, new RegExp(`^tcpmon-${address.port}=`));
  const home = await fetch(new URL("/", url), { headers: { Cookie: cookie } });
  assert.match(await home.text(), /app\.js/);
});

Deno.test("servePage binds IPv6 and names", async () => {
  for (const host of ["::1", "localhost"]) {
    await using served = await Served.at({ host, port: 0 });
    const answer = await served.call("/listeners");
    assert.equal((await answer.json()).listeners.length, 1, host);
  }
});

Deno.test("servePage takes the next free port where none was given", async () => {
  await using first = await Served.at(null);
  await using second = await Served.at(null);
  const [one, other] = [first.page.address.port, second.page.address.port];
  // Which are free, other programs decide, too.
  for (const port of [one, other]) assert(DEFAULT_PORT <= port && port <= DEFAULT_PORT + 100, `${port}`);
  assert.notEqual(one, other);
  assert.notEqual(first.page.token, second.page.token);
  const cookies = await Promise.all([first, second].map(async ({ page }) => {
    const answer = await fetch(page.url, { redirect: "manual" });
    await answer.body?.cancel();
    return answer.headers.get("set-cookie")!.split("=")[0];
  }));
  assert.deepEqual(cookies, [`tcpmon-${one}`, `tcpmon-${other}`]);
});

Deno.test("servePage leaves out port 4045, which browsers refuse to open", async () => {
  const served: Served[] = [];
  try {
    while ((served.at(-1)?.page.address.port ?? 0) <= 4045) served.push(await Served.at(null));
    assert(served.every(({ page }) => page.address.port !== 4045));
  } finally {
    for (const one of served) await one[Symbol.asyncDispose]();
  }
});

Deno.test("servePage says why it cannot bind the address it was given, and what to do", async () => {
  await using served = await Served.at(FREE);
  const { address } = served.page;
  await assert.rejects(Served.at(address), {
    message: `Cannot show the page on 127.0.0.1:${address.port}: another program has it. ` +
      "Take another port with --ui, or 0 for any free one.",
  });
  await assert.rejects(Served.at({ host: "192.0.2.1", port: 4040 }), {
    message:
      "Cannot show the page on 192.0.2.1:4040: this machine has no such address. Take 127.0.0.1 with --ui.",
  });
});

Deno.test("servePage answers only by its own names", async () => {
  await using served = await Served.at(FREE);
  const { port } = served.page.address;
  const hosts: readonly [host: string, status: number][] = [
    [`127.0.0.1:${port}`, 200],
    [`localhost:${port}`, 200],
    [`rebound.example:${port}`, 403],
    ["127.0.0.1", 403],
  ];
  for (const [host, status] of hosts) {
    const conn = await served.send([
      "GET /api/listeners HTTP/1.1",
      `Host: ${host}`,
      `Authorization: Bearer ${served.page.token}`,
      "Connection: close",
    ]);
    const text = await new Response(conn.readable).text();
    assert.match(text, new RegExp(`^HTTP/1.1 ${status} `), host);
  }
});

Deno.test("servePage sends ranges, and the length of what it does not send", async () => {
  await using served = await Served.at(FREE);
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  served.catalog.bytesOf.set("e1/response/wire", { bytes });
  const path = "/exchanges/e1/response";
  assert.deepEqual(await (await served.call(path)).bytes(), bytes);
  const part = await served.call(path, { Range: "bytes=100-50099" });
  assert.deepEqual([part.status, part.headers.get("content-range")], [206, "bytes 100-50099/60000"]);
  assert.deepEqual(await part.bytes(), bytes.slice(100, 50_100));

  const conn = await served.send([
    `HEAD /api${path} HTTP/1.1`,
    `Host: 127.0.0.1:${served.page.address.port}`,
    `Authorization: Bearer ${served.page.token}`,
    "Connection: close",
  ]);
  const head = await new Response(conn.readable).text();
  assert.match(head, /^content-length: 60000\r$/m);
  assert(head.endsWith("\r\n\r\n"));
});

Deno.test("servePage reads no faster than the client, and stops when it goes away", async () => {
  await using served = await Served.at(FREE);
  served.catalog.bytesOf.set("e1/response/wire", { bytes: new Uint8Array(100_000_000) });
  const cancelled = Promise.withResolvers<void>();
  const bytes = served.catalog.bytes.bind(served.catalog);
  served.catalog.bytes = async (source, range) => {
    const answer = await bytes(source, range);
    const reader = answer!.stream.getReader();
    const stream = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await reader.cancel();
        cancelled.resolve();
      },
    }, { highWaterMark: 0 });
    return { ...answer!, stream };
  };
  const answer = await served.call("/exchanges/e1/response");
  const reader = answer.body!.getReader();
  await reader.read();
  await reader.cancel();
  await cancelled.promise;
  assert(served.catalog.pulled < 500, `${served.catalog.pulled} of 1526 pieces were read`);
});

Deno.test("servePage tells the feed's clients of changes, notices that they go, and says when it ends", async () => {
  const served = await Served.at(FREE);
  const events = async () => {
    const answer = await served.call("/events");
    const lines = answer.body!.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
    return lines.getReader();
  };
  const until = async (lines: ReadableStreamDefaultReader<string>, line: string) => {
    for (;;) {
      const { done, value } = await lines.read();
      assert(!done, `ended before ${line}`);
      if (value === line) return;
    }
  };
  const [staying, leaving] = [await events(), await events()];
  await until(staying, "event: snapshot");
  await until(leaving, "event: snapshot");
  served.control.tell({ notice: "news" });
  await until(staying, "event: delta");
  await leaving.cancel();

  const ended = until(staying, "event: ended");
  await served.page.close();
  await ended;
  await staying.cancel();
  assert.deepEqual([served.catalog.listening, served.control.listening], [0, 0]);
  await assert.rejects(Deno.connect({ hostname: "127.0.0.1", port: served.page.address.port }));
});

Deno.test("servePage gives a search up when nobody waits for it any more", async () => {
  await using served = await Served.at(FREE);
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  served.catalog.onFind = (_query, signal) =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => {
        resolve();
        reject(signal.reason);
      }, { once: true });
    });
  const answer = await served.call("/exchanges/e1/request/view/find?text=a");
  assert.equal(answer.status, 200);
  await answer.body!.cancel();
  await aborted;
});

Deno.test("PageServer.close does not wait for a client that does not read", async () => {
  const served = await Served.at(FREE);
  served.catalog.bytesOf.set("e1/response/wire", { bytes: new Uint8Array(100_000_000) });
  const conn = await served.send([
    "GET /api/exchanges/e1/response HTTP/1.1",
    `Host: 127.0.0.1:${served.page.address.port}`,
    `Authorization: Bearer ${served.page.token}`,
  ]);
  await conn.read(new Uint8Array(100));
  await served.page.close();
  conn.close();
});

Deno.test({
  name: "servePage survives having no file descriptors left: it says so, and serves again",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const program = new URL("./few_descriptors_program.ts", import.meta.url).pathname;
    const run = 'ulimit -Sn 64; ulimit -Hn 64; exec "$0" run -A --no-check "$1"';
    const child = new Deno.Command("bash", {
      args: ["-c", run, Deno.execPath(), program],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
      .getReader();
    const [apiUrl, token] = [(await lines.read()).value!, (await lines.read()).value!];
    const port = Number(new URL(apiUrl).port);

    // More clients than there are descriptors: the port is closed for a moment, so some may be refused.
    const connecting = Promise.allSettled(
      Array.from({ length: 80 }, () => Deno.connect({ hostname: "127.0.0.1", port })),
    );
    // Deno 2.9 tells of the failure at once, Deno 2.4 only when the clients that it has are gone.
    const report = lines.read();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, 1000);
    await Promise.race([report, late]);
    clearTimeout(timer);
    for (const outcome of await connecting) {
      if (outcome.status === "fulfilled") outcome.value.close();
    }
    assert.equal(
      (await report).value,
      "The page accepts nobody for now: too many files are open. Allow more before you start tcpmon (ulimit -n). " +
        "It tries again by itself.",
    );

    const headers = { Authorization: `Bearer ${token}` };
    let answer = await fetch(`${apiUrl}/listeners`, { headers }).catch(() => null);
    while (answer === null) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      answer = await fetch(`${apiUrl}/listeners`, { headers }).catch(() => null);
    }
    assert.equal((await answer.json()).listeners.length, 1);
    assert.equal((await lines.read()).value, "The page accepts clients again.");
    await child.stdin.close();
    assert.equal((await child.status).code, 0);
    await lines.cancel();
  },
});
