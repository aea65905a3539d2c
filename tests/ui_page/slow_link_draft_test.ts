// The fields of a slow link: what is typed and what it comes to.

import assert from "node:assert/strict";
import {
  draftOf,
  longWords,
  NOT_SLOW,
  PRESETS,
  shortWords,
  slowErrors,
  slowFieldOf,
  slowLink,
  type SlowLinkDraft,
  withAlike,
  withTyped,
} from "../../src/ui/page/slow_link_draft.ts";

const ON: SlowLinkDraft = { ...NOT_SLOW, isOn: true };

function typed(fields: Readonly<Record<string, string>>, draft = ON): SlowLinkDraft {
  return Object.entries(fields).reduce(
    (now, [field, text]) => withTyped(now, field as Parameters<typeof withTyped>[1], text),
    draft,
  );
}

Deno.test("slowLink gives both Directions what is typed once, and each its own where they differ", () => {
  const alike = typed({
    "upstream.rate": "56 kbit/s",
    "upstream.latency": "200",
    "upstream.jitter": "0.05 s",
  });
  const limits = { bytesPerSecond: 7_000, latencyMs: 200, jitterMs: 50 };
  assert.deepEqual(slowErrors(alike), []);
  assert.deepEqual(slowLink(alike), { upstream: limits, downstream: limits });
  const each = typed({ "downstream.rate": "" }, withAlike(alike, false));
  assert.deepEqual(slowLink(each), { upstream: limits, downstream: { ...limits, bytesPerSecond: null } });
  assert.equal(slowLink({ ...alike, isOn: false }), null);
});

Deno.test("bytes per pause set the bandwidth, which forgets them when it is typed itself", () => {
  const paused = typed({ "bytesPerPause": "100", "pauseMs": "50" });
  assert.equal(paused.upstream.rate, "2 kB/s");
  assert.equal(slowLink(paused)?.downstream.bytesPerSecond, 2_000);
  const again = typed({ "upstream.rate": "3 kB/s" }, paused);
  assert.deepEqual([again.bytesPerPause, again.pauseMs], ["", ""]);
});

Deno.test("slowErrors says what is wrong with which field", () => {
  const cases: [fields: Record<string, string>, errors: [field: string, words: RegExp][]][] = [
    [{}, [["upstream.rate", /^Nothing is slowed yet\. Write a bandwidth such as 64 kB\/s, or a latency\.$/]]],
    [{ "upstream.rate": "64" }, [["upstream.rate", /^Cannot use 64 as a bandwidth: its unit is missing/]]],
    [{ "upstream.latency": "soon" }, [[
      "upstream.latency",
      /^A latency is a number of milliseconds from 0 to 600,000/,
    ]]],
    [{ "upstream.latency": "10", "upstream.jitter": "20" }, [[
      "upstream.jitter",
      /more than the latency, 10 ms/,
    ]]],
    [{ "bytesPerPause": "100" }, [["pauseMs", /whole number of milliseconds/]]],
    [{ "pauseMs": "50" }, [["bytesPerPause", /whole number of bytes/]]],
    [{ "bytesPerPause": "1", "pauseMs": "5000" }, [["pauseMs", /less than 1 B\/s/]]],
  ];
  for (const [fields, errors] of cases) {
    const found = slowErrors(typed(fields));
    assert.deepEqual(found.map(({ field }) => field), errors.map(([field]) => field));
    for (const [at, [, words]] of errors.entries()) assert.match(found[at].text, words);
  }
  assert.deepEqual(slowErrors(typed({ "upstream.rate": "nonsense" }, NOT_SLOW)), []);
  const each = withAlike(typed({ "upstream.rate": "1 kB/s" }), false);
  assert.deepEqual(slowErrors(typed({ "downstream.rate": "x" }, each)).map(({ field }) => field), [
    "downstream.rate",
  ]);
});

Deno.test("draftOf shows a slow link so that it comes to the same", () => {
  for (const { slow } of PRESETS) {
    const draft = draftOf(slow);
    assert.deepEqual(slowErrors(draft), []);
    assert.deepEqual(slowLink(draft), slow);
  }
  assert.deepEqual(draftOf(null), NOT_SLOW);
});

Deno.test("shortWords and longWords say what is slowed", () => {
  const limits = { bytesPerSecond: 64_000, latencyMs: 1_200, jitterMs: 50 };
  const free = { bytesPerSecond: null, latencyMs: 0, jitterMs: 0 };
  assert.equal(shortWords({ upstream: limits, downstream: limits }), "64 kB/s, 1,200 ms");
  assert.equal(shortWords({ upstream: free, downstream: limits }), "↑ free ↓ 64 kB/s, 1,200 ms");
  assert.equal(
    longWords({ upstream: free, downstream: limits }),
    "To the target: not slowed. To the client: at most 64 kB/s, 1,200 ms late give or take 50 ms.",
  );
  assert.equal(
    longWords({ upstream: { ...free, latencyMs: 5 }, downstream: { ...free, latencyMs: 5 } }),
    "Each direction: 5 ms late.",
  );
});

Deno.test("slowFieldOf finds the field that the program means", () => {
  assert.equal(slowFieldOf("slow.upstream.bytesPerSecond"), "upstream.rate");
  assert.equal(slowFieldOf("slow.downstream.jitterMs"), "downstream.jitter");
  assert.equal(slowFieldOf("listen"), null);
});
