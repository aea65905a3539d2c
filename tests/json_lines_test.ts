// The lines about connections: what the relay told, in the API's members.

import assert from "node:assert/strict";
import { ConnectionLines, ListenerLines, recordingLine } from "../src/json_lines.ts";
import type { Connection, Listener, Observer, Secured } from "../src/model.ts";

const HERE = { host: "127.0.0.1", port: 8081 };

Deno.test("ConnectionLines tells what was agreed on with each side, and passes it on", () => {
  const passedOn: string[] = [];
  const note = (name: string) => () => void passedOn.push(name);
  const observer: Observer = {
    opened: note("opened"),
    connected: note("connected"),
    chunk: note("chunk"),
    edited: note("edited"),
    secured: note("secured"),
    ended: note("ended"),
    closed: note("closed"),
    failed: note("failed"),
    behind: () => undefined,
  };
  const lines: Connection[] = [];
  const observing = new ConnectionLines(observer, (line) => lines.push(JSON.parse(line)));
  observing.opened({ connection: 1, listener: "l1", listen: HERE, local: HERE, target: HERE, client: HERE });
  observing.connected({ connection: 1, address: HERE, dialMs: 1 });
  observing.chunk(1, "downstream", new Uint8Array(7));
  const secured: Omit<Secured, "leg"> = {
    connection: 1,
    version: "TLSv1.3",
    cipher: null,
    alpn: "h2",
    serverName: null,
    peer: [],
    trust: "files",
    untrusted: null,
  };
  observing.secured({ ...secured, leg: "client" });
  observing.chunk(1, "upstream", new Uint8Array(5));
  observing.secured({ ...secured, leg: "target", trust: "system" });
  observing.closed({
    connection: 1,
    endedBy: "client",
    how: "end",
    error: null,
    upstreamBytes: 5,
    downstreamBytes: 7,
  });

  assert.deepEqual(passedOn, ["opened", "connected", "chunk", "secured", "chunk", "secured", "closed"]);
  assert.deepEqual(lines[0].tls, { client: null, target: null });
  const { client, target } = lines[1].tls;
  assert.deepEqual([client?.trust, client?.upstreamFrom, client?.downstreamFrom], ["files", 0, 0]);
  assert.deepEqual([target?.trust, target?.upstreamFrom, target?.downstreamFrom], ["system", 5, 7]);
  assert.equal(client !== null && "leg" in client, false);
});

Deno.test("recordingLine says why recording has stopped, or that it goes on", () => {
  const recording = { file: "a.pcapng", temporary: false, bytes: 7, keeps: "all", behindMs: 0 };
  for (const stopped of ["Recording stopped: the disk is full", null]) {
    const line = JSON.parse(recordingLine({ ...recording, stopped }));
    assert.deepEqual(line, { event: "recording", stopped, file: "a.pcapng", bytes: 7 });
  }
});

Deno.test("ListenerLines looks at the listener that has changed, and at no other", () => {
  const listener = (id: string, state: string) => ({ id, state }) as Listener;
  const all = new Map(["l1", "l2"].map((id) => [id, listener(id, "listening")]));
  const looked: string[] = [];
  const source = {
    list: () => [...all.values()],
    one: (id: string) => {
      looked.push(id);
      return all.get(id);
    },
  };
  const told: string[] = [];
  const lines = new ListenerLines(source, (line) => {
    const { event, id, state } = JSON.parse(line);
    told.push(`${event} ${id} ${state}`);
  });
  lines.changed("l1");
  all.set("l2", listener("l2", "stopped"));
  lines.changed("l2");
  all.set("l3", listener("l3", "listening"));
  lines.changed("l3");
  all.delete("l1");
  lines.changed("l1");
  lines.changed("l1");
  assert.deepEqual(told, ["listener l2 stopped", "listener l3 listening", "listener l1 closed"]);
  assert.deepEqual(looked, ["l1", "l2", "l3", "l1", "l1"]);
});
