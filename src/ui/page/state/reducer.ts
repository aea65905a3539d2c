// The one reducer: what happens → the next state. Pure; unknown listeners and answers that came too late change
// nothing. Snapshot and deltas are the only source of rows, besides the ranges that were asked for.

import { SENDER } from "../../../model.ts";
import type { Counts, Delta, Exchange, Snapshot } from "../../types.ts";
import {
  answered,
  asked,
  changed,
  doubted,
  grown,
  later,
  ordinalOf,
  rowAt,
  trimmed,
  unanswered,
  unknownRows,
} from "./rows.ts";
import {
  choose,
  chooseAll,
  found,
  moved,
  NOTHING,
  revealed,
  settled,
  shown,
  voided,
  without,
} from "./selection.ts";
import { following, onAnswer } from "./answers.ts";
import { isSameTab } from "./derived.ts";
import { isNewestFirst, isSameSort, NEWEST_FIRST, type Sort } from "./sort.ts";
import { type Action, firstView, type State, type Tab, type View } from "./state.ts";

const NO_COUNTS: Counts = { total: 0, open: 0, failed: 0, openConnections: 0, epoch: 0 };

/** What `action` makes of `state`; the same value where it changes nothing. */
export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "snapshot":
      return snapshot(state, action.snapshot);
    case "delta":
      return delta(state, action.delta);
    case "link":
      return { ...state, link: action.link };
    case "open":
      // What was said on another tab is not of this one.
      return { ...open(state, action.tab), notice: isOn(state, action.tab) ? state.notice : null };
    case "added":
      return open(
        withViews({
          ...state,
          listeners: [...state.listeners.filter(({ id }) => id !== action.listener.id), action.listener],
        }),
        { listener: action.listener.id },
      );
    case "changed":
      return {
        ...state,
        listeners: state.listeners.map((old) => old.id === action.listener.id ? action.listener : old),
      };
    case "await-capture":
      return withAwaited({ ...state, awaited: action.capture });
    case "sort":
      return sorted(state, action.sort);
    case "pointed":
      return state.isPointed === action.on ? state : { ...state, isPointed: action.on };
    case "ask":
      return { ...state, question: action.question };
    case "notice":
      return { ...state, notice: action.text };
    default: {
      const view = state.views[action.listener];
      if (!view) return state;
      const next = onView(view, action, state.counts[action.listener] ?? NO_COUNTS, state.sort);
      if (next === view) return state;
      const sort = action.type === "follow" && action.on ? NEWEST_FIRST : state.sort;
      return { ...state, sort, views: { ...state.views, [action.listener]: next } };
    }
  }
}

type ViewAction = Extract<Action, { listener: string }>;

function onView(view: View, action: ViewAction, counts: Counts, wanted: Sort): View {
  switch (action.type) {
    case "typed": {
      const back = action.text.trim() === view.filter;
      return { ...view, typed: action.text, refusal: back ? null : view.refusal };
    }
    case "search":
      return { ...view, isSearchStopped: !action.on, rows: unanswered(view.rows) };
    case "asked":
      return { ...view, rows: asked(view.rows) };
    case "answered":
      return onAnswer(view, action, counts, wanted);
    case "refused":
      return action.filter === view.typed.trim()
        ? {
          ...view,
          rows: unanswered(view.rows),
          refusal: { text: action.filter, error: action.error },
        }
        : { ...view, rows: unanswered(view.rows) };
    case "dropped":
      return { ...view, rows: unanswered(view.rows) };
    case "scrolled":
      return {
        ...view,
        window: action.window,
        isPassing: action.isPassing,
        rows: trimmed(view.rows, action.window),
      };
    case "follow":
      return action.on ? followed(view) : unfollowed(view);
    case "show":
      return view.follow
        ? { ...view, selection: shown(view.selection, latest(view, action.exchange)) }
        : view;
    case "told":
      return view.selection.lead?.id === action.exchange.id
        ? { ...view, selection: shown(view.selection, latest(view, action.exchange)) }
        : view;
    case "choose":
      return {
        ...unfollowed(view),
        selection: choose(view.selection, view.rows, action.ordinal, action.manner),
      };
    case "choose-all":
      return { ...unfollowed(view), selection: chooseAll(view.selection, view.rows) };
    case "reveal":
      return {
        ...unfollowed(view),
        selection: revealed(
          view.selection,
          view.rows,
          latest(view, action.exchange),
          action.ordinal ?? null,
        ),
      };
    case "point": {
      const held = unfollowed(view);
      return { ...held, selection: moved(held.selection, view.rows, action.ordinal) };
    }
    case "gone":
      return { ...view, selection: without(view.selection, new Set(action.ids)) };
    default:
      return view;
  }
}

/** What is known of an Exchange that was told: the table, or the panes, may know more of it by now. */
function latest({ rows, selection: { lead } }: View, told: Exchange): Exchange {
  const ordinal = ordinalOf(rows, told.id);
  const known = ordinal === null ? undefined : rowAt(rows, ordinal);
  return later(lead?.id === told.id ? lead : undefined, later(known, told));
}

/** Another sort is wanted. Only the newest first can be followed. */
function sorted(state: State, sort: Sort): State {
  if (isSameSort(sort, state.sort)) return state;
  if (isNewestFirst(sort)) return { ...state, sort };
  const views = Object.entries(state.views).map(([id, view]) => [id, unfollowed(view)] as const);
  return { ...state, sort, views: Object.fromEntries(views) };
}

function followed(view: View): View {
  return following({ ...view, follow: true, selection: NOTHING });
}

function unfollowed(view: View): View {
  if (!view.follow) return view;
  return {
    ...view,
    follow: false,
    totalSeen: view.rows.total,
    selection: settled(view.selection, view.rows),
  };
}

function snapshot(state: State, told: Snapshot): State {
  const restarted = state.recording !== null && state.recording.file !== told.recording.file;
  const next = withViews({
    ...state,
    link: { state: "live" },
    version: told.version,
    configFile: told.configFile,
    tlsLack: told.tlsLack,
    listeners: told.listeners,
    counts: told.counts,
    recording: told.recording,
    captures: told.captures,
    views: restarted ? {} : state.views,
  });
  const views = Object.entries(next.views).map(([id, view]) => {
    const mine = told.exchanges.filter((row) => row.listener === id);
    const counts = told.counts[id] ?? NO_COUNTS;
    if (id in state.views && !restarted) {
      return [id, news({ ...view, rows: doubted(view.rows) }, counts, mine, true)] as const;
    }
    const unknown = unknownRows(counts.epoch, counts.total);
    if (!isNewestFirst(next.sort)) return [id, firstView(unknown, next.sort)] as const;
    const list = { exchanges: mine, total: counts.total, offset: 0, next: null };
    return [id, following(firstView(answered(unknown, list, false), next.sort))] as const;
  });
  return { ...next, views: Object.fromEntries(views) };
}

function delta(state: State, told: Delta): State {
  const next = told.listeners ? withViews({ ...state, listeners: told.listeners }) : state;
  const counts = told.counts ? { ...next.counts, ...told.counts } : next.counts;
  const exchanges = told.exchanges ?? [];
  const more = told.more ?? false;
  const views: Record<string, View> = { ...next.views };
  for (const [id, view] of Object.entries(next.views)) {
    const mine = exchanges.filter((row) => row.listener === id);
    if (mine.length > 0 || more || told.counts?.[id]) {
      views[id] = news(view, counts[id] ?? NO_COUNTS, mine, more);
    }
  }
  return withAwaited({
    ...next,
    counts,
    views,
    recording: told.recording ?? next.recording,
    captures: told.captures ?? next.captures,
    notice: told.notice ?? next.notice,
  });
}

/** Shows the first tab of the capture that is awaited, once it is there. */
function withAwaited(state: State): State {
  const first = state.listeners.find(({ capture }) => capture?.id === state.awaited);
  return state.awaited === null || first === undefined
    ? state
    : { ...open(state, { listener: first.id }), awaited: null };
}

/** What a snapshot or a delta means for one table. */
function news(view: View, counts: Counts, mine: readonly Exchange[], more: boolean): View {
  const lead = mine.find((row) => row.id === view.selection.lead?.id);
  const selection = lead ? shown(view.selection, lead) : view.selection;
  if (counts.epoch !== view.rows.epoch) {
    const total = view.filter === "" ? counts.total : view.rows.total;
    return following({
      ...view,
      rows: unknownRows(counts.epoch, total),
      selection: view.follow ? NOTHING : voided(selection, total),
      totalSeen: Math.min(view.totalSeen, total),
    });
  }
  const isAsked = view.filter !== "" || !isNewestFirst(view.sort);
  if (isAsked) return { ...view, selection, rows: doubted(changed(view.rows, mine, more)) };
  const rows = grown(view.rows, counts.total, mine, more);
  return following({
    ...view,
    selection: found(selection, rows),
    rows: trimmed(rows, view.follow ? newestOf(rows.total) : view.window),
  });
}

function newestOf(total: number): View["window"] {
  return { from: Math.max(0, total - 60), to: Math.max(0, total - 1) };
}

/** A view for every listener and for the Sender, and none besides; a tab that is there. */
function withViews(state: State): State {
  const views: Record<string, View> = {};
  for (const id of [...state.listeners.map(({ id }) => id), SENDER]) {
    const { epoch, total } = state.counts[id] ?? NO_COUNTS;
    views[id] = state.views[id] ?? firstView(unknownRows(epoch, total), state.sort);
  }
  const question = state.question && views[state.question.listener] ? state.question : null;
  return { ...state, views, question, ...chosenTab(state) };
}

function chosenTab(state: State): { tab: Tab; wanted: string | null } {
  const { tab, wanted, listeners } = state;
  const last = listeners.find(({ listen }) => listen === wanted);
  if (tab === null && wanted === SENDER) return { tab: "sender", wanted };
  if (tab === null && last) return { tab: { listener: last.id }, wanted };
  if (typeof tab === "string" || (tab && listeners.some(({ id }) => id === tab.listener))) {
    return { tab, wanted };
  }
  const first = listeners.at(0);
  return { tab: first ? { listener: first.id } : "add", wanted };
}

function isOn({ tab: at }: State, tab: Tab): boolean {
  return at !== null && isSameTab(at, tab);
}

function open(state: State, tab: Tab): State {
  const listener = typeof tab === "string" ? null : state.listeners.find(({ id }) => id === tab.listener);
  if (listener === undefined) return state;
  return {
    ...state,
    tab,
    wanted: tab === "sender" ? SENDER : listener?.listen ?? state.wanted,
    question: null,
  };
}
