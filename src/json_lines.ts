// The lines of `--json`: one JSON object each, with the API's field names. Made from what the relay and the catalog
// tell; where they are written is somebody else's matter.

import { formatAddress } from "./address.ts";
import { clearBefore } from "./catalog/clear_before.ts";
import type {
  Closed,
  Connected,
  Connection,
  Direction,
  Edited,
  Exchange,
  Failed,
  Listener,
  Observer,
  Recording,
} from "./model.ts";
import type { Opened, Secured, SideEnded, TlsFacts } from "./model.ts";

/** Takes one line, without its line end. */
export type WriteLine = (line: string) => void;

/** The first line: where the page and the API are, what listens, and what could not. */
export function readyLine(
  page: { readonly url: string; readonly apiUrl: string; readonly token: string },
  listeners: readonly Listener[],
): string {
  return JSON.stringify({
    event: "ready",
    ui: page.url,
    api: page.apiUrl,
    token: page.token,
    listeners: listeners.filter(({ state }) => state !== "stopped").map((
      { id, listen, target, targetScheme, state, error },
    ) => ({ id, listen, target, targetScheme, state, error })),
  });
}

/** An Exchange that is complete. */
export function exchangeLine(exchange: Exchange): string {
  return JSON.stringify({ event: "exchange", ...exchange });
}

/** A listener that was added or has changed; one that was closed has the state "closed". */
export function listenerLine(listener: Omit<Listener, "state"> & { readonly state: string }): string {
  return JSON.stringify({ event: "listener", ...listener });
}

/** Recording has stopped, and why, or goes on. */
export function recordingLine({ stopped, file, bytes }: Recording): string {
  return JSON.stringify({ event: "recording", stopped, file, bytes });
}

/** Writes a line when a listener has changed, or is no more; it says nothing of those that there are at first. */
export class ListenerLines {
  readonly #known: Map<string, Listener>;

  constructor(
    private readonly listeners: {
      list(): readonly Listener[];
      one(id: string): Listener | undefined;
    },
    private readonly write: WriteLine,
  ) {
    this.#known = new Map(listeners.list().map((listener) => [listener.id, listener]));
  }

  /** The one with this id may have changed. */
  changed(id: string): void {
    const before = this.#known.get(id);
    const now = this.listeners.one(id);
    if (now) this.#known.set(id, now);
    else this.#known.delete(id);
    if (now && JSON.stringify(before) !== JSON.stringify(now)) this.write(listenerLine(now));
    if (before && !now) this.write(listenerLine({ ...before, state: "closed" }));
  }
}

/** A Connection that is open, and how much of it has come. */
interface Known {
  connection: Connection;
  readonly bytes: Record<Direction, number>;
}

/** Passes everything on to `observer`, and writes a line when a Connection is opened, closed or failed. */
export class ConnectionLines implements Observer {
  readonly #open = new Map<number, Known>();

  constructor(private readonly observer: Observer, private readonly write: WriteLine) {}

  opened(event: Opened): void {
    this.observer.opened(event);
    const connection: Connection = {
      id: `c${event.connection}`,
      listener: event.listener,
      listen: event.listen.port === 0 ? null : formatAddress(event.listen),
      state: "open",
      client: event.origin ?? formatAddress(event.client),
      target: formatAddress(event.target),
      targetAddress: null,
      via: null,
      opened: new Date().toISOString(),
      ended: null,
      dialMs: null,
      endedBy: null,
      how: null,
      passedOn: null,
      upstreamBytes: 0,
      downstreamBytes: 0,
      tls: { client: null, target: null },
      decryption: null,
      error: null,
      note: null,
    };
    this.#open.set(event.connection, { connection, bytes: { upstream: 0, downstream: 0 } });
    this.#line(connection);
  }

  connected(event: Connected): void {
    this.observer.connected(event);
    const via = event.via ? formatAddress(event.via) : null;
    this.#change(event.connection, {
      targetAddress: formatAddress(event.address),
      via,
      dialMs: event.dialMs,
    });
  }

  chunk(connection: number, direction: Direction, bytes: Uint8Array): void {
    this.observer.chunk(connection, direction, bytes);
    const known = this.#open.get(connection);
    if (known) known.bytes[direction] += bytes.length;
  }

  edited(event: Edited): void {
    this.observer.edited(event);
  }

  secured(event: Secured): void {
    this.observer.secured(event);
    const known = this.#open.get(event.connection);
    if (!known) return;
    const { connection: _, leg, ...agreed } = event;
    const clear = clearBefore(leg, known.bytes, known.connection.tls.target);
    const facts: TlsFacts = { ...agreed, at: new Date().toISOString(), ...clear };
    this.#change(event.connection, { tls: { ...known.connection.tls, [leg]: facts } });
  }

  ended(event: SideEnded): void {
    this.observer.ended(event);
    const known = this.#open.get(event.connection)?.connection;
    this.#change(event.connection, { passedOn: known?.passedOn ?? event.passedOn });
  }

  closed(event: Closed): void {
    this.observer.closed(event);
    const { endedBy, how, error, note = null, upstreamBytes, downstreamBytes } = event;
    const over = { endedBy, how, error, note, upstreamBytes, downstreamBytes };
    this.#over(event.connection, { state: "closed", ...over });
  }

  failed({ connection, how, error }: Failed): void {
    this.observer.failed({ connection, how, error });
    this.#over(connection, { state: "failed", how, error });
  }

  behind(): Promise<void> | undefined {
    return this.observer.behind();
  }

  #change(number: number, change: Partial<Connection>): Connection | undefined {
    const known = this.#open.get(number);
    if (!known) return undefined;
    known.connection = { ...known.connection, ...change };
    return known.connection;
  }

  #over(number: number, change: Partial<Connection>): void {
    const connection = this.#change(number, { ...change, ended: new Date().toISOString() });
    this.#open.delete(number);
    if (connection) this.#line(connection);
  }

  #line(connection: Connection): void {
    this.write(JSON.stringify({ event: "connection", ...connection }));
  }
}
