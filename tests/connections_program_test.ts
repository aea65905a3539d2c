// Hundreds of connections at once through the whole program: all are served, none is lost, each keeps its bytes in
// order, whatever segment of the capture they are in, and none is left when they are closed.

import assert from "node:assert/strict";
import { readAll, server, write } from "./relay/transcript.ts";
import { Running } from "./running.ts";

const CLIENTS = 300;
const TURNS = 3;

interface List {
  readonly total: number;
  readonly connections: readonly { readonly id: string; readonly upstreamBytes: number }[];
}

Deno.test("hundreds of connections are served at once, carried through new segments, and gone when they are closed", async () => {
  const target = server(async (conn) => {
    const buffer = new Uint8Array(1024);
    for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
      await write(conn, new TextDecoder().decode(buffer.subarray(0, count)));
    }
  });
  // So little is kept that carrying them over makes a new segment more than once.
  const running = await Running.start(["-l", "0", "-t", `127.0.0.1:${target.address.port}`, "--keep", "4MB"]);
  try {
    const port = running.port();
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, () => Deno.connect({ hostname: "127.0.0.1", port })),
    );
    for (let turn = 0; turn < TURNS; turn++) {
      await Promise.all(clients.map(async (client, at) => {
        const text = `client ${at} turn ${turn} ${"x".repeat(900)}`;
        await write(client, text);
        assert.equal(await readSome(client, text.length), text);
      }));
    }
    await running.until((lines) => openedIn(lines) === CLIENTS);
    await level(running, "state:open", CLIENTS);

    await Promise.all(clients.map(async (client, at) => {
      await write(client, `client ${at} ends`);
      await client.closeWrite();
      assert.equal(await readAll(client), `client ${at} ends`);
      client.close();
    }));
    await running.until((lines) => lines.filter(({ state }) => state === "closed").length === CLIENTS);
    assert.equal(running.lines.filter(({ state }) => state === "failed").length, 0);
    await level(running, "state:open", 0);
    const { connections } = await running.json<List>("/connections?limit=20");
    for (const { id } of connections) {
      const up = await (await running.api(`/connections/${id}/upstream`)).text();
      assert.match(up, /^client (\d+) turn 0 x+client \1 turn 1 x+client \1 turn 2 x+client \1 ends$/);
      assert.equal(await (await running.api(`/connections/${id}/downstream`)).text(), up);
    }
  } finally {
    await running.stop();
    await target.close();
  }
});

function openedIn(lines: readonly Record<string, unknown>[]): number {
  return lines.filter(({ event, state }) => event === "connection" && state === "open").length;
}

/** Until the catalog lists so many connections. */
async function level(running: Running, q: string, count: number): Promise<void> {
  const path = `/connections?limit=1&q=${encodeURIComponent(q)}`;
  while ((await running.json<List>(path)).total !== count) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function readSome(conn: Deno.Conn, length: number): Promise<string> {
  const buffer = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await conn.read(buffer.subarray(at));
    assert.ok(count !== null, "it was closed");
    at += count;
  }
  return new TextDecoder().decode(buffer);
}
