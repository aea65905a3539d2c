// Answers that news have overtaken: what is told while a question is under way is in the table afterwards, whatever
// filter or sort it asked for, and nothing of it is lost or undone.

import assert from "node:assert/strict";
import type { Exchange, Listener, Snapshot } from "../../src/ui/types.ts";
import { nextWant } from "../../src/ui/page/state/derived.ts";
import { reduce } from "../../src/ui/page/state/reducer.ts";
import { rowAt } from "../../src/ui/page/state/rows.ts";
import { NEWEST_FIRST, type Sort } from "../../src/ui/page/state/sort.ts";
import { type Action, firstState, type State } from "../../src/ui/page/state/state.ts";
import { counts, exchange, exchanges } from "./made.ts";

const SLOWEST: Sort = { by: "elapsed", order: "desc" };
const ASKED: Action = { type: "asked", listener: "a" };

/** A table of three rows, e2 still open, sorted by `sort`. */
function table(sort: Sort): State {
  const known = [exchange(2, OPEN), exchange(1), exchange(0)];
  const snapshot: Snapshot = {
    version: "0.1.0",
    listeners: [{ id: "a", listen: "127.0.0.1:8081" } as Listener],
    counts: { a: counts(3) },
    captures: [],
    recording: { file: "/tmp/a", temporary: true, bytes: 1, stopped: null, behindMs: 0 },
    configFile: null,
    tlsLack: null,
    exchanges: known,
  };
  const state = reduce(firstState(null, sort), { type: "snapshot", snapshot });
  return sort === NEWEST_FIRST ? state : reduce(reduce(state, ASKED), answer(known, { sort }));
}

const OPEN: Partial<Exchange> = { state: "open", responseBytes: 0 };

function answer(
  list: readonly Exchange[],
  { sort = NEWEST_FIRST, filter = "", epoch = 0 }: { sort?: Sort; filter?: string; epoch?: number },
): Action {
  const answered = { exchanges: list, total: list.length, offset: 0, next: null };
  return { type: "answered", listener: "a", filter, sort, epoch, list: answered };
}

function told(exchanges: Exchange[], total: number, epoch = 0): Action {
  return { type: "delta", delta: { exchanges, counts: { a: counts(total, epoch) } } };
}

function ids(state: State): (string | undefined)[] {
  const { rows } = state.views.a;
  return Array.from({ length: rows.total }, (_, i) => rowAt(rows, rows.total - 1 - i)?.id);
}

/** What the program knew when it was asked. */
const BEFORE = [exchange(2, OPEN), exchange(1), exchange(0)];

Deno.test("back to the newest first: a row that came meanwhile is asked for, and one that ended has ended", () => {
  const state = [
    { type: "follow", listener: "a", on: true } as const,
    ASKED,
    told([exchange(3), exchange(2)], 4),
    answer(BEFORE, {}),
  ].reduce(reduce, table(SLOWEST));
  assert.deepEqual(ids(state), [undefined, "e2", "e1", "e0"]);
  assert.equal(rowAt(state.views.a.rows, 2)?.state, "done");
  assert.equal(nextWant(state)?.pace, "seen");
  const all = reduce(reduce(state, ASKED), answer(exchanges(3, 0), {}));
  assert.deepEqual(ids(all), ["e3", "e2", "e1", "e0"]);
  assert.equal(nextWant(all), null);
});

Deno.test("another sort, and a filter: what came meanwhile is asked for again, and one that ended has ended", () => {
  for (const [sort, filter] of [[SLOWEST, ""], [NEWEST_FIRST, "GET"], [SLOWEST, "GET"]] as const) {
    const state: State = [
      { type: "sort", sort } as const,
      { type: "typed", listener: "a", text: filter } as const,
      ASKED,
      told([exchange(3), exchange(2)], 4),
      answer(BEFORE, { sort, filter }),
    ].reduce(reduce, table(NEWEST_FIRST));
    assert.equal(rowAt(state.views.a.rows, 2)?.state, "done", filter);
    assert.equal(nextWant(state)?.pace, "doubtful", `${sort.by} ${filter}`);
  }
});

Deno.test("an answer to another filter from before rows were removed is not taken", () => {
  const state = [
    { type: "typed", listener: "a", text: "GET" } as const,
    ASKED,
    told([], 1, 1),
    answer(BEFORE, { filter: "GET" }),
  ].reduce(reduce, table(NEWEST_FIRST));
  assert.deepEqual(ids(state), [undefined]);
  assert.equal(nextWant(state)?.filter, "GET", "it is asked again");
});

Deno.test("a question that was dropped leaves nothing behind that grows", () => {
  const asking = reduce(table(NEWEST_FIRST), ASKED);
  assert.notEqual(asking.views.a.rows.late, null);
  assert.equal(reduce(asking, { type: "dropped", listener: "a" }).views.a.rows.late, null);
});

Deno.test("what is shown has ended, when its end was told before the answer that shows it", () => {
  const early = exchange(2, OPEN);
  for (const filter of ["", "GET"]) {
    const ended = [
      { type: "typed", listener: "a", text: filter } as const,
      told([exchange(2)], 3),
      { type: "reveal", listener: "a", exchange: early } as const,
    ].reduce(reduce, table(NEWEST_FIRST));
    assert.equal(ended.views.a.selection.lead?.state, "done", `revealed, ${filter}`);
  }
  const shown = [
    told([exchange(2)], 3),
    { type: "show", listener: "a", exchange: early } as const,
    { type: "told", listener: "a", exchange: early } as const,
  ].reduce(reduce, table(NEWEST_FIRST));
  assert.equal(shown.views.a.selection.lead?.state, "done", "shown");
});

Deno.test("what is shown without a row is told by itself, once it is asked for", () => {
  const unknown = { type: "reveal", listener: "a", exchange: exchange(9, OPEN) } as const;
  const open = reduce(table(NEWEST_FIRST), unknown);
  assert.equal(open.views.a.selection.lead?.state, "open");
  const other = reduce(open, { type: "told", listener: "a", exchange: exchange(8) });
  assert.equal(other.views.a.selection.lead?.id, "e9");
  const told = reduce(open, { type: "told", listener: "a", exchange: exchange(9) });
  assert.equal(told.views.a.selection.lead?.state, "done");
});
