// JournalWriter: what it adds by itself to what it is told.

import assert from "node:assert/strict";
import { Kind } from "../../src/journal/batch.ts";
import { commentFor } from "../../src/journal/comment.ts";
import { JournalWriter } from "../../src/journal/writer.ts";
import { opened } from "./recording.ts";

Deno.test("JournalWriter lets the receiver acknowledge when 256 MiB were sent one way", () => {
  let written = 0;
  const writer = new JournalWriter((bytes) => void (written += bytes.length));
  writer.record({
    kind: Kind.opened,
    connection: 1,
    at: 1,
    flags: 0,
    body: commentFor({ event: "opened", ...opened(1) }),
  });
  const body = new Uint8Array(65_000);
  const sizes = new Map<number, number>();
  for (let sent = 0; sent < 300 * 1024 * 1024; sent += body.length) {
    const before = written;
    writer.record({ kind: Kind.upstream, connection: 1, at: 1, flags: 0, body });
    writer.flush();
    sizes.set(written - before, (sizes.get(written - before) ?? 0) + 1);
  }
  // The first holds the opening as well; one of the others an acknowledgement of 72 bytes.
  const usual = 28 + 40 + body.length + 4;
  assert.equal(sizes.get(usual + 72), 1);
  assert.equal(sizes.size, 3);
});
