// What those share that watch for TLS within a Connection: their states, and what is known once it begins. Types only.

import type { Direction } from "../types.ts";

/**
 * "open": TLS may begin yet; "never": it will not, and nothing more has to be shown; "begun": both sides have agreed,
 * and what comes next in each Direction is TLS, or ought to be.
 */
export type WatchState = "open" | "never" | "begun";

/** How TLS begins within a protocol. */
export interface Upgrade {
  /** "SMTP" */
  readonly protocol: string;
  /** What the client asks for it with: "STARTTLS". */
  readonly command: string;
}

/** Watches one protocol. See `StartTlsWatch.receive`, which hands on to it. */
export interface ProtocolWatch {
  readonly state: WatchState;
  /** What the client has asked for last; null where it has not. */
  readonly asked: Upgrade | null;
  /** Bytes of one Direction, at least one; gives how many of them, from the first, are not TLS for certain. */
  receive(direction: Direction, bytes: Uint8Array): number;
}
