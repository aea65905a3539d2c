// What the relay needs to know of STARTTLS and its like, which is read elsewhere (src/decode/starttls/): the relay itself
// does not know what bytes mean. Types only.

import type { Direction } from "../../model.ts";

/** How TLS begins within a protocol: "SMTP", by "STARTTLS". */
export interface Upgrade {
  readonly protocol: string;
  readonly command: string;
}

/** Watches a Connection for where TLS begins within it; see `StartTlsWatch` there. */
export interface UpgradeWatch {
  readonly state: "open" | "never" | "begun";
  readonly begun: (Upgrade & Readonly<Record<Direction, number>>) | null;
  receive(direction: Direction, bytes: Uint8Array): number;
}

/** Makes one for a Connection that has just begun. */
export type MakeUpgradeWatch = () => UpgradeWatch;
