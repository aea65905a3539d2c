// What stands in the Sender's editor, as one immutable value: the endpoint as typed, and the request or the turns for it.
// Endpoint and head say the same: each edit of the one is made in the other, except where the user wants them to differ.
// Pure; each function gives the next value. Nothing is sent or kept here.

import { readCurl } from "../../../decode/curl/curl.ts";
import { encodeDraft } from "../../../decode/draft/encode.ts";
import { headerValue, newRequest, startOf, withHeader } from "../../../decode/draft/head_lines.ts";
import { type Edited, isSameEdit } from "../draft/edited.ts";
import { type Editing, editingOf, editingOfDraft, withHead } from "../draft/editing.ts";
import { type TurnsEditing, turnsOf, withTurnAdded } from "../draft/turns.ts";
import { destinationOf, type Kind, withoutCredentials, withPath } from "./destination.ts";
import { withTarget } from "./start_line.ts";

/** See the top of this file. */
export interface Composed {
  /** Another number is another Draft. */
  readonly number: number;
  /** As typed. */
  readonly endpoint: string;
  readonly kind: Kind;
  readonly request: Editing;
  readonly turns: TurnsEditing;
  /** Whether the target's turn is waited for before the first one is sent. */
  readonly targetFirst: boolean;
  /** Whether any certificate of the endpoint is accepted, where it goes inside TLS. */
  readonly insecure: boolean;
  /** What Host was last made from: while it says this, it goes along with the endpoint. */
  readonly authority: string;
  /** The Exchange that it was loaded from, which what is sent in the same way is then linked to; null for none. */
  readonly from: { readonly id: string; readonly kind: Composed["kind"] } | null;
  /** What of a pasted command is not done, in words. */
  readonly notes: readonly string[];
  /** What stood here before, where it was replaced as a whole; null where there is nothing to put back. */
  readonly before: Composed | null;
}

const NOTHING = new Uint8Array(0);

/** An empty editor. */
export function firstComposed(): Composed {
  const headers = [["Host", ""], ["User-Agent", "tcpmon"], ["Accept", "*/*"]] as const;
  return {
    number: 0,
    endpoint: "",
    kind: "http",
    request: editingOfDraft(newRequest("GET", "/", headers, NOTHING)),
    turns: withTurnAdded(turnsOf([], null)),
    targetFirst: false,
    insecure: false,
    authority: "",
    from: null,
    notes: [],
    before: null,
  };
}

/** Whether nothing of it was typed. */
export function isEmpty({ endpoint, request, turns }: Composed): boolean {
  const { head, body } = request;
  const isTyped = turns.turns.some(({ text }) => text !== "");
  return endpoint === "" && !isTyped && head === FIRST_HEAD && body.mode !== "kept" && body.text === "";
}

/** Whether the same is typed and chosen in both. */
export function isSameTyped(a: Composed, b: Composed): boolean {
  return a.endpoint === b.endpoint && isSameEdit(editedOf(a), editedOf(b));
}

function editedOf({ kind, request, turns }: Composed): Edited {
  return kind === "tcp" ? { kind: "turns", turns } : { kind: "request", editing: request };
}

const FIRST_HEAD = firstComposed().request.head;

/** With another endpoint: target of the start line and Host go along. */
export function withEndpoint(composed: Composed, endpoint: string): Composed {
  const to = destinationOf(endpoint);
  const next = { ...composed, endpoint, kind: to.kind ?? composed.kind };
  if ("error" in to || to.kind === "tcp") return next;
  const { request } = composed;
  const follows = headerValue(request.head, "Host") === composed.authority;
  const hosted = follows ? withHost(request.head, to.authority) : request.head;
  // "*" and whole URLs are typed there on purpose.
  const isPath = startOf(request.head).target.startsWith("/");
  const head = isPath ? withTarget(hosted, to.path) : hosted;
  return {
    ...next,
    request: withHead(request, head),
    authority: follows ? to.authority : composed.authority,
  };
}

/** What is divided when the endpoint is left: credentials become a header, as curl has it. */
export function divided(composed: Composed): Composed {
  const to = destinationOf(composed.endpoint);
  if ("error" in to || to.credentials === null) return composed;
  const credentials = unescaped(to.credentials);
  const basic = btoa(octetsOf(credentials.includes(":") ? credentials : `${credentials}:`));
  const { endpoint } = composed;
  return inHead(
    { ...composed, endpoint: withoutCredentials(endpoint) },
    (head) => withHeader(head, "Authorization", `Basic ${basic}`),
  );
}

/** With an edit of the request: the path of the endpoint goes along with the start line. */
export function withRequest(composed: Composed, edit: (request: Editing) => Editing): Composed {
  const request = edit(composed.request);
  const next = { ...composed, request };
  const to = destinationOf(composed.endpoint);
  const { target } = startOf(request.head);
  if ("error" in to || to.kind === "tcp" || !/^\/[^\s#]*$/.test(target) || target === to.path) return next;
  return { ...next, endpoint: withPath(composed.endpoint, target) };
}

/** With another head. */
export function inHead(composed: Composed, change: (head: string) => string): Composed {
  return withRequest(composed, (request) => withHead(request, change(request.head)));
}

/** With an edit of the turns. */
export function withTurns(composed: Composed, edit: (turns: TurnsEditing) => TurnsEditing): Composed {
  return { ...composed, turns: edit(composed.turns) };
}

/** With this Host: in its place, or after the start line (RFC 9110, 7.2). */
export function withHost(head: string, authority: string): string {
  if (headerValue(head, "Host") !== null) return withHeader(head, "Host", authority);
  const [start, ...lines] = head.split("\n");
  return [start, `Host: ${authority}`, ...lines].join("\n");
}

// ── What is replaced as a whole, and can be put back ───────────────────────────────────────────────────────────

const CURL = /^\s*([$%>]\s+)?(printf\s[^]*\|\s*)?(\S*\/)?curl(\.exe)?(\s|$)/;

/** Whether a text is to be read as a curl command. */
export function isCurl(text: string): boolean {
  return CURL.test(text);
}

/** What a curl command sends. Throws SyntaxError, in words. */
export function withCurl(composed: Composed, command: string): Composed {
  const { endpoint: { tls, authority }, request, insecure, notes } = readCurl(command);
  return replaced(composed, {
    endpoint: `${tls ? "https" : "http"}://${authority}${pathOf(request.head)}`,
    kind: "http",
    authority,
    request: editingOf(encodeDraft(request, "leave"), "http", null),
    insecure,
    notes,
  });
}

/** A request that was sent. */
export interface SentRequest {
  readonly id: string;
  /** `host:port` */
  readonly target: string;
  /** Whether it went to it inside TLS. */
  readonly tls: boolean;
  readonly request: Editing;
}

/** A request that was sent, to be sent again or changed. */
export function withSent(composed: Composed, { id, target, tls, request }: SentRequest): Composed {
  const [scheme, port] = tls ? ["https", /:443$/] : ["http", /:80$/];
  const endpoint = `${scheme}://${target.replace(port, "")}${pathOf(request.head)}`;
  const to = destinationOf(endpoint);
  return replaced(composed, {
    endpoint,
    kind: "http",
    authority: "error" in to ? "" : to.authority,
    request,
    from: { id, kind: "http" },
  });
}

/** Turns that were sent. */
export interface SentTurns {
  /** Of the last one's Exchange. */
  readonly id: string;
  /** `host:port` */
  readonly target: string;
  /** Whether they went to it inside TLS. */
  readonly tls: boolean;
  readonly turns: TurnsEditing;
}

/** The turns of a connection, to be sent again or changed. */
export function withSentTurns(composed: Composed, { id, target, tls, turns }: SentTurns): Composed {
  const targetFirst = turns.greeting !== null;
  const from = { id, kind: "tcp" } as const;
  return replaced(composed, {
    endpoint: `${tls ? "tls" : "tcp"}://${target}`,
    kind: "tcp",
    turns,
    targetFirst,
    from,
  });
}

/** An empty editor in the place of this one. */
export function cleared(composed: Composed): Composed {
  return replaced(composed, firstComposed());
}

/** What stood there before. */
export function putBack(composed: Composed): Composed {
  return composed.before === null ? composed : { ...composed.before, number: composed.number + 1 };
}

/** Without what was told of what was pasted, and without the way back. */
export function withoutNotes(composed: Composed): Composed {
  return { ...composed, notes: [], before: null };
}

function replaced(composed: Composed, changes: Partial<Composed>): Composed {
  const before = isEmpty(composed) ? null : { ...composed, before: null };
  return { ...composed, from: null, notes: [], ...changes, number: composed.number + 1, before };
}

/** The target of a start line where it is a path. */
function pathOf(head: string): string {
  const { target } = startOf(head);
  return target.startsWith("/") ? target : "/";
}

/** One character a byte, in UTF-8. */
function octetsOf(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A "%" that stands for itself.
    return text;
  }
}
