// An independent judge: tshark opens what the journal wrote, finds nothing malformed or lost, and its followed
// streams are the bytes that were sent.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { tshark } from "../needs.ts";
import { closed, folder, generator, LISTEN, opened, record } from "./recording.ts";

/** The protocol guesses that tshark makes from port numbers are switched off: these bytes are random. */
const PLAIN = [
  "--disable-protocol",
  "ALL",
  "--enable-protocol",
  "ip",
  "--enable-protocol",
  "ipv6",
  "--enable-protocol",
  "tcp",
  "--enable-protocol",
  "raw",
  "--enable-protocol",
  "frame",
];

async function run(...args: string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(tshark!, { args: [...args] }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(success, new TextDecoder().decode(stderr));
  return text;
}

Deno.test({
  name: "tshark finds nothing malformed or lost, and follows every stream to the sent bytes",
  ignore: tshark === null,
  fn: async () => {
    const seed = crypto.getRandomValues(new Uint32Array(1))[0];
    console.log(`seed ${seed}`);
    const random = generator(seed);
    const { file, remove } = folder();
    const recorder = await record(file);
    const sent: { upstream: Buffer; downstream: Buffer }[] = [];
    for (let connection = 1; connection <= 8; connection++) {
      const wide = connection % 4 === 0;
      // The same client port again and again: each Connection must still be a stream of its own.
      const client = { host: wide ? "::1" : "127.0.0.1", port: 50_000 };
      recorder.opened(opened(connection, client, wide ? { host: "::1", port: 8081 } : LISTEN));
      recorder.connected({ connection, address: { host: "127.0.0.1", port: 80 }, dialMs: 1 });
      const both = { upstream: Buffer.alloc(0), downstream: Buffer.alloc(0) };
      for (let round = 0; round < 10; round++) {
        const direction = random() < 0.5 ? "upstream" : "downstream";
        const size = Math.floor(random() * (round === 5 ? 300_000 : 2_000)) + 1;
        const chunk = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
        recorder.chunk(connection, direction, chunk);
        both[direction] = Buffer.concat([both[direction], chunk]);
        for (let edit = round % 3; edit > 0; edit--) {
          const inserted = Buffer.from('x\xff\0"\n', "latin1");
          recorder.edited({
            connection,
            direction,
            offset: both[direction].length - edit,
            removed: 1,
            inserted,
          });
        }
      }
      sent.push(both);
      recorder.ended({ connection, by: "client", how: "end", passedOn: "end" });
      recorder.ended({ connection, by: "target", how: connection === 3 ? "reset" : "end", passedOn: "end" });
      recorder.closed({ ...closed(connection), how: connection === 3 ? "reset" : "end" });
    }
    await recorder.close();

    const wrong = "_ws.malformed || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment || " +
      "tcp.analysis.retransmission || tcp.analysis.out_of_order || tcp.analysis.window_full || " +
      "tcp.analysis.duplicate_ack || ip.checksum.status == bad";
    assert.equal(await run("-r", file, ...PLAIN, "-o", "ip.check_checksum:TRUE", "-Y", wrong), "");

    for (const [stream, { upstream, downstream }] of sent.entries()) {
      const text = await run("-r", file, ...PLAIN, "-q", "-z", `follow,tcp,raw,${stream}`);
      const lines = text.split("\n").filter((line) => /^\t?[0-9a-f]+$/.test(line));
      const of = (test: (line: string) => boolean) =>
        Buffer.from(lines.filter(test).join("").replaceAll("\t", ""), "hex");
      assert.ok(of((line) => !line.startsWith("\t")).equals(upstream), `stream ${stream} upstream`);
      assert.ok(of((line) => line.startsWith("\t")).equals(downstream), `stream ${stream} downstream`);
    }

    const comments = await run("-r", file, "-T", "fields", "-e", "frame.comment", "-Y", "frame.comment");
    assert.match(comments.split("\n")[0], /^tcpmon \{"event":"opened","connection":1/);
    assert.match(comments, /^tcpmon \{"event":"edited","connection":1,"direction":"/m);
    remove();
  },
});

Deno.test({
  name: "tshark decodes HTTP in a capture as it is",
  ignore: tshark === null,
  fn: async () => {
    const { file, remove } = folder();
    const recorder = await record(file);
    recorder.opened(opened(1));
    recorder.connected({ connection: 1, address: { host: "127.0.0.1", port: 80 }, dialMs: 1 });
    recorder.chunk(1, "upstream", Buffer.from("GET /quote HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    recorder.chunk(1, "downstream", Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"));
    recorder.ended({ connection: 1, by: "client", how: "end", passedOn: "end" });
    recorder.ended({ connection: 1, by: "target", how: "end", passedOn: "end" });
    recorder.closed(closed(1));
    await recorder.close();
    const fields = await run(
      "-r",
      file,
      "-d",
      "tcp.port==8081,http",
      "-Y",
      "http",
      "-T",
      "fields",
      "-e",
      "http.request.uri",
      "-e",
      "http.response.code",
    );
    assert.deepEqual(fields.trimEnd().split("\n").map((line) => line.trim().split("\t").filter(Boolean)[0]), [
      "/quote",
      "200",
    ]);
    remove();
  },
});
