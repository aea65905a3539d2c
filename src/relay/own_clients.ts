// The program's own clients of its Listeners. What is sent again through a Listener comes to it as any client does, and
// is told from others by its ports. It must be known before the Listener accepts it, or at the latest while it does:
// whoever is accepted while one of ours is still being dialled waits until that is settled.

import type { How } from "../model.ts";

/** A client of our own, and what becomes of it. */
export interface OwnClient {
  /** See `Opened.resendOf`. */
  readonly resendOf: readonly (string | null)[];
  /** The Listener has accepted it, as this Connection. */
  accepted(connection: OwnConnection): void;
}

/** A relayed Connection whose client is ours. */
export interface OwnConnection {
  readonly number: number;
  /** Ends it as the monitor, for a reason in words. */
  stop(how: How, reason: string): void;
}

/** Both ports of a connection on this machine, from the client's end. */
type Ends = `${number}>${number}`;

/** Those that are dialled or wait to be accepted. */
export class OwnClients {
  readonly #dialled = new Map<Ends, OwnClient>();
  readonly #dialling = new Set<Promise<void>>();

  /** True when any client that is accepted now may be ours. */
  get expecting(): boolean {
    return this.#dialled.size > 0 || this.#dialling.size > 0;
  }

  /** Takes note of the connection that `dial` gives; rejects as it does. */
  async dial(client: OwnClient, dial: Promise<Deno.TcpConn>): Promise<Deno.TcpConn> {
    const settled = dial.then((conn) => void this.#dialled.set(endsOf(conn), client), () => {});
    this.#dialling.add(settled);
    await settled;
    this.#dialling.delete(settled);
    return await dial;
  }

  /** The client that `accepted` is the other end of; null where it is none of ours. */
  async take(accepted: Pick<Deno.TcpConn, "localAddr" | "remoteAddr">): Promise<OwnClient | null> {
    const ends: Ends = `${accepted.remoteAddr.port}>${accepted.localAddr.port}`;
    await Promise.all(this.#dialling);
    const client = this.#dialled.get(ends) ?? null;
    this.#dialled.delete(ends);
    return client;
  }

  /** Forgets a client that has ended, in case nobody has accepted it. `ends` are from `endsOf`. */
  forget(ends: Ends): void {
    this.#dialled.delete(ends);
  }
}

/** The ends of a connection that was dialled. */
export function endsOf(dialled: Deno.TcpConn): Ends {
  return `${dialled.localAddr.port}>${dialled.remoteAddr.port}`;
}
