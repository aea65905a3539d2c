// The program between Java clients (HttpClient and HttpURLConnection of the JDK, as SOAP stacks use them) and real
// servers: what a server of ours received, what nginx counted, and what the client got are what the API gives, byte for
// byte. And nginx on its own, with what a browser and curl ask of it.

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import type { Connection, Exchange } from "../src/model.ts";
import { curl, java, nginx } from "./needs.ts";
import { Nginx } from "./nginx.ts";
import { server, write } from "./relay/transcript.ts";
import { Running } from "./running.ts";

const SOURCE = new URL("java/SoapClient.java", import.meta.url).pathname;

/** Answers of the Java program by their names: status and bytes of the body. */
type Answers = ReadonlyMap<string, { readonly status: number; readonly body: Uint8Array }>;

async function runJava(...args: readonly string[]): Promise<Answers> {
  // A small heap and one compiler: it shares the machine with other tests.
  const options = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8"];
  const { success, stdout, stderr } = await new Deno.Command(java!, {
    args: [...options, SOURCE, ...args],
    stdin: "null",
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(success && text.endsWith("done\n"), `${text}\n${new TextDecoder().decode(stderr)}`);
  return new Map(
    text.trim().split("\n").slice(0, -1).map((line) => {
      const [name, status, body = ""] = line.split(" ");
      return [name, { status: Number(status), body: Uint8Array.from(atob(body), (c) => c.charCodeAt(0)) }];
    }),
  );
}

/** One character a byte. */
function octets(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}

const utf8 = new TextEncoder();

/** A SOAP server that keeps every byte of each connection. It says to go on where it is asked to. */
function soapServer() {
  const received: string[] = [];
  const listening = server(async (conn) => {
    const mine = received.push("") - 1;
    const buffer = new Uint8Array(65_536);
    let rest = "";
    let wasTold = false;
    for (;;) {
      const head = /^(\w+) (\S+) HTTP\/1\.1\r\n[^]*?\r\n\r\n/.exec(rest);
      if (head && !wasTold && /^expect: 100-continue\r$/im.test(head[0])) {
        await write(conn, "HTTP/1.1 100 Continue\r\n\r\n");
        wasTold = true;
      }
      const end = head && endOf(rest, head[0]);
      if (head && end !== null) {
        rest = rest.slice(end);
        wasTold = false;
        const answer = utf8.encode(`<answer to="${head[2]}é€"/>`);
        await write(conn, `HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\n`);
        await write(conn, `Content-Length: ${answer.length}\r\n\r\n`);
        await write(conn, answer);
        continue;
      }
      const read = await conn.read(buffer);
      if (read === null) return;
      const text = octets(buffer.subarray(0, read));
      received[mine] += text;
      rest += text;
    }
  });
  return { ...listening, received };
}

/** Where a request ends in `text`; null where that has not come. */
function endOf(text: string, head: string): number | null {
  if (/^transfer-encoding: chunked\r$/im.test(head)) {
    const last = text.indexOf("\r\n0\r\n\r\n", head.length);
    return last < 0 ? null : last + 7;
  }
  const end = head.length + Number(/^content-length: *(\d+)\r$/im.exec(head)?.[1] ?? 0);
  return text.length < end ? null : end;
}

async function bytesOf(running: Running, path: string): Promise<string> {
  const answer = await running.api(path);
  assert.equal(answer.status, 200, path);
  return octets(new Uint8Array(await answer.arrayBuffer()));
}

/** All exchanges, oldest first, once there are so many and each is done. */
async function exchanges(running: Running, count: number): Promise<Exchange[]> {
  const isDone = (line: Record<string, unknown>) => line.event === "exchange" && line.state === "done";
  await running.until((lines) => lines.filter(isDone).length >= count);
  const all: Exchange[] = [];
  for (let offset = 0;; offset += 500) {
    const { exchanges, total } = await running.json<{ exchanges: Exchange[]; total: number }>(
      `/exchanges?limit=500&offset=${offset}`,
    );
    all.push(...exchanges);
    if (all.length >= total) return all.reverse();
  }
}

/** What was received on each connection is what the API gives of it, whole and in requests. */
async function assertReceived(running: Running, received: readonly string[], all: readonly Exchange[]) {
  const { connections } = await running.json<{ connections: Connection[] }>("/connections?limit=1000");
  const upstream = await Promise.all(
    connections.map(({ id }) => bytesOf(running, `/connections/${id}/upstream`)),
  );
  assert.deepEqual([...upstream].sort(), [...received].sort());
  for (const [at, { id }] of connections.entries()) {
    const mine = all.filter(({ connection }) => connection === id);
    const requests = await Promise.all(mine.map(({ id }) => bytesOf(running, `/exchanges/${id}/request`)));
    assert.equal(requests.join(""), upstream[at], id);
  }
}

const ENVELOPE = (symbol: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">` +
  `<soapenv:Body><q:getQuote xmlns:q="http://quotes.example.org/"><q:symbol>${symbol}</q:symbol><q:note>é€</q:note>` +
  `</q:getQuote></soapenv:Body></soapenv:Envelope>`;

/** The calls of `SoapClient calls`: their paths, what they send, and what their head must have. */
const CALLS: readonly [name: string, symbol: string, head: RegExp][] = [
  ["client-fixed", "fixed", /^content-length: \d+\r$/im],
  ["client-chunked", "chunked", /^transfer-encoding: chunked\r$/im],
  ["client-expect", "expected", /^expect: 100-continue\r$/im],
  ["url-fixed", "fixed", /^content-length: \d+\r$/im],
  ["url-chunked", "chunked", /^transfer-encoding: chunked\r$/im],
];

/** The calls came through: each body as it was sent, and each answer as the client got it. */
async function assertCalls(running: Running, path: string, answers: Answers, all: readonly Exchange[]) {
  for (const [name, symbol, head] of CALLS) {
    const exchange = all.find(({ url }) => url === path + name);
    assert.ok(exchange, name);
    assert.deepEqual([exchange.method, exchange.status, exchange.state], ["POST", 200, "done"], name);
    assert.match(exchange.summary, /^getQuote/, name);
    assert.match(await bytesOf(running, `/exchanges/${exchange.id}/request`), head, name);
    const body = await bytesOf(running, `/exchanges/${exchange.id}/request/body`);
    assert.equal(body, octets(utf8.encode(ENVELOPE(symbol))), name);
    const answer = answers.get(name);
    const answered = await bytesOf(running, `/exchanges/${exchange.id}/response/body`);
    assert.deepEqual([answer?.status, answered], [200, octets(answer?.body ?? new Uint8Array())], name);
    assert.equal(answered, octets(utf8.encode(`<answer to="${path}${name}é€"/>`)), name);
  }
  const isKept = (prefix: string) =>
    new Set(all.filter(({ url }) => url?.startsWith(path + prefix)).map(({ connection }) => connection))
      .size === 1;
  assert.ok(isKept("client-") && isKept("url-"), "connections are kept alive");
}

Deno.test({
  name: "Java's SOAP calls come through as they were sent: fixed, chunked, Expect, keep-alive, é€",
  ignore: java === null,
  fn: async () => {
    const backend = soapServer();
    const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${backend.address.port}`]);
    try {
      const answers = await runJava("calls", `${running.url()}/soap/`);
      const all = await exchanges(running, CALLS.length);
      assert.equal(all.length, CALLS.length);
      await assertCalls(running, "/soap/", answers, all);
      await assertReceived(running, backend.received, all);
    } finally {
      await running.stop();
      await backend.close();
    }
  },
});

Deno.test({
  name: "Java's SOAP calls to nginx come through, and nginx counts the same bytes",
  ignore: java === null || nginx === null,
  fn: async () => {
    const backend = soapServer();
    const web = await Nginx.start({}, `127.0.0.1:${backend.address.port}`);
    const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${web.port}`]);
    try {
      const answers = await runJava("calls", `${running.url()}/soap/`);
      const all = await exchanges(running, CALLS.length);
      await assertCalls(running, "/soap/", answers, all);
      const log = await web.log(all.length);
      for (const { method, url, requestBytes, responseBytes } of all) {
        const logged = log.find(({ request }) => request === `${method} ${url} HTTP/1.1`);
        assert.equal(requestBytes, logged?.requestBytes, url ?? "");
        // The response is what came after "HTTP/1.1 100 Continue", which nginx counts too.
        const interim = url === "/soap/client-expect" ? "HTTP/1.1 100 Continue\r\n\r\n".length : 0;
        assert.equal(responseBytes + interim, logged?.responseBytes, url ?? "");
      }
    } finally {
      await running.stop();
      await web.stop();
      await backend.close();
    }
  },
});

Deno.test({
  name: "20 concurrent Java clients lose no row",
  ignore: java === null,
  fn: async () => {
    const [clients, each] = [20, 25];
    const backend = soapServer();
    const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${backend.address.port}`]);
    try {
      await runJava("crowd", `${running.url()}/`, String(clients), String(each));
      const all = await exchanges(running, clients * each);
      const wanted = Array.from({ length: clients * each }, (_, n) => `/${Math.floor(n / each)}/${n % each}`);
      assert.deepEqual(all.map(({ url }) => url).sort(), wanted.sort());
      assert.deepEqual(all.filter(({ state, status }) => state !== "done" || status !== 200), []);
      await assertReceived(running, backend.received, all);
    } finally {
      await running.stop();
      await backend.close();
    }
  },
});

const PLAIN = Array.from({ length: 100 }, (_, n) => `line ${n} é€\n`).join("");
const SOAP = ENVELOPE("gzip").repeat(20);

Deno.test({
  name: "nginx's answers come through: keep-alive, gzip and chunked, 304, ranges, 404, HEAD",
  ignore: java === null || nginx === null,
  fn: async () => {
    const web = await Nginx.start({ "plain.txt": PLAIN, "soap.xml": SOAP });
    const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${web.port}`]);
    try {
      const answers = await runJava("read", `${running.url()}/`);
      const plain = utf8.encode(PLAIN);
      const gzipped = answers.get("gzip")!;
      assert.deepEqual(
        [...answers].map(([name, { status, body }]) => [name, status, octets(body)]),
        [
          ["whole", 200, octets(plain)],
          ["unchanged", 304, ""],
          ["part", 206, octets(plain.subarray(100, 200))],
          ["last", 206, octets(plain.subarray(-50))],
          ["gzip", 200, octets(gzipped.body)],
          ["missing", 404, octets(answers.get("missing")!.body)],
          ["head", 200, ""],
        ],
      );
      assert.equal(gunzipSync(gzipped.body).toString(), SOAP);
      const all = await exchanges(running, answers.size);
      const log = await web.log(all.length);
      assert.deepEqual(
        all.map((
          { method, url, status, requestBytes, responseBytes },
        ) => [`${method} ${url} HTTP/1.1`, status, requestBytes, responseBytes]),
        log.map((
          { request, status, requestBytes, responseBytes },
        ) => [request, status, requestBytes, responseBytes]),
      );
      assert.equal(new Set(all.slice(0, -1).map(({ connection }) => connection)).size, 1, "kept alive");
      assert.equal(new Set(log.map(({ connection }) => connection)).size, 2);
      const { id } = all[4];
      assert.match(
        await bytesOf(running, `/exchanges/${id}/response`),
        /\r\nTransfer-Encoding: chunked\r\n[^]*Content-Encoding: gzip\r\n/,
      );
      assert.equal(await bytesOf(running, `/exchanges/${id}/response/body`), octets(utf8.encode(SOAP)));
      assert.equal(await bytesOf(running, `/exchanges/${id}/response/body?coded`), octets(gzipped.body));
    } finally {
      await running.stop();
      await web.stop();
    }
  },
});

Deno.test({
  name: "nginx's 413 reaches curl while it still sends",
  ignore: curl === null || nginx === null,
  fn: async () => {
    const web = await Nginx.start({});
    const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${web.port}`]);
    const large = await Deno.makeTempFile();
    try {
      await Deno.writeFile(large, new Uint8Array(30_000_000).fill(0x78));
      const { stdout } = await new Deno.Command(curl!, {
        args: [
          "-sS",
          "-o",
          "/dev/null",
          "-w",
          "%{http_code}",
          "-H",
          "Expect:",
          "--data-binary",
          `@${large}`,
          `${running.url()}/plain.txt`,
        ],
      }).output();
      assert.equal(new TextDecoder().decode(stdout), "413");
      const line = await running.line(({ event }) => event === "exchange");
      assert.deepEqual([line.method, line.url, line.status], ["POST", "/plain.txt", 413]);
      assert.ok(Number(line.requestBytes) < 30_000_000, "the client was told before it had sent all");
    } finally {
      await Deno.remove(large);
      await running.stop();
      await web.stop();
    }
  },
});
