// An independent judge of what the program records while it relays: tshark finds nothing malformed or lost in the
// capture, and the streams that it follows are the bytes that went through.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type AddressInfo, createServer } from "node:net";
import { refusing } from "./calls.ts";
import { curl, tshark } from "./needs.ts";
import { server, write } from "./relay/transcript.ts";
import { Running } from "./running.ts";

const BULK = 5_000_000;

const WRONG = "_ws.malformed || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment || " +
  "tcp.analysis.retransmission || tcp.analysis.out_of_order || tcp.analysis.window_full || " +
  "tcp.analysis.duplicate_ack || ip.checksum.status == bad";

/** The guesses that tshark makes from port numbers are switched off: most of these bytes are random. */
const PLAIN = [
  ...["--disable-protocol", "ALL"],
  ...["ip", "tcp", "raw", "frame"].flatMap((protocol) => ["--enable-protocol", protocol]),
];

async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(program, { args: [...args] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** What one side sent in a stream, as tshark follows it. `from` is the side whose lines are not indented. */
async function followed(file: string, stream: number): Promise<{ upstream: Buffer; downstream: Buffer }> {
  const text = await output(tshark!, ["-r", file, ...PLAIN, "-q", "-z", `follow,tcp,raw,${stream}`]);
  const lines = text.split("\n").filter((line) => /^\t?[0-9a-f]+$/.test(line));
  const joined = (some: readonly string[]) => Buffer.from(some.join("").replaceAll("\t", ""), "hex");
  return {
    upstream: joined(lines.filter((line) => !line.startsWith("\t"))),
    downstream: joined(lines.filter((line) => line.startsWith("\t"))),
  };
}

Deno.test({
  name: "a capture of relayed HTTP, bulk, a reset and a refused dial stands up to tshark",
  ignore: tshark === null || curl === null,
  fn: async () => {
    const folder = Deno.makeTempDirSync();
    const file = `${folder}/relayed.pcapng`;
    const heads: string[] = [];
    const web = server(async (conn) => {
      const buffer = new Uint8Array(65_536);
      const length = await conn.read(buffer);
      heads.push(new TextDecoder().decode(buffer.subarray(0, length ?? 0)));
      await write(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
    });
    const echo = server(async (conn) => await conn.readable.pipeTo(conn.writable));
    const rude = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.resetAndDestroy());
    });
    await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
    const { port: rudePort } = rude.address() as AddressInfo;
    const addresses = [web, echo].map(({ address }) => `${address.host}:${address.port}`);
    const routes = [...addresses, `127.0.0.1:${rudePort}`, refusing()].flatMap((
      target,
    ) => ["-l", "0", "-t", target]);
    const running = await Running.start([...routes, "--capture", file]);

    assert.equal(await output(curl!, ["-sS", `${running.url(0)}/quote?symbol=ACME`]), "hello");

    const bulk = Buffer.alloc(BULK);
    for (let at = 0; at < BULK; at += 65_536) {
      crypto.getRandomValues(bulk.subarray(at, Math.min(at + 65_536, BULK)));
    }
    const echoing = await Deno.connect({ hostname: "127.0.0.1", port: running.port(1) });
    const sent = write(echoing, bulk).then(() => echoing.closeWrite());
    const back = await new Response(echoing.readable).bytes();
    await sent;
    assert.ok(bulk.equals(back), "the echo came back as it was");

    const reset = await Deno.connect({ hostname: "127.0.0.1", port: running.port(2) });
    await write(reset, "reset this");
    await reset.read(new Uint8Array(1)).catch(() => null);
    reset.close();

    const refused = await Deno.connect({ hostname: "127.0.0.1", port: running.port(3) });
    await refused.read(new Uint8Array(1)).catch(() => null);
    refused.close();

    for (const { id } of running.ready.listeners) {
      await running.line(({ event, listener, state }) =>
        event === "connection" && listener === id && state !== "open"
      );
    }
    const ends = running.lines.filter(({ event, state }) => event === "connection" && state !== "open");
    assert.deepEqual(ends.map(({ listener, how }) => [listener, how]).sort(), [
      ["l1", "end"],
      ["l2", "end"],
      ["l3", "reset"],
      ["l4", "refused"],
    ]);
    assert.equal((await running.stop()).code, 0);

    const checked = ["-o", "ip.check_checksum:TRUE", "-Y", WRONG];
    assert.equal(await output(tshark!, ["-r", file, ...PLAIN, ...checked]), "");
    const spoken = ["-d", `tcp.port==${running.port(0)},http`, "-Y", "http", "-T", "fields"];
    const fields = ["-e", "http.request.uri", "-e", "http.response.code"];
    const http = await output(tshark!, ["-r", file, ...spoken, ...fields]);
    assert.deepEqual(http.trim().split("\n").map((line) => line.trim()), ["/quote?symbol=ACME", "200"]);

    const webStream = await followed(file, 0);
    assert.equal(webStream.upstream.toString(), heads[0]);
    assert.match(webStream.downstream.toString(), /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhello$/);
    assert.equal((await followed(file, 2)).upstream.toString(), "reset this");
    const bulkStream = await followed(file, 1);
    assert.ok(bulkStream.upstream.equals(bulk), "the bulk upstream");
    assert.ok(bulkStream.downstream.equals(bulk), "the bulk downstream");
    Deno.removeSync(folder, { recursive: true });
    await Promise.all([web.close(), echo.close(), new Promise((resolve) => rude.close(resolve))]);
  },
});
