// The JSON of the HTTP API, shared by the program and its page. Types only.
// The API is described at GET /api/openapi.json, from src/ui/openapi.ts.

import type { Exchange, Listener, Recording } from "../model.ts";
import type { Counts } from "../catalog/types.ts";

export type { Connection, Exchange, Listener, Recording } from "../model.ts";
export type { Difference, DiffRow } from "../decode/diff/rows.ts";
export type { Part } from "../decode/diff/parts.ts";
export type { BodyFraming } from "../decode/types.ts";
export type { ViewFault, ViewKind } from "../decode/views/types.ts";
export type {
  ConnectionList,
  Counts,
  ExchangeDetail,
  ExchangeList,
  FindResult,
  HeaderLine,
  Hit,
  MessageDetail,
  MessageDiff,
  SortKey,
  SortOrder,
  ViewPart,
} from "../catalog/types.ts";

/** SSE `snapshot`: everything the page needs to begin; rows are then asked for by range. */
export interface Snapshot {
  readonly version: string;
  readonly listeners: readonly Listener[];
  /** By listener id. */
  readonly counts: Readonly<Record<string, Counts>>;
  readonly recording: Recording;
  /** The newest Exchanges of all listeners, newest first, at most 200. */
  readonly exchanges: readonly Exchange[];
}

/** SSE `delta`, with the event's `id` growing by one: only what has changed. */
export interface Delta {
  /** All listeners, when any has changed. */
  readonly listeners?: readonly Listener[];
  readonly counts?: Readonly<Record<string, Counts>>;
  readonly recording?: Recording;
  /** New and changed Exchanges, newest first, at most 200. */
  readonly exchanges?: readonly Exchange[];
  /** True when more than those have changed: ask for the ranges that are on the screen. */
  readonly more?: boolean;
  /** Something to tell the user, in words, e.g. that accepting clients pauses. */
  readonly notice?: string;
}

/** Every answer that is not 2xx. `field` names the member of the request that is wrong. */
export interface ApiError {
  readonly error: string;
  readonly field?: string;
  /** For a port that is taken: the next free one. */
  readonly suggestion?: string;
}

/** `POST /api/listeners` */
export interface NewListener {
  /** `[HOST:]PORT` */
  readonly listen: string;
  /** `HOST:PORT` */
  readonly target: string;
}
