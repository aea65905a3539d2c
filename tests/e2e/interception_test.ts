// A forward proxy that ends TLS, in Chromium: a page over HTTP/2 and a WebSocket inside TLS come through it, and the page
// of tcpmon shows them with their https:// addresses.

import assert from "node:assert/strict";
import type { Connection } from "../../src/model.ts";
import { makeCertificates } from "../certificates.ts";
import { openssl } from "../needs.ts";
import { Running } from "../running.ts";
import { browserTest, inContext, inPage, until } from "./harness.ts";

browserTest(
  "Chromium through a proxy that ends TLS: its pages and a WebSocket are in the table",
  async (browser) => {
    await using made = await makeCertificates();
    const { cert, key } = made.ecdsa;
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {}, cert, key },
      (request) => {
        if (request.headers.get("upgrade") !== "websocket") {
          return new Response("<h1>the secret shop</h1>", { headers: { "content-type": "text/html" } });
        }
        const { socket, response } = Deno.upgradeWebSocket(request);
        socket.onmessage = ({ data }) => socket.send(`you said ${data}`);
        return response;
      },
    );
    const site = `localhost:${server.addr.port}`;
    const running = await Running.start(
      ["-l", "0", "--listen-tls", "--target-ca", made.root.certFile],
      undefined,
      { TCPMON_CA: `${made.folder}/own` },
    );
    try {
      const proxy = { server: running.url(), bypass: "<-loopback>" };
      await inContext(browser, { proxy, ignoreHTTPSErrors: true }, async (client) => {
        await client.goto(`https://${site}/shop`);
        await client.getByRole("heading", { name: "the secret shop" }).waitFor();
        const answer = await client.evaluate(
          `new Promise((resolve, reject) => {
            const socket = new WebSocket("wss://${site}/talk");
            socket.onopen = () => socket.send("hello");
            socket.onmessage = ({ data }) => resolve(data);
            socket.onerror = () => reject(new Error("no WebSocket"));
          })`,
        );
        assert.equal(answer, "you said hello");
        await inPage(browser, running.ready.ui, {}, async (page) => {
          await page.getByRole("row", { name: new RegExp(`GET.*https://${site}/talk.*101`) }).first()
            .waitFor();
        });
      });
      const talk = await running.line(({ url }) => url === `https://${site}/talk`);
      assert.deepEqual([talk.status, talk.tls], [101, "both"]);
      // The page came over HTTP/2, which the server prefers; a WebSocket is HTTP/1.1's.
      await until(
        async () => (await running.json<{ connections: Connection[] }>("/connections")).connections,
        (connections) => {
          const protocols = connections.map(({ tls }) => tls.client?.alpn);
          return protocols.includes("h2") && protocols.includes("http/1.1");
        },
        "the protocols of both",
      );
    } finally {
      await running.stop();
      await server.shutdown();
    }
  },
  { missing: openssl === null },
);
