// The JSON of the HTTP API, shared by the program and its page. Types only.
// The API is described at GET /api/openapi.json, from src/ui/openapi.ts.

import type {
  AuthorityFacts,
  Exchange,
  HostHeader,
  Listener,
  OpenedCapture,
  Recording,
  ShownListenTls,
  ShownTargetTls,
  SlowLink,
  TargetScheme,
} from "../model.ts";
import type { Counts } from "../catalog/types.ts";
import type { TrustWay } from "../trust_lines.ts";

export type { TrustWay } from "../trust_lines.ts";

export type {
  AuthorityFacts,
  CertificateFacts,
  Connection,
  Exchange,
  HostHeader,
  LinkLimits,
  Listener,
  OpenedCapture,
  Reading,
  Recording,
  ShownListenTls,
  ShownTargetTls,
  SlowLink,
  TargetScheme,
  TlsFacts,
} from "../model.ts";
export type { Difference, DiffRow } from "../decode/diff/rows.ts";
export type { StructureChange, StructureDiff } from "../decode/diff/structure/types.ts";
export type { Part } from "../decode/diff/parts.ts";
export type { Masked } from "../decode/redact/mod.ts";
export type { BodyFraming } from "../decode/types.ts";
export type { ViewFault, ViewKind } from "../decode/views/types.ts";
export type {
  ConnectionList,
  Counts,
  ExchangeDetail,
  ExchangeList,
  ExportFormat,
  ExportOutcome,
  FindResult,
  HeaderLine,
  Hit,
  MaskedPreview,
  MessageDetail,
  MessageDiff,
  MessagePart,
  SearchProgress,
  SortKey,
  SortOrder,
  ViewPart,
} from "../catalog/types.ts";

/** SSE `snapshot`: everything the page needs to begin; rows are then asked for by range. */
export interface Snapshot {
  readonly version: string;
  readonly listeners: readonly Listener[];
  /** The file that tcpmon was started with for its listeners; null where there is none. */
  readonly configFile: string | null;
  /** Why this program can be no end of TLS, in words; null where it can. */
  readonly tlsLack: string | null;
  /** By listener id. */
  readonly counts: Readonly<Record<string, Counts>>;
  readonly recording: Recording;
  /** The captures that are open to be read. */
  readonly captures: readonly OpenedCapture[];
  /** The newest Exchanges of all listeners, newest first, at most 200. */
  readonly exchanges: readonly Exchange[];
}

/** SSE `delta`, with the event's `id` growing by one: only what has changed. */
export interface Delta {
  /** All listeners, when any has changed. */
  readonly listeners?: readonly Listener[];
  readonly counts?: Readonly<Record<string, Counts>>;
  readonly recording?: Recording;
  /** All captures, when any has changed. */
  readonly captures?: readonly OpenedCapture[];
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
  /**
   * `HOST:PORT`, or a URL that says `targetScheme` as well: `https://HOST[:PORT]`, `tls://HOST:PORT`, `http://HOST[:PORT]`;
   * null for a forward HTTP proxy, as where it is left out.
   */
  readonly target?: string | null;
  readonly name?: string | null;
  readonly hostHeader?: HostHeader | null;
  /** `http://[USER:PASSWORD@]HOST:PORT` or "environment". */
  readonly via?: string | null;
  readonly slow?: SlowLink | null;
  readonly targetScheme?: TargetScheme | null;
  readonly targetTls?: Partial<ShownTargetTls> | null;
  readonly listenTls?: Partial<ShownListenTls> | null;
}

/** `PATCH /api/listeners/ID`: at least one member; only name and slow can change while it listens. */
export interface ListenerChange extends Partial<NewListener> {
  readonly state?: "listening" | "stopped";
}

/** `GET /api/ca`: the authority that issues the certificates that clients are shown, and how they come to trust it. */
export interface OwnAuthority {
  /** null: it is not there yet; it is made when it is needed first. */
  readonly authority: AuthorityFacts | null;
  /** Empty while it is not there. */
  readonly ways: readonly TrustWay[];
}

/** `POST /api/exchanges/save?link`: where they can be saved from, until eight more links were asked for. */
export interface SavedLink {
  readonly link: string;
}

/** `POST /api/config`: 200 with the file that was written. */
export interface SaveConfiguration {
  /** Also where somebody else has changed the file since; false unless given. */
  readonly overwrite?: boolean;
}

/** Bytes to send: a text, which is sent as UTF-8, or any bytes as base64 (RFC 4648, 4). */
export type SentBytes = string | { readonly base64: string };

/** What `POST /api/exchanges/ID/resend` and `POST /api/send` have in common. */
export interface SendOptions {
  /** The request as it is to be on the wire. A resend without `request` and `turns` sends what was recorded. */
  readonly request?: SentBytes;
  /** Several on one connection: after each, the target's turn is waited for. Instead of `request`; at most 1,000. */
  readonly turns?: readonly SentBytes[];
  /** Put Content-Length of what is given right, and end a head that has no end; true unless given. */
  readonly fixContentLength?: boolean;
  /** End the sending side with the last turn, for targets that answer only then; false unless given. */
  readonly endAfterTurns?: boolean;
  /** A turn of a protocol without messages is over when the target was quiet for so long; 200 unless given. */
  readonly quietMs?: number;
  /** The connection is given up after so long without a byte; 60,000 unless given. */
  readonly limitMs?: number;
  /**
   * Send it inside TLS. The target's certificate is checked as a listener with this target says, otherwise against the
   * system's authorities. Unless given: a resend as it was recorded, otherwise false.
   */
  readonly tls?: boolean;
  /** With `tls`: accept any certificate, this once; false unless given. */
  readonly insecure?: boolean;
}

/**
 * `POST /api/exchanges/ID/resend`: 201 with the new Exchange, which may still be open, or 202 with its connection while
 * nothing can be told apart as an Exchange. Instead of JSON the body may be the request itself, as
 * application/octet-stream; the options are then in the query.
 */
export interface Resend extends SendOptions {
  /** "target" unless given. With "listener" it goes through the Exchange's listener, as any client's request does. */
  readonly through?: "target" | "listener";
  /** `HOST:PORT` instead of the recorded target; not with "listener". */
  readonly target?: string;
  /** Send all requests that came before it on its connection before it; false unless given. */
  readonly before?: boolean;
  /** Wait for the target's turn before the first one is sent; unless given, as it was on the recorded connection. */
  readonly targetFirst?: boolean;
}

/** `POST /api/send`: as `Resend`. Its Exchanges have the listener "sender". */
export interface Send extends SendOptions {
  /** `HOST:PORT` */
  readonly target: string;
  /** Wait for the target's turn before the first one is sent, for protocols in which it speaks first; false unless given. */
  readonly targetFirst?: boolean;
}

/** The answer with status 202. */
export interface BeingSent {
  readonly connection: string;
}
