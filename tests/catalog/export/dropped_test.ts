// Exports that nobody wants any more: they end in the middle of what they do, and others go on.

import assert from "node:assert/strict";
import type { Choice, Chosen } from "../../../src/catalog/export/choice.ts";
import { RedactedChoice } from "../../../src/catalog/export/redacted.ts";
import { parseRules } from "../../../src/decode/redact/mod.ts";
import { StoppableSlices } from "../../../src/catalog/stoppable_slices.ts";
import { anExchange } from "../../ui/fakes.ts";
import { answer, Capture, get } from "../capture.ts";
import { exportedText, withCatalog } from "./exporting.ts";

Deno.test("a first pass over exchanges without an end ends once it is stopped", async () => {
  const { promise: going, resolve } = Promise.withResolvers<void>();
  let closed = false;
  const one = {
    row: {},
    connection: { error: null },
    detail: () => Promise.resolve({ ...anExchange(), request: null, response: null, interim: [] }),
  } as unknown as Chosen;
  const choice: Choice = {
    count: 1,
    only: () => null,
    *exchanges() {
      try {
        for (let n = 0;; n++) {
          if (n === 100) resolve();
          yield one;
        }
      } finally {
        closed = true;
      }
    },
  };
  const slices = new StoppableSlices();
  const redacted = new RedactedChoice({ choice, folder: "/nowhere", slices }, parseRules(["secrets"]));
  const first = redacted.exchanges().next();
  await going;
  slices.stop();
  await assert.rejects(first, { name: "AbortError" });
  assert.ok(closed);
});

Deno.test("a client that goes away ends its export, and the next one is whole", async () => {
  using capture = new Capture();
  capture.opened(1);
  for (let n = 0; n < 300; n++) {
    capture.chunk(1, "upstream", get(`/?token=s3cret-${n}`));
    capture.chunk(1, "downstream", answer("x".repeat(2_000), "200 OK", "text/plain"));
  }
  await withCatalog(capture, async (catalog) => {
    const outcomes: Promise<{ readonly complete: boolean }>[] = [];
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async () => {
      const { stream, outcome } = await catalog.export({
        format: "ndjson",
        application: "test",
        redact: ["secrets"],
      });
      outcomes.push(outcome);
      resolve();
      return new Response(stream);
    });
    const leave = new AbortController();
    const gone = fetch(`http://127.0.0.1:${server.addr.port}/`, { signal: leave.signal });
    gone.then((response) => response.body?.cancel()).catch(() => {});
    await asked;
    leave.abort();
    assert.equal((await outcomes[0]).complete, false);
    await server.shutdown();
    const text = await exportedText(catalog, { format: "ndjson", redact: ["secrets"] });
    assert.equal(text.match(/"event":"exchange"/g)?.length, 300);
    assert.ok(!text.includes("s3cret"));
  });
});
