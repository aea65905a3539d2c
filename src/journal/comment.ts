// The comments in which a Journal keeps what pcapng has no field for: a word and the event as JSON.

import type { Closed, Connected, Edited, Failed, Opened, Secured, ShownRoute, SideEnded } from "../model.ts";
import { formatAddress } from "../address.ts";
import type { CarriedRecord, CutRecord, JournalRecord } from "./records.ts";

/** The Observer's events but for chunks. */
export type JournalEvent =
  | ({ readonly event: "opened" } & Opened)
  | ({ readonly event: "connected" } & Connected)
  | ({ readonly event: "edited" } & EditedText)
  | ({ readonly event: "secured" } & Secured)
  | ({ readonly event: "ended" } & SideEnded)
  | ({ readonly event: "cut" } & Omit<CutRecord, "kind" | "at">)
  | ({ readonly event: "carried" } & Omit<CarriedRecord, "kind" | "at">)
  | ({ readonly event: "closed" } & Closed)
  | ({ readonly event: "failed" } & Failed);

/** How a section of the Journal begins; `at` is in ms since the epoch. */
export interface Began {
  readonly event: "began";
  readonly at: number;
  /** Of the section that a file begins with: which of the capture's files this is, from 1 on; absent in the first. */
  readonly segment?: number;
  /** Likewise: the position of the file's first byte, behind all before it; absent where it is 0. */
  readonly base?: number;
  /**
   * The same run of the program goes on, and so many Connections are open: the records that carry them over follow.
   * Absent where a run begins.
   */
  readonly carried?: number;
  /** The highest number of a Connection so far; absent where nothing was recorded before. */
  readonly lastConnection?: number;
  /** The Listeners that Connections so far came through; absent likewise. */
  readonly listeners?: readonly RecordedListener[];
}

/** A Listener that the Journal tells of: id, listen and target address as text; of a forward proxy the target is null. */
export interface RecordedListener {
  readonly id: string;
  readonly listen: string;
  readonly target: string | null;
  /** What it does; absent where that was not recorded. */
  readonly route?: ShownRoute;
}

/** An edit as a comment has it: its bytes as ISO-8859-1 text, one character a byte, which people can read. */
export type EditedText = Omit<Edited, "inserted"> & { readonly inserted: string };

/** An edit as a comment has it. */
export function editedText(edit: Edited): EditedText {
  let inserted = "";
  for (const byte of edit.inserted) inserted += String.fromCharCode(byte);
  return { ...edit, inserted };
}

/** The edit of a comment. */
export function editedOf(text: EditedText): Edited {
  return { ...text, inserted: Uint8Array.from(text.inserted, (character) => character.charCodeAt(0)) };
}

/** What each comment of tcpmon begins with. */
export const MARK = "tcpmon ";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The comment of an event whose members, at least one, are given without its name. */
export function commentText<Name extends JournalEvent["event"]>(
  event: Name,
  members: Omit<Extract<JournalEvent, { readonly event: Name }>, "event">,
): string {
  return `${MARK}{"event":"${event}",${JSON.stringify(members).slice(1)}`;
}

/** The comment of an event, as UTF-8. */
export function commentFor(event: JournalEvent | Began): Uint8Array {
  return encoder.encode(MARK + JSON.stringify(event));
}

type Members = Readonly<Record<string, "number" | "string" | "address">>;

const OPENED: Members = {
  connection: "number",
  listener: "string",
  listen: "address",
  local: "address",
  target: "address",
  client: "address",
};

/** The members that each event must have, and their types; "address" is a host and a port. */
const MEMBERS: Readonly<Record<string, Members>> = {
  began: { at: "number" },
  opened: OPENED,
  carried: { ...OPENED, openedAt: "number", upstreamBytes: "number", downstreamBytes: "number" },
  cut: { connection: "number", direction: "string", offset: "number" },
  connected: { connection: "number", address: "address", dialMs: "number" },
  edited: {
    connection: "number",
    direction: "string",
    offset: "number",
    removed: "number",
    inserted: "string",
  },
  secured: { connection: "number", leg: "string", version: "string", trust: "string" },
  ended: { connection: "number", by: "string", how: "string", passedOn: "string" },
  closed: {
    connection: "number",
    endedBy: "string",
    how: "string",
    upstreamBytes: "number",
    downstreamBytes: "number",
  },
  failed: { connection: "number", how: "string", error: "string" },
};

/** The event of a comment; null for any other comment, "damaged" where an event lacks what it must have. `bytes` must not be shared memory. */
export function eventOf(bytes: Uint8Array): JournalEvent | Began | "damaged" | null {
  const text = decoder.decode(bytes);
  if (!text.startsWith(MARK)) return null;
  try {
    const event: unknown = JSON.parse(text.slice(MARK.length));
    return isEvent(event) ? event : "damaged";
  } catch {
    return "damaged";
  }
}

/** How the comment of an event begins, before its name. */
const BEGINNING = `${MARK}{"event":`;

/**
 * The record of an event's comment that was made at `at`: `eventOf` without copying its members, for there may be three
 * to an Exchange. Null where it is no event of a Connection. `bytes` must not be shared memory.
 */
export function recordOf(bytes: Uint8Array, at: number): JournalRecord | "damaged" | null {
  const text = decoder.decode(bytes);
  if (!text.startsWith(MARK)) return null;
  let told: Record<string, unknown>;
  try {
    if (text.startsWith(BEGINNING)) told = JSON.parse(`{"kind":${text.slice(BEGINNING.length)}`);
    else {
      const { event, ...members } = JSON.parse(text.slice(MARK.length));
      told = { kind: event, ...members };
    }
  } catch {
    return "damaged";
  }
  if (typeof told.kind !== "string" || !hasMembers(told.kind, told)) return "damaged";
  if (told.kind === "began") return null;
  told.at = at;
  if (told.kind === "edited") return { ...editedOf(told as unknown as EditedText), kind: "edited", at };
  return told as unknown as JournalRecord;
}

/** What an `opened` comment says that this program has just made; others are read by `eventOf`. `opened` must not be shared memory. */
export function openingIn(opened: Uint8Array): Opened {
  return JSON.parse(decoder.decode(opened.subarray(MARK.length)));
}

function isEvent(value: unknown): value is JournalEvent | Began {
  return isObject(value) && typeof value.event === "string" && hasMembers(value.event, value);
}

const ENTRIES: ReadonlyMap<string, readonly (readonly [string, string])[]> = new Map(
  Object.entries(MEMBERS).map(([event, members]) => [event, Object.entries(members)]),
);

function hasMembers(event: string, value: Readonly<Record<string, unknown>>): boolean {
  const entries = ENTRIES.get(event);
  if (entries === undefined) return false;
  for (const [name, type] of entries) {
    const member = value[name];
    const isRight = type === "address"
      ? isAddress(member)
      : type === "number"
      ? typeof member === "number"
      : typeof member === "string";
    if (!isRight) return false;
  }
  return true;
}

function isAddress(value: unknown): boolean {
  return isObject(value) && typeof value.host === "string" && typeof value.port === "number";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The Listener that a Connection came through. */
export function recordedListener({ listener, listen, forward, target, route }: Opened): RecordedListener {
  return {
    id: listener,
    listen: formatAddress(listen),
    target: forward ? null : formatAddress(target),
    ...route && { route },
  };
}
