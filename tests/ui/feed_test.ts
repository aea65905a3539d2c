// The feed: numbers, coalescing, the ring, and what is forgotten.

import assert from "node:assert/strict";
import { DELTA_EVERY_MS, Feed, RING_CHARS, RING_DELTAS } from "../../src/ui/feed.ts";
import type { Delta, Snapshot } from "../../src/ui/types.ts";
import { anExchange, FakeCatalog, FakeControl } from "./fakes.ts";

/** A feed of fakes, with a client and a clock that is set by hand. */
class Setup implements Disposable {
  readonly catalog = new FakeCatalog();
  readonly control = new FakeControl();
  clock = 0;
  readonly feed: Feed;
  readonly leave: () => void;

  constructor(deltaEveryMs?: number) {
    const { catalog, control } = this;
    const now = deltaEveryMs === undefined ? undefined : () => this.clock;
    this.feed = new Feed({ catalog, control, version: "1.2.3", deltaEveryMs, now });
    this.leave = this.feed.join();
  }

  /** Resolves at the next delta. */
  news(): Promise<void> {
    return new Promise((resolve) => this.feed.wait(resolve));
  }

  /** Tells a change, and gives the delta that comes of it. */
  async delta(tell: () => void): Promise<Delta> {
    const news = this.news();
    tell();
    await news;
    return this.after(this.number++);
  }

  /** The delta after `number`. */
  after(number: number): Delta {
    const event = this.feed.after(number);
    assert(event !== null);
    assert.deepEqual([event.name, event.number], ["delta", number + 1]);
    return JSON.parse(event.json);
  }

  number = 0;

  [Symbol.dispose](): void {
    this.feed.end();
  }
}

Deno.test("Feed.snapshot has everything a page needs to begin, and the number it stands for", async () => {
  using setup = new Setup(0);
  const { feed, catalog, control } = setup;
  await setup.delta(() => catalog.tell({ more: true, behindMs: 7 }));
  const event = await feed.snapshot();
  const snapshot: Snapshot = JSON.parse(event.json);
  assert.deepEqual([event.name, event.number], ["snapshot", 1]);
  assert.deepEqual(snapshot, {
    version: "1.2.3",
    listeners: control.list,
    configFile: null,
    tlsLack: null,
    counts: catalog.counts,
    recording: { ...control.kept, behindMs: 7 },
    captures: [],
    exchanges: [anExchange()],
  });
});

Deno.test("Feed.snapshot has the number from before its rows: what comes meanwhile is given afterwards", async () => {
  using setup = new Setup(0);
  const { feed, catalog } = setup;
  const overview = Promise.withResolvers<Awaited<ReturnType<FakeCatalog["overview"]>>>();
  catalog.overview = () => overview.promise;
  const snapshot = feed.snapshot();
  await setup.delta(() => catalog.tell({ exchanges: [anExchange({ id: "e2" })] }));
  overview.resolve({ exchanges: [], counts: {} });
  const { number } = await snapshot;
  assert.equal(number, 0);
  assert.equal(setup.after(number).exchanges?.[0].id, "e2");
});

Deno.test("Feed tells only what has changed", async () => {
  using setup = new Setup(0);
  const { catalog, control } = setup;
  const counts = { l1: { total: 2, open: 1, failed: 0, openConnections: 1, epoch: 0 } };
  const exchanges = [anExchange({ id: "e2", state: "open" })];
  assert.deepEqual(await setup.delta(() => catalog.tell({ exchanges, counts })), { exchanges, counts });
  assert.deepEqual(await setup.delta(() => catalog.tell({ more: true })), { more: true });
  assert.deepEqual(await setup.delta(() => catalog.tell({ behindMs: 4000 })), {
    recording: { ...control.kept, behindMs: 4000 },
  });
  assert.deepEqual(await setup.delta(() => catalog.tell({ behindMs: 4000, behindBytes: 812 })), {
    recording: { ...control.kept, behindMs: 4000, behindBytes: 812 },
  });
  assert.deepEqual(await setup.delta(() => catalog.tell({ behindMs: 4000 })), {
    recording: { ...control.kept, behindMs: 4000 },
  });
  const listeners = [{ ...control.list[0], state: "stopped" as const }];
  control.list = listeners;
  assert.deepEqual(await setup.delta(() => control.tell()), { listeners });
  assert.deepEqual(await setup.delta(() => control.tell({ notice: "Accepting pauses." })), {
    notice: "Accepting pauses.",
  });
  control.kept = { ...control.kept, stopped: "the disk is full" };
  assert.deepEqual(await setup.delta(() => control.tell()), {
    recording: { ...control.kept, behindMs: 4000 },
  });
  const dropped = { exchanges: 3, until: "2026-01-01T00:00:00.000Z" };
  assert.deepEqual(await setup.delta(() => catalog.tell({ behindMs: 4000, dropped })), {
    recording: { ...control.kept, dropped, behindMs: 4000 },
  });
  assert.deepEqual(await setup.delta(() => catalog.tell({ behindMs: 0 })), {
    recording: { ...control.kept, dropped, behindMs: 0 },
  });
});

Deno.test("Feed makes no delta of what has not changed", async () => {
  using setup = new Setup(0);
  const { catalog, control } = setup;
  control.tell();
  catalog.tell({});
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual(await setup.delta(() => catalog.tell({ more: true })), { more: true });
});

Deno.test("Feed makes one delta of what changes within a tenth of a second, by ids, the newest first", async () => {
  using setup = new Setup(DELTA_EVERY_MS);
  const { feed, catalog, control } = setup;
  await setup.delta(() => catalog.tell({ more: true }));
  const merged = await setup.delta(() => {
    catalog.tell({
      exchanges: [anExchange({ id: "e2", state: "open", started: "2026-01-01T00:00:02.000Z" })],
      counts: { l1: { total: 1, open: 1, failed: 0, openConnections: 1, epoch: 0 } },
    });
    control.tell({ notice: "One." });
    catalog.tell({
      exchanges: [
        anExchange({ id: "e10", started: "2026-01-01T00:00:00.500Z" }),
        anExchange({ id: "e1", started: "2026-01-01T00:00:01.000Z" }),
      ],
      counts: { l2: { total: 3, open: 0, failed: 0, openConnections: 0, epoch: 0 } },
    });
    catalog.tell({
      exchanges: [anExchange({ id: "e2", state: "done", started: "2026-01-01T00:00:02.000Z" })],
    });
    control.tell({ notice: "Two." });
  });
  assert.equal(feed.after(setup.number), null, "all of it is in the one");
  assert.deepEqual(merged.exchanges?.map(({ id, state }) => [id, state]), [
    ["e10", "done"],
    ["e2", "done"],
    ["e1", "done"],
  ]);
  assert.deepEqual(Object.keys(merged.counts ?? {}), ["l1", "l2"]);
  assert.equal(merged.notice, "One.\nTwo.");
  assert.equal(merged.more, undefined);
});

Deno.test("Feed has at most 200 exchanges in a delta, the newest, and says that there are more", async () => {
  using setup = new Setup(0);
  const { catalog } = setup;
  const rows = (from: number) =>
    Array.from(
      { length: 150 },
      (_, n) => anExchange({ id: `e${from + n}`, started: new Date(from + n).toISOString() }),
    );
  const { exchanges, more } = await setup.delta(() => {
    catalog.tell({ exchanges: rows(1000) });
    catalog.tell({ exchanges: rows(2000) });
  });
  assert.equal(exchanges?.length, 200);
  assert.equal(exchanges?.[0].id, "e2149");
  assert.equal(more, true);
});

Deno.test("Feed keeps the latest deltas, by number and by size", async () => {
  using setup = new Setup(0);
  const { feed, catalog, control } = setup;
  for (let n = 0; n < RING_DELTAS + 10; n++) await setup.delta(() => catalog.tell({ more: true }));
  assert.deepEqual([9, 10, RING_DELTAS + 10, RING_DELTAS + 11].map((n) => feed.holds(n)), [
    false,
    true,
    true,
    false,
  ]);
  assert.equal(feed.after(RING_DELTAS + 10), null);
  assert.equal(feed.after(10)?.number, 11);

  const notice = "x".repeat(RING_CHARS / 4);
  for (let n = 0; n < 8; n++) await setup.delta(() => control.tell({ notice }));
  const held = Array.from({ length: setup.number + 1 }, (_, n) => n).filter((n) => feed.holds(n));
  assert.equal(held.length - 1, 3);
});

Deno.test("Feed keeps deltas for a client that has just gone, and none when nobody has been there", async () => {
  using setup = new Setup(0);
  const { feed, catalog } = setup;
  const flush = async () => {
    catalog.tell({ more: true });
    await new Promise((resolve) => setTimeout(resolve, 2));
  };
  setup.leave();
  setup.leave();
  await flush();
  assert.equal(feed.holds(0), true);
  setup.clock = 60_000;
  await flush();
  assert.deepEqual([0, 1, 2].map((n) => feed.holds(n)), [false, false, true]);

  const leave = feed.join();
  await flush();
  assert.deepEqual([1, 2, 3].map((n) => feed.holds(n)), [false, true, true]);
  leave();
});

Deno.test("Feed.end wakes those who wait, and leaves nothing behind", async () => {
  using setup = new Setup(0);
  const { feed, catalog, control } = setup;
  assert.deepEqual([catalog.listening, control.listening], [1, 1]);
  const news = setup.news();
  catalog.tell({ more: true });
  feed.end();
  feed.end();
  await news;
  assert.equal(feed.ended, true);
  assert.equal(feed.after(0), null);
  assert.deepEqual([catalog.listening, control.listening], [0, 0]);
});

Deno.test("Feed.run is not the same twice", () => {
  using one = new Setup();
  using other = new Setup();
  assert.notEqual(one.feed.run, other.feed.run);
});

Deno.test("Feed tells at most ten deltas a second, however often something changes", async () => {
  const [catalog, control] = [new FakeCatalog(), new FakeControl()];
  // When it was told by the feed's own clock, which it reads last before it wakes: not when this test had its turn.
  let now = 0;
  const feed = new Feed({ catalog, control, version: "1.2.3", now: () => now = performance.now() });
  feed.join();
  const changing = setInterval(() => catalog.tell({ more: true }), 5);
  const times: number[] = [];
  for (let count = 0; count < 11; count++) {
    await new Promise<void>((resolve) => feed.wait(resolve));
    times.push(now);
  }
  clearInterval(changing);
  feed.end();
  // A ms for what timers round.
  assert(times[10] - times[0] >= 1000 - 1, `${times}`);
});

Deno.test("Feed tells what changes after a quiet time before anything else has its turn", async () => {
  using setup = new Setup(DELTA_EVERY_MS);
  const { feed, catalog } = setup;
  for (const clock of [0, 150, 10_000]) {
    setup.clock = clock;
    catalog.tell({ exchanges: [anExchange({ id: "e1" })] });
    catalog.tell({ exchanges: [anExchange({ id: "e2" })] });
    await Promise.resolve();
    const delta = setup.after(setup.number++);
    assert.deepEqual(delta.exchanges?.map(({ id }) => id), ["e2", "e1"]);
    assert.equal(feed.after(setup.number), null);
  }
  setup.clock = 10_050;
  catalog.tell({ more: true });
  await Promise.resolve();
  assert.equal(feed.after(setup.number), null, "soon after another it waits");
});

Deno.test("Feed passes on the JSON that the index has made", async () => {
  using setup = new Setup(0);
  const { feed, catalog } = setup;
  const exchangesJson = ` ${JSON.stringify([anExchange({ id: "e7" })])}`;
  await setup.delta(() => catalog.tell({ exchangesJson, more: true }));
  assert.equal(feed.after(0)?.json, `{"exchanges":${exchangesJson},"more":true}`);
});

Deno.test("Feed leaves no rows out where several changes that come as JSON are told as one", async () => {
  using setup = new Setup(DELTA_EVERY_MS);
  const { catalog } = setup;
  const told = (id: string, state: "open" | "done") => {
    const exchanges = [anExchange({ id, state })];
    return { exchanges, exchangesJson: JSON.stringify(exchanges) };
  };
  const { exchanges } = await setup.delta(() => {
    catalog.tell(told("e1", "open"));
    catalog.tell(told("e2", "open"));
    catalog.tell(told("e1", "done"));
  });
  assert.deepEqual(exchanges?.map(({ id, state }) => [id, state]), [["e2", "open"], ["e1", "done"]]);
});
