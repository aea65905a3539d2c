// What an OutgoingConnection tells of itself: as a Connection of its own, or nothing, where one of our Listeners
// accepts it and tells everything.

import { isIP } from "node:net";
import type { Address, Direction, EndedBy, How, Observer, Opened, SideEnd } from "../model.ts";
import type { ConnectionLeg } from "./connection_leg.ts";
import { DialError } from "./dial.ts";
import type { Agreed } from "./tls/meet_target.ts";

/** Whom an OutgoingConnection tells. */
export interface Telling {
  opened(): void;
  connected(conn: ConnectionLeg, dialMs: number): void;
  /** The target was not reached. */
  failed(how: How, error: string): void;
  /** Bytes that are about to be sent. */
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
  ended(by: "client" | "target", how: SideEnd): void;
  /** `note` is what else is to be said of an end in order. */
  closed(
    by: EndedBy,
    how: How,
    error: string | null,
    note: string | null,
    undelivered: Direction | null,
  ): void;
  /** Resolves when more may be told. */
  behind(): Promise<void> | undefined;
}

/** What is known of a Connection of our own before it is dialled. */
export interface OwnOpened
  extends Pick<Opened, "connection" | "listener" | "listen" | "target" | "resendOf"> {
  /** Tells Connections of our own that are open at the same time apart; 1 to 1023. */
  readonly clientPort: number;
}

/** Tells an Observer. */
export class OwnTelling implements Telling {
  /** The proxy that the target was reached through, once it is; null for none. */
  via: Address | null = null;
  /** What was agreed on with the target, once it is; null where there is no TLS. */
  agreed: Agreed | null = null;
  #upstreamBytes = 0;
  #downstreamBytes = 0;

  constructor(private readonly own: OwnOpened, private readonly observer: Observer) {}

  opened(): void {
    const { clientPort, ...own } = this.own;
    const local = { host: addressOf(own.listen.host), port: own.listen.port || own.target.port };
    // Nobody else's client has a port below 1024.
    const client = { host: "127.0.0.1", port: clientPort };
    this.observer.opened({ ...own, local, client, origin: "tcpmon" });
  }

  connected(conn: ConnectionLeg, dialMs: number): void {
    const { hostname: host, port } = conn.remoteAddr;
    const via = this.via ? { via: this.via } : {};
    const { connection } = this.own;
    this.observer.connected({ connection, address: { host, port }, dialMs, ...via });
    if (this.agreed) this.observer.secured({ connection, ...this.agreed });
  }

  failed(how: How, error: string): void {
    this.observer.failed({ connection: this.own.connection, how, error });
  }

  sent(bytes: Uint8Array): void {
    this.#upstreamBytes += bytes.length;
    this.observer.chunk(this.own.connection, "upstream", bytes);
  }

  received(bytes: Uint8Array): void {
    this.#downstreamBytes += bytes.length;
    this.observer.chunk(this.own.connection, "downstream", bytes);
  }

  ended(by: "client" | "target", how: SideEnd): void {
    this.observer.ended({ connection: this.own.connection, by, how, passedOn: "end" });
  }

  closed(
    endedBy: EndedBy,
    how: How,
    error: string | null,
    note: string | null,
    undelivered: Direction | null,
  ): void {
    const [upstreamBytes, downstreamBytes] = [this.#upstreamBytes, this.#downstreamBytes];
    this.observer.closed({
      connection: this.own.connection,
      endedBy,
      how,
      error,
      ...(note === null ? {} : { note }),
      undelivered,
      upstreamBytes,
      downstreamBytes,
    });
  }

  behind(): Promise<void> | undefined {
    return this.observer.behind();
  }
}

/** Tells nothing: the Listener does. Only that it was not reached cannot be told by it, and is thrown. */
export const TOLD_BY_LISTENER: Telling = {
  opened() {},
  connected() {},
  failed(how, error) {
    throw new DialError(how, error);
  },
  sent() {},
  received() {},
  ended() {},
  closed() {},
  behind: () => undefined,
};

/** An address of this machine under which a Listener is reached; names and wildcards have none. */
function addressOf(host: string): string {
  return isIP(host.split("%")[0]) && host !== "0.0.0.0" && host !== "::" ? host : "127.0.0.1";
}

/** Where a client on this machine reaches a Listener. */
export function reachedAt({ host, port }: Address): Address {
  if (host === "::") return { host: "::1", port };
  return { host: host === "0.0.0.0" ? "127.0.0.1" : host, port };
}
