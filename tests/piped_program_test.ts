// A capture piped into the program: rows appear while it grows, and commands without a page read all of it. What is torn
// is said, and a command that the user ends says so with its status.

import assert from "node:assert/strict";
import { answer, Capture, get } from "./catalog/capture.ts";
import { programs } from "./running.ts";

const [, command, before] = programs[0];

function start(...args: readonly string[]) {
  const child = new Deno.Command(command, {
    args: [...before, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [writer, errors] = [child.stdin.getWriter(), new Response(child.stderr).text()];
  return { child, writer, errors };
}

async function run(input: Uint8Array, ...args: readonly string[]) {
  const { child, writer, errors } = start(...args);
  const out = new Response(child.stdout).text();
  // It may end without reading all of it.
  await writer.write(input).then(() => writer.close()).catch(() => {});
  return { code: (await child.status).code, out: await out, err: await errors };
}

/** Reads until it matches. */
async function until(reader: ReadableStreamDefaultReader<string>, test: RegExp): Promise<string> {
  let text = "";
  while (!test.test(text)) {
    const { value, done } = await reader.read();
    assert.ok(!done, `${test} in ${text}`);
    text += value;
  }
  return text;
}

Deno.test("tcpmon open - shows what is piped in while it comes, and what was open at its end", async () => {
  using capture = new Capture();
  capture.connection(1, [[get("/first"), answer("{}")]]);
  const { child, writer, errors } = start("open", "-", "--no-open", "--ui", "0");
  let sent = 0;
  const send = async () => {
    const bytes = Deno.readFileSync(capture.file);
    await writer.write(bytes.subarray(sent));
    sent = bytes.length;
  };
  const out = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await until(out, /Waiting for a capture on the standard input\n/);
  await send();
  const page = new URL(/Page: (\S+)/.exec(await until(out, /Page: \S+\n/))![1]);
  const ask = async <T>(path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${page.searchParams.get("token")}` };
    return await (await fetch(`${page.origin}/api${path}`, { headers })).json();
  };
  interface Row {
    readonly url: string;
    readonly state: string;
    readonly fault: string | null;
  }
  const rows = async (test: (rows: readonly Row[]) => boolean): Promise<readonly Row[]> => {
    for (;;) {
      const { exchanges } = await ask<{ readonly exchanges: readonly Row[] }>("/exchanges");
      if (test(exchanges)) return exchanges;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await rows(([row]) => row?.url === "/first" && row.state === "done");
  capture.opened(2);
  capture.chunk(2, "upstream", get("/second"));
  await send();
  const [open] = await rows((rows) => rows.length === 2);
  // However quiet the pipe is, more may come.
  assert.deepEqual([open.url, open.state], ["/second", "open"]);
  const { captures } = await ask<{ readonly captures: readonly { readonly file: string }[] }>("/captures");
  assert.deepEqual(captures.map(({ file }) => file), ["standard input"]);
  await writer.close();
  const [ended] = await rows(([row]) => row.state !== "open");
  assert.deepEqual([ended.state, /the capture ends here/.test(ended.fault ?? "")], ["failed", true]);
  child.kill("SIGTERM");
  assert.equal((await child.status).code, 0);
  await out.cancel();
  assert.equal(await errors, "");
});

Deno.test("tcpmon open - is ended before anything came, and refuses what is no capture", async () => {
  const { child, writer, errors } = start("open", "-", "--no-open", "--ui", "0");
  const out = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await until(out, /Waiting/);
  child.kill("SIGINT");
  assert.deepEqual([(await child.status).code, await errors], [0, ""]);
  await out.cancel();
  await writer.abort().catch(() => {});
  for (const [text, reason] of [["hello", "neither pcapng nor pcap nor HAR"], ["", "empty"]]) {
    const { code, err } = await run(new TextEncoder().encode(text), "open", "-", "--no-open", "--ui", "0");
    assert.equal(code, 1);
    assert.match(err, new RegExp(`^Cannot open standard input: it is ${reason}\\.\n$`));
  }
  const twice = await run(new Uint8Array(0), "open", "-", "-");
  assert.deepEqual([twice.code, /^Cannot open - twice: /.test(twice.err)], [2, true]);
});

Deno.test("search, export and tail read the standard input; search says where a file is torn", async () => {
  using capture = new Capture();
  capture.connection(1, [[get("/one"), answer("{}")], [get("/two"), answer("{}")]]);
  const whole = Deno.readFileSync(capture.file);
  const torn = whole.subarray(0, -7);
  const counted = await run(whole, "search", "--count", "path:/", "-");
  assert.deepEqual(counted, { code: 0, out: "2\n", err: "" });
  const packed = new Uint8Array(
    await new Response(new Blob([whole]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
  );
  const exported = await run(packed, "export", "-", "--format", "ndjson");
  assert.deepEqual([exported.code, exported.out.split("\n").length > 2, exported.err], [0, true, ""]);

  // A file that was written a moment ago, too.
  Deno.writeFileSync(`${capture.folder}/torn.pcapng`, torn);
  for (const file of ["-", `${capture.folder}/torn.pcapng`]) {
    const { code, out, err } = await run(torn, "search", "--count", "path:/", file);
    assert.deepEqual([code, out], [0, "2\n"]);
    const name = file === "-" ? "standard input" : file;
    assert.match(
      err,
      new RegExp(`^${name}: The file ends within a block: its last \\d+ bytes are left out\n$`),
    );
  }

  const { child, writer, errors } = start("tail", "-");
  const out = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  await writer.write(whole);
  await until(out, /GET \/two/);
  capture.connection(2, [[get("/three"), answer("{}")]]);
  await writer.write(Deno.readFileSync(capture.file).subarray(whole.length));
  await until(out, /GET \/three/);
  child.kill("SIGINT");
  assert.deepEqual([(await child.status).code, await errors], [0, ""]);
  await out.cancel();
  await writer.abort().catch(() => {});
});

Deno.test("search and export that the user ends have the status of the signal", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  // The second time before it can be told what is piped in.
  for (const [signal, status, length] of [["SIGINT", 130, 24], ["SIGTERM", 143, 2]] as const) {
    for (const args of [["search", "x", "-"], ["export", "-", "--format", "ndjson"]]) {
      const { child, writer, errors } = start(...args);
      const out = new Response(child.stdout).text();
      // They wait for the end of what is piped in.
      const header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, ...new Uint8Array(16)];
      await writer.write(new Uint8Array(header.slice(0, length)));
      await isReading(child.pid);
      child.kill(signal);
      assert.equal((await child.status).code, status, args[0]);
      if (length === 2) assert.equal(await errors, "");
      await Promise.all([out, errors, writer.abort().catch(() => {})]);
    }
  }
});

/** Waits until a process has what was written to its standard input. */
async function isReading(pid: number): Promise<void> {
  const folder = Deno.env.get("TMPDIR") ?? "/tmp";
  const open = () => {
    try {
      return [...Deno.readDirSync(`/proc/${pid}/fd`)].some(({ name }) =>
        Deno.readLinkSync(`/proc/${pid}/fd/${name}`).startsWith(`${folder}/tcpmon-`)
      );
    } catch {
      return false;
    }
  };
  while (!open()) await new Promise((resolve) => setTimeout(resolve, 10));
}
