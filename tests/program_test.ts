// The program as a process: command line, exit statuses, `--json`, captures, signals. Also as the compiled binary.

import assert from "node:assert/strict";
import type { Connection, Exchange } from "../src/model.ts";
import { opened, readRecords, record } from "./journal/recording.ts";
import { readAll, server, write } from "./relay/transcript.ts";
import { script } from "./needs.ts";
import { programs, Running, runToEnd } from "./running.ts";

/** Answers every request of a connection with the same small response. */
function httpServer() {
  return server(async (conn) => {
    const buffer = new Uint8Array(65_536);
    let text = "";
    for (let n = await conn.read(buffer); n !== null; n = await conn.read(buffer)) {
      text += new TextDecoder().decode(buffer.subarray(0, n));
      for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
        text = text.slice(end + 4);
        await write(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
      }
    }
  });
}

/** One request over a connection of its own (fetch would keep one open and use it again). */
async function call(listen: string): Promise<string> {
  const [hostname, port] = listen.split(":");
  const conn = await Deno.connect({ hostname, port: Number(port) });
  await write(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  await conn.closeWrite();
  const answer = await readAll(conn);
  conn.close();
  return answer;
}

/** A small capture, made by the program. */
async function captured(file: string, program: typeof programs[number]): Promise<string> {
  const backend = httpServer();
  const running = await Running.start(
    ["-l", "0", "-t", targetOf(backend.address), "--capture", file],
    program,
  );
  await call(running.ready.listeners[0].listen);
  await running.line(({ event }) => event === "exchange");
  await running.stop();
  await backend.close();
  return file;
}

/** All that is in a folder: the bytes of each file, and when it was last written. */
function tree(folder: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = `${folder}/${name}`;
    found[path] = isDirectory
      ? tree(path)
      : [Deno.readFileSync(path).toString(), Deno.statSync(path).mtime?.getTime()];
  }
  return found;
}

const targetOf = (address: { host: string; port: number }) => `${address.host}:${address.port}`;

for (const program of programs) {
  const [name] = program;

  Deno.test(`${name} --version and --help answer at once, with status 0`, async () => {
    const version = await runToEnd(["--version"], program);
    assert.deepEqual([version.code, version.errors], [0, ""]);
    assert.match(version.out, /^\d+\.\d+\.\d+\n$/);
    for (const args of [["help"], ["help", "search"], ["help", "open"], ["help", "ca"], ["help", "tail"]]) {
      const { code, out, errors } = await runToEnd(args, program);
      assert.deepEqual([code, errors], [0, ""]);
      assert.equal(out, (await runToEnd([...args.slice(1), "--help"], program)).out);
    }
    const help = await runToEnd(["--help"], program);
    assert.equal(help.code, 0);
    for (
      const option of [
        "--listen",
        "--target",
        "--ui",
        "--no-open",
        "--json",
        "--capture",
        "--version",
        "--help",
      ]
    ) {
      assert.ok(help.out.includes(option), option);
    }
  });

  Deno.test(`${name} with a wrong command line says in one line what to mend, with status 2`, async () => {
    for (
      const args of [
        ["--lisen", "8081"],
        ["-t", "localhost:80"],
        ["-l", "99999", "-t", "localhost:80"],
        [
          "--capture",
        ],
        ["help", "serach"],
        ["start"],
        ["--port", "8080"],
      ]
    ) {
      const { code, out, errors } = await runToEnd(args, program);
      assert.deepEqual([code, out], [2, ""], args.join(" "));
      assert.match(errors, /^[^\n]{20,}\n$/, args.join(" "));
    }
  });

  Deno.test(`${name} that cannot bind its port says which and what to do, with status 1`, async () => {
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const args = ["-l", `${taken.addr.port}`, "-t", "localhost:80", "--no-open", "--ui", "0"];
    const { code, errors } = await runToEnd(args, program);
    assert.equal(code, 1);
    assert.match(
      errors,
      /^Cannot listen on 127\.0\.0\.1:\d+: the port is already used, by another program\. Take another/,
    );
    taken.close();
  });

  Deno.test(`${name} that cannot start removes the capture that it made, and no other`, async () => {
    const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const file = `${folder}/a.pcapng`;
    const args = ["-l", `${taken.addr.port}`, "--no-open", "--ui", "0", "--capture", file];
    assert.equal((await runToEnd(args, program)).code, 1);
    assert.deepEqual([...Deno.readDirSync(folder)], []);

    taken.close();
    Deno.removeSync(folder, { recursive: true });
  });

  Deno.test(`${name} that cannot start leaves a capture and all that is beside it as they are`, async () => {
    const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr;
    const file = `${folder}/a.pcapng`;
    const torn = Deno.readFileSync(await captured(file, program)).subarray(0, -3);
    Deno.writeFileSync(file, torn);
    const before = tree(folder);
    const common = ["--no-open", "--capture", file];
    for (
      const [args, words] of [
        [["-l", "0", "-l", `${port}`, "--ui", "0"], "Cannot listen on"],
        [["-l", "0", "--ui", `${port}`], "Cannot show the page on"],
        [["-l", "192.0.2.1:0", "--ui", "0"], "this machine has no address"],
        [
          ["-l", "0", "-t", "tls://localhost:1", "--target-ca", `${folder}/none.pem`, "--ui", "0"],
          "none.pem",
        ],
      ] as const
    ) {
      const { code, errors } = await runToEnd([...common, ...args], program);
      assert.equal(code, 1, errors);
      // What is compiled with an older Deno cannot speak TLS, and says that.
      const says = errors.includes(words) ||
        words === "none.pem" && errors.startsWith("Cannot speak TLS");
      assert.ok(says && /^[^\n]+\n$/.test(errors), errors);
      assert.deepEqual(tree(folder), before, args.join(" "));
    }
    taken.close();
    // A start that does not fail goes on behind what was whole.
    await (await Running.start(["--capture", file], program)).stop();
    assert.notDeepEqual(Deno.readFileSync(file), torn);
    Deno.removeSync(folder, { recursive: true });
  });

  Deno.test({
    name: `${name} leaves a capture as it was that it cannot write to, says why, and gives the ports back`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
      const file = `${folder}/a.pcapng`;
      // Of what a run begins with, only a part is below the limit.
      const limit = 4 * 1024;
      const recorder = await record(file);
      recorder.opened(opened(1));
      await recorder.flush();
      const empty = recorder.position;
      recorder.chunk(1, "upstream", new Uint8Array(4));
      await recorder.flush();
      const small = recorder.position - empty;
      recorder.chunk(1, "upstream", new Uint8Array(limit - recorder.position - 2 * small));
      recorder.chunk(1, "upstream", new Uint8Array(4));
      await recorder.close();
      const { size } = Deno.statSync(file);
      assert.ok(size <= limit && size > limit - 10, `${size}`);
      Deno.truncateSync(file, size - 3);
      const before = tree(folder);
      const [, command, first] = program;
      const { code, stderr } = await new Deno.Command("bash", {
        args: [
          ...["-c", `trap "" XFSZ; ulimit -f ${limit / 1024}; exec "$@"`, "bash"],
          ...[command, ...first, "-l", "0", "--no-open", "--ui", "0", "--capture", file],
        ],
      }).output();
      assert.equal(code, 1);
      assert.match(new TextDecoder().decode(stderr), /^Cannot record to [^\n]*too large[^\n]*\n$/i);
      assert.deepEqual(tree(folder), before);
      Deno.removeSync(folder, { recursive: true });
    },
  });

  Deno.test(`${name} that cannot have its capture or its folder says why in words, with status 1`, async () => {
    const folder = Deno.makeTempDirSync();
    Deno.writeTextFileSync(`${folder}/letter.txt`, "not a capture");
    const capture = (file: string, why: string): [string[], string, string?] => [
      ["--capture", file],
      `Cannot record to ${file}: ${why}. Give another file with --capture.\n`,
    ];
    const cases: [args: string[], message: string, temporary?: string][] = [
      capture(folder, "it is a folder"),
      capture(`${folder}/missing/a.pcapng`, "the folder is not there"),
      capture(`${folder}/letter.txt`, "not a pcapng file"),
      capture("/dev/zero", "it is no file that can be read again"),
      [
        [],
        "Cannot make a temporary folder: the folder is not there. Name a folder for it in TMPDIR.\n",
        `${folder}/missing`,
      ],
    ];
    for (const [args, message, temporary] of cases) {
      const env: Record<string, string> = temporary === undefined ? {} : { TMPDIR: temporary };
      const { code, errors } = await runToEnd(["--no-open", "--ui", "0", ...args], program, env);
      assert.deepEqual([code, errors], [1, message]);
    }
    assert.equal(Deno.readTextFileSync(`${folder}/letter.txt`), "not a capture");
    Deno.removeSync(folder, { recursive: true });
  });

  Deno.test(`${name} keeps a capture whose name has spaces and more`, async () => {
    const folder = `${Deno.makeTempDirSync()}/ü %20#? 'x'`;
    Deno.mkdirSync(folder);
    const file = `${folder}/my capture.pcapng`;
    const running = await Running.start(["--capture", file], program, { TMPDIR: folder });
    assert.equal((await running.json<{ file: string }>("/recording")).file, file);
    assert.equal((await running.stop()).code, 0);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assert.deepEqual(names, ["my capture.pcapng", "my capture.pcapng.index"]);
    Deno.removeSync(folder.slice(0, folder.lastIndexOf("/")), { recursive: true });
  });

  Deno.test(`${name} --help says nothing of a reader that has gone, and tells of a full disk`, async () => {
    const [, command, before] = program;
    const words = [command, ...before, "--help"].map((word) => `'${word}'`).join(" ");
    const shell = async (redirection: string) => {
      const { code, stderr } = await new Deno.Command("sh", { args: ["-c", `${words} ${redirection}`] })
        .output();
      return { code, errors: new TextDecoder().decode(stderr) };
    };
    // The reader has ended before the first word is written.
    assert.deepEqual(await shell("| true"), { code: 0, errors: "" });
    if (Deno.build.os !== "linux") return;
    const { code, errors } = await shell(">/dev/full");
    assert.equal(code, 1);
    assert.match(errors, /^Cannot print: [^\n]+\. Send it elsewhere\.\n$/);
  });

  Deno.test({
    name: `${name} goes on where nobody can read what it says`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      const target = httpServer();
      const [, command, before] = program;
      const shell = ["sh", "-c", 'exec "$0" "$@" 2>/dev/full'];
      const args = ["-l", "0", "-t", targetOf(target.address)];
      const running = await Running.start(args, [name, shell[0], [...shell.slice(1), command, ...before]]);
      assert.match(await call(running.ready.listeners[0].listen), /hello$/);
      assert.equal((await running.stop()).code, 0);
      await target.close();
    },
  });

  Deno.test({
    name: `${name} --json says why it writes no more, and the relay goes on`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      const target = httpServer();
      const [, command, before] = program;
      const child = new Deno.Command("sh", {
        args: ["-c", 'exec "$0" "$@" >/dev/full', command, ...before, "--json", "--no-open", "--ui", "0"]
          .concat("-l", "0", "-t", targetOf(target.address)),
        stdin: "null",
        stderr: "piped",
      }).spawn();
      const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
      let said = "";
      while (!/Page: /.test(said) || !/^Nothing more .*\n/m.test(said)) {
        const { value, done } = await reader.read();
        assert.ok(!done, said);
        said += value;
      }
      assert.match(
        said,
        /^Nothing more is written to the standard output: no space left on device\. Relay /m,
      );
      assert.match(await call(/Listening on (\S+),/.exec(said)![1]), /hello$/);
      child.kill("SIGTERM");
      assert.equal((await child.status).code, 0);
      await reader.cancel();
      await target.close();
    },
  });

  Deno.test({
    name: `${name} ends in order when its terminal is closed`,
    ignore: Deno.build.os !== "linux" || script === null,
    fn: async () => {
      const temporary = Deno.makeTempDirSync();
      const [, command, before] = program;
      const words = [command, ...before, "--no-open", "--json", "--ui", "0"].map((word) => `'${word}'`);
      const terminal = new Deno.Command(script!, {
        args: ["-qfec", `exec ${words.join(" ")}`, "/dev/null"],
        env: { TMPDIR: temporary },
        stdin: "piped",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const reader = terminal.stdout.pipeThrough(new TextDecoderStream()).getReader();
      for (let text = ""; !text.includes('"event":"ready"');) {
        const { value, done } = await reader.read();
        assert.ok(!done, text);
        text += value;
      }
      const left = () => [...Deno.readDirSync(temporary)].length;
      assert.equal(left(), 1);
      terminal.kill("SIGKILL");
      for (let tries = 0; left() > 0; tries++) {
        assert.ok(tries < 500, "its temporary folder is still there");
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await reader.cancel();
      await terminal.stdin.close().catch(() => {});
      await terminal.status;
      Deno.removeSync(temporary, { recursive: true });
    },
  });

  Deno.test(`${name} relays, and tells of it in lines of JSON with the API's field names`, async () => {
    const target = httpServer();
    const running = await Running.start(["-l", "0", "-t", targetOf(target.address)], program);
    assert.deepEqual(Object.keys(running.ready).slice(0, 5), ["event", "ui", "api", "token", "listeners"]);
    assert.match(running.ready.ui, /^http:\/\/127\.0\.0\.1:\d+\/\?token=/);
    assert.equal(await (await fetch(`${running.url()}/first`)).text(), "hello");
    const line = await running.line(({ event }) => event === "exchange");
    const { exchanges: [row] } = await running.json<{ exchanges: Exchange[] }>("/exchanges");
    assert.deepEqual(line, { event: "exchange", ...row });
    assert.deepEqual([row.method, row.url, row.status, row.state, row.protocol], [
      "GET",
      "/first",
      200,
      "done",
      "http",
    ]);

    const conn = await Deno.connect({ port: running.port(), hostname: "127.0.0.1" });
    await conn.closeWrite();
    await readAll(conn);
    conn.close();
    const closed = await running.line(({ event, state }) => event === "connection" && state === "closed");
    const { connections } = await running.json<{ connections: Connection[] }>("/connections");
    const [same] = connections;
    assert.deepEqual(Object.keys(closed).sort(), ["event", ...Object.keys(same)].sort());
    assert.equal((await running.stop()).code, 0);
    await target.close();
  });

  Deno.test(`${name} removes its temporary folder at the end`, async () => {
    const running = await Running.start(["-l", "0", "-t", "localhost:9"], program);
    const { file, temporary } = await running.json<{ file: string; temporary: boolean }>("/recording");
    assert.equal(temporary, true);
    assert.ok(Deno.statSync(file).isFile);
    assert.equal(Deno.statSync(file).mode! & 0o077, 0, "nobody else may read it");
    assert.equal((await running.stop("SIGINT")).code, 0);
    assert.throws(() => Deno.statSync(file.slice(0, file.lastIndexOf("/"))), Deno.errors.NotFound);
  });

  Deno.test(`${name} loses nothing at SIGTERM, and continues a capture`, async () => {
    const folder = Deno.makeTempDirSync();
    const file = `${folder}/kept.pcapng`;
    const target = server(async (conn) => await conn.readable.pipeTo(conn.writable));
    const args = ["-l", "0", "-t", targetOf(target.address), "--capture", file];
    const first = await Running.start(args, program);
    const conn = await Deno.connect({ port: first.port(), hostname: "127.0.0.1" });
    const sent = crypto.getRandomValues(new Uint8Array(60_000));
    await write(conn, sent);
    let back = 0;
    const buffer = new Uint8Array(65_536);
    while (back < sent.length) back += (await conn.read(buffer))!;
    assert.equal((await first.stop("SIGTERM")).code, 0);
    conn.close();
    for (const direction of ["upstream", "downstream"]) {
      const bytes = readRecords(file).flatMap(({ record, bytes }) =>
        record.kind === "chunk" && record.direction === direction ? [...bytes!] : []
      );
      assert.ok(Buffer.from(bytes).equals(Buffer.from(sent)), direction);
    }

    const port = first.port();
    const second = await Running.start(
      ["-l", `${port}`, "-t", targetOf(target.address), "--capture", file],
      program,
    );
    assert.deepEqual(second.ready.listeners.map(({ id }) => id), ["l1"]);
    const { connections } = await second.json<{ connections: Connection[] }>("/connections");
    assert.deepEqual(connections.map(({ id, state, upstreamBytes }) => [id, state, upstreamBytes]), [[
      "c1",
      "closed",
      60_000,
    ]]);
    const again = await Deno.connect({ port, hostname: "127.0.0.1" });
    await write(again, "more");
    const opened = await second.line(({ event }) => event === "connection");
    assert.equal(opened.id, "c2");
    again.close();
    assert.equal((await second.stop()).code, 0);
    Deno.removeSync(folder, { recursive: true });
    await target.close();
  });

  Deno.test(`${name} shows a failed dial as a failed connection and as a row, with the reason in words`, async () => {
    const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = gone.addr;
    gone.close();
    const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${port}`], program);
    const conn = await Deno.connect({ port: running.port(), hostname: "127.0.0.1" });
    assert.equal(await readAll(conn), "");
    conn.close();
    const line = await running.line(({ event }) => event === "exchange");
    assert.equal(line.state, "failed");
    assert.equal(line.fault, `127.0.0.1:${port} refused the connection`);
    const failed = await running.line(({ event, state }) => event === "connection" && state === "failed");
    assert.deepEqual([failed.how, failed.error], ["refused", line.fault]);
    const { errors } = await running.stop();
    assert.match(
      errors,
      new RegExp(`Cannot reach the target of \\S+:${running.port()}: ${line.fault}\\. See that`),
    );
  });
}

Deno.test("the listeners can be added, stopped, started and closed through the API", async () => {
  const target = httpServer();
  const running = await Running.start([]);
  assert.deepEqual(running.ready.listeners, []);
  const added = await running.api("/listeners", {
    method: "POST",
    body: JSON.stringify({ listen: "0", target: targetOf(target.address) }),
    headers: { "content-type": "application/json" },
  });
  assert.equal(added.status, 201);
  const { id, listen } = await added.json();
  assert.match(await call(listen), /hello$/);
  const patch = async (state: string) =>
    await running.json<{ state: string }>(`/listeners/${id}`, {
      method: "PATCH",
      body: JSON.stringify({ state }),
      headers: { "content-type": "application/json" },
    });
  assert.equal((await patch("stopped")).state, "stopped");
  await assert.rejects(call(listen), Deno.errors.ConnectionRefused);
  assert.equal((await patch("listening")).state, "listening");
  assert.match(await call(listen), /hello$/);
  const removed = await running.api(`/listeners/${id}`, { method: "DELETE" });
  assert.ok(removed.ok);
  await removed.body?.cancel();
  await assert.rejects(call(listen), Deno.errors.ConnectionRefused);
  await running.line(({ event, state }) => event === "listener" && state === "closed");
  const states = running.lines.filter(({ event }) => event === "listener").map(({ state }) => state);
  assert.deepEqual(states, ["listening", "stopped", "listening", "closed"]);

  const loop = await running.api("/listeners", {
    method: "POST",
    body: JSON.stringify({ listen: "0", target: new URL(running.ready.ui).host }),
    headers: { "content-type": "application/json" },
  });
  assert.equal(loop.status, 409);
  assert.match((await loop.json()).error, /that is the page of tcpmon itself/);
  await running.stop();
  await target.close();
});

Deno.test("Ctrl+C told twice at once, by the terminal and by what started the program, still ends it in order", async () => {
  const folder = Deno.makeTempDirSync();
  const file = `${folder}/kept.pcapng`;
  const target = server(async (conn) => {
    await write(conn, new Uint8Array(20_000_000));
  });
  const running = await Running.start(["-l", "0", "-t", targetOf(target.address), "--capture", file]);
  const conn = await Deno.connect({ port: running.port(), hostname: "127.0.0.1" });
  const received = (await readAll(conn)).length;
  conn.close();
  Deno.kill(running.pid, "SIGINT");
  assert.equal((await running.stop("SIGINT")).code, 0);
  assert.equal(received, 20_000_000);
  const recorded = readRecords(file).reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0);
  assert.equal(recorded, 20_000_000);
  Deno.removeSync(folder, { recursive: true });
  await target.close();
});

Deno.test("a signal while the program starts ends it in order too", async () => {
  for (const delay of [0, 100, 200, 300]) {
    const temporary = Deno.makeTempDirSync();
    const [, command, before] = programs[0];
    const child = new Deno.Command(command, {
      args: [...before, "--no-open", "--ui", "0", "-l", "0", "-t", "localhost:9"],
      env: { TMPDIR: temporary },
      stdout: "null",
      stderr: "null",
    }).spawn();
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill("SIGTERM");
    await child.status;
    assert.deepEqual([...Deno.readDirSync(temporary)], [], `after ${delay} ms`);
    Deno.removeSync(temporary, { recursive: true });
  }
});

Deno.test("the program ends with status 0 although its temporary folder is gone", async () => {
  const running = await Running.start(["-l", "0", "-t", "localhost:9"]);
  const { file } = await running.json<{ file: string }>("/recording");
  Deno.removeSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
  assert.equal((await running.stop()).code, 0);
});

Deno.test("--json tells what happens in this run, not what an older one has recorded", async () => {
  const folder = Deno.makeTempDirSync();
  const file = `${folder}/kept.pcapng`;
  const target = httpServer();
  const args = ["-l", "0", "-t", targetOf(target.address), "--capture", file];
  const first = await Running.start(args);
  await call(first.ready.listeners[0].listen);
  await first.line(({ event }) => event === "exchange");
  await first.stop();
  const second = await Running.start(args);
  const { listen } = second.ready.listeners[0];
  await call(listen);
  await second.line(({ event, id }) => event === "exchange" && id === "e2");
  assert.deepEqual(second.lines.filter(({ event }) => event === "exchange").map(({ id }) => id), ["e2"]);
  await second.stop();
  Deno.removeSync(folder, { recursive: true });
  await target.close();
});
