// Captures in the running program: opened by `tcpmon open`, continued with what its listeners were, and saved.

import assert from "node:assert/strict";
import type { Listener, OpenedCapture } from "../src/model.ts";
import { startOpenProgram } from "../src/open_program.ts";
import { call } from "./calls.ts";
import { answer, Capture, get } from "./catalog/capture.ts";
import { httpServer } from "./monitor.ts";
import { programs, Running, runToEnd } from "./running.ts";

/** A program that reads these files. */
async function reading(
  files: readonly string[],
  ask: (json: <T>(path: string, init?: RequestInit) => Promise<T>) => Promise<void>,
): Promise<void> {
  const notices: string[] = [];
  const program = await startOpenProgram({
    ...{ version: "1.2.3", files, ui: { host: "127.0.0.1", port: 0 } },
    notice: (text) => notices.push(text),
  });
  try {
    await ask(async (path, init) => {
      const headers = { authorization: `Bearer ${program.page.token}` };
      return await (await fetch(`${program.page.apiUrl}${path}`, { ...init, headers })).json();
    });
    assert.deepEqual(notices, []);
  } finally {
    await program.stop();
  }
}

/** Asks until all captures are read. */
async function whole(json: <T>(path: string) => Promise<T>): Promise<readonly OpenedCapture[]> {
  for (;;) {
    const { captures } = await json<{ readonly captures: readonly OpenedCapture[] }>("/captures");
    if (captures.every(({ reading: { done, total } }) => total > 0 && done === total)) return captures;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("tcpmon open shows captures, each listener with its rows, and writes to none of them", async () => {
  using one = new Capture();
  using two = new Capture();
  one.connection(1, [[get("/one"), answer("{}")]]);
  one.connection(2, [[get("/two"), answer("{}")]], "l2");
  two.connection(1, [[get("/other"), answer("{}")]]);
  const state = ({ file, folder }: Capture) => [
    Deno.readFileSync(file),
    Deno.statSync(file).mtime,
    [...Deno.readDirSync(folder)].map(({ name }) => name),
  ];
  const before = [state(one), state(two)];
  await reading([one.file, two.file], async (json) => {
    const captures = await whole(json);
    assert.deepEqual(captures.map(({ id, file, kind, error }) => [id, file, kind, error]), [
      ["k0", "capture.pcapng", "tcpmon", null],
      ["k1", "capture.pcapng", "tcpmon", null],
    ]);
    const { listeners } = await json<{ readonly listeners: readonly Listener[] }>("/listeners");
    assert.deepEqual(listeners.map(({ id, state, capture }) => [id, state, capture?.id]), [
      ["l1", "capture", "k0"],
      ["l2", "capture", "k0"],
      ["k1.l1", "capture", "k1"],
    ]);
    const rows = async (listener: string) =>
      (await json<{ readonly exchanges: readonly { readonly url: string }[] }>(
        `/exchanges?listener=${listener}`,
      )).exchanges.map(({ url }) => url);
    assert.deepEqual([await rows("l1"), await rows("l2"), await rows("k1.l1")], [["/one"], ["/two"], [
      "/other",
    ]]);
    assert.equal((await json<{ readonly isReadOnly?: boolean }>("/recording")).isReadOnly, true);
    const refused = await json<{ readonly error: string }>("/exchanges/e1/resend", { method: "POST" });
    assert.match(refused.error, /^Cannot send it again: captures are only read here\. Start tcpmon/);
  });
  assert.deepEqual([state(one), state(two)], before);
});

Deno.test("tcpmon open says in words what it cannot open, with status 1, and a wrong command line with 2", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const none = `${folder}/none.pcapng`;
  const cases: [args: string[], code: number, said: string][] = [
    [["open", none], 1, `Cannot open ${none}: there is no such file.`],
    [["open", folder], 1, `Cannot open ${folder}: it is a folder.`],
    [["open"], 2, "Cannot open nothing: no file is named. Write tcpmon open today.pcapng."],
  ];
  for (const [args, status, said] of cases) {
    const { code, errors } = await runToEnd(args, programs[0]);
    assert.deepEqual([code, errors.trim()], [status, said]);
  }
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("a capture that is continued has its listeners again as they were, and all that was there at once", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const file = `${folder}/today.pcapng`;
  const server = httpServer();
  const target = `127.0.0.1:${server.address.port}`;
  const more = ["--name", "shop", "--via", "http://ann:secret@127.0.0.1:1", "--slow-up", "latency=1ms"];
  let running = await Running.start(["--capture", file, "-l", "0", "-t", target, ...more.slice(0, 2)]);
  await call(running.port(), get("/first"));
  const [{ listen }] = running.ready.listeners;
  // A change is recorded, too, with the next connection.
  await running.json("/listeners/l1", { method: "PATCH", body: JSON.stringify({ name: "the shop" }) });
  await call(running.port(), get("/second"));
  await running.stop();

  running = await Running.start(["--capture", file, "-l", "0", ...more.slice(2)]);
  const { listeners } = await running.json<{ readonly listeners: readonly Listener[] }>("/listeners");
  assert.deepEqual(listeners.map(({ name, listen, target, state }) => [name, listen, target, state]), [
    ["the shop", listen, target, "stopped"],
    [null, running.ready.listeners[0].listen, null, "listening"],
  ]);
  const { exchanges } = await running.json<{ readonly exchanges: readonly { readonly url: string }[] }>(
    "/exchanges?listener=l1",
  );
  assert.deepEqual(exchanges.map(({ url }) => url), ["/second", "/first"]);
  await call(running.port(), `GET http://${target}/third HTTP/1.1\r\nHost: ${target}\r\n\r\n`);

  // Saved while recording goes on, it is a capture of its own.
  const saved = new Uint8Array(await (await running.api("/capture")).arrayBuffer());
  await running.stop();
  const own = Deno.readFileSync(file);
  assert.deepEqual(saved, own.subarray(0, saved.length));
  const text = new TextDecoder("latin1").decode(own);
  assert.ok(text.includes("the shop") && !text.includes("secret"), "a password is in the capture");
  await server.close();
  Deno.removeSync(folder, { recursive: true });
});
