// What is said of targets that are not reached, and how often.

import assert from "node:assert/strict";
import { Dialer, DialError } from "../../src/relay/dial.ts";
import { Unreached } from "../../src/relay/unreached.ts";
import { readAll, relayTo, server, write } from "./transcript.ts";

const LISTEN = { host: "127.0.0.1", port: 8081 };
const REFUSED = new DialError("refused", "db:5432 refused the connection");

/** Time that passes when it is told to, and what is said meanwhile. */
function unreached() {
  const told: string[] = [];
  let now = 0;
  let due: { readonly at: number; readonly then: () => void } | null = null;
  const time = {
    now: () => now,
    after(ms: number, then: () => void) {
      assert.equal(due, null, "one at a time");
      due = { at: now + ms, then };
      return () => void (due = null);
    },
  };
  const pass = (ms: number) => {
    const until = now + ms;
    while (due !== null && due.at <= until) {
      const { at, then } = due;
      [now, due] = [at, null];
      then();
    }
    now = until;
  };
  return {
    told,
    pass,
    isWaiting: () => due !== null,
    of: new Unreached(LISTEN, (text) => told.push(text), time),
  };
}

Deno.test("Unreached says what happened, to what, and what to do", () => {
  const cases: [error: DialError, text: string][] = [
    [
      REFUSED,
      "Cannot reach the target of 127.0.0.1:8081: db:5432 refused the connection. " +
      "See that it runs, and on that port. It is said again once it has not come for a minute.",
    ],
    [
      new DialError("error", "Cannot connect to db:5432: permission denied"),
      "Cannot reach the target of 127.0.0.1:8081: cannot connect to db:5432: permission denied. " +
      "It is said again once it has not come for a minute.",
    ],
    [
      new DialError("refused", "proxy:3128 refused to connect to db:5432: 403 Forbidden. Allow it there."),
      "Cannot reach the target of 127.0.0.1:8081: proxy:3128 refused to connect to db:5432: 403 Forbidden. " +
      "Allow it there. It is said again once it has not come for a minute.",
    ],
  ];
  for (const [error, text] of cases) {
    const { told, of } = unreached();
    of.met(error);
    assert.deepEqual(told, [text]);
  }
});

Deno.test("Unreached says each reason once, and how often it came besides when it has not come for a minute", () => {
  const { told, pass, of, isWaiting } = unreached();
  for (let n = 0; n < 7; n++) {
    of.met(REFUSED);
    pass(50_000);
  }
  assert.equal(told.length, 1);
  of.met(new DialError("timeout", "db:5432 did not answer within 10 s"));
  assert.equal(told.length, 2);
  pass(9_999);
  assert.equal(told.length, 2);
  pass(1);
  assert.deepEqual(told.slice(2), [
    "The target of 127.0.0.1:8081 was not reached 6 more times: db:5432 refused the connection. " +
    "That has not come for a minute now.",
  ]);
  of.met(REFUSED);
  assert.match(told[3], /^Cannot reach the target of 127\.0\.0\.1:8081: db:5432 refused the connection\./);
  // What came once was told, and is not counted.
  pass(600_000);
  assert.equal(told.length, 4);
  assert.equal(isWaiting(), false);
});

Deno.test("Unreached says at the end how often it came besides, in one line, and waits for nothing then", () => {
  const { told, pass, of, isWaiting } = unreached();
  for (let n = 0; n < 1_235; n++) of.met(REFUSED);
  of.end();
  assert.equal(isWaiting(), false);
  assert.deepEqual(told.slice(1), [
    "The target of 127.0.0.1:8081 was not reached 1,234 more times: db:5432 refused the connection.",
  ]);
  // A dial that was begun before.
  of.met(REFUSED);
  pass(600_000);
  assert.equal(isWaiting(), false);
  assert.equal(told.length, 2);

  const several = unreached();
  for (const name of ["a", "b", "b", "a", "b"]) several.of.met(new DialError("refused", name));
  several.of.end();
  several.of.end();
  assert.deepEqual(several.told.slice(2), [
    "The target of 127.0.0.1:8081 was not reached 3 more times: for several reasons.",
  ]);
  const once = unreached();
  once.of.met(REFUSED);
  once.of.end();
  assert.equal(once.told.length, 1);
});

Deno.test("Unreached says so many reasons at most, whatever there are, and counts all", () => {
  const { told, pass, of } = unreached();
  const all = () => {
    for (let n = 0; n < 1_000; n++) of.met(new DialError("error", `reason ${n}`));
  };
  all();
  assert.equal(told.length, 16);
  pass(60_000);
  all();
  assert.equal(told.length, 32);
  of.end();
  assert.equal(told.length, 33);
  assert.match(told[32], / was not reached 1,968 more times: for several reasons\.$/);
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
    "See that it runs, and on that port. It is said again once it has not come for a minute.",
    `The target of 127.0.0.1:${
      relays[0].port.listen.port
    } was not reached 2 more times: 127.0.0.1:${port} refused the connection.`,
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

Deno.test("a file of authorities that cannot be read is told as what it is, once, and no target is said to be not reached", async () => {
  const target = server(async (conn) => void await readAll(conn));
  const ca = "/nowhere/ca.pem";
  const relay = relayTo(target.address, { route: { targetScheme: "https", targetTls: { ca } } });
  for (let n = 1; n <= 2; n++) {
    const client = await relay.connect();
    assert.equal(await readAll(client), "");
    client.close();
    const { error } = await relay.transcript.until("failed", n);
    assert.equal(error, `Cannot read ${ca}: there is no such file. Give one that is there.`);
  }
  await relay.close();
  assert.deepEqual(relay.transcript.unreached, []);
  assert.deepEqual(relay.transcript.notices, [
    `Listening on 127.0.0.1:${relay.port.listen.port}: ` +
    `Cannot read ${ca}: there is no such file. Give one that is there.`,
  ]);
  await target.close();
});

Deno.test("ListenPort counts also what its target is not reached for after it was stopped", async () => {
  const refusals: (() => void)[] = [];
  const asked = Promise.withResolvers<void>();
  const dialer = new Dialer({
    connect: () =>
      new Promise((_, reject) => {
        refusals.push(() => reject(new Deno.errors.ConnectionRefused("refused")));
        if (refusals.length === 3) asked.resolve();
      }),
  });
  const relay = relayTo({ host: "127.0.0.1", port: 9 }, { dialer });
  const clients = await Promise.all([relay.connect(), relay.connect(), relay.connect()]);
  await asked.promise;
  await relay.port.stop();
  for (const refuse of refusals) refuse();
  for (const client of clients) {
    await readAll(client);
    client.close();
  }
  await relay.close();
  assert.equal(relay.transcript.unreached.length, 2);
  assert.match(relay.transcript.unreached[1], / was not reached 2 more times: 127\.0\.0\.1:9 refused/);
});
