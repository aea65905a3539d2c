// The Dialer with lookups and connects made for the test: addresses in turn, the time it gives, and every reason in
// words. Real sockets are in connection_test.ts.

import assert from "node:assert/strict";
import { DIAL_MS, Dialer, DialError } from "../../src/relay/dial.ts";
import { Stopping } from "../../src/relay/stopping.ts";
import { server, write } from "./transcript.ts";

const never = new AbortController().signal;

/** A connect that the signal ends, as Deno's does, and that otherwise never answers. */
function silent({ signal }: Deno.ConnectOptions): Promise<Deno.TcpConn> {
  return new Promise((_, reject) => signal!.addEventListener("abort", () => reject(signal!.reason)));
}

async function failure(dialer: Dialer, host = "127.0.0.1"): Promise<DialError> {
  const error = await dialer.dial({ host, port: 81 }, never).then(() => null, (error) => error);
  assert.ok(error instanceof DialError, String(error));
  return error;
}

Deno.test("Dialer gives a target 10 seconds", () => {
  assert.equal(DIAL_MS, 10_000);
});

Deno.test("Dialer gives up a target that does not answer in time, and says how long that was", async () => {
  const { how, message } = await failure(new Dialer({ timeoutMs: 50, connect: silent }));
  assert.deepEqual([how, message], ["timeout", "127.0.0.1:81 did not answer within 0.05 s"]);
});

Deno.test("Dialer gives up a name that is not looked up in time", async () => {
  const dialer = new Dialer({ timeoutMs: 50, lookup: () => new Promise(() => {}) });
  assert.equal(
    (await failure(dialer, "slow.example")).message,
    "slow.example:81 did not answer within 0.05 s",
  );
});

Deno.test("Dialer says in words why a target cannot be reached", async () => {
  const table: readonly (readonly [Error, string, string])[] = [
    [new Deno.errors.ConnectionRefused("x"), "refused", "127.0.0.1:81 refused the connection"],
    [new Deno.errors.ConnectionReset("x"), "reset", "127.0.0.1:81 reset the connection"],
    [new Deno.errors.TimedOut("x"), "timeout", "127.0.0.1:81 did not answer"],
    [
      new Error("No route to host (os error 113)"),
      "unreachable",
      "127.0.0.1:81 is unreachable: no route to host",
    ],
    [
      new Error("Network is unreachable (os error 101)"),
      "unreachable",
      "127.0.0.1:81 is unreachable: network is unreachable",
    ],
    [
      new Error("Too many open files (os error 24)"),
      "error",
      "Cannot connect to 127.0.0.1:81: Too many open files",
    ],
  ];
  for (const [error, how, message] of table) {
    const told = await failure(new Dialer({ connect: () => Promise.reject(error) }));
    assert.deepEqual([told.how, told.message], [how, message]);
  }
});

Deno.test("Dialer tries the next address when one refuses, and tells the one that answers", async () => {
  const target = server((conn) => write(conn, "hello"));
  const tried: string[] = [];
  const dialer = new Dialer({
    lookup: () =>
      Promise.resolve([
        { address: "::1", family: 6 },
        { address: "127.0.0.3", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ]),
    connect: (options) => {
      tried.push(options.hostname!);
      return options.hostname === "127.0.0.1"
        ? Deno.connect(options)
        : Promise.reject(new Deno.errors.ConnectionRefused());
    },
  });
  const conn = await dialer.dial({ host: "several.example", port: target.address.port }, never);
  assert.deepEqual(tried, ["::1", "127.0.0.3", "127.0.0.1"]);
  assert.equal(conn.remoteAddr.hostname, "127.0.0.1");
  conn.close();
  await target.close();
});

Deno.test("Dialer goes on to the next address when one is silent, and ends the silent attempt (RFC 8305)", async () => {
  const target = server((conn) => write(conn, "hello"));
  const ended = Promise.withResolvers<void>();
  const dialer = new Dialer({
    lookup: () => Promise.resolve([{ address: "::1", family: 6 }, { address: "127.0.0.1", family: 4 }]),
    connect: (options) => {
      if (options.hostname === "127.0.0.1") return Deno.connect(options);
      options.signal!.addEventListener("abort", () => ended.resolve());
      return silent(options);
    },
  });
  const conn = await dialer.dial({ host: "half.example", port: target.address.port }, never);
  assert.equal(conn.remoteAddr.hostname, "127.0.0.1");
  await ended.promise;
  conn.close();
  await target.close();
});

Deno.test("Dialer tells the first address's reason when all fail", async () => {
  const dialer = new Dialer({
    lookup: () => Promise.resolve([{ address: "::1", family: 6 }, { address: "127.0.0.1", family: 4 }]),
    connect: ({ hostname }) =>
      Promise.reject(
        hostname === "::1"
          ? new Deno.errors.ConnectionRefused()
          : new Error("No route to host (os error 113)"),
      ),
  });
  assert.equal((await failure(dialer, "none.example")).message, "none.example:81 refused the connection");
});

Deno.test("Dialer uses a lookup again for a second, and then asks again", async () => {
  let asked = 0;
  let now = 0;
  const dialer = new Dialer({
    lookup: () => Promise.resolve([{ address: `127.0.0.${++asked}`, family: 4 }]),
    connect: () => Promise.reject(new Deno.errors.ConnectionRefused()),
    now: () => now,
  });
  await failure(dialer, "a.example");
  now = 999;
  await failure(dialer, "a.example");
  assert.equal(asked, 1);
  await failure(dialer, "b.example");
  assert.equal(asked, 2);
  now = 1_000;
  await failure(dialer, "a.example");
  assert.equal(asked, 3);
});

for (const host of ["127.0.0.1", "two.example"]) {
  Deno.test(`Dialer waits for a file descriptor where there is none (${host}), and has no room meanwhile`, async () => {
    const target = server((conn) => write(conn, "hello"));
    let asked = 0;
    const dialer = new Dialer({
      lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
      connect: async () => {
        if (++asked <= 2) {
          throw Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
        }
        return await Deno.connect({ hostname: "127.0.0.1", port: target.address.port });
      },
    });
    assert.equal(dialer.room.wait(), undefined);
    const dialled = dialer.dial({ host, port: 81 }, never);
    while (!dialer.room.isLacking) await Promise.resolve();
    await dialer.room.wait();
    (await dialled).close();
    assert.deepEqual([asked, dialer.room.wait(), dialer.room.isLacking], [3, undefined, false]);
    await target.close();
  });
}

Deno.test("Dialer says what to do where there is no file descriptor in time", async () => {
  const lack = Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
  const { how, message } = await failure(
    new Dialer({ timeoutMs: 80, connect: () => Promise.reject(lack) }),
  );
  assert.deepEqual([how, message], [
    "error",
    "Cannot connect to 127.0.0.1:81: too many files are open. A connection takes two: " +
    "allow more before you start tcpmon (ulimit -n)",
  ]);
});

Deno.test("Dialer gives a target its time once there is a file descriptor, as long as others may give one back", async () => {
  const lack = Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
  const target = server((conn) => write(conn, "hello"));
  let asked = 0;
  const connect = () =>
    ++asked < 5 ? Promise.reject(lack) : Deno.connect({ hostname: "127.0.0.1", port: target.address.port });
  const dialer = new Dialer({ timeoutMs: 80, connect });
  for (let count = 0; count < 2; count++) dialer.room.descriptors.begin();
  const began = performance.now();
  (await dialer.dial({ host: "127.0.0.1", port: 81 }, never)).close();
  assert.ok(performance.now() - began > 100);
  await target.close();
});

Deno.test("Dialer says that a target is silent where it was, after it once had no file descriptor for it", async () => {
  const lack = Object.assign(new Error("Too many open files (os error 24)"), { code: "EMFILE" });
  let asked = 0;
  const connect = (options: Deno.ConnectOptions) => asked++ === 0 ? Promise.reject(lack) : silent(options);
  const { how } = await failure(new Dialer({ timeoutMs: 300, connect }));
  assert.deepEqual([how, asked], ["timeout", 2]);
});

Deno.test("Dialer gives each of several targets its own time", async () => {
  const dialer = new Dialer({ timeoutMs: 60, connect: silent });
  const order: string[] = [];
  const late = failure(dialer).then(() => order.push("first"));
  const answered = new AbortController();
  const stopped = assert.rejects(dialer.dial({ host: "127.0.0.1", port: 81 }, answered.signal));
  await new Promise((resolve) => setTimeout(resolve, 30));
  const later = failure(dialer).then(() => order.push("second"));
  answered.abort();
  await stopped;
  await Promise.all([late, later]);
  assert.deepEqual(order, ["first", "second"]);
});

Deno.test("Dialer is ended by its signal", async () => {
  const stop = new AbortController();
  const dialling = new Dialer({ connect: silent }).dial({ host: "127.0.0.1", port: 81 }, stop.signal);
  stop.abort();
  await assert.rejects(dialling, DialError);
});

Deno.test("Dialer makes an AbortSignal for a few attempts to this machine only when one is asked for, and ends them all the same", async () => {
  const signals: boolean[] = [];
  const answers: PromiseWithResolvers<Deno.TcpConn>[] = [];
  const dialer = new Dialer({
    connect: (options) => {
      signals.push(options.signal !== undefined);
      if (options.signal !== undefined) return silent(options);
      const answer = Promise.withResolvers<Deno.TcpConn>();
      answers.push(answer);
      return answer.promise;
    },
  });
  const dial = (host = "127.0.0.1") => {
    const stop = new Stopping();
    const ended = assert.rejects(dialer.dial({ host, port: 81 }, stop), { message: /changed my mind/ });
    stop.stop(new Error("changed my mind"));
    return ended;
  };
  await dial("192.0.2.1");
  for (let n = 0; n < 65; n++) await dial();
  assert.deepEqual(signals.indexOf(false), 1);
  assert.deepEqual(signals.lastIndexOf(false), 64, "no more than 64 that the system still tries");
  // What comes of one after all is closed, and makes room for another.
  const closed = Promise.withResolvers<void>();
  answers[0].resolve({ close: closed.resolve } as unknown as Deno.TcpConn);
  answers[1].reject(new Deno.errors.ConnectionRefused());
  await closed.promise;
  // Whoever waits for the refusal has it some turns of promises later.
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  for (let n = 0; n < 3; n++) await dial();
  assert.deepEqual(signals.slice(-3), [false, false, true]);
});

Deno.test("Dialer does not begin what has been stopped before", async () => {
  const dialer = new Dialer({ connect: () => assert.fail("it has begun") });
  const stop = new Stopping();
  stop.stop();
  await assert.rejects(dialer.dial({ host: "127.0.0.1", port: 81 }, stop), DialError);
});
