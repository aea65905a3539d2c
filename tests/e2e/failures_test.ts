// What Apache TCPMon 1.0 fails at, with the real program, as its page shows it: servers that speak first, half-closes,
// characters torn by chunks, several requests of a connection, any method, proxies, many clients, a slow link.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { server, write } from "../relay/transcript.ts";
import { Running } from "../running.ts";
import { browserTest, inContext, opened, until } from "./harness.ts";
import { octetsOf } from "./heard.ts";
import { body, hasFact, request, response, select } from "./panes.ts";

const encoder = new TextEncoder();

/** Gives what comes, one character a byte. */
async function* pieces(conn: Deno.Conn): AsyncGenerator<string> {
  const buffer = new Uint8Array(65_536);
  for (let read = await conn.read(buffer); read !== null; read = await conn.read(buffer)) {
    yield octetsOf(buffer.subarray(0, read));
  }
}

/** Reads until the text passes the test, or to the end. */
async function read(conn: Deno.Conn, test: (text: string) => boolean = () => false): Promise<string> {
  let text = "";
  for await (const piece of pieces(conn)) {
    text += piece;
    if (test(text)) break;
  }
  return text;
}

const isHead = (text: string) => text.includes("\r\n\r\n");

/** Answers when the client has ended its side: how many bytes it was. */
const afterTheEnd = () =>
  server(async (conn) => {
    const { length } = await read(conn);
    await write(conn, `got ${length} bytes`);
  });

/** Greets, and ends its side at once; goes on reading. */
const greeter = (heard: string[]) =>
  server(async (conn) => {
    await write(conn, "220 ready\r\n");
    await conn.closeWrite();
    heard.push(await read(conn));
  });

/** Answers one byte after the other of a body, each in a chunk of its own. */
async function chunked(conn: Deno.Conn, head: string, body: Uint8Array): Promise<void> {
  await write(conn, `HTTP/1.1 200 OK\r\n${head}Transfer-Encoding: chunked\r\n\r\n`);
  for (const byte of body) await write(conn, Uint8Array.of(0x31, 13, 10, byte, 13, 10));
  await write(conn, "0\r\n\r\n");
}

const TORN = "<a>é€😀 Größe</a>";

/** Answers each request of a connection by its path; keeps the heads. */
const web = (heads: string[]) =>
  server(async (conn) => {
    for (let text = "";;) {
      while (!isHead(text)) {
        const piece = await read(conn, () => true);
        if (piece === "") return;
        text += piece;
      }
      const head = text.slice(0, text.indexOf("\r\n\r\n") + 4);
      text = text.slice(head.length);
      heads.push(head);
      if (/^expect: 100-continue\r$/im.test(head)) await write(conn, "HTTP/1.1 100 Continue\r\n\r\n");
      const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
      if (length > text.length) text += await read(conn, (more) => text.length + more.length >= length);
      text = text.slice(length);
      const path = /^\S+ (?:http:\/\/[^/]+)?(\S+)/.exec(head)?.[1];
      if (path === "/torn") {
        await chunked(conn, "Content-Type: text/xml; charset=utf-8\r\n", encoder.encode(TORN));
      } else if (path === "/latin") {
        await chunked(
          conn,
          "Content-Type: text/plain; charset=iso-8859-1\r\n",
          Uint8Array.of(0x47, 0xf6, 0xdf),
        );
      } else if (path === "/undeclared") {
        await chunked(
          conn,
          "Content-Type: text/plain\r\n",
          Uint8Array.from("Preis: 1 \x80", (char) => char.charCodeAt(0)),
        );
      } else {
        const answer = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n`;
        await write(conn, head.startsWith("HEAD") ? answer : `${answer}ok`);
      }
    }
  });

/** Answers with 600,000 bytes when it is told to. */
const large = (told: Promise<void>) =>
  server(async (conn) => {
    await read(conn, isHead);
    await write(conn, "HTTP/1.1 200 OK\r\nContent-Length: 600000\r\nConnection: close\r\n\r\n");
    await told;
    await write(conn, "x".repeat(600_000)).catch(() => {});
  });

/** Passes on what comes, and its end. */
async function pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (let length = await from.read(buffer); length !== null; length = await from.read(buffer)) {
    await write(to, buffer.slice(0, length));
  }
  await to.closeWrite();
}

/** An HTTP proxy that knows CONNECT alone; keeps the first line of each head. */
const proxy = (asked: string[]) =>
  server(async (conn) => {
    const [line] = (await read(conn, isHead)).split("\r\n");
    asked.push(line);
    const port = Number(/:(\d+) HTTP/.exec(line)![1]);
    const there = await Deno.connect({ hostname: "127.0.0.1", port });
    await write(conn, "HTTP/1.1 200 Connection established\r\n\r\n");
    await Promise.all([pass(conn, there), pass(there, conn)]);
    there.close();
  });

/** Where things are; ports are those of the listeners. */
interface Scene {
  readonly page: Page;
  readonly running: Running;
  readonly ports: Readonly<Record<"ended" | "greeter" | "web" | "proxy" | "large" | "via", number>>;
  readonly heads: readonly string[];
  readonly greeted: readonly string[];
  readonly asked: readonly string[];
  readonly webAddress: string;
  tell(): void;
}

/** Lets a client say this through a port; gives all that it hears. */
async function say(port: number, text: string | Uint8Array, isOver?: (heard: string) => boolean) {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  try {
    await write(conn, text);
    if (isOver === undefined) await conn.closeWrite();
    return await read(conn, isOver);
  } finally {
    conn.close();
  }
}

const open = (page: Page, port: number) => page.getByRole("tab", { name: new RegExp(`^${port}\\b`) }).click();
const get = (path: string, host = "shop") => `GET ${path} HTTP/1.1\r\nhost: ${host}\r\n\r\n`;
const isChunkedOver = (text: string) => text.endsWith("0\r\n\r\n");

const STEPS: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  "bytes without a line end, then the end of the client's side, arrive, and the answer after it": async (
    { page, ports },
  ) => {
    assert.equal(await say(ports.ended, "é without a line end"), "got 21 bytes");
    await open(page, ports.ended);
    await select(page, /without a line end/);
    await body(request(page)).getByText("é without a line end").waitFor();
    await body(response(page)).getByText("got 21 bytes").waitFor();
    await page.getByRole("row", { name: /done.*without a line end/ }).waitFor();
  },
  "é before the Host field stays what it is": async ({ page, ports }) => {
    const sent = "GET /é?n=€ HTTP/1.1\r\nX-Name: José\r\nHost: localhost\r\n\r\n";
    assert.equal(await say(ports.ended, sent), `got ${encoder.encode(sent).length} bytes`);
    await open(page, ports.ended);
    await select(page, /\/é\?n=€/);
    await request(page).getByText("José").waitFor();
  },
  "a server that speaks first and ends its side is heard, and the client goes on": async (
    { page, ports, greeted },
  ) => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: ports.greeter });
    assert.equal(await read(conn), "220 ready\r\n");
    await write(conn, "still here\r\n");
    await conn.closeWrite();
    await until(
      () => Promise.resolve(greeted),
      (all) => all[0] === "still here\r\n",
      "what came after the end",
    );
    conn.close();
    await open(page, ports.greeter);
    await page.getByRole("row", { name: /still here/ }).waitFor();
    await select(page, /← 220 ready/);
    await body(response(page)).getByText("220 ready").waitFor();
  },
  "no character is torn by chunks, and the charset is the declared one, else a guess": async (
    { page, ports },
  ) => {
    for (const path of ["/torn", "/latin", "/undeclared"]) await say(ports.web, get(path), isChunkedOver);
    await open(page, ports.web);
    await select(page, /\/torn/);
    await hasFact(response(page), "utf-8, declared");
    await hasFact(response(page), `chunked, ${encoder.encode(TORN).length} chunks`);
    await body(response(page)).getByText("é€😀 Größe").waitFor();
    await select(page, /\/latin/);
    await hasFact(response(page), "iso-8859-1, declared");
    await body(response(page)).getByText("Göß").waitFor();
    await select(page, /\/undeclared/);
    await hasFact(response(page), "windows-1252, guessed");
    await body(response(page)).getByText("Preis: 1 €").waitFor();
  },
  "each request of a connection is a row, and its host is rewritten in any case of letters": async (
    { page, ports, heads, webAddress },
  ) => {
    const at = heads.length;
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: ports.web });
    for (const [path, name] of [["/one", "host"], ["/two", "HOST"], ["/three", "Host"]]) {
      await write(conn, `GET ${path} HTTP/1.1\r\n${name}: localhost:${ports.web}\r\n\r\n`);
      await read(conn, (text) => text.endsWith("ok"));
    }
    conn.close();
    assert.deepEqual(heads.slice(at), [
      `GET /one HTTP/1.1\r\nhost: ${webAddress}\r\n\r\n`,
      `GET /two HTTP/1.1\r\nHOST: ${webAddress}\r\n\r\n`,
      `GET /three HTTP/1.1\r\nHost: ${webAddress}\r\n\r\n`,
    ]);
    await open(page, ports.web);
    for (const path of ["/one", "/two", "/three"]) {
      await select(page, new RegExp(`done.*${path}\\b.*200`));
      await request(page).locator(".pane-became").getByText(webAddress).waitFor();
    }
  },
  "a large request that expects 100 Continue is shown whole, with what came before its answer": async (
    { page, ports },
  ) => {
    const head =
      "PUT /expected HTTP/1.1\r\nHost: shop\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n";
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: ports.web });
    await write(conn, head);
    assert.equal(await read(conn, isHead), "HTTP/1.1 100 Continue\r\n\r\n");
    await write(conn, `<all>${"x".repeat(99_989)}</all>`);
    await read(conn, (text) => text.endsWith("ok"));
    conn.close();
    await open(page, ports.web);
    await select(page, /done.*\/expected.*200/);
    await hasFact(request(page), "100.0 kB");
    await response(page).getByText("after 100 Continue").waitFor();
  },
  "HEAD, PATCH and CONNECT go through the proxy": async ({ page, ports, webAddress }) => {
    const url = `http://${webAddress}/proxied`;
    await say(ports.proxy, `HEAD ${url} HTTP/1.1\r\nHost: ${webAddress}\r\n\r\n`, isHead);
    const patch = `PATCH ${url} HTTP/1.1\r\nHost: ${webAddress}\r\nContent-Length: 5\r\n\r\npatch`;
    assert.match(await say(ports.proxy, patch, (text) => text.endsWith("ok")), /^HTTP\/1\.1 200/);
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: ports.proxy });
    await write(conn, `CONNECT ${webAddress} HTTP/1.1\r\nHost: ${webAddress}\r\n\r\n`);
    assert.match(await read(conn, isHead), /^HTTP\/1\.1 200/);
    await write(conn, get("/tunnelled"));
    assert.match(await read(conn, (text) => text.endsWith("ok")), /^HTTP\/1\.1 200/);
    conn.close();
    await open(page, ports.proxy);
    for (const method of ["HEAD", "PATCH", "CONNECT"]) {
      await page.getByRole("row", { name: new RegExp(`${method}.*${webAddress}.*200`) }).first().waitFor();
    }
  },
  "the upstream proxy that is given counts, for any protocol": async ({ page, ports, asked }) => {
    assert.equal(await say(ports.via, "over a proxy"), "got 12 bytes");
    assert.match(asked[0], /^CONNECT 127\.0\.0\.1:\d+ HTTP\/1\.1$/);
    await open(page, ports.via);
    await select(page, /done.*over a proxy/);
    await body(response(page)).getByText("got 12 bytes").waitFor();
  },
  "20 clients at a time lose no row": async ({ page, ports }) => {
    await open(page, ports.web);
    const before = Number(await page.getByRole("grid").getAttribute("aria-rowcount"));
    await Promise.all(Array.from({ length: 20 }, async (_, client) => {
      for (let n = 0; n < 10; n++) {
        const answer = await say(ports.web, get(`/many/${client}/${n}`), (text) => text.endsWith("ok"));
        assert.match(answer, /^HTTP\/1\.1 200/);
      }
    }));
    await page.locator(`[role="grid"][aria-rowcount="${before + 200}"]`).waitFor();
    await page.getByRole("searchbox", { name: "Filter" }).fill("path:/many state:done status:200");
    await page.locator('[role="grid"][aria-rowcount="201"]').waitFor();
  },
  "a slow link that is set while a connection is open slows it, and is lifted while it is": async (
    { page, ports, tell },
  ) => {
    await open(page, ports.large);
    const conn = await Deno.connect({ hostname: "127.0.0.1", port: ports.large });
    await write(conn, get("/large"));
    await read(conn, isHead);
    await page.getByRole("button", { name: /^Slow link/ }).click();
    await page.getByLabel("Bandwidth", { exact: true }).fill("10 kB/s");
    await page.getByRole("button", { name: "Slow down" }).click();
    await page.getByRole("button", { name: "Slow link: 10 kB/s" }).waitFor();
    const start = performance.now();
    tell();
    let length = (await read(conn, (text) => text.length >= 20_000)).length;
    // However slow the machine is, it cannot be too early: 20 kB take two seconds.
    const elapsed = performance.now() - start;
    assert.ok(elapsed > 1_700, `${length} B came in ${elapsed} ms`);
    await page.getByRole("row", { name: /open.*\/large/ }).waitFor();
    await page.getByRole("button", { name: /^Slow link/ }).click();
    await page.getByRole("button", { name: "Full speed" }).click();
    length += (await read(conn)).length;
    conn.close();
    assert.equal(length, 600_000);
    await page.getByRole("row", { name: /done.*\/large.*200/ }).waitFor();
  },
};

browserTest("what TCPMon fails at, on the page", async (browser, t) => {
  const [heads, greeted, asked]: string[][] = [[], [], []];
  const { promise: told, resolve: tell } = Promise.withResolvers<void>();
  const servers = [afterTheEnd(), greeter(greeted), web(heads), large(told), proxy(asked)];
  const [ended, greets, webbed, slow, over] = servers.map(({ address }) => `127.0.0.1:${address.port}`);
  const running = await Running.start([
    ...["-l", "0", "-t", ended],
    ...["-l", "0", "-t", greets],
    ...["-l", "0", "-t", webbed, "--host-header", "rewrite"],
    ...["-l", "0"],
    ...["-l", "0", "-t", slow],
    ...["-l", "0", "-t", ended, "--via", `http://${over}`],
  ]);
  try {
    const [first, second, third, fourth, fifth, sixth] = [0, 1, 2, 3, 4, 5].map((at) => running.port(at));
    const ports = { ended: first, greeter: second, web: third, proxy: fourth, large: fifth, via: sixth };
    await inContext(browser, {}, async (page) => {
      for (const [what, step] of Object.entries(STEPS)) {
        await t.step(
          what,
          () =>
            opened(
              page,
              running.ready.ui,
              (page) => step({ page, running, ports, heads, greeted, asked, webAddress: webbed, tell }),
            ),
        );
      }
    });
  } finally {
    tell();
    await running.stop();
    for (const { close } of servers) await close();
  }
});
