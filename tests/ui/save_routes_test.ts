// Exchanges as one text: what is in it, byte for byte, and what it is called.

import assert from "node:assert/strict";
import type { SavedLink } from "../../src/ui/types.ts";
import { anExchange, FakePage } from "./fakes.ts";

const utf8 = new TextEncoder();

/** A page with exchanges e1 to e3, of which e3 has bytes of any value. */
function page(): FakePage {
  const made = new FakePage();
  made.catalog.rows = [
    anExchange({ id: "e3", state: "failed", fault: "the target reset the connection", resendOf: "e1" }),
    anExchange({ id: "e2", url: "/" }),
    anExchange(),
  ];
  for (const { id } of made.catalog.rows) {
    made.catalog.bytesOf.set(`${id}/request/wire`, { bytes: utf8.encode(`POST /${id} HTTP/1.1\r\n\r\né\n`) });
    made.catalog.bytesOf.set(`${id}/response/wire`, { bytes: utf8.encode(`HTTP/1.1 200 OK\r\n\r\n`) });
  }
  made.catalog.bytesOf.set("e3/response/wire", { bytes: Uint8Array.of(0, 0xff, 0x80, 0x0a, 0x0a) });
  return made;
}

/** One character a byte. */
async function octets(answer: Response): Promise<string> {
  return Array.from(new Uint8Array(await answer.arrayBuffer()), (byte) => String.fromCharCode(byte)).join("");
}

Deno.test("GET /api/exchanges/save gives each exchange a heading and its exact bytes", async () => {
  using made = page();
  const answer = await made.call("GET", "/api/exchanges/save?ids=e1,e3&as=text");
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("content-type"), "application/octet-stream");
  assert.match(
    answer.headers.get("content-disposition")!,
    /^attachment; filename="tcpmon-\d{8}-\d{6}\.txt"$/,
  );
  const text = await octets(answer);
  const [first, ...rest] = text.split("\n");
  assert.match(first, /^tcpmon 1\.2\.3: 2 exchanges, saved \d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.equal(
    rest.join("\n"),
    `==============
Exchange: e1
Listen Port: 8081
Listen Host: 127.0.0.1
Target Host: localhost
Target Port: 80
Client: 127.0.0.1:50000
Connection: c1
Time: 2026-03-04T05:06:07.890Z
First Byte: after 1.5 ms
Elapsed Time: 12.25 ms
State: done
Request Bytes: 120
Response Bytes: 120
==== Request ====
POST /e1 HTTP/1.1\r\n\r\n\xc3\xa9

==== Response ====
HTTP/1.1 200 OK\r\n\r

==============
Exchange: e3, sent again from e1
Listen Port: 8081
Listen Host: 127.0.0.1
Target Host: localhost
Target Port: 80
Client: 127.0.0.1:50000
Connection: c1
Time: 2026-03-04T05:06:07.890Z
First Byte: after 1.5 ms
Elapsed Time: 12.25 ms
State: failed: the target reset the connection
Request Bytes: 120
Response Bytes: 120
==== Request ====
POST /e3 HTTP/1.1\r\n\r\n\xc3\xa9

==== Response ====
\x00\xff\x80

\n==============
`,
  );
});

Deno.test("GET /api/exchanges/save without ids saves all that match, oldest first", async () => {
  using made = page();
  const answer = await made.call("GET", "/api/exchanges/save?listener=l1&q=status:200");
  assert.match(answer.headers.get("content-disposition")!, /filename="tcpmon-8081-\d{8}-\d{6}\.txt"$/);
  const text = await octets(answer);
  assert.deepEqual([...text.matchAll(/^Exchange: (e\d)/gm)].map(([, id]) => id), ["e1", "e2", "e3"]);
  assert.deepEqual(JSON.parse(JSON.stringify(made.catalog.asked[0])), {
    listener: "l1",
    q: "status:200",
    limit: 1000,
    whole: true,
  });
});

Deno.test("POST /api/exchanges/save takes more ids than a URL has room for", async () => {
  using made = page();
  const ids = Array.from({ length: 20_000 }, (_, i) => `e${i + 1}`);
  const text = await octets(await made.call("POST", "/api/exchanges/save", { json: { ids } }));
  assert.equal([...text.matchAll(/^Exchange: /gm)].length, 20_000);
  assert.match(text, /\nExchange: e20000, which was removed or never was\n==============\n$/);
  const one = await made.call("POST", "/api/exchanges/save", { json: { ids: ["e1"] } });
  assert.match(
    one.headers.get("content-disposition")!,
    /^attachment; filename="20260304-\d{6}-e1-POST-orders-200\.txt"$/,
  );
  await one.body?.cancel();
});

Deno.test("POST /api/exchanges/save?link leaves ids for an address to save from", async () => {
  using made = page();
  const link = async (ids: readonly string[]) => {
    const answer = await made.call("POST", "/api/exchanges/save?link", { json: { ids } });
    assert.equal(answer.status, 201);
    return (await answer.json() as SavedLink).link;
  };
  const first = await link(["e1", "e3"]);
  for (let again = 0; again < 2; again++) {
    const text = await octets(await made.call("GET", first));
    assert.deepEqual([...text.matchAll(/^Exchange: (e\d)/gm)].map(([, id]) => id), ["e1", "e3"]);
  }
  for (let more = 0; more < 8; more++) await link(["e2"]);
  const late = await made.call("GET", first);
  assert.deepEqual([late.status, (await late.json()).field], [400, "linked"]);
  const wrong = await made.call("POST", "/api/exchanges/save?link", { json: { ids: [] } });
  assert.equal(wrong.status, 400);
  await wrong.body?.cancel();
});

Deno.test("GET /api/exchanges/save reads only as fast as it is taken, and stops when nobody takes it", async () => {
  using made = page();
  made.catalog.rows = [anExchange({ requestBytes: 1_000_000 })];
  made.catalog.bytesOf.set("e1/request/wire", { bytes: new Uint8Array(1_000_000) });
  const answer = await made.call("GET", "/api/exchanges/save?ids=e1");
  const reader = answer.body!.getReader();
  for (let i = 0; i < 4; i++) await reader.read();
  assert.ok(made.catalog.pulled < 4, `${made.catalog.pulled} pieces were read`);
  await reader.cancel();
  assert.equal(made.catalog.cancelled, 1);
});

Deno.test("GET /api/exchanges/save reads what is large or goes on when its place comes, and says what is gone then", async () => {
  using made = page();
  const [e3, e2, e1] = made.catalog.rows;
  const large = { requestBytes: 100_000 };
  made.catalog.rows = [{ ...e3, ...large }, { ...e2, state: "open", fault: null }, { ...e1, ...large }];
  made.catalog.bytesOf.set("e1/request/wire", { bytes: new Uint8Array(100_000) });
  const answer = await made.call("GET", "/api/exchanges/save?ids=e1,e2,e3");
  const reader = answer.body!.getReader();
  // The heading, and that of the first exchange.
  for (let i = 0; i < 2; i++) await reader.read();
  made.catalog.rows = [{ ...e3, ...large }, { ...e2, state: "done", elapsedMs: 77 }];
  made.catalog.bytesOf.delete("e3/request/wire");
  let rest = "";
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    rest += new TextDecoder().decode(read.value);
  }
  assert.match(rest, /\nExchange: e2\n[^]*\nElapsed Time: 77 ms\nState: done\n/);
  assert.match(rest, /\n==== Request ====\nwhich was removed while this was saved\n==== Response ====\n/);
});

Deno.test("GET /api/exchanges/save says what is wrong with a question", async () => {
  using made = page();
  for (
    const [query, field] of [["?ids=", "ids"], ["?ids=e1,c2", "ids"], ["?as=har", "as"], [
      `?q=${"x".repeat(10_001)}`,
      "q",
    ]]
  ) {
    const answer = await made.call("GET", `/api/exchanges/save${query}`);
    assert.deepEqual([answer.status, (await answer.json()).field], [400, field]);
  }
  const wrong = await made.call("POST", "/api/exchanges/save", { json: { listener: 1 } });
  assert.deepEqual([wrong.status, (await wrong.json()).field], [400, "listener"]);
});
