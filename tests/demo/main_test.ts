// The demo as a user starts it: what it prints, what its traffic leaves in the catalog, and how it ends.

import assert from "node:assert/strict";
import { taskCommand } from "../../.ci/tasks.ts";
import { nextFreePort } from "../../src/demo/ports.ts";
import { TextLineStream } from "../lines.ts";

/** What the first round must leave, as "method url status". */
const ROUND = [
  "GET /axis/services/StockQuote?wsdl 200",
  "GET /exports/orders.csv 200",
  "GET /orders/A-20931 200",
  "GET /orders/A-99999 404",
  "GET /orders/stream 200",
  "GET /orders?status=open&limit=50 200",
  "GET /prices.png 200",
  "GET /slow 200",
  "POST /axis/services/StockQuote 200",
  "POST /axis/services/StockQuote 500",
  "POST /login 303",
  "PUT /orders/A-20931 409",
];

interface Row {
  readonly id: string;
  readonly protocol: string;
  readonly state: string;
  readonly connection: string;
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

/** Reads the events until every Exchange of the first round is done, and gives all rows by id. */
async function rowsOfRound(page: URL): Promise<readonly Row[]> {
  const Authorization = `Bearer ${page.searchParams.get("token")}`;
  const leave = new AbortController();
  const answer = await fetch(new URL("/api/events", page), {
    headers: { Authorization },
    signal: leave.signal,
  });
  assert.equal(answer.status, 200);
  const rows = new Map<string, Row>();
  const lines = answer.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  while (
    !ROUND.every((wanted) =>
      [...rows.values()].some((row) => row.state === "done" && written(row) === wanted)
    )
  ) {
    const line = await lines?.read();
    if (line === undefined || line.done) {
      throw new Error(`the events ended after ${[...rows.values()].map(written)}`);
    }
    if (!line.value.startsWith("data:")) continue;
    for (const row of JSON.parse(line.value.slice(5)).exchanges ?? []) rows.set(row.id, row);
  }
  leave.abort();
  await lines?.cancel().catch(() => {});
  return [...rows.values()];
}

function written({ method, url, status }: Row): string {
  return `${method} ${url} ${status}`;
}

Deno.test("demo prints where it is, sends its traffic through the listeners, and ends on SIGTERM", async () => {
  const [deno, ...args] = taskCommand("demo");
  const child = new Deno.Command(deno, {
    args: [...args, "--no-open"],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  let rows: readonly Row[] = [];
  let status: Deno.CommandStatus;
  const printed: string[] = [];
  try {
    for (let line = await lines.read(); !line.done; line = await lines.read()) {
      printed.push(line.value);
      if (line.value.startsWith("Ctrl+C")) break;
    }
    const page = /^The page: +(\S+)$/m.exec(printed.join("\n"))?.[1];
    assert.ok(page !== undefined, printed.join("\n"));
    rows = await rowsOfRound(new URL(page));
  } finally {
    child.kill("SIGTERM");
    status = await child.status;
    await lines.cancel();
  }
  assert.deepEqual([status.code, status.signal], [0, null]);
  assert.match(printed.join("\n"), /^curl http:\/\/localhost:\d+\/orders\/A-20931$/m);

  const events = rows.find(({ url }) => url === "/orders/events");
  assert.equal(events?.state, "open");
  const soap = rows.filter(({ url }) => url?.startsWith("/axis/"));
  assert.deepEqual([soap.length, new Set(soap.map(({ connection }) => connection)).size], [3, 1]);
  const mail = rows.filter(({ protocol }) => protocol === "tcp");
  assert.ok(mail.length >= 6, `${mail.length} turns of the mail protocol`);
});

Deno.test("demo opens its page, and ends in order when it is told to while it starts", async () => {
  const [deno, ...args] = taskCommand("demo");
  const folder = await Deno.makeTempDir();
  const [part, whole] = [`${folder}/part`, `${folder}/opened`];
  const opener = `#!/bin/sh\nprintf '%s\\n' "$@" > ${part} && /bin/mv ${part} ${whole}\n`;
  await Deno.writeTextFile(`${folder}/xdg-open`, opener, { mode: 0o755 });
  const start = (temporary: string) =>
    new Deno.Command(deno, { args, env: { PATH: folder, TMPDIR: temporary }, stdout: "piped" }).spawn();

  if (Deno.build.os === "linux") {
    const watcher = Deno.watchFs(folder);
    const child = start(folder);
    const printed = new Response(child.stdout).text();
    for await (const { paths } of watcher) if (paths.includes(whole)) break;
    child.kill("SIGTERM");
    assert.equal((await child.status).code, 0);
    const page = /^The page: +(\S+)$/m.exec(await printed)?.[1];
    assert.equal(await Deno.readTextFile(whole), `${page}\n`);
  }

  const temporary = `${folder}/temporary`;
  await Deno.mkdir(temporary);
  const watcher = Deno.watchFs(temporary);
  const child = start(temporary);
  const ended = child.status;
  const printed = new Response(child.stdout).text();
  // Its folder is made first of all, long before the program has started.
  for await (const { kind } of watcher) if (kind === "create") break;
  child.kill("SIGTERM");
  assert.deepEqual([(await ended).code, (await ended).signal], [0, null]);
  await printed;
  assert.deepEqual(await Array.fromAsync(Deno.readDir(temporary)), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("demo takes another port where the one that it chose is taken while it starts", async () => {
  const [deno, ...args] = taskCommand("demo");
  const temporary = await Deno.makeTempDir();
  const chosen = nextFreePort(8081);
  const watcher = Deno.watchFs(temporary);
  const child = new Deno.Command(deno, {
    args: [...args, "--no-open"],
    env: { TMPDIR: temporary },
    stdout: "piped",
  }).spawn();
  // Its folder is made after the ports were chosen, and before they are bound.
  for await (const { kind } of watcher) if (kind === "create") break;
  let taken: Deno.Listener | null = null;
  try {
    taken = Deno.listen({ hostname: "127.0.0.1", port: chosen });
  } catch (error) {
    // It was quicker: there is nothing to see this time.
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
  }
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  const printed: string[] = [];
  for (let line = await lines.read(); !line.done; line = await lines.read()) {
    printed.push(line.value);
    if (line.value.startsWith("Ctrl+C")) break;
  }
  child.kill("SIGTERM");
  const { code } = await child.status;
  await lines.cancel();
  taken?.close();
  await Deno.remove(temporary, { recursive: true });
  assert.equal(code, 0, printed.join("\n"));
  const port = /^curl http:\/\/localhost:(\d+)\//m.exec(printed.join("\n"))?.[1];
  if (taken) assert.ok(Number(port) > chosen, printed.join("\n"));
});

Deno.test("demo refuses an option that it does not know", async () => {
  const [deno, ...args] = taskCommand("demo");
  const { code, stderr } = await new Deno.Command(deno, { args: [...args, "--port"] }).output();
  assert.equal(code, 2);
  assert.match(new TextDecoder().decode(stderr), /^Cannot use --port: /);
});
