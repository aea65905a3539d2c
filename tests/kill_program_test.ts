// The program killed at random moments under traffic, again and again with the same capture: nothing but the tail is lost.
// TCPMON_KILLS says how often (3 unless given), and with it all but the last 200 ms must be there; the few of the gate
// run beside other tests and allow for more.

import assert from "node:assert/strict";
import { CaptureFiles } from "../src/journal/capture_files.ts";
import { readHeld } from "../src/journal/file.ts";
import { JournalReader } from "../src/journal/reader.ts";
import { tshark } from "./needs.ts";
import { server } from "./relay/transcript.ts";
import { Running } from "./running.ts";

const given = Deno.env.get("TCPMON_KILLS");
const kills = Number(given ?? 3);
const lagMs = given === undefined ? 600 : 200;
const SIZE = 4096;
const encoder = new TextEncoder();

/** The upstream bytes of each Connection in the capture as it is. */
function upstreamIn(path: string): Map<number, string> {
  using file = Deno.openSync(path);
  const held = readHeld(path, file);
  const list = [
    ...held.older.map(({ path, base, length }) => ({ path, later: null, base, length })),
    { path, later: null, base: held.base, length: held.length },
  ];
  const files = new CaptureFiles(() => list);
  const reader = new JournalReader(files.readAt, { position: list[0].base, at: 0 });
  const found = new Map<number, string>();
  const decoder = new TextDecoder();
  for (let next = reader.next(held.position); next; next = reader.next(held.position)) {
    if (next.kind !== "chunk" || next.direction !== "upstream") continue;
    found.set(next.connection, (found.get(next.connection) ?? "") + decoder.decode(reader.payload(next)));
  }
  files.close();
  return found;
}

/** The file of the capture before the newest, where there is one. */
function newestOlder(path: string): string[] {
  using file = Deno.openSync(path);
  return readHeld(path, file).older.slice(-1).map(({ path }) => path);
}

/** Sends numbered pieces and takes their echoes until `stop`; tells what had come back at a time. */
function talk(port: number) {
  const back: number[] = [];
  let isOver = false;
  const over = (async () => {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    const echo = new Uint8Array(SIZE);
    try {
      for (let count = 0; !isOver; count++) {
        await conn.write(encoder.encode(String(count).padEnd(SIZE, ".")));
        for (let at = 0; at < SIZE;) {
          const read = await conn.read(echo.subarray(at));
          if (read === null) return;
          at += read;
        }
        back.push(performance.now());
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    } catch {
      // The program was killed.
    } finally {
      conn.close();
    }
  })();
  return {
    over,
    stop: () => void (isOver = true),
    before: (time: number) => back.filter((at) => at <= time).length,
  };
}

Deno.test(`a capture outlives ${kills} kills at random moments: it opens here and in tshark, and lacks the tail alone`, async () => {
  const folder = Deno.makeTempDirSync({ prefix: "tcpmon-test-" });
  const file = `${folder}/kept.pcapng`;
  const target = server(async (conn) => await conn.readable.pipeTo(conn.writable).catch(() => {}));
  const { host, port } = target.address;
  const args = ["-l", "0", "-t", `${host}:${port}`, "--capture", file, "--keep", "8MB"];
  const expected: number[] = [];
  try {
    for (let run = 0; run < kills; run++) {
      const running = await Running.start(args, undefined, { TMPDIR: folder });
      const talks = [talk(running.port()), talk(running.port())];
      const wait = lagMs + Math.floor(Math.random() * 300);
      await new Promise((resolve) => setTimeout(resolve, wait));
      const killed = performance.now();
      await running.stop("SIGKILL");
      for (const one of talks) one.stop();
      await Promise.all(talks.map(({ over }) => over));
      expected.push(...talks.map((one) => one.before(killed - lagMs)));
      const found = [...upstreamIn(file).values()].slice(-2);
      // Which of both connections was accepted first is not known.
      const least = [...expected.slice(-2)].sort((a, b) => a - b);
      const most = found.map((text) => text.length / SIZE).sort((a, b) => a - b);
      assert.ok(
        least.every((count, at) => count <= (most[at] ?? 0)),
        `run ${run}, after ${wait} ms: ${least}, ${most}`,
      );
      for (const text of found) {
        for (let count = 0; count < Math.floor(text.length / SIZE); count++) {
          const piece = text.slice(count * SIZE, (count + 1) * SIZE);
          if (!text.startsWith("0.")) break;
          assert.equal(piece, String(count).padEnd(SIZE, "."), `run ${run}`);
        }
      }
      if (!tshark) continue;
      // The newest file has no packet where the program was killed when it had just begun it.
      let packets = 0;
      for (const path of [...newestOlder(file), file]) {
        const { stderr, stdout } = await new Deno.Command(tshark, { args: ["-r", path, "-c", "100000"] })
          .output();
        const said = new TextDecoder().decode(stderr).replace(/^Running as user.*\n/m, "").trim();
        assert.ok(said === "" || /cut short in the middle of a packet/.test(said), said);
        packets += stdout.length;
      }
      assert.ok(packets > 0);
    }
    // The next run repairs it, whatever its end was like.
    await (await Running.start(args, undefined, { TMPDIR: folder })).stop();
    for (const { name } of Deno.readDirSync(folder)) {
      if (!tshark || !name.endsWith(".pcapng")) continue;
      const { success, stderr } = await new Deno.Command(tshark, { args: ["-q", "-r", `${folder}/${name}`] })
        .output();
      assert.ok(success, new TextDecoder().decode(stderr));
    }
  } finally {
    await target.close();
    Deno.removeSync(folder, { recursive: true });
  }
});
