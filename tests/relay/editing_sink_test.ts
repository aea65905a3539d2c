// The stage that edits, between the legs of a real Connection and on a leg that is made for it: what is told, when, and
// what becomes of bytes that are held back.

import assert from "node:assert/strict";
import type { Edited, Observer } from "../../src/model.ts";
import { type DirectionEditor, EditingSink } from "../../src/relay/editing_sink.ts";
import { ListenPort } from "../../src/relay/listen.ts";
import { Dialer } from "../../src/relay/dial.ts";
import { readAll, readSome, server, Transcript, write } from "./transcript.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Puts "!" before each "x", and holds back what follows a "(" until the ")". */
class Marking implements DirectionEditor {
  #held = "";
  #offset = 0;
  #edits: Omit<Edited, "connection" | "direction">[] = [];

  receive(bytes: Uint8Array): Uint8Array {
    let out = "";
    for (const character of decoder.decode(bytes)) {
      if (character === "x") {
        this.#edits.push({ offset: this.#offset, removed: 0, inserted: encoder.encode("!") });
        out += "!";
      }
      this.#offset++;
      if (character === "(" || this.#held !== "") this.#held += character;
      else out += character;
      if (character === ")") {
        out += this.#held;
        this.#held = "";
      }
    }
    return encoder.encode(out);
  }

  end(): Uint8Array {
    const held = this.#held;
    this.#held = "";
    return encoder.encode(held);
  }

  takeEdits() {
    return this.#edits.splice(0);
  }
}

Deno.test("EditingSink takes all it is given, also where the leg takes little and nothing is passed on", async () => {
  const log: string[] = [];
  const leg = {
    write(bytes: Uint8Array) {
      const taken = bytes.subarray(0, 2);
      log.push(decoder.decode(taken));
      return Promise.resolve(taken.length);
    },
    closeWrite: () => Promise.resolve(void log.push("end")),
  };
  const observer = { edited: ({ offset }: Edited) => log.push(`edited ${offset}`) } as unknown as Observer;
  const sink = new EditingSink({ sink: leg }, new Marking(), 1, "upstream", observer);
  assert.equal(await sink.write(encoder.encode("abx")), 3);
  assert.equal(await sink.write(encoder.encode("(de")), 3);
  assert.equal(await sink.write(encoder.encode("f")), 1);
  await sink.closeWrite();
  assert.deepEqual(log, ["edited 2", "ab", "!x", "(d", "ef", "end"]);
});

/** A relay with Editors in front of a server. */
function edited(serve: (conn: Deno.TcpConn) => Promise<void>) {
  const transcript = new Transcript();
  const target = server(serve);
  const port = new ListenPort("l1", { listen: { host: "127.0.0.1", port: 0 }, target: target.address }, {
    observer: transcript,
    dialer: new Dialer(),
    nextConnection: () => 1,
    notice: () => {},
    editorsFor: () => () => ({ upstream: new Marking(), downstream: new Marking() }),
  });
  port.accept();
  return {
    transcript,
    connect: () => Deno.connect({ hostname: "127.0.0.1", port: port.listen.port }),
    close: async () => {
      await port.stop();
      await port.closeConnections();
      await target.close();
    },
  };
}

Deno.test("a Connection with Editors passes on what they give, and tells its chunk, then its edits", async () => {
  const relay = edited(async (conn) => {
    assert.equal(await readSome(conn, 5), "a!x!x");
    await write(conn, "x-x");
    assert.equal(await readAll(conn), "(held");
    await write(conn, "(too");
  });
  const client = await relay.connect();
  await write(client, "axx");
  assert.equal(await readSome(client, 5), "!x-!x");
  await write(client, "(held");
  await client.closeWrite();
  assert.equal(await readAll(client), "(too");
  client.close();
  const closed = await relay.transcript.until("closed");
  assert.equal(closed.how, "end");
  assert.equal(closed.undelivered ?? null, null);
  // What was received is what was told, and counted.
  assert.equal(relay.transcript.text(1, "upstream"), "axx(held");
  assert.equal(relay.transcript.text(1, "downstream"), "x-x(too");
  assert.equal(closed.upstreamBytes, 8);
  const opened = await relay.transcript.until("opened");
  assert.equal(opened.rewrites, true);
  const told = relay.transcript.told.filter((told) => told.event === "edited");
  const lines = told.map(({ direction, offset, inserted }) =>
    `${direction} ${offset} ${decoder.decode(inserted)}`
  );
  assert.deepEqual(lines, ["upstream 1 !", "upstream 2 !", "downstream 0 !", "downstream 2 !"]);
  await relay.close();
});

Deno.test("what is held back is delivered before the other side is closed, when that has ended first", async () => {
  const relay = edited(async (conn) => {
    await conn.closeWrite();
    assert.equal(await readAll(conn), "(last words");
  });
  const client = await relay.connect();
  assert.equal(await readAll(client), "");
  await write(client, "(last words");
  await client.closeWrite();
  await relay.transcript.until("closed");
  client.close();
  await relay.close();
});
