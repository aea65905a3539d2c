// search, tail and export as a user runs them, on a capture that the program itself has made.

import assert from "node:assert/strict";
import { script } from "./needs.ts";
import { programs, Running } from "./running.ts";

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const [, command, before] = programs[0];

async function tcpmon(...args: readonly string[]): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...before, ...args],
    stdin: "null",
  })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** The same in a shell, where `PROGRAM` stands for the program. */
async function shell(line: string): Promise<Ended> {
  const quoted = [command, ...before].map((word) => `'${word}'`).join(" ");
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-o", "pipefail", "-c", line.replaceAll("PROGRAM", quoted)],
    stdin: "null",
    env: { TERM: "xterm-256color" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

const answers: Readonly<Record<string, () => Response>> = {
  "/orders": () => Response.json({ tracking: "ABC-1", pin: "4711" }),
  "/broken": () =>
    new Response("\x1b]0;title\x07", { status: 500, headers: { "content-type": "text/plain" } }),
  "/bytes": () => new Response(new Uint8Array([0, 255, 1])),
};

function serve() {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const answer = answers[new URL(request.url).pathname];
    return answer ? answer() : new Response("no", { status: 404 });
  });
  return { target: `127.0.0.1:${server.addr.port}`, stop: () => server.shutdown() };
}

async function get(url: string): Promise<void> {
  await (await fetch(url, { headers: { connection: "close" } })).arrayBuffer();
}

Deno.test("--json-bodies gives exchanges whole; search, export and tail read the capture", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-test-" });
  const file = `${folder}/a.pcapng`;
  const { target, stop } = serve();
  const running = await Running.start(["-l", "0", "-t", target, "--capture", file, "--json-bodies"]);
  try {
    for (const path of ["/orders", "/broken", "/bytes"]) await get(running.url() + path);
    const whole = (url: string) => running.line((line) => line.event === "exchange" && line.url === url);
    const body = async (url: string) =>
      (await whole(url) as unknown as { response: { body: unknown } }).response.body;

    await t.step("--json-bodies: text as text, other bytes as base64", async () => {
      assert.equal(await body("/orders"), '{"tracking":"ABC-1","pin":"4711"}');
      assert.deepEqual(await body("/bytes"), { base64: "AP8B" });
      const events = running.lines.filter(({ event }) => event === "connection");
      // One as it opens and one as it ends, of each.
      await running.until((lines) => lines.filter(({ event }) => event === "connection").length === 6);
      assert.ok(events.length <= 6);
    });

    await t.step("tail follows while it is recorded to", async () => {
      const child = new Deno.Command(command, {
        args: [...before, "tail", file, "--last", "1", "--filter", "path:/o"],
        stdin: "null",
        stdout: "piped",
        stderr: "inherit",
      }).spawn();
      const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      while (text.split("\n").length < 2) text += (await reader.read()).value ?? "";
      await get(`${running.url()}/bytes`);
      await get(`${running.url()}/orders?again`);
      while (text.split("\n").length < 3) text += (await reader.read()).value ?? "";
      child.kill("SIGINT");
      assert.equal((await child.status).code, 0);
      await reader.cancel();
      assert.match(text, /GET \/orders → .*\n.*GET \/orders\?again → .*\n$/);
    });
  } finally {
    await running.stop();
    await stop();
  }

  await t.step("search prints what is found, and ends with 0, 1 or 2", async () => {
    const found = await tcpmon("search", 'status:>=500 or body:"tracking"', file);
    assert.equal(found.code, 0);
    assert.match(
      found.out,
      /^\S+ {3}200 .* GET \/orders → .*\n\S+ {3}500 .* GET \/broken → .*\n.*again.*\n$/,
    );
    assert.deepEqual(await tcpmon("search", "nosuchtext", file), { code: 1, out: "", err: "" });
    const misspelt =
      "“stauts:” is no field, so the text “stauts:500” is looked for. Write status: for that field.\n";
    assert.deepEqual(await tcpmon("search", "stauts:500", file), { code: 1, out: "", err: misspelt });
    assert.deepEqual(await tcpmon("search", "--count", "stauts:500", file), {
      ...{ code: 1, out: "0\n", err: misspelt },
    });
    for (const args of [["--", "-stauts:500"], ["--count", "not stauts:500"]]) {
      const { code, out, err } = await tcpmon("search", ...args, file);
      assert.deepEqual([code, err], [0, misspelt], args.join(" "));
      assert.notEqual(out, "");
    }
    const none = `${folder}/none`;
    for (const args of [["search", "stauts:500", none], ["tail", none, "--filter", "stauts:500"]]) {
      const { code, err } = await tcpmon(...args);
      assert.equal(code, 2);
      assert.equal(err, `${misspelt}Cannot open ${none}: there is no such file.\n`);
    }
    const swapped = await tcpmon("search", file, "status:>=500");
    assert.deepEqual([swapped.code, swapped.out], [2, ""]);
    assert.equal(
      swapped.err,
      "Cannot search status:>=500: there is no such file. The query comes first, and captures behind it: " +
        `write 'status:>=500' before ${file}.\n`,
    );
    for (const query of [`nowhere${"0".repeat(280)}`, `${file}/x`]) {
      assert.deepEqual(await tcpmon("search", "--count", query, file), { code: 1, out: "0\n", err: "" });
    }
    const wrong = await tcpmon("search", "status:", file);
    assert.deepEqual([wrong.code, wrong.out], [2, ""]);
    assert.match(wrong.err, /^A number is missing/);
    const nothing = await tcpmon("search", "x", `${folder}/none`);
    assert.equal(nothing.code, 2);
    assert.match(nothing.err, /^Cannot open .*none: there is no such file\.\n$/);
    assert.equal((await tcpmon("search", "--count", "status:200", file)).out, "4\n");
  });

  await t.step("search prints bodies, and nothing that a terminal obeys", async () => {
    const { out } = await tcpmon("search", "path:/orders", file, "--bodies");
    assert.match(out, /> GET \/orders HTTP\/1\.1\n[^]*< HTTP\/1\.1 200 OK\n[^]*\n {2}"tracking": "ABC-1",\n/);
    const broken = await tcpmon("search", "status:500", file, "--bodies");
    assert.doesNotMatch(broken.out, /[\x00-\x08\x0b-\x1f]/);
  });

  await t.step("search gives JSON, a line each", async () => {
    const { out } = await tcpmon("search", "status:500", file, "--json");
    const [line, ...more] = out.trim().split("\n").map((line) => JSON.parse(line));
    assert.deepEqual([line.event, line.url, line.status, more.length], ["exchange", "/broken", 500, 0]);
  });

  await t.step("export writes a HAR file, masked, and what it is says the name", async () => {
    const har = `${folder}/a.har`;
    const misplaced = await tcpmon("export", file, "har");
    assert.equal(misplaced.code, 2);
    assert.match(
      misplaced.err,
      /^Cannot export har: there is no such file\. A format stands behind --format: /,
    );
    const done = await tcpmon("export", file, "-o", har, "--filter", "path:/orders", "--redact", "json:pin");
    assert.equal(done.code, 0, done.err);
    const text = await Deno.readTextFile(har);
    assert.equal(JSON.parse(text).log.entries.length, 2);
    assert.doesNotMatch(text, /4711/);
    assert.match(text, /ABC-1/);
    const again = await tcpmon("export", file, "-o", har);
    assert.deepEqual([again.code, /already/.test(again.err)], [2, true]);
  });

  await t.step(
    "export says that a field of its filter may be misspelt where nothing is exported",
    async () => {
      const { code, err } = await tcpmon("export", file, "--format", "curl", "--filter", "stauts:500");
      assert.equal(code, 0, err);
      assert.match(err, /^“stauts:” is no field, .* Write status: for that field\.\n$/);
    },
  );

  await t.step("export goes to the standard output, which may be closed at any time", async () => {
    const { out } = await tcpmon("export", file, "--format", "ndjson");
    assert.equal(
      out.trim().split("\n").map((line) => JSON.parse(line)).filter((l) => l.event === "exchange").length,
      5,
    );
    const cut = await shell(`PROGRAM export '${file}' --format ndjson | head -c 10`);
    assert.deepEqual(cut, { code: 0, out: '{"event":"', err: "" });
  });

  await t.step("colours are for terminals, unless NO_COLOR is set", async () => {
    if (script === null) return;
    const line = `env -u NO_COLOR ${script} -qec "PROGRAM search status:500 ${file}" /dev/null`;
    assert.match((await shell(line)).out, /\x1b\[31m 500/);
    assert.doesNotMatch((await shell(line.replace("-u NO_COLOR", "NO_COLOR=1"))).out, /\x1b\[/);
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("tail --listen prints what comes, for people, and opens no page", async () => {
  const { target, stop } = serve();
  const child = new Deno.Command(command, {
    args: [...before, "tail", "-l", "0", "-t", target, "--ui", "0", "--filter", "status:500", "--heads"],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const errors = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!/Page: /.test(said)) said += (await errors.read()).value ?? "";
  const origin = `http://${/Listening on (\S+),/.exec(said)![1]}`;
  await get(`${origin}/orders`);
  await get(`${origin}/broken`);
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!/\n\n/.test(text)) text += (await reader.read()).value ?? "";
  child.kill("SIGTERM");
  assert.equal((await child.status).code, 0);
  await Promise.all([reader.cancel(), errors.cancel(), stop()]);
  assert.match(text, /^\S+ {3}500 .*GET \/broken → .*\n> GET \/broken HTTP\/1\.1\n[^]*< HTTP\/1\.1 500 /);
  assert.doesNotMatch(text, /\/orders/);
});
