// What is said of targets that are not reached, and how often.

import assert from "node:assert/strict";
import { Dialer, DialError } from "../../src/relay/dial.ts";
import { Unreached } from "../../src/relay/unreached.ts";
import { readAll, relayTo, server, write } from "./transcript.ts";

const LISTEN = { host: "127.0.0.1", port: 8081 };
const REFUSED = new DialError("refused", "db:5432 refused the connection");

function unreached() {
  const told: string[] = [];
  const clock = { now: 0 };
  return { told, clock, of: new Unreached((text) => told.push(text), () => clock.now) };
}

Deno.test("Unreached says what happened, to what, and what to do", () => {
  const cases: [error: DialError, text: string][] = [
    [
      REFUSED,
      "Cannot reach the target of 127.0.0.1:8081: db:5432 refused the connection. " +
      "See that it runs, and on that port. It is not said again while that lasts.",
    ],
    [
      new DialError("error", "Cannot connect to db:5432: permission denied"),
      "Cannot reach the target of 127.0.0.1:8081: cannot connect to db:5432: permission denied. " +
      "It is not said again while that lasts.",
    ],
    [
      new DialError("refused", "proxy:3128 refused to connect to db:5432: 403 Forbidden. Allow it there."),
      "Cannot reach the target of 127.0.0.1:8081: proxy:3128 refused to connect to db:5432: 403 Forbidden. " +
      "Allow it there. It is not said again while that lasts.",
    ],
  ];
  for (const [error, text] of cases) {
    const { told, of } = unreached();
    of.met(LISTEN, error);
    assert.deepEqual(told, [text]);
  }
});

Deno.test("Unreached says each reason once, and again when it has not come for a minute", () => {
  const { told, clock, of } = unreached();
  for (; clock.now < 300_000; clock.now += 50_000) of.met(LISTEN, REFUSED);
  assert.equal(told.length, 1);
  of.met(LISTEN, new DialError("timeout", "db:5432 did not answer within 10 s"));
  assert.equal(told.length, 2);
  clock.now += 60_000;
  of.met(LISTEN, REFUSED);
  assert.equal(told.length, 3);
});

Deno.test("Unreached says so many reasons at most, whatever there are", () => {
  const { told, clock, of } = unreached();
  const all = () => {
    for (let n = 0; n < 1_000; n++) of.met(LISTEN, new DialError("error", `reason ${n}`));
  };
  all();
  all();
  assert.equal(told.length, 16);
  clock.now = 60_000;
  all();
  assert.equal(told.length, 32);
});

Deno.test("ListenPort says once that its target is not reached, and nothing of one that is", async () => {
  const gone = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = gone.addr;
  gone.close();
  const target = server(async (conn) => await write(conn, await readAll(conn)));
  const relays = [relayTo({ host: "127.0.0.1", port }), relayTo(target.address)];
  for (const relay of relays) {
    for (let n = 1; n <= 3; n++) {
      const client = await relay.connect();
      await client.closeWrite();
      await readAll(client);
      client.close();
    }
    await relay.close();
  }
  assert.deepEqual(relays[0].transcript.unreached, [
    `Cannot reach the target of 127.0.0.1:${
      relays[0].port.listen.port
    }: 127.0.0.1:${port} refused the connection. ` +
    "See that it runs, and on that port. It is not said again while that lasts.",
  ]);
  assert.deepEqual(relays[1].transcript.unreached, []);
  await target.close();
});

Deno.test("ListenPort says nothing of a dial that its own closing has ended", async () => {
  const asked = Promise.withResolvers<void>();
  const dialer = new Dialer({
    connect: ({ signal }) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
        asked.resolve();
      }),
  });
  const relay = relayTo({ host: "192.0.2.1", port: 80 }, { dialer });
  const client = await relay.connect();
  await asked.promise;
  await relay.close();
  client.close();
  assert.deepEqual(relay.transcript.unreached, []);
});
