// What a forward proxy needs to know of HTTP, which is read elsewhere (src/decode/forward/, src/decode/answer.ts): the
// relay itself does not know what bytes mean. Types only.

import type { Address } from "../model.ts";
import type { PlannedEdit } from "./planned_edits.ts";

/** A request whose head is whole; see `ForwardRequest` of src/decode/forward/requests.ts. */
export interface ForwardRequest {
  readonly head: Uint8Array;
  readonly method: string | null;
  readonly to: Address | null;
  readonly refused: { readonly status: number; readonly text: string } | null;
  readonly isTunnel: boolean;
  readonly asksUpgrade: boolean;
  readonly edits: readonly PlannedEdit[];
}

/** Divides what a client sends into requests; see `ForwardRequests` there. */
export interface RequestReader {
  place: "head" | "body" | "rest";
  readonly left: number;
  readonly partial: Uint8Array;
  head(bytes: Uint8Array): { readonly request: ForwardRequest; readonly taken: number } | null;
  body(bytes: Uint8Array): number;
}

/** Watches what a target answers; see `AnswerWatch` of src/decode/answer.ts. */
export interface AnswerWatcher {
  /** Every request has its whole answer. */
  readonly isIdle: boolean;
  /** The connection does not speak HTTP, or does so no longer. */
  readonly isSwitched: boolean;
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
}

/** Makes both. */
export interface ForwardReading {
  requests(): RequestReader;
  answers(): AnswerWatcher;
}
