// The sample traffic, received by listeners that write down what came and answer as shortly as they may.

import assert from "node:assert/strict";
import { TcpServer } from "../../src/demo/tcp_server.ts";
import { startTraffic } from "../../src/demo/traffic.ts";
import { readFields } from "../../src/demo/http_server.ts";

Deno.test("startTraffic sends each client's calls over one connection, and leaves the events open", async () => {
  const connections: string[][] = [];
  const eventsEnded = Promise.withResolvers<void>();
  let eventsOpen = false;
  const http = new TcpServer(async (wire) => {
    const calls: string[] = [];
    connections.push(calls);
    for (let start = await wire.line(); start !== null; start = await wire.line()) {
      const fields = await readFields(wire);
      const body = new TextDecoder().decode(await wire.exactly(Number(fields.get("content-length") ?? 0)));
      calls.push(`${start} ${/<q:symbol>(\w+)/.exec(body)?.[1] ?? body.length}`);
      if (start.includes("/orders/events")) {
        eventsOpen = true;
        await wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      } else {
        await wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      }
    }
    if (calls[0].includes("/orders/events")) eventsEnded.resolve();
  });
  const letter: string[] = [];
  const mail = new TcpServer(async (wire) => {
    await wire.send("220-hello\r\n220 ready\r\n");
    let inMessage = false;
    for (let line = await wire.line(); line !== null; line = await wire.line()) {
      letter.push(line);
      if (line === "DATA") inMessage = true;
      else if (line === ".") inMessage = false;
      if (!inMessage || line === "DATA") await wire.send("250 ok\r\n");
    }
  });

  const traffic = startTraffic({ http: http.address, mail: mail.address });
  await traffic.firstRound;
  assert.ok(eventsOpen);
  await traffic.stop();
  await eventsEnded.promise;
  await Promise.all([http.stop(), mail.stop()]);

  assert.deepEqual([letter[0], letter.at(-1)], ["EHLO build-7.example.org", "QUIT"]);
  assert.deepEqual(connections.map((calls) => calls[0]).sort(), [
    "GET /axis/services/StockQuote?wsdl HTTP/1.1 0",
    "GET /exports/orders.csv HTTP/1.1 0",
    "GET /orders/events HTTP/1.1 0",
    "GET /slow HTTP/1.1 0",
    "POST /login HTTP/1.1 69",
  ]);
  const soap = connections.find((calls) => calls[0].includes("wsdl"));
  assert.deepEqual(soap?.slice(1), [
    "POST /axis/services/StockQuote HTTP/1.1 GOGG",
    "POST /axis/services/StockQuote HTTP/1.1 GOOG",
  ]);
});

Deno.test("startTraffic ends quietly where nobody listens", async () => {
  const gone = new TcpServer(() => Promise.resolve());
  await gone.stop();
  const traffic = startTraffic({ http: gone.address, mail: gone.address });
  await traffic.firstRound;
  await traffic.stop();
});

Deno.test("startTraffic can be stopped at once", async () => {
  const silent = new TcpServer(async (wire) => {
    await wire.rest();
  });
  const traffic = startTraffic({ http: silent.address, mail: silent.address });
  await traffic.stop();
  await traffic.firstRound;
  await silent.stop();
});
