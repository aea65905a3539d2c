// Where TLS begins within a Connection that has begun without it: STARTTLS and its like. Names only; start at watch.ts.

export { StartTlsWatch } from "./watch.ts";
export type { Begun } from "./watch.ts";
export type { Upgrade, WatchState } from "./types.ts";
