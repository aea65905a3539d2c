// The Host header and all that goes with it through a whole program: curl and raw clients, a real nginx with a virtual
// host, what the API tells of it, sending again, and the capture afterwards.

import assert from "node:assert/strict";
import type { ExchangeDetail } from "../src/catalog/types.ts";
import { curl, nginx as hasNginx, tshark } from "./needs.ts";
import { Monitor } from "./monitor.ts";
import { readAll, server, write } from "./relay/transcript.ts";
import { editorsFor } from "../src/rewriting.ts";
import { monitorOf, NAME, virtualHost } from "./virtual_host.ts";

const LISTEN = { host: "127.0.0.1", port: 8081 };

Deno.test("editorsFor: rewriting is there where the target is a DNS name other than localhost, or as chosen", () => {
  const rows: readonly [host: string, chosen: "rewrite" | "keep" | undefined, rewrites: boolean][] = [
    ["www.example.org", undefined, true],
    ["db", undefined, true],
    ["localhost", undefined, false],
    ["LOCALHOST", undefined, false],
    ["127.0.0.1", undefined, false],
    ["::1", undefined, false],
    ["www.example.org", "keep", false],
    ["127.0.0.1", "rewrite", true],
  ];
  for (const [host, hostHeader, rewrites] of rows) {
    const editors = editorsFor({ listen: LISTEN, target: { host, port: 80 }, hostHeader });
    assert.equal(editors !== undefined, rewrites, `${host} ${hostHeader}`);
  }
  assert.equal(editorsFor({ listen: LISTEN, target: null, hostHeader: "rewrite" }), undefined);
});

/** What curl prints for these arguments. */
async function curled(...args: string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command(curl!, { args: ["-sS", ...args] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "curl stays on the monitor in front of a virtual host: redirects, cookies, keep-alive",
  ignore: curl === null || hasNginx === null,
  fn: async () => {
    const nginx = await virtualHost();
    const folder = await Deno.makeTempDir();
    const file = `${folder}/rewritten.pcapng`;
    const monitor = await monitorOf(nginx, {}, file);
    const here = `http://127.0.0.1:${monitor.listen().port}`;
    const there = `${NAME}:${nginx.port}`;
    try {
      const jar = `${folder}/cookies`;
      // One connection, several requests; the redirect leads back to the listener, and the cookie is kept and sent.
      const said = await curled(
        "-L",
        "-c",
        jar,
        "-b",
        jar,
        `${here}/`,
        `${here}/moved`,
        "-w",
        "|%{url_effective}|",
      );
      assert.ok(said.includes(`host ${there}|${here}/|`), said);
      assert.match(said, new RegExp(`host ${there} cookie [^<]*\\bid=7\\b`));
      assert.ok(said.endsWith(`|${here}/there?a=b|`), said);
      const order = await curled("-H", `Origin: ${here}`, "-e", `${here}/page`, "-d", "a=b", `${here}/order`);
      assert.ok(order.includes(`host ${there} origin http://${there} referer http://${there}/page`), order);
      // Where it leaves all the same, that is told.
      assert.match(await curled("-I", `${here}/secure`), new RegExp(`Location: https://${NAME}/`));
      const away = await monitor.line(({ url }) => url === "/secure");
      assert.equal(away.leadsAway, `https://${NAME}/`);

      const moved = await monitor.line(({ url }) => url === "/moved");
      assert.equal(moved.leadsAway, null);
      const detail = await monitor.json<ExchangeDetail>("GET", `/exchanges/${moved.id}`);
      const host = detail.request?.headers.find(({ name }) => name === "Host");
      assert.deepEqual(host, { name: "Host", value: here.slice(7), sent: there });
      const location = detail.response?.headers.find(({ name }) => name === "Location");
      assert.equal(location?.sent, `${here}/there?a=b`);
      const received = await monitor.bytes(`/exchanges/${moved.id}/request`);
      const sent = await monitor.bytes(`/exchanges/${moved.id}/request/sent`);
      assert.equal(sent, received.replace(`Host: ${here.slice(7)}`, `Host: ${there}`));
      const view = await monitor.api("GET", `/exchanges/${moved.id}/request/view?as=raw&sent=1`);
      assert.ok((await view.text()).includes(`Host: ${there}`));

      // Straight to the target it goes as it was sent, and through the listener as it was received.
      const straight = await monitor.done((await monitor.resend(String(moved.id))).id);
      assert.equal(straight.status, 302);
      assert.equal(await monitor.bytes(`/exchanges/${straight.id}/request`), sent);
      const through = await monitor.done(
        (await monitor.resend(String(moved.id), { through: "listener" })).id,
      );
      assert.equal(through.status, 302);
      assert.equal(await monitor.bytes(`/exchanges/${through.id}/request`), received);
      assert.equal(await monitor.bytes(`/exchanges/${through.id}/request/sent`), sent);
      const before = await monitor.bytes(`/exchanges/${moved.id}/response/sent`);
      await monitor.stop();

      // Opened again later, the capture says the same.
      const later = await Monitor.withRoutes([], file);
      try {
        const listed = () =>
          later.json<{ exchanges: { id: string; url: string }[] }>("GET", "/exchanges?limit=100");
        let rows = (await listed()).exchanges;
        // The catalog reads the capture while it is asked.
        while (rows.filter(({ url }) => url === "/moved").length < 3) rows = (await listed()).exchanges;
        const same = rows.findLast(({ url }) => url === "/moved");
        assert.equal(await later.bytes(`/exchanges/${same?.id}/response/sent`), before);
      } finally {
        await later.stop();
      }
      if (tshark !== null) {
        const wrong = "_ws.malformed || tcp.analysis.lost_segment || tcp.analysis.retransmission || " +
          "tcp.analysis.duplicate_ack || tcp.analysis.out_of_order";
        const { stdout } = await new Deno.Command(tshark, { args: ["-r", file, "-Y", wrong] }).output();
        assert.equal(new TextDecoder().decode(stdout), "");
      }
    } finally {
      await monitor.stop();
      await nginx.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test("what is not HTTP, and who speaks first, passes a rewriting listener byte for byte", async () => {
  const line = "Host: 127.0.0.1\r\n";
  const mail = server(async (conn) => {
    await write(conn, "220 mail\r\n");
    await write(conn, await readAll(conn));
  });
  await using monitor = await Monitor.withRoutes([{ target: mail.address, hostHeader: "rewrite" }]);
  const { host: hostname, port } = monitor.listen();
  const conn = await Deno.connect({ hostname, port });
  const buffer = new Uint8Array(10);
  assert.equal(await conn.read(buffer), 10);
  const all = `HELO\r\n${line}\r\nGET / HTTP/1.1\r\n${line}\x00\x80`;
  await write(conn, all);
  await conn.closeWrite();
  assert.equal(await readAll(conn), all);
  conn.close();
  await mail.close();
});

Deno.test("a request that is not whole is passed on at once, but for the line that may be rewritten", async () => {
  const { promise: got, resolve } = Promise.withResolvers<void>();
  const parts = ["POST /a HTTP/1.1\r\nX: 1\r\n", "Host: me\r\n", "Content-Length: 9\r\n\r\nHost: me\n"];
  let received = "";
  const target = server(async (conn) => {
    const buffer = new Uint8Array(1000);
    while (!received.startsWith(parts[0])) {
      const length = await conn.read(buffer);
      received += new TextDecoder().decode(buffer.subarray(0, length ?? 0));
    }
    resolve();
    received += await readAll(conn);
  });
  await using monitor = await Monitor.withRoutes([{ target: target.address, hostHeader: "rewrite" }]);
  const { host: hostname, port } = monitor.listen();
  const conn = await Deno.connect({ hostname, port });
  await write(conn, parts[0]);
  await got;
  for (const part of parts.slice(1)) await write(conn, part);
  await conn.closeWrite();
  await readAll(conn);
  conn.close();
  const { host: name, port: to } = target.address;
  assert.equal(received, parts.join("").replace("Host: me\r", `Host: ${name}:${to}\r`));
  await target.close();
});
