// A bound port: accepts clients for as long as it is not stopped, whatever goes wrong with one accept, and keeps the
// Connections that came through it. Knows nothing of what they carry.

import { formatAddress } from "../address.ts";
import type { Address, Observer } from "../model.ts";
import { RelayedConnection } from "./connection.ts";
import type { Dialer } from "./dial.ts";

/** Accepting pauses so long after an error such as "too many open files", ms. */
const PAUSE_MS = 100;

/** What all listen ports of a program share. */
export interface Shared {
  readonly observer: Observer;
  readonly dialer: Dialer;
  /** The number of the next Connection. */
  nextConnection(): number;
  /** Takes a sentence for the user. */
  notice(text: string): void;
}

/** Listens on `listen` and relays every client to `target`. Throws what Deno.listen throws. */
export class ListenPort {
  /** As bound: with port 0, the port that was taken. */
  readonly listen: Address;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Set<RelayedConnection>();
  readonly #runs = new Set<Promise<void>>();
  readonly #accepting: Promise<void>;
  #stopped = false;
  #endPause: (() => void) | null = null;

  constructor(
    /** The id of its Listener. */
    readonly listener: string,
    listen: Address,
    private readonly target: Address,
    private readonly shared: Shared,
  ) {
    this.#listener = Deno.listen({ hostname: listen.host, port: listen.port });
    this.listen = { host: listen.host, port: this.#listener.addr.port };
    this.#accepting = this.#accept();
  }

  /** How many Connections are open. */
  get open(): number {
    return this.#connections.size;
  }

  /** Accepts no more. Connections that are open go on. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#listener.close();
    this.#endPause?.();
    await this.#accepting;
  }

  /** Ends the open Connections and waits until they are over. */
  async closeConnections(): Promise<void> {
    for (const connection of this.#connections) connection.stop();
    await Promise.all(this.#runs);
  }

  async #accept(): Promise<void> {
    let failing = false;
    while (!this.#stopped) {
      let client: Deno.TcpConn;
      try {
        client = await this.#listener.accept();
      } catch (error) {
        if (this.#stopped) return;
        // The client gave up between its arrival and now: nothing is wrong with the port.
        if (error instanceof Deno.errors.ConnectionAborted || error instanceof Deno.errors.ConnectionReset) {
          continue;
        }
        if (!failing) this.#say(`${reasonOf(error)}: new clients wait`);
        failing = true;
        await this.#pause();
        continue;
      }
      if (failing) this.#say("accepts clients again");
      failing = false;
      this.#relay(client);
    }
  }

  #relay(client: Deno.TcpConn): void {
    const { observer, dialer } = this.shared;
    const number = this.shared.nextConnection();
    const connection = new RelayedConnection(client, {
      number,
      listener: this.listener,
      listen: this.listen,
      target: this.target,
      observer,
      dialer,
    });
    this.#connections.add(connection);
    const run = connection.run().finally(() => {
      this.#connections.delete(connection);
      this.#runs.delete(run);
    });
    this.#runs.add(run);
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, PAUSE_MS);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #say(text: string): void {
    this.shared.notice(`Listening on ${formatAddress(this.listen)}: ${text}`);
  }
}

function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message.replace(/ \(os error \d+\)$/, "") : String(error);
  return reason.toLowerCase();
}
