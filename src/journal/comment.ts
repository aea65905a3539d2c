// The comments in which a Journal keeps what pcapng has no field for: a word and the event as JSON.

import type { Closed, Connected, Failed, Opened, SideEnded } from "../model.ts";

/** The Observer's events but for chunks. */
export type JournalEvent =
  | ({ readonly event: "opened" } & Opened)
  | ({ readonly event: "connected" } & Connected)
  | ({ readonly event: "ended" } & SideEnded)
  | ({ readonly event: "closed" } & Closed)
  | ({ readonly event: "failed" } & Failed);

/** How a section of the Journal begins; `at` is in ms since the epoch. */
export interface Began {
  readonly event: "began";
  readonly at: number;
}

const MARK = "tcpmon ";
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The comment of an event, as UTF-8. */
export function commentFor(event: JournalEvent | Began): Uint8Array {
  return encoder.encode(MARK + JSON.stringify(event));
}

/** The event of a comment; null for any other comment. `bytes` must not be shared memory. */
export function eventOf(bytes: Uint8Array): JournalEvent | Began | null {
  const text = decoder.decode(bytes);
  if (!text.startsWith(MARK)) return null;
  try {
    return JSON.parse(text.slice(MARK.length)) as JournalEvent | Began;
  } catch {
    return null;
  }
}
