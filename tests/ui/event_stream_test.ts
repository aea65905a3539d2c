// The feed on the wire: snapshot, deltas, resuming, slow clients, silence, the end.

import assert from "node:assert/strict";
import { createEventStream } from "../../src/ui/event_stream.ts";
import { Feed, RING_DELTAS } from "../../src/ui/feed.ts";
import { FakeCatalog, FakeControl, FakePage } from "./fakes.ts";

/** One event as a client sees it. */
interface Event {
  readonly name: string;
  readonly id: string | null;
  // deno-lint-ignore no-explicit-any -- JSON of several shapes, looked into by the tests
  readonly data: any;
}

class Setup implements AsyncDisposable {
  readonly catalog = new FakeCatalog();
  readonly control = new FakeControl();
  readonly feed = new Feed({ catalog: this.catalog, control: this.control, version: "1", deltaEveryMs: 0 });
  readonly clients: Client[] = [];

  connect(lastEventId: string | null = null, beatEveryMs?: number): Client {
    const client = new Client(createEventStream(this.feed, lastEventId, beatEveryMs));
    this.clients.push(client);
    return client;
  }

  id(number: number): string {
    return `${this.feed.run}-${number}`;
  }

  /** Makes one delta, and waits until it is there. */
  async change(notice: string): Promise<void> {
    const news = new Promise<void>((resolve) => this.feed.wait(resolve));
    this.control.tell({ notice });
    await news;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.feed.end();
    for (const client of this.clients) await client.close();
  }
}

/** Reads events one by one. */
class Client {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next block of lines; null at the end. */
  async block(): Promise<string | null> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end !== -1) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return block;
      }
      const { done, value } = await this.#reader.read();
      if (done) return null;
      this.#text += value;
    }
  }

  /** The next event; null at the end. */
  async next(): Promise<Event | null> {
    for (let block = await this.block(); block !== null; block = await this.block()) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block ?? "")?.[1] ?? null;
      const name = field("event");
      if (name !== null) return { name, id: field("id"), data: JSON.parse(field("data") ?? "null") };
    }
    return null;
  }

  async close(): Promise<void> {
    await this.#reader.cancel();
  }
}

Deno.test("createEventStream gives a snapshot, then numbered deltas", async () => {
  await using setup = new Setup();
  const client = setup.connect();
  assert.equal(await client.block(), "retry: 1000");
  const snapshot = await client.next();
  assert.deepEqual([snapshot?.name, snapshot?.id], ["snapshot", setup.id(0)]);
  assert.equal(snapshot?.data.exchanges[0].id, "e1");
  for (let n = 1; n <= 3; n++) {
    await setup.change(`line one\nline ${n}`);
    const data = { notice: `line one\nline ${n}` };
    assert.deepEqual(await client.next(), { name: "delta", id: setup.id(n), data });
  }
});

Deno.test("createEventStream gives every client the same numbers", async () => {
  await using setup = new Setup();
  const clients = [setup.connect(), setup.connect()];
  for (const client of clients) await client.next();
  await setup.change("news");
  for (const client of clients) assert.equal((await client.next())?.id, setup.id(1));
});

Deno.test("createEventStream resumes after the last event that a client has", async () => {
  await using setup = new Setup();
  const first = setup.connect();
  await first.next();
  for (const notice of ["one", "two", "three"]) await setup.change(notice);
  await first.close();
  await setup.change("four");

  const second = setup.connect(setup.id(2));
  const names = [await second.next(), await second.next(), await second.next()];
  assert.deepEqual(names.map((event) => [event?.name, event?.data.notice]), [
    ["beat", undefined],
    ["delta", "three"],
    ["delta", "four"],
  ]);
});

Deno.test("createEventStream begins anew for an id that it cannot go on from", async () => {
  await using setup = new Setup();
  const first = setup.connect();
  await first.next();
  await setup.change("one");
  const other = new Feed({ catalog: new FakeCatalog(), control: new FakeControl(), version: "1" });
  for (
    const id of [
      `${other.run}-1`,
      setup.id(2),
      setup.id(-1),
      "1",
      "",
      "-1",
      `${setup.feed.run}-`,
      `${setup.feed.run}-1x`,
      `${setup.feed.run}-1e0`,
    ]
  ) {
    const event = await setup.connect(id).next();
    assert.deepEqual([event?.name, event?.id], ["snapshot", setup.id(1)], id);
  }
  other.end();
});

Deno.test("createEventStream gives a client that did not read for too long a fresh snapshot", async () => {
  await using setup = new Setup();
  const slow = setup.connect();
  assert.equal((await slow.next())?.id, setup.id(0));
  const pending = slow.next();
  await setup.change("first");
  assert.equal((await pending)?.id, setup.id(1));
  for (let n = 0; n < RING_DELTAS + 5; n++) await setup.change("more");

  const events: Event[] = [];
  for (let event = await slow.next(); event !== null; event = await slow.next()) {
    events.push(event);
    if (event.id === setup.id(RING_DELTAS + 6)) break;
  }
  assert.equal(events.at(-1)?.name, "snapshot");
  assert(events.length < 10, "what was made meanwhile was not kept for it");
});

Deno.test("createEventStream makes nothing for a client that does not read", async () => {
  await using setup = new Setup();
  let asked = 0;
  const overview = setup.catalog.overview.bind(setup.catalog);
  setup.catalog.overview = () => {
    asked++;
    return overview();
  };
  const stream = createEventStream(setup.feed, null);
  const reading = setup.connect();
  await reading.next();
  for (let n = 0; n < 20; n++) await setup.change("more");
  assert.equal(asked, 1);
  await stream.cancel();
});

Deno.test("createEventStream sends a beat while there is no news", async () => {
  await using setup = new Setup();
  const client = setup.connect(null, 5);
  await client.next();
  assert.deepEqual(await client.next(), { name: "beat", id: null, data: {} });
  await setup.change("news");
  let event = await client.next();
  while (event?.name === "beat") event = await client.next();
  assert.equal(event?.id, setup.id(1));
});

Deno.test("createEventStream says that the program ends, and ends", async () => {
  await using setup = new Setup();
  const [waiting, idle] = [setup.connect(), setup.connect()];
  await waiting.next();
  const next = waiting.next();
  setup.feed.end();
  assert.deepEqual(await next, { name: "ended", id: null, data: {} });
  assert.equal(await waiting.next(), null);
  assert.equal((await idle.next())?.name, "ended");
});

Deno.test("createEventStream breaks off where there is no snapshot", async () => {
  await using setup = new Setup();
  setup.catalog.overview = () => Promise.reject(new Error("the index is gone"));
  const client = setup.connect();
  await assert.rejects(client.next(), { message: "the index is gone" });
  setup.clients.pop();
});

Deno.test("GET /api/events resumes by header and by query", async () => {
  using page = new FakePage();
  const id = `${page.feed.run}-0`;
  const cases: readonly [path: string, headers: Record<string, string>, first: string][] = [
    ["/api/events", {}, "snapshot"],
    ["/api/events", { "Last-Event-ID": id }, "beat"],
    [`/api/events?lastEventId=${id}`, {}, "beat"],
    [`/api/events?lastEventId=${id}`, { "Last-Event-ID": "another-0" }, "snapshot"],
  ];
  for (const [path, headers, first] of cases) {
    const answer = await page.call("GET", path, { headers });
    assert.equal(answer.headers.get("content-type"), "text/event-stream");
    assert.equal(answer.headers.get("cache-control"), "no-store, no-transform");
    const client = new Client(answer.body!);
    assert.equal((await client.next())?.name, first, path);
    await client.close();
  }
});
