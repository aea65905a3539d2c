// Openings written and read by what the one before had: the same text and the same events as written and read alone.

import assert from "node:assert/strict";
import type { Opened } from "../../src/model.ts";
import { commentText, eventOf, openingIn } from "../../src/journal/comment.ts";
import { OpeningReader, OpeningText } from "../../src/journal/opening_text.ts";
import { oneOf, seeded, upTo } from "../decode/views/pieces.ts";

const PLAIN: Opened = {
  connection: 1,
  listener: "l1",
  listen: { host: "127.0.0.1", port: 8081 },
  target: { host: "quotes.example", port: 80 },
  local: { host: "127.0.0.1", port: 8081 },
  client: { host: "127.0.0.1", port: 50123 },
};

/** One change each, made to what came before. */
const CHANGES: readonly Partial<Opened>[] = [
  {},
  { client: { host: "127.0.0.1", port: 9 } },
  { client: { host: "fe80::1%eth0", port: 50123 } },
  { client: { host: 'a "name"}}', port: 1 } },
  { listener: "l2" },
  { listen: { host: "0.0.0.0", port: 8081 } },
  { local: { host: "192.0.2.7", port: 8081 } },
  { target: { host: "quotes.example", port: 8080 } },
  { target: { host: "other.example", port: 80 } },
  { origin: "tcpmon", resendOf: ["7", null] },
  { forward: true },
  { rewrites: true },
  { remark: 'says "port":7}}' },
  { route: { listen: "127.0.0.1:8081", target: "quotes.example:80" } as unknown as Opened["route"] },
];

Deno.test("an opening's comment says the same, whatever came before it", () => {
  const random = seeded();
  const text = new OpeningText();
  const reader = new OpeningReader();
  for (let connection = 1; connection < 2_000; connection++) {
    const one = oneOf(random, CHANGES);
    const other = upTo(random, 4) === 0 ? oneOf(random, CHANGES) : {};
    const event: Opened = { ...PLAIN, ...one, ...other, connection };
    const words = `connection ${connection}`;
    const bytes = new TextEncoder().encode(text.of(event));
    const { event: _, ...told } = eventOf(bytes) as { event: string } & Opened;
    assert.deepEqual(told, event, words);
    const { client, local, whole } = reader.read(bytes);
    assert.deepEqual({ client, local }, { client: event.client, local: event.local }, words);
    if (whole) assert.deepEqual(whole, { event: "opened", ...event }, words);
  }
});

Deno.test("what a Listener's openings have in common is read once, and again once it has changed", () => {
  const text = new OpeningText();
  const reader = new OpeningReader();
  const whole = (event: Opened) => reader.read(new TextEncoder().encode(text.of(event))).whole;
  const next = { connection: 23, client: { host: "127.0.0.1", port: 7 } };
  const moved = { ...PLAIN, ...next, target: { host: "192.0.2.7", port: 80 } };
  const sent = { ...PLAIN, origin: "tcpmon" } as const;
  assert.deepEqual(whole(PLAIN)?.target, PLAIN.target);
  assert.equal(whole({ ...PLAIN, ...next }), null);
  assert.deepEqual(whole(moved)?.target, moved.target);
  assert.deepEqual(whole(sent)?.origin, "tcpmon");
  assert.deepEqual(whole(PLAIN)?.target, PLAIN.target, "not taken for the same as before the one of our own");
});

Deno.test("openings written otherwise are read, too", () => {
  const reader = new OpeningReader();
  for (const { client, ...rest } of [PLAIN, PLAIN, { ...PLAIN, connection: 70 }]) {
    const bytes = new TextEncoder().encode(commentText("opened", { client, ...rest }));
    assert.deepEqual(reader.read(bytes), { client, local: rest.local, whole: openingIn(bytes) });
  }
});
