// What the page knows and shows, as one immutable value, and what can happen to it. Types and first values only.
// Whatever can be computed from it is computed (derived.ts), not kept. Sizes and positions on the screen are not here.

import type {
  Counts,
  Delta,
  Exchange,
  ExchangeList,
  Listener,
  OpenedCapture,
  Recording,
  SearchProgress,
  Snapshot,
} from "../../types.ts";
import type { Rows, Span } from "./rows.ts";
import { type Manner, NOTHING, type Selection } from "./selection.ts";
import { isNewestFirst, type Sort } from "./sort.ts";

/** The connection to the program. Times are milliseconds since the epoch. */
export type Link =
  | { readonly state: "connecting" }
  | { readonly state: "live" }
  | { readonly state: "reconnecting"; readonly lastNews: number }
  | { readonly state: "ended"; readonly by: "stop" | "another-run" };

/** A tab: a listener by its id, or one of the two that are always there. */
export type Tab = { readonly listener: string } | "add" | "sender";

/** One listener's table, as the user left it. */
export interface View {
  /** What stands in the filter box. */
  readonly typed: string;
  /** The filter that the rows answer to. It lags behind `typed`, and stays where `typed` is wrong. */
  readonly filter: string;
  /** The text that was refused the last time, and why; null when none was since. */
  readonly refusal: { readonly text: string; readonly error: string } | null;
  /** How far searching contents for the filter has got; null where what the table shows decides. */
  readonly search: SearchProgress | null;
  /** Whether the user has stopped that search. */
  readonly isSearchStopped: boolean;
  /** How many rows it has put below those that were there: what is on the screen need not move for them. */
  readonly below: number;
  /** The sort that the rows answer to. It lags behind that of the page. */
  readonly sort: Sort;
  readonly rows: Rows;
  readonly selection: Selection;
  /** Only in a table with the newest first. */
  readonly follow: boolean;
  /** How many rows there were when following ended. */
  readonly totalSeen: number;
  /** The ordinals on the screen, with some to spare. */
  readonly window: Span;
  /** Whether the window jumps about, as while the scroll bar is dragged: what is around it is then not asked for. */
  readonly isPassing: boolean;
}

/** Whether what is selected is to be removed or sent again. */
export interface SelectedQuestion {
  readonly about: "remove-selected" | "resend-selected";
  readonly listener: string;
  readonly ids: readonly string[];
  /** How many of them the filter may have hidden when it was asked. */
  readonly hidden: number;
}

/** What is asked in place of the toolbar. */
export type Question =
  | { readonly about: "remove-all" | "close"; readonly listener: string }
  | SelectedQuestion
  /** `next`: what is edited instead; null for nothing. */
  | { readonly about: "discard-draft"; readonly listener: string; readonly next: Exchange | null };

/** All of it. */
export interface State {
  readonly link: Link;
  /** Version of the program; empty until the first snapshot. */
  readonly version: string;
  /** The file that the program was started with for its listeners. */
  readonly configFile: string | null;
  /** Why the program can be no end of TLS; null where it can. */
  readonly tlsLack: string | null;
  readonly listeners: readonly Listener[];
  readonly counts: Readonly<Record<string, Counts>>;
  readonly recording: Recording | null;
  /** The captures that are open to be read. */
  readonly captures: readonly OpenedCapture[];
  /** The capture whose first tab is shown as soon as it is there; null for none. */
  readonly awaited: string | null;
  /** Null until the first snapshot says which tabs there are. */
  readonly tab: Tab | null;
  /** The listen address whose tab was open the last time, or SENDER; it is opened again when it is there. */
  readonly wanted: string | null;
  /** By listener id, and the Sender's as SENDER. */
  readonly views: Readonly<Record<string, View>>;
  /** The sort that is wanted, of every table. */
  readonly sort: Sort;
  /** Whether the pointer is over a table: a sorted one is then not sorted again, so that no row moves under it. */
  readonly isPointed: boolean;
  readonly question: Question | null;
  /** Told by the program or by an attempt that failed; until it is dismissed. */
  readonly notice: string | null;
}

/** What can happen. */
export type Action =
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  | { readonly type: "delta"; readonly delta: Delta }
  | { readonly type: "link"; readonly link: Link }
  | { readonly type: "open"; readonly tab: Tab }
  /** A capture was opened by this page: its first tab is to be shown. */
  | { readonly type: "await-capture"; readonly capture: string }
  | { readonly type: "added"; readonly listener: Listener }
  | { readonly type: "changed"; readonly listener: Listener }
  | { readonly type: "typed"; readonly listener: string; readonly text: string }
  | { readonly type: "asked"; readonly listener: string }
  /** The search through contents is to end where it is, or to go on. */
  | { readonly type: "search"; readonly listener: string; readonly on: boolean }
  | {
    readonly type: "answered";
    readonly listener: string;
    readonly filter: string;
    readonly sort: Sort;
    readonly epoch: number;
    readonly list: ExchangeList;
  }
  | { readonly type: "refused"; readonly listener: string; readonly filter: string; readonly error: string }
  | { readonly type: "dropped"; readonly listener: string }
  | {
    readonly type: "scrolled";
    readonly listener: string;
    readonly window: Span;
    readonly isPassing: boolean;
  }
  | { readonly type: "follow"; readonly listener: string; readonly on: boolean }
  | { readonly type: "show"; readonly listener: string; readonly exchange: Exchange }
  /** What the panes show was asked for by itself. */
  | { readonly type: "told"; readonly listener: string; readonly exchange: Exchange }
  | { readonly type: "choose"; readonly listener: string; readonly ordinal: number; readonly manner: Manner }
  | { readonly type: "choose-all"; readonly listener: string }
  /** An Exchange, wherever its row is, becomes what is selected. */
  | {
    readonly type: "reveal";
    readonly listener: string;
    readonly exchange: Exchange;
    /** Where its row is; left out where that is not known. */
    readonly ordinal?: number | null;
  }
  | { readonly type: "point"; readonly listener: string; readonly ordinal: number }
  | { readonly type: "gone"; readonly listener: string; readonly ids: readonly string[] }
  | { readonly type: "sort"; readonly sort: Sort }
  | { readonly type: "pointed"; readonly on: boolean }
  | { readonly type: "ask"; readonly question: Question | null }
  | { readonly type: "notice"; readonly text: string | null };

/** The page before the program has said anything. */
export function firstState(wanted: string | null, sort: Sort): State {
  return {
    link: { state: "connecting" },
    version: "",
    configFile: null,
    tlsLack: null,
    listeners: [],
    counts: {},
    recording: null,
    captures: [],
    awaited: null,
    tab: null,
    wanted,
    views: {},
    sort,
    isPointed: false,
    question: null,
    notice: null,
  };
}

/** A table that nobody has looked at yet. */
export function firstView(rows: Rows, sort: Sort): View {
  return {
    typed: "",
    filter: "",
    refusal: null,
    search: null,
    isSearchStopped: false,
    below: 0,
    sort,
    rows,
    selection: NOTHING,
    follow: isNewestFirst(sort),
    totalSeen: rows.total,
    window: { from: Math.max(0, rows.total - 60), to: Math.max(0, rows.total - 1) },
    isPassing: false,
  };
}
