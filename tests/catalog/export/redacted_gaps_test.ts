// Where a capture has not all bytes, nobody can tell what stands under which name: from there on all is masked.

import assert from "node:assert/strict";
import { WorkerCatalog } from "../../../src/catalog/catalog.ts";
import { conversation, ipPacket, pcap } from "../../journal/foreign/made.ts";
import { exportedText } from "./exporting.ts";

const utf8 = new TextEncoder();

/** The exchanges of a GET and this response, of which the bytes from `gap` on up to `until` were not captured. */
async function maskedOf(response: string, gap: string, until: string, redact: string[]): Promise<string> {
  const folder = await Deno.makeTempDir();
  try {
    const [from, to] = [response.indexOf(gap), response.indexOf(until)];
    const parts = [response.slice(0, from), response.slice(from, to), response.slice(to)];
    const turns = [
      [true, utf8.encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n")],
      ...parts.map((part) => [false, utf8.encode(part)] as const),
    ] as const;
    const segments = conversation(turns, { size: 4_000 });
    const missing = segments.findIndex(({ data }) => new TextDecoder().decode(data) === parts[1]);
    assert.ok(missing > 0);
    const frames = segments.toSpliced(missing, 1)
      .map((made) => ({ at: made.at, bytes: ipPacket(made, { wide: false, client: 50_000, server: 80 }) }));
    const file = `${folder}/made.pcap`;
    await Deno.writeFile(file, pcap(101, frames));
    // Written some time ago, so that it is not waited for more.
    await Deno.utime(file, 1, 1);
    const catalog = await WorkerCatalog.open({ opens: file, folder });
    try {
      await catalog.level();
      return await exportedText(catalog, { format: "ndjson", redact });
    } finally {
      await catalog.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const BODY = '{"note":"before","x":"y","password":"hush-hush-4711","after":1}';
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Auth-Token: hush-hush-0815\r\n";

const PLAIN = `${HEAD}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n${
  BODY.length.toString(16)
}\r\n${BODY}\r\n0\r\n\r\n`;
const CASES: readonly [name: string, response: string, gap: string, until: string, redact: string[]][] = [
  ["the name in a body", PLAIN, 'y","password', 'hush-4711",', ["json:password"]],
  ["the name in a chunked body", CHUNKED, 'y","password', 'hush-4711",', ["json:password"]],
  ["the name in a head", PLAIN, "X-Auth", "hush-0815\r", ["header:x-auth-token"]],
];

for (const [name, response, gap, until, redact] of CASES) {
  Deno.test(`a gap that takes ${name} away leaves nothing behind it`, async () => {
    const text = await maskedOf(response, gap, until, redact);
    assert.doesNotMatch(text, gap.startsWith("X") ? /4711|0815/ : /4711/);
    const last = JSON.parse(text.trimEnd().split("\n").at(-1)!);
    assert.deepEqual(last.masked.map(({ where }: { where: string }) => where), ["doubt"]);
  });
}

Deno.test("a gap in a body in which no rule looks changes nothing of it", async () => {
  const text = await maskedOf(PLAIN, 'y","password', 'hush-4711",', ["header:x-nobody"]);
  assert.match(text, /hush-4711/);
  assert.equal(JSON.parse(text.trimEnd().split("\n").at(-1)!).masked.length, 0);
});
