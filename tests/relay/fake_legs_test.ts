// A Connection on legs made for the test, for what real sockets show only by chance: orders of events at the end.

import assert from "node:assert/strict";
import { RelayedConnection } from "../../src/relay/connection.ts";
import { Dialer } from "../../src/relay/dial.ts";
import { Transcript } from "./transcript.ts";

/** A leg whose reads and writes the test decides; it keeps what was done to it. */
class Leg {
  readonly done: string[] = [];
  readonly written: string[] = [];
  writtenBeforeNoDelay = 0;
  writeError: Error | null = null;
  readonly #reads: (string | null | Error)[] = [];
  #waiting: ((read: string | null | Error) => void) | null = null;

  /** The next read gives this text, the end (null) or an error. */
  gives(read: string | null | Error): void {
    if (this.#waiting) this.#waiting(read);
    else this.#reads.push(read);
    this.#waiting = null;
  }

  get conn(): Deno.TcpConn {
    const address = { transport: "tcp", hostname: "192.0.2.1", port: 1 };
    return {
      localAddr: address,
      remoteAddr: address,
      read: async (buffer: Uint8Array) => {
        const read = this.#reads.length > 0
          ? this.#reads.shift()!
          : await new Promise<string | null | Error>((resolve) => this.#waiting = resolve);
        if (read instanceof Error) throw read;
        return read === null ? null : new TextEncoder().encodeInto(read, buffer).written;
      },
      write: (bytes: Uint8Array) => {
        if (this.writeError) return Promise.reject(this.writeError);
        this.written.push(new TextDecoder().decode(bytes));
        return Promise.resolve(bytes.length);
      },
      closeWrite: () => Promise.resolve(void this.done.push("closeWrite")),
      setNoDelay: (on: boolean) => {
        this.done.push(`noDelay ${on}`);
        this.writtenBeforeNoDelay = this.written.length;
      },
      setKeepAlive: (on: boolean) => this.done.push(`keepAlive ${on}`),
      close: () => {
        this.done.push("close");
        this.gives(new Deno.errors.BadResource());
      },
    } as unknown as Deno.TcpConn;
  }
}

function relayed(connect?: () => Promise<Deno.TcpConn>) {
  const client = new Leg();
  const target = new Leg();
  const transcript = new Transcript();
  const connection = new RelayedConnection(client.conn, {
    number: 1,
    listener: "l1",
    listen: { host: "127.0.0.1", port: 1 },
    target: { host: "127.0.0.1", port: 2 },
    route: {},
    observer: transcript,
    dialer: new Dialer({ connect: connect ?? (() => Promise.resolve(target.conn)) }),
  });
  return { client, target, transcript, connection };
}

Deno.test("RelayedConnection has both legs notice a vanished peer, and send small writes at once from the second on", async () => {
  const { client, target, connection } = relayed();
  for (const leg of [client, target]) for (const read of ["one", "two", "three", null]) leg.gives(read);
  await connection.run();
  for (const leg of [client, target]) {
    assert.deepEqual(leg.done.slice(0, 2), ["keepAlive true", "noDelay true"]);
    assert.equal(leg.done.filter((done) => done === "noDelay true").length, 1);
    assert.equal(leg.written.join(), "one,two,three");
    assert.equal(leg.writtenBeforeNoDelay, 1);
  }
});

Deno.test("RelayedConnection leaves a leg as it is that only one write goes to", async () => {
  const { client, target, connection } = relayed();
  for (const leg of [client, target]) for (const read of ["one", null]) leg.gives(read);
  await connection.run();
  for (const leg of [client, target]) assert.ok(!leg.done.includes("noDelay true"), leg.done.join());
});

Deno.test("RelayedConnection delivers what a target answers after it has refused the rest of the request", async () => {
  const { client, target, transcript, connection } = relayed();
  target.writeError = new Deno.errors.ConnectionReset();
  client.gives("a long upload");
  const running = connection.run();
  await transcript.until("ended");
  assert.ok(!client.done.includes("close"), "the client must still get the answer");
  target.gives("413 too large");
  target.gives(null);
  await running;
  assert.deepEqual(client.written, ["413 too large"]);
  assert.equal(transcript.text(1, "upstream"), "a long upload");
  const closed = await transcript.until("closed");
  assert.deepEqual([closed.endedBy, closed.how], ["target", "reset"]);
});

Deno.test("RelayedConnection closes each leg once, and tells each side's end once", async () => {
  const { client, target, transcript, connection } = relayed();
  client.gives("x");
  client.gives(new Deno.errors.ConnectionReset());
  await connection.run();
  for (const leg of [client, target]) assert.equal(leg.done.filter((what) => what === "close").length, 1);
  assert.deepEqual(transcript.told.map(({ event }) => event), ["opened", "connected", "ended", "closed"]);
});

Deno.test("RelayedConnection that is stopped as the target answers closes it, and tells one failure", async () => {
  const target = new Leg();
  const answered = Promise.withResolvers<Deno.TcpConn>();
  const { client, transcript, connection } = relayed(() => answered.promise);
  const running = connection.run();
  answered.resolve(target.conn);
  connection.stop();
  await running;
  assert.deepEqual(transcript.told.map(({ event }) => event), ["opened", "failed"]);
  assert.ok(client.done.includes("close"));
  await Promise.resolve();
  assert.ok(target.done.includes("close"));
});
