// The accept loop and binding: it survives every accept error, and a port that cannot be bound says why.

import assert from "node:assert/strict";
import { bindError } from "../../src/relay/bind.ts";
import { ListenPort } from "../../src/relay/listen.ts";
import { Dialer } from "../../src/relay/dial.ts";
import { readAll, relayTo, server, Transcript, write } from "./transcript.ts";

Deno.test({
  name: "ListenPort survives having no file descriptors left: it pauses, says so, and serves all in the end",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const target = server(async (conn) => await write(conn, (await readAll(conn)).toUpperCase()));
    const program = new URL("./few_descriptors_program.ts", import.meta.url).pathname;
    const run = `ulimit -Sn 64; ulimit -Hn 64; exec "$0" run -A --no-check "$1" "$2"`;
    const child = new Deno.Command("bash", {
      args: ["-c", run, Deno.execPath(), program, `${target.address.port}`],
      stdin: "piped",
      stdout: "piped",
      // It would open files of its own at any time.
      env: { DENO_NO_UPDATE_CHECK: "1" },
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(linesOf()).getReader();
    const port = Number((await lines.read()).value);

    // More clients than the relay has descriptors for, which stay: some of them wait in the backlog.
    const clients = await Promise.all(
      Array.from({ length: 60 }, () => Deno.connect({ hostname: "127.0.0.1", port })),
    );
    const [, reason] = /^Listening on 127\.0\.0\.1:\d+: (.*)$/.exec((await lines.read()).value!)!;
    assert.equal(
      reason,
      "too many files are open. A connection takes two: allow more before you start tcpmon (ulimit -n). " +
        "New clients wait.",
    );
    const answers = clients.map(async (client, at) => {
      await write(client, `served ${at}`);
      await client.closeWrite();
      const answer = await readAll(client);
      client.close();
      return answer;
    });
    assert.deepEqual(await Promise.all(answers), clients.map((_, at) => `SERVED ${at}`));
    assert.match((await lines.read()).value!, /^Listening on 127\.0\.0\.1:\d+: accepts clients again$/);

    const client = await Deno.connect({ hostname: "127.0.0.1", port });
    await write(client, "later");
    await client.closeWrite();
    assert.equal(await readAll(client), "LATER");
    client.close();
    await child.stdin.close();
    await child.status;
    await lines.cancel();
    await target.close();
  },
});

Deno.test("ListenPort says nothing of clients that have gone before they are accepted, and accepts the next", async () => {
  const target = server(async (conn) => await write(conn, (await readAll(conn)).toUpperCase()));
  const notices: string[] = [];
  const relay = relayTo(target.address);
  relay.transcript.onNotice = (text) => notices.push(text);
  // They come and go on a thread of their own while this one, which accepts, does nothing.
  const source = `import { createConnection } from "node:net";
    self.onmessage = async ({ data: { port, done } }) => {
      await Promise.all(Array.from({ length: 50 }, () => new Promise((resolve) => {
        const socket = createConnection({ host: "127.0.0.1", port });
        socket.on("connect", () => socket.resetAndDestroy());
        socket.on("close", resolve);
      })));
      Atomics.store(done, 0, 1);
      Atomics.notify(done, 0);
    };
    self.postMessage("ready");`;
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Worker(address, { type: "module" });
  await new Promise((resolve) => worker.onmessage = resolve);
  const done = new Int32Array(new SharedArrayBuffer(4));
  worker.postMessage({ port: relay.port.listen.port, done });
  assert.notEqual(Atomics.wait(done, 0, 0, 60_000), "timed-out");
  worker.terminate();
  URL.revokeObjectURL(address);

  const client = await relay.connect();
  await write(client, "next");
  await client.closeWrite();
  assert.equal(await readAll(client), "NEXT");
  assert.deepEqual(notices, []);
  client.close();
  await relay.close();
  await target.close();
});

Deno.test("ListenPort with port 0 tells the port that it took", async () => {
  const relay = relayTo({ host: "127.0.0.1", port: 9 });
  assert.ok(relay.port.listen.port > 0);
  await relay.close();
});

Deno.test("ListenPort accepts nothing more once stopped, while open connections go on", async () => {
  const target = server(async (conn) => await write(conn, (await readAll(conn)).toUpperCase()));
  const relay = relayTo(target.address);
  const client = await relay.connect();
  await relay.transcript.until("connected");
  await relay.port.stop();
  await assert.rejects(relay.connect(), Deno.errors.ConnectionRefused);
  await write(client, "still");
  await client.closeWrite();
  assert.equal(await readAll(client), "STILL");
  client.close();
  await relay.transcript.until("closed");
  await relay.close();
  await target.close();
});

Deno.test("ListenPort carries 200 clients at once, each with its own bytes", async () => {
  const target = server(async (conn) =>
    await write(conn, (await readAll(conn)).split("").reverse().join(""))
  );
  // A machine that does much else may need its time for 400 connections; who fails then says why.
  const relay = relayTo(target.address, { dialer: new Dialer({ timeoutMs: 60_000 }) });
  const talks = Array.from({ length: 200 }, async (_, at) => {
    const client = await relay.connect();
    await write(client, `client ${at}`);
    await client.closeWrite();
    const answer = await readAll(client);
    client.close();
    return answer;
  });
  const answers = await Promise.all(talks);
  await relay.close();
  assert.deepEqual(relay.transcript.told.filter(({ event }) => event === "failed"), []);
  assert.deepEqual(answers, answers.map((_, at) => `client ${at}`.split("").reverse().join("")));
  const closed = relay.transcript.told.filter(({ event }) => event === "closed");
  assert.equal(new Set(closed.map(({ connection }) => connection)).size, 200);
  await target.close();
});

Deno.test("bindError says what is wrong with a port and what to do", () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = { host: "127.0.0.1", port: taken.addr.port };
  const bind = (): unknown => {
    try {
      return new ListenPort("l1", { listen: address, target: address }, {
        observer: new Transcript(),
        dialer: new Dialer(),
        nextConnection: () => 1,
        notice: () => {},
      });
    } catch (error) {
      return error;
    }
  };
  const error = bindError(address, bind(), false);
  assert.match(
    error.message,
    /^Cannot listen on 127\.0\.0\.1:\d+: the port is already used, by another program\. Take another port, such as \d+ or 0/,
  );
  assert.match(error.suggestion ?? "", /^127\.0\.0\.1:\d+$/);
  taken.close();

  const table: readonly (readonly [Error, RegExp])[] = [
    [new Deno.errors.PermissionDenied("x"), /permission denied\. Use a port above 1023/],
    [new Deno.errors.AddrNotAvailable("x"), /no address 127\.0\.0\.1\. Use 127\.0\.0\.1, or 0\.0\.0\.0/],
    [new Error("odd (os error 9)"), /Cannot listen on 127\.0\.0\.1:\d+: odd\. Use/],
  ];
  for (const [cause, words] of table) assert.match(bindError(address, cause, false).message, words);
});

function linesOf(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(text, out) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) out.enqueue(line);
    },
  });
}
