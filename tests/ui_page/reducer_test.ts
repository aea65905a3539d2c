// The reducer: one stream of news and the answers to questions make the whole state.

import assert from "node:assert/strict";
import { SENDER } from "../../src/model.ts";
import type { Listener, Recording, Snapshot } from "../../src/ui/types.ts";
import {
  filterError,
  isFiltering,
  isSearching,
  newRows,
  nextWant,
  opened,
  perhapsHidden,
} from "../../src/ui/page/state/derived.ts";
import { reduce } from "../../src/ui/page/state/reducer.ts";
import { MOST_PAGES, PAGE, rowAt } from "../../src/ui/page/state/rows.ts";
import { type Action, firstState, type State, type View } from "../../src/ui/page/state/state.ts";
import { NEWEST_FIRST } from "../../src/ui/page/state/sort.ts";
import { counts, exchange, exchanges } from "./made.ts";

const RECORDING: Recording = { file: "/tmp/a", temporary: true, bytes: 1, stopped: null, behindMs: 0 };

function listener(id: string, port: number): Listener {
  return {
    id,
    listen: `127.0.0.1:${port}`,
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
}

function snapshot(total: number, told: number, changes: Partial<Snapshot> = {}): Action {
  return {
    type: "snapshot",
    snapshot: {
      version: "0.1.0",
      listeners: [listener("a", 8081), listener("b", 8082)],
      configFile: null,
      tlsLack: null,
      counts: { a: counts(total) },
      captures: [],
      recording: RECORDING,
      exchanges: exchanges(total - 1, total - told),
      ...changes,
    },
  };
}

function after(...actions: Action[]): State {
  return actions.reduce(reduce, firstState(null, NEWEST_FIRST));
}

function view(state: State): View {
  return state.views.a;
}

Deno.test("snapshot opens the first listener's tab, follows, and shows the newest", () => {
  const state = after(snapshot(3, 3));
  assert.deepEqual(state.tab, { listener: "a" });
  assert.equal(state.link.state, "live");
  assert.equal(view(state).follow, true);
  assert.equal(view(state).selection.lead?.id, "e2");
  assert.equal(view(state).selection.ids.size, 0, "shown, not selected");
  assert.equal(nextWant(state), null, "all that is looked at is known");
});

Deno.test("snapshot opens the tab of the last time, and the form where there is no listener", () => {
  assert.deepEqual(reduce(firstState("127.0.0.1:8082", NEWEST_FIRST), snapshot(0, 0)).tab, { listener: "b" });
  assert.equal(after(snapshot(0, 0, { listeners: [] })).tab, "add");
});

Deno.test("delta adds rows, and changes known ones, also the one that is shown", () => {
  const open = exchange(3, { state: "open", status: null, responseBytes: 0 });
  const begun = after(snapshot(3, 3), {
    type: "delta",
    delta: { exchanges: [open], counts: { a: counts(4) } },
  });
  assert.equal(rowAt(view(begun).rows, 3)?.state, "open");
  const shown = reduce(begun, { type: "show", listener: "a", exchange: open });
  const ended = reduce(shown, { type: "delta", delta: { exchanges: [exchange(3)] } });
  assert.equal(rowAt(view(ended).rows, 3)?.state, "done");
  assert.equal(view(ended).selection.lead?.state, "done");
});

Deno.test("delta of one listener leaves the tables of the others as they are", () => {
  const before = after(snapshot(3, 3));
  const state = reduce(before, {
    type: "delta",
    delta: { exchanges: [exchange(3)], counts: { a: counts(4) } },
  });
  assert.equal(state.views.b, before.views.b);
});

Deno.test("choose ends following, and what comes then is counted", () => {
  let state = after(snapshot(3, 3), { type: "choose", listener: "a", ordinal: 1, manner: "only" });
  assert.equal(view(state).follow, false);
  state = reduce(state, {
    type: "delta",
    delta: { exchanges: [exchange(4), exchange(3)], counts: { a: counts(5) } },
  });
  assert.equal(newRows(view(state)), 2);
  assert.equal(view(state).selection.lead?.id, "e1");
  state = reduce(state, { type: "follow", listener: "a", on: true });
  assert.equal(newRows(view(state)), 0);
  assert.equal(view(state).selection.lead?.id, "e4");
});

Deno.test("follow off selects what was shown", () => {
  const state = after(snapshot(3, 3), { type: "follow", listener: "a", on: false });
  assert.deepEqual([...view(state).selection.ids], ["e2"]);
});

Deno.test("another epoch voids the rows, and they are asked for again", () => {
  const state = after(
    snapshot(300, 100),
    { type: "choose", listener: "a", ordinal: 250, manner: "only" },
    { type: "delta", delta: { counts: { a: counts(299, 1) } } },
  );
  assert.equal(rowAt(view(state).rows, 298), undefined);
  assert.equal(view(state).selection.lead?.id, "e250", "what is read stays");
  assert.equal(nextWant(state)?.epoch, 1);
});

Deno.test("answered of an older epoch, or of another filter, is not taken", () => {
  const list = { exchanges: [exchange(9)], total: 1, offset: 0, next: null };
  const state = after(snapshot(300, 0), { type: "delta", delta: { counts: { a: counts(1, 1) } } });
  const old = reduce(state, {
    type: "answered",
    listener: "a",
    filter: "",
    sort: NEWEST_FIRST,
    epoch: 0,
    list,
  });
  assert.equal(rowAt(view(old).rows, 0), undefined);
  const other = reduce(state, {
    type: "answered",
    listener: "a",
    filter: "gone",
    sort: NEWEST_FIRST,
    epoch: 1,
    list,
  });
  assert.equal(rowAt(view(other).rows, 0), undefined);
});

Deno.test("typed is asked for, and its answer replaces the rows", () => {
  let state = after(snapshot(300, 100), { type: "typed", listener: "a", text: " status:500 " });
  const want = nextWant(state);
  assert.deepEqual([want?.filter, want?.offset, want?.pace], ["status:500", 0, "typed"]);
  assert.equal(isFiltering(view(state)), true);
  assert.equal(rowAt(view(state).rows, 299)?.id, "e299", "until then the rows stay");
  const list = { exchanges: [exchange(7), exchange(3)], total: 2, offset: 0, next: null };
  state = reduce(state, {
    type: "answered",
    listener: "a",
    filter: "status:500",
    sort: NEWEST_FIRST,
    epoch: 0,
    list,
  });
  assert.deepEqual([view(state).rows.total, rowAt(view(state).rows, 1)?.id], [2, "e7"]);
  assert.equal(isFiltering(view(state)), false);
  assert.equal(nextWant(state), null);
});

Deno.test("refused keeps the rows, says why, and does not ask again", () => {
  let state = after(snapshot(3, 3), { type: "typed", listener: "a", text: "status:>=" });
  state = reduce(state, {
    type: "refused",
    listener: "a",
    filter: "status:>=",
    error: "A number is missing.",
  });
  assert.equal(filterError(view(state)), "A number is missing.");
  assert.equal(view(state).rows.total, 3);
  assert.equal(nextWant(state), null);
  state = reduce(state, { type: "typed", listener: "a", text: "status:>=5" });
  assert.equal(nextWant(state)?.filter, "status:>=5");
  state = reduce(state, { type: "typed", listener: "a", text: "" });
  assert.equal(filterError(view(state)), null);
});

Deno.test("delta under a filter asks again, also where nothing matched", () => {
  let state = after(snapshot(3, 3), { type: "typed", listener: "a", text: "x" });
  const none = { exchanges: [], total: 0, offset: 0, next: null };
  state = reduce(state, {
    type: "answered",
    listener: "a",
    filter: "x",
    sort: NEWEST_FIRST,
    epoch: 0,
    list: none,
  });
  assert.equal(nextWant(state), null);
  state = reduce(state, { type: "delta", delta: { exchanges: [exchange(3)], counts: { a: counts(4) } } });
  assert.deepEqual([nextWant(state)?.filter, nextWant(state)?.pace], ["x", "doubtful"]);
  assert.equal(view(state).rows.total, 0, "the filtered table's total is not the listener's");
});

Deno.test("snapshot after a break keeps what is on the screen, and looks whether it changed", () => {
  const before = after(
    snapshot(300, 100),
    { type: "choose", listener: "a", ordinal: 250, manner: "only" },
    { type: "link", link: { state: "reconnecting", lastNews: 1 } },
  );
  const state = reduce(before, snapshot(310, 100));
  assert.equal(rowAt(view(state).rows, 250)?.id, "e250");
  assert.equal(view(state).rows.total, 310);
  assert.equal(newRows(view(state)), 10);
  assert.equal(nextWant(state)?.pace, "doubtful");
});

Deno.test("snapshot of another run begins anew", () => {
  const before = after(snapshot(300, 100), { type: "choose", listener: "a", ordinal: 250, manner: "only" });
  const state = reduce(before, snapshot(5, 5, { recording: { ...RECORDING, file: "/tmp/b" } }));
  assert.deepEqual([view(state).rows.total, view(state).follow], [5, true]);
});

Deno.test("delta without the open tab's listener goes to another, and takes its question along", () => {
  const asking = after(snapshot(3, 3), { type: "ask", question: { about: "close", listener: "a" } });
  const state = reduce(asking, { type: "delta", delta: { listeners: [listener("b", 8082)] } });
  assert.deepEqual([state.tab, state.question, Object.keys(state.views)], [{ listener: "b" }, null, [
    "b",
    SENDER,
  ]]);
});

Deno.test("added opens the new tab, and the delta that tells it again changes nothing", () => {
  const state = after(snapshot(0, 0), { type: "added", listener: listener("c", 8083) });
  assert.equal(opened(state)?.id, "c");
  const again = reduce(state, { type: "delta", delta: { listeners: state.listeners } });
  assert.deepEqual([again.tab, again.listeners.length], [{ listener: "c" }, 3]);
});

Deno.test("gone takes rows from the selection", () => {
  const state = after(
    snapshot(3, 3),
    { type: "choose", listener: "a", ordinal: 1, manner: "only" },
    { type: "gone", listener: "a", ids: ["e1"] },
  );
  assert.deepEqual([view(state).selection.ids.size, view(state).selection.lead], [0, null]);
});

Deno.test("actions for a listener that is gone change nothing", () => {
  const state = after(snapshot(3, 3));
  assert.equal(reduce(state, { type: "typed", listener: "gone", text: "x" }), state);
});

Deno.test("the Sender has a table like a listener's, filled by the same news, and its tab is opened again", () => {
  const sent = exchange(7, { listener: SENDER, state: "open" });
  let state = after(snapshot(3, 3), { type: "open", tab: "sender" });
  assert.equal(opened(state)?.listener, null);
  assert.equal(opened(state)?.id, SENDER);
  state = reduce(state, { type: "delta", delta: { exchanges: [sent], counts: { [SENDER]: counts(1) } } });
  assert.equal(rowAt(state.views[SENDER].rows, 0)?.state, "open");
  assert.equal(view(state).rows.total, 3, "the listener's table is as it was");
  const ended = exchange(7, { listener: SENDER });
  state = reduce(state, { type: "delta", delta: { exchanges: [ended], counts: { [SENDER]: counts(1) } } });
  assert.equal(opened(state)?.view.selection.lead?.state, "done");
  assert.equal(reduce(firstState(state.wanted, NEWEST_FIRST), snapshot(0, 0)).tab, "sender");
});

Deno.test("what a notice says of one tab is gone on another", () => {
  const told = after(snapshot(3, 3), { type: "notice", text: "Cannot." });
  assert.equal(reduce(told, { type: "open", tab: { listener: "a" } }).notice, "Cannot.");
  assert.equal(reduce(told, { type: "open", tab: { listener: "b" } }).notice, null);
  assert.equal(reduce(told, { type: "open", tab: "sender" }).notice, null);
});

Deno.test("while contents are searched older hits come, the newest stay on top, and nobody asks once it is stopped", () => {
  const progress = { searched: 10, total: 100, bytes: 1, complete: false, stopped: null };
  const found = (oldest: number, searched: number): Action => ({
    type: "answered",
    listener: "a",
    filter: "body:x",
    sort: NEWEST_FIRST,
    epoch: 0,
    list: {
      exchanges: exchanges(99, oldest),
      total: 100 - oldest,
      offset: 0,
      next: null,
      search: { ...progress, searched, complete: searched === 100 },
    },
  });
  let state = after(snapshot(100, 100), { type: "typed", listener: "a", text: "body:x" }, found(98, 10));
  assert.equal(isSearching(view(state)), true);
  assert.equal(nextWant(state)?.pace, "searching");
  state = reduce(state, { type: "choose", listener: "a", ordinal: 1, manner: "only" });
  state = reduce(state, found(90, 20));
  assert.deepEqual([view(state).rows.total, rowAt(view(state).rows, 9)?.id], [10, "e99"]);
  assert.deepEqual([view(state).selection.current, newRows(view(state)), view(state).below], [9, 0, 8]);
  // One that came meanwhile stands above them.
  const live: Action = {
    ...found(90, 30),
    list: {
      ...(found(90, 30) as Extract<Action, { type: "answered" }>).list,
      exchanges: exchanges(100, 90),
      total: 11,
    },
  } as Action;
  const before = view(reduce(state, live));
  assert.deepEqual([before.selection.current, before.below, newRows(before)], [9, 8, 1]);
  state = reduce(state, { type: "search", listener: "a", on: false });
  assert.deepEqual([isSearching(view(state)), nextWant(state)], [false, null]);
  state = reduce(state, { type: "search", listener: "a", on: true });
  state = reduce(state, found(80, 100));
  assert.deepEqual([isSearching(view(state)), nextWant(state), view(state).rows.total], [false, null, 20]);
});

Deno.test("nextWant is whole pages of what is scrolled to, and only what is seen where it jumps", () => {
  const state = after(snapshot(10_000, PAGE), { type: "follow", listener: "a", on: false });
  const window = { from: 5_020, to: 5_039 };
  const wants = [false, true].map((isPassing) =>
    nextWant(reduce(state, { type: "scrolled", listener: "a", window, isPassing }))
  );
  assert.deepEqual(wants.map((want) => want?.offset), [10_000 - 5_100, 10_000 - 5_040]);
  assert.deepEqual(wants.map((want) => want?.limit), [PAGE + PAGE / 2, 20 + PAGE / 2]);
});

Deno.test("a page that is left open keeps so many rows at most, whatever comes and wherever one looks", () => {
  const most = 2 * MOST_PAGES * PAGE;
  let state = after(snapshot(PAGE, PAGE));
  for (let total = 2 * PAGE; total <= most; total += PAGE) {
    const rows = exchanges(total - 1, total - PAGE);
    state = reduce(state, { type: "delta", delta: { exchanges: rows, counts: { a: counts(total) } } });
  }
  assert.equal(view(state).rows.pages.size, MOST_PAGES, "that follows");
  assert.equal(rowAt(view(state).rows, most - 1)?.id, `e${most - 1}`);

  state = reduce(state, { type: "follow", listener: "a", on: false });
  for (let from = 0; from < most; from += PAGE) {
    const window = { from, to: from + PAGE - 1 };
    state = reduce(state, { type: "scrolled", listener: "a", window, isPassing: false });
    const list = {
      exchanges: exchanges(from + PAGE - 1, from),
      total: most,
      offset: most - from - PAGE,
      next: null,
    };
    const asked = { filter: "", sort: NEWEST_FIRST, epoch: 0 };
    state = reduce(state, { type: "answered", listener: "a", ...asked, list });
    assert.ok(view(state).rows.pages.size <= MOST_PAGES, `at ${from}`);
    assert.equal(rowAt(view(state).rows, from)?.id, `e${from}`);
  }
});

Deno.test("perhapsHidden counts what is selected and not among the rows as the filter last answered them", () => {
  const filtered = (filter: string, total: number, numbers: readonly number[], offset = 0): Action[] => [
    { type: "typed", listener: "a", text: filter },
    {
      ...{ type: "answered", listener: "a", filter, sort: NEWEST_FIRST, epoch: 0 },
      list: { exchanges: numbers.map((number) => exchange(number)), total, offset, next: null },
    },
  ];
  const pick = (ordinal: number, manner: "only" | "toggle" | "range"): Action => ({
    ...{ type: "choose", listener: "a", ordinal, manner },
  });
  const scrolled = (from: number, to: number): Action => ({
    ...{ type: "scrolled", listener: "a", window: { from, to }, isPassing: false },
  });
  const numbers = (from: number, to: number) => exchanges(from, to).map(({ id }) => Number(id.slice(1)));
  const two = [snapshot(300, 100), pick(299, "only"), pick(250, "toggle")];
  const ended: Action = {
    type: "delta",
    delta: { exchanges: [exchange(1)], counts: { a: counts(300) } },
  };
  const old = [
    ...[
      snapshot(300, 100),
      ...filtered("x", 300, numbers(299, 200)),
      ...filtered("x", 300, numbers(99, 0), 200),
    ],
    scrolled(0, 60),
    pick(1, "only"),
  ];
  const answers: readonly (readonly [what: string, actions: readonly Action[], hidden: number])[] = [
    ["no filter", two, 0],
    ["a filter that has both", [...two, ...filtered("x", 2, [299, 250])], 0],
    ["one that hides one of them", [...two, ...filtered("x", 2, [299, 298])], 1],
    ["one that hides all", [...two, ...filtered("x", 0, [])], 2],
    ["rows that are not known yet", [...two, ...filtered("x", 200, [299, 298])], 1],
    ["selected with the filter", [...two, ...filtered("x", 2, [299, 298]), pick(0, "only")], 0],
    ["one in addition", [...two, ...filtered("x", 200, [299, 298]), pick(198, "toggle")], 1],
    ["what left the filter", [
      ...[snapshot(2, 2), ...filtered("x", 1, [1])],
      ...[pick(0, "only"), ...filtered("x", 0, [])],
    ], 1],
    ["what left a table of which not all is known", [
      ...[snapshot(300, 100), ...filtered("x", 200, numbers(299, 200))],
      ...[pick(199, "only"), ...filtered("x", 199, numbers(298, 199))],
    ], 1],
    ["a known row", old, 0],
    ["one that may have left, on the screen", [...old, ended], 0],
    ["one that may have left, off the screen", [...old, scrolled(240, 299), ended], 1],
    ["and is told anew", [...old, scrolled(240, 299), ended, ...filtered("x", 300, numbers(99, 0), 200)], 0],
    ["the filter cleared", [...two, ...filtered("x", 0, []), ...filtered("", 300, [299])], 0],
    ["the newest, which was shown, taken up by ending to follow", [
      ...[snapshot(2, 2), ...filtered("x", 0, [])],
      { type: "follow", listener: "a", on: false },
    ], 1],
    ["one that was led to", [
      ...[...two, ...filtered("x", 200, [299, 298])],
      { type: "reveal", listener: "a", exchange: exchange(3) },
    ], 1],
  ];
  for (const [what, actions, hidden] of answers) {
    const now = view(after(...actions));
    assert.equal(perhapsHidden(now, [...now.selection.ids]), hidden, what);
  }
});
