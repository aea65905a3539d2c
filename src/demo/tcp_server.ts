// A TCP server of the sample back end: accepts on loopback and hands each connection to a conversation.
// Knows no protocol. Stopping it closes every connection and waits until all conversations have ended.

import type { Address } from "../model.ts";
import { isGone, Wire } from "./wire.ts";

/** One conversation with one client. `signal` says stop; the connection is closed when the promise settles. */
export type Converse = (wire: Wire, signal: AbortSignal) => Promise<void>;

/** A server that is listening. */
export class TcpServer {
  readonly address: Address;
  readonly #listener: Deno.TcpListener;
  readonly #wires = new Set<Wire>();
  readonly #tasks = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #accepting: Promise<void>;

  /** Listens on a free port of 127.0.0.1 and answers with `converse`. */
  constructor(private readonly converse: Converse) {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.address = { host: "127.0.0.1", port: this.#listener.addr.port };
    this.#accepting = this.#accept();
  }

  /** Stops accepting, closes every connection, and waits for the end of all conversations. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#listener.close();
    for (const wire of this.#wires) wire.close();
    await this.#accepting;
    await Promise.all(this.#tasks);
  }

  async #accept(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      try {
        this.#begin(new Wire(await this.#listener.accept()));
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        if (!isGone(error)) throw error;
      }
    }
  }

  #begin(wire: Wire): void {
    this.#wires.add(wire);
    const task = this.#serve(wire);
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }

  async #serve(wire: Wire): Promise<void> {
    try {
      await this.converse(wire, this.#stopping.signal);
    } catch (error) {
      if (!isGone(error)) throw error;
    } finally {
      this.#wires.delete(wire);
      wire.close();
    }
  }
}
