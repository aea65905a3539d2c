// A table that is sorted: what the state asks for, and what becomes of the answers and of the news.

import assert from "node:assert/strict";
import type { Exchange, Listener, Snapshot } from "../../src/ui/types.ts";
import { newRows, nextWant } from "../../src/ui/page/state/derived.ts";
import { reduce } from "../../src/ui/page/state/reducer.ts";
import { rowAt } from "../../src/ui/page/state/rows.ts";
import { isNewestFirst, NEWEST_FIRST, pressed, type Sort } from "../../src/ui/page/state/sort.ts";
import { type Action, firstState, type State, type View } from "../../src/ui/page/state/state.ts";
import { counts, exchange, exchanges } from "./made.ts";

const SLOWEST: Sort = { by: "elapsed", order: "desc" };

const LISTENER: Listener = {
  id: "a",
  listen: "127.0.0.1:8081",
  name: null,
  target: "localhost:80",
  hostHeader: null,
  rewritesHost: false,
  via: null,
  slow: null,
  targetScheme: null,
  targetTls: null,
  listenTls: null,
  state: "listening",
  error: null,
  suggestion: null,
  since: "",
};

function snapshot(total: number): Action {
  const told: Snapshot = {
    version: "0.1.0",
    listeners: [LISTENER],
    configFile: null,
    tlsLack: null,
    counts: { a: counts(total) },
    captures: [],
    recording: { file: "/tmp/a", temporary: true, bytes: 1, stopped: null, behindMs: 0 },
    exchanges: exchanges(total - 1, 0),
  };
  return { type: "snapshot", snapshot: told };
}

function answered(rows: readonly Exchange[], sort = SLOWEST, total = rows.length): Action {
  const list = { exchanges: rows, total, offset: 0, next: null };
  return { type: "answered", listener: "a", filter: "", sort, epoch: 0, list };
}

/** A table of `total` rows that is sorted: e0 first. */
function sorted(total: number): State {
  return [
    snapshot(total),
    { type: "sort", sort: SLOWEST } as const,
    answered(exchanges(total - 1, 0).reverse()),
  ]
    .reduce(reduce, firstState(null, NEWEST_FIRST));
}

function view(state: State): View {
  return state.views.a;
}

/** Ids from the top. */
function ids(state: State): (string | undefined)[] {
  const { rows } = view(state);
  return Array.from({ length: rows.total }, (_, i) => rowAt(rows, rows.total - 1 - i)?.id);
}

function comes(number: number, total: number): Action {
  return { type: "delta", delta: { exchanges: [exchange(number)], counts: { a: counts(total) } } };
}

Deno.test("pressed sorts by a column, and the other way round the second time", () => {
  assert.deepEqual(pressed(NEWEST_FIRST, "elapsed"), { by: "elapsed", order: "desc" });
  assert.deepEqual(pressed(NEWEST_FIRST, "url"), { by: "url", order: "asc" });
  assert.deepEqual(pressed({ by: "url", order: "asc" }, "url"), { by: "url", order: "desc" });
  assert.equal(isNewestFirst(pressed(pressed(NEWEST_FIRST, "time"), "time")), true);
});

Deno.test("sort asks anew; until the answer the rows stay, and following ends", () => {
  const state = [snapshot(3), { type: "sort", sort: SLOWEST } as const].reduce(
    reduce,
    firstState(null, NEWEST_FIRST),
  );
  assert.equal(view(state).follow, false);
  assert.deepEqual(ids(state), ["e2", "e1", "e0"]);
  const want = nextWant(state);
  assert.deepEqual([want?.sort, want?.offset, want?.pace], [SLOWEST, 0, "seen"]);
  const next = reduce(state, answered([exchange(1), exchange(0), exchange(2)]));
  assert.deepEqual(ids(next), ["e1", "e0", "e2"]);
  assert.equal(nextWant(next), null);
});

Deno.test("sort of the last time is asked for at once, and no row is shown in another order before", () => {
  const state = reduce(firstState(null, SLOWEST), snapshot(3));
  assert.deepEqual(ids(state), [undefined, undefined, undefined]);
  assert.deepEqual([nextWant(state)?.sort, nextWant(state)?.pace], [SLOWEST, "seen"]);
  assert.equal(view(state).follow, false);
});

Deno.test("answered in a sort that is not wanted any more is not taken", () => {
  const state = reduce(sorted(3), { type: "sort", sort: { by: "status", order: "asc" } });
  const late = answered(exchanges(2, 0), { by: "url", order: "asc" });
  assert.deepEqual(ids(reduce(state, late)), ["e0", "e1", "e2"]);
});

Deno.test("delta in a sorted table moves nothing; what changed is put in place, and it is asked again", () => {
  const changed = exchange(1, { summary: "changed" });
  const state = reduce(sorted(3), {
    type: "delta",
    delta: { exchanges: [exchange(3), changed], counts: { a: counts(4) } },
  });
  assert.deepEqual(ids(state), ["e0", "e1", "e2"]);
  assert.equal(rowAt(view(state).rows, 1)?.summary, "changed");
  assert.equal(newRows(view(state), state.counts.a), 1);
  assert.equal(nextWant(state)?.pace, "doubtful");
  const next = reduce(state, answered([exchange(3), exchange(0), exchange(1), exchange(2)]));
  assert.deepEqual(ids(next), ["e3", "e0", "e1", "e2"]);
  assert.equal(nextWant(next), null);
});

Deno.test("a sorted table under the pointer is not sorted again", () => {
  const state = [{ type: "pointed", on: true } as const, comes(3, 4)].reduce(reduce, sorted(3));
  assert.equal(nextWant(state), null);
  assert.equal(newRows(view(state), state.counts.a), 1, "it is counted all the same");
  assert.equal(nextWant(reduce(state, { type: "pointed", on: false }))?.pace, "doubtful");
});

Deno.test("answered in a sorted table takes no older telling of a row, and asks again for what came meanwhile", () => {
  const open = exchange(1, { state: "open", responseBytes: 0 });
  const asking = [
    answered([exchange(0), open, exchange(2)]),
    comes(3, 4),
    { type: "asked", listener: "a" } as const,
  ]
    .reduce(reduce, reduce(sorted(3), { type: "sort", sort: SLOWEST }));
  const meanwhile = [
    { type: "delta", delta: { exchanges: [exchange(1)] } } as const,
    comes(4, 5),
  ].reduce(reduce, asking);
  const state = reduce(meanwhile, answered([exchange(3), exchange(0), open, exchange(2)]));
  assert.equal(rowAt(view(state).rows, 1)?.state, "done");
  assert.equal(nextWant(state)?.pace, "doubtful");
});

Deno.test("the keyboard goes along with the chosen row when the table is sorted again", () => {
  const chosen = reduce(sorted(3), { type: "choose", listener: "a", ordinal: 2, manner: "only" });
  assert.equal(view(chosen).selection.lead?.id, "e0");
  const state = [comes(3, 4), answered([exchange(3), exchange(1), exchange(0), exchange(2)])].reduce(
    reduce,
    chosen,
  );
  assert.equal(view(state).selection.current, 1);
  assert.deepEqual([...view(state).selection.ids], ["e0"]);
});

Deno.test("follow sorts by the newest again", () => {
  const state = reduce(sorted(3), { type: "follow", listener: "a", on: true });
  assert.deepEqual(state.sort, NEWEST_FIRST);
  assert.deepEqual(nextWant(state)?.sort, NEWEST_FIRST);
  const next = reduce(state, answered(exchanges(2, 0), NEWEST_FIRST));
  assert.equal(view(next).selection.lead?.id, "e2");
  assert.equal(view(reduce(next, comes(3, 4))).rows.total, 4);
});
