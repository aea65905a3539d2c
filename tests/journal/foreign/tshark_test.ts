// An independent judge: what tshark follows in a capture, byte by byte and gap by gap, is what is read of it. Of traffic
// that dumpcap has captured while the file was read, of what tshark's own programs make of that, and of made captures.

import assert from "node:assert/strict";
import { editcap, mergecap, text2pcap, tshark } from "../../needs.ts";
import { canCapture, startCapture, untilClosed } from "./capturing.ts";
import { conversation, ipPacket, type Made, pcap, random, type Turn } from "./made.ts";
import { readAll, type ReadConnection } from "./reading.ts";

async function run(program: string, ...args: string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(program, { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

interface Followed {
  readonly upstream: string;
  readonly downstream: string;
}

/** All streams that tshark follows in a file, a gap as «length». */
async function followed(file: string, count: number): Promise<Followed[]> {
  const asked = [...Array(count).keys()].flatMap((stream) => ["-z", `follow,tcp,raw,${stream}`]);
  const text = await run(tshark!, "-r", file, "-q", ...asked);
  const streams = text.split("Follow: tcp,raw").slice(1).map((part) => {
    const both = { upstream: "", downstream: "" };
    for (const line of part.split("\n")) {
      if (!/^\t?(?:[0-9a-f]{2})+$/.test(line)) continue;
      const bytes = line.trim().match(/../g)!.map((pair) => parseInt(pair, 16));
      both[line.startsWith("\t") ? "downstream" : "upstream"] += String.fromCharCode(...bytes);
    }
    return both;
  });
  const gaps = (stream: string) => stream.replace(/\[(\d+) bytes? missing in capture file\]\0*/g, "«$1»");
  // The command line's order is not that of the answers.
  const order = [...text.matchAll(/Filter: tcp.stream eq (\d+)/g)].map(([, number]) => Number(number));
  const sorted: Followed[] = [];
  for (const [i, { upstream, downstream }] of streams.entries()) {
    sorted[order[i]] = { upstream: gaps(upstream), downstream: gaps(downstream) };
  }
  return sorted;
}

/** The same bytes: compared in a way that says where they differ, and not all of both. */
function assertSame(found: string, expected: string, what: string): void {
  if (found === expected) return;
  let at = 0;
  while (found[at] === expected[at]) at++;
  const around = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 40));
  assert.fail(
    `${what}: from ${at} on ${around(found)} where tshark has ${
      around(expected)
    } (${found.length}, ${expected.length})`,
  );
}

/** Without what tshark does not tell: that more came before, and that more is missing at the end. */
function comparable(stream: string): string {
  return stream.replace(/^«0»/, "").replace(/«\d+»$/, "");
}

async function judge(file: string): Promise<readonly ReadConnection[]> {
  const bytes = await Deno.readFile(file);
  const kind = bytes[0] === 0x0a ? "pcapng" : "pcap";
  const { connections, notes } = readAll(kind, bytes);
  assert.ok(!notes.some((note) => note.includes("damaged")), notes.join("\n"));
  const streams = await followed(file, connections.length);
  for (const [i, { upstream, downstream }] of connections.entries()) {
    for (
      const [found, expected, what] of [
        [upstream, streams[i].upstream, "upstream"],
        [downstream, streams[i].downstream, "downstream"],
      ]
    ) assertSame(comparable(found), comparable(expected), `${file}, stream ${i}, ${what}`);
  }
  return connections;
}

/** What a test's server answers: as many bytes as the path says, all different. */
function body(length: number): Uint8Array<ArrayBuffer> {
  const next = random(length);
  return Uint8Array.from({ length }, () => Math.floor(next() * 256));
}

for (const device of ["lo", "any"]) {
  Deno.test({
    name: `ForeignReader: reads what dumpcap captures of ${device} as it grows, as tshark follows it`,
    ignore: !canCapture || tshark === null || editcap === null || mergecap === null,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const file = `${folder}/live.pcapng`;
      const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
        const sent = await request.arrayBuffer();
        return new Response(body(Number(new URL(request.url).pathname.slice(1)) + sent.byteLength));
      });
      const { port } = server.addr;
      const stop = await startCapture(device, port, file);
      try {
        for (const length of [0, 30, 300_000]) {
          const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
          const url = `http://127.0.0.1:${port}/${length}`;
          const answer = await fetch(url, { client, method: "POST", body: body(length / 3) });
          assert.equal((await answer.arrayBuffer()).byteLength, length + length / 3);
          client.close();
        }
        await untilClosed(file, 3);
      } finally {
        await stop();
        await server.shutdown();
      }
      const connections = await judge(file);
      assert.deepEqual(connections.map(({ end }) => end.replace(/^\w+ /, "")), ["end", "end", "end"]);
      assert.match(connections[0].upstream, /^POST \/0 HTTP\/1\.1/);
      if (device === "any") return await Deno.remove(folder, { recursive: true });
      await run(editcap!, "-F", "nsecpcap", file, `${folder}/ns.pcap`);
      await run(mergecap!, "-w", `${folder}/merged.pcapng`, file, `${folder}/ns.pcap`);
      await judge(`${folder}/merged.pcapng`);
      // Of packets that are cut short tshark does not say where bytes are missing.
      await run(editcap!, "-s", "100", "-F", "pcap", file, `${folder}/snapped.pcap`);
      const snapped = readAll("pcap", await Deno.readFile(`${folder}/snapped.pcap`));
      assert.deepEqual(
        snapped.connections.map(({ length }) => length),
        connections.map(({ length }) => length),
      );
      await Deno.remove(folder, { recursive: true });
    },
  });
}

Deno.test({
  name: "ForeignReader: made captures with losses, doubles and overlaps, as tshark follows them",
  ignore: tshark === null,
  fn: async () => {
    const seed = Date.now() % 1e6;
    console.log(`seed ${seed}`);
    const next = random(seed);
    const folder = await Deno.makeTempDir();
    const frames = [];
    for (let connection = 0; connection < 20; connection++) {
      // No NUL: tshark ends what it says of a gap with one, which could not be told from what follows.
      const turns: Turn[] = [0, 1, 2, 3].map((turn) => [
        turn % 2 === 0,
        Uint8Array.from({ length: 1 + Math.floor(next() * 2000) }, () => 1 + Math.floor(next() * 127)),
      ]);
      const sent = conversation(turns, {
        size: 100 + Math.floor(next() * 300),
        first: [Math.floor(next() * 2 ** 32), Math.floor(next() * 2 ** 32)],
        at: 1_700_000_000_000 + connection * 10_000,
      });
      const ends = { wide: connection % 2 === 1, client: 40_000 + connection, server: 9_999 };
      for (const made of disturbed(sent, connection, next)) {
        frames.push({ at: made.at, bytes: ipPacket(made, ends) });
      }
    }
    const file = `${folder}/made.pcap`;
    await Deno.writeFile(file, pcap(101, frames));
    await judge(file);
    await Deno.remove(folder, { recursive: true });
  },
});

/** Segments as a capture may have them: some lost, sent again, or moved within what one side sends. */
function disturbed(sent: readonly Made[], kind: number, next: () => number): Made[] {
  if (kind % 3 === 0) {
    return sent.filter(({ data }) => data.length === 0 || next() > 0.15);
  }
  const made: Made[] = [];
  for (const one of sent) {
    made.push(one);
    const before = made.at(-2);
    if (one.data.length > 1 && next() < 0.2) {
      const from = Math.floor(next() * one.data.length);
      made.push({ ...one, seq: one.seq + from, data: one.data.subarray(from) });
    } else if (kind % 3 === 1 && one.data.length > 0 && before?.up === one.up && before.data.length > 0) {
      if (next() < 0.3) made.push(made.splice(-2, 1)[0]);
    }
  }
  return made;
}

Deno.test({
  name: "ForeignReader: a packet that text2pcap has made",
  ignore: text2pcap === null || tshark === null,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const hex = [..."GET / HTTP/1.1\r\n\r\n"].map((c) => c.charCodeAt(0).toString(16).padStart(2, "0"));
    await Deno.writeTextFile(`${folder}/dump.txt`, `000000 ${hex.join(" ")}\n`);
    await run(text2pcap!, "-q", "-T", "50000,80", `${folder}/dump.txt`, `${folder}/made.pcapng`);
    const [one] = await judge(`${folder}/made.pcapng`);
    assert.deepEqual([one.upstream, one.client], ["«0»GET / HTTP/1.1\r\n\r\n", "10.1.1.1 50000"]);
    await Deno.remove(folder, { recursive: true });
  },
});
