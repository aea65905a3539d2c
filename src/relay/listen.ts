// A bound port: accepts clients for as long as it is not stopped, whatever goes wrong with one accept, and keeps the
// Connections that came through it. Knows nothing of what they carry.

import { formatAddress } from "../address.ts";
import type { Address, Observer, Route } from "../model.ts";
import { isLack } from "../spare_files.ts";
import { RelayedConnection } from "./connection.ts";
import { type Dialer, type DialError, MORE_FILES } from "./dial.ts";
import type { DescriptorRoom } from "./descriptor_room.ts";
import type { ReadVariable } from "./environment.ts";
import type { MakeEditors } from "./editing_sink.ts";
import { ForwardClient } from "./forward_client.ts";
import type { ForwardReading } from "./forward_reading.ts";
import { LinkControl } from "./link.ts";
import type { OwnClients } from "./own_clients.ts";
import { OwnPorts } from "./own_ports.ts";
import { Roster } from "./roster.ts";
import type { CertificateReading, CertificateSource } from "./tls/certificate_source.ts";
import { type ListenerTls, listenerTls } from "./tls/listener_tls.ts";
import type { MakeUpgradeWatch } from "./tls/upgrade_watch.ts";
import { Unreached } from "./unreached.ts";

/** So many clients may wait to be accepted, as far as the system lets them (Linux: net.core.somaxconn). */
const BACKLOG = 4_096;
/** Accepting pauses so long after an error such as "too many open files", ms. */
const PAUSE_MS = 100;

/** Accepting must have gone well for so long before it is said to go well again, ms. */
const QUIET_MS = 1_000;
/** What accept throws for a client that has gone already; Deno asks for its address and finds it not connected. */
const CLIENT_GONE = [
  Deno.errors.ConnectionAborted,
  Deno.errors.ConnectionReset,
  Deno.errors.NotConnected,
  Deno.errors.TimedOut,
];

/** What becomes of a client. `run` never rejects; that of a proxy tells its client itself what was not reached. */
interface Relayed extends Pick<RelayedConnection, "stop" | "place" | "hasTarget"> {
  run(): Promise<DialError | undefined | void>;
}

/** What all listen ports of a program share. */
export interface Shared {
  readonly observer: Observer;
  readonly dialer: Dialer;
  /** Clients that are the program's own; left out where there are none. */
  readonly ownClients?: OwnClients;
  /** Reads a variable of the environment, asked only where a Route says so; left out: Deno's. */
  readonly readVariable?: ReadVariable;
  /** The number of the next Connection. */
  nextConnection(): number;
  /** Takes a sentence for the user. */
  notice(text: string): void;
  /** Takes a sentence for the terminal that a target is not reached; left out where failed Connections say enough. */
  unreached?(text: string): void;
  /** Makes Editors for a Route that has any use for them; undefined for others. Left out where none has. */
  editorsFor?(route: Route): MakeEditors | undefined;
  /** What forward proxies read HTTP with; left out where there are none. */
  readonly reading?: ForwardReading;
  /** The program's own ports, which forward proxies keep away from. */
  readonly ownPorts?: OwnPorts;
  /** What TLS clients are shown where a Route names no certificate; left out where there is none. */
  readonly certificates?: CertificateSource;
  /** Reads the certificates and authorities that a Route names; left out where none does. */
  readonly certificateFiles?: CertificateReading;
  /** Makes what watches for STARTTLS and its like; left out where nothing does. */
  readonly watchUpgrades?: MakeUpgradeWatch;
}

/**
 * Listens where its Route says and, from `accept` on, relays every client as it says; who comes before waits. Throws
 * what Deno.listen throws.
 */
export class ListenPort {
  /** As bound: with port 0, the port that was taken. */
  readonly listen: Address;
  readonly #listener: Deno.TcpListener;
  readonly #connections = new Roster<Relayed>();
  /** Called when the last Connection is over. */
  #emptied: () => void = () => {};
  #accepting: Promise<void> | undefined;
  readonly #editors: MakeEditors | undefined;
  readonly #tls: ListenerTls | null;
  readonly #unreached: Unreached;
  readonly #descriptors: DescriptorRoom;
  #stopped = false;
  #failing = false;
  #quiet: ReturnType<typeof setTimeout> | undefined;
  #endPause: (() => void) | null = null;

  constructor(
    /** The id of its Listener. */
    readonly listener: string,
    private readonly route: Route,
    private readonly shared: Shared,
    /** The slow link of its Listener, which can be changed at any time, and outlives a port that is stopped. */
    readonly link: LinkControl = new LinkControl(route.slow ?? null),
  ) {
    const { host, port } = route.listen;
    this.#editors = shared.editorsFor?.(route);
    this.#tls = listenerTls(route, shared, (text) => this.#say(text));
    this.#listener = Deno.listen({ hostname: host, port, tcpBacklog: BACKLOG });
    this.listen = { host, port: this.#listener.addr.port };
    this.#descriptors = shared.dialer.room.descriptors;
    this.#descriptors.add(this);
    this.#unreached = new Unreached(this.listen, (text) => shared.unreached?.(text));
    if (route.target === null) shared.ownPorts?.add(this.listen.port);
  }

  /** Accepts clients from now on. */
  accept(): void {
    if (!this.#stopped) this.#accepting ??= this.#accept();
  }

  /** How many Connections are open. */
  get open(): number {
    return this.#connections.size;
  }

  /** How many of them have no target yet. */
  get owed(): number {
    return this.#connections.all().filter(({ hasTarget }) => !hasTarget).length;
  }

  /** Accepts no more. Connections that are open go on. */
  async stop(): Promise<void> {
    if (this.#stopped) return await this.#accepting;
    this.#stopped = true;
    clearTimeout(this.#quiet);
    this.#listener.close();
    this.#descriptors.remove(this);
    this.shared.ownPorts?.remove(this.listen.port);
    this.#endPause?.();
    this.#endUnreached();
    await this.#accepting;
  }

  /** Ends the open Connections and waits until they are over. */
  async closeConnections(): Promise<void> {
    if (this.#connections.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#emptied;
    this.#emptied = () => {
      before();
      resolve();
    };
    for (const connection of this.#connections.all()) connection.stop();
    await promise;
  }

  async #accept(): Promise<void> {
    while (!this.#stopped) {
      try {
        const wait = this.shared.dialer.room.wait();
        if (wait) await this.#untilRoom(wait);
        this.#relay(await this.#listener.accept());
      } catch (error) {
        if (this.#stopped) return;
        // That client gave up before it was accepted: nothing is wrong with the port.
        if (CLIENT_GONE.some((kind) => error instanceof kind)) continue;
        if (isLack(error)) this.#descriptors.lack();
        this.#fail(isLack(error) ? MORE_FILES : reasonOf(error));
        await this.#pause();
        // Where that was so for the latest client, no other may come for long.
        if (!this.#stopped) this.#recover();
      }
    }
  }

  /** Clients wait in the backlog while those before them are still being connected, or have all descriptors. */
  async #untilRoom(first: Promise<void>): Promise<void> {
    const { room } = this.shared.dialer;
    for (let wait: Promise<void> | undefined = first; wait && !this.#stopped; wait = room.wait()) {
      if (room.isLacking || this.#descriptors.isFull) this.#fail(MORE_FILES);
      await wait;
    }
    if (this.#failing && !this.#stopped) this.#recover();
  }

  #fail(reason: string): void {
    if (!this.#failing) this.#say(`${reason}. New clients wait.`);
    this.#failing = true;
    clearTimeout(this.#quiet);
    this.#quiet = undefined;
  }

  /** Says that clients are accepted again, once that has been so for a while: at the limit it comes and goes. */
  #recover(): void {
    this.#quiet ??= setTimeout(() => {
      this.#failing = false;
      this.#quiet = undefined;
      this.#say("accepts clients again");
    }, QUIET_MS);
  }

  #relay(client: Deno.TcpConn): void {
    const connection = this.#connection(client);
    this.#connections.add(connection);
    this.#descriptors.begin();
    connection.run().then((unreached) => {
      if (unreached) this.#unreached.met(unreached);
      this.#connections.remove(connection);
      this.#descriptors.end();
      if (this.#connections.size > 0) return;
      this.#endUnreached();
      this.#emptied();
    });
  }

  /** Once no client is accepted any more, and the last one's target was reached or not. */
  #endUnreached(): void {
    if (this.#stopped && this.#connections.size === 0) this.#unreached.end();
  }

  #connection(client: Deno.TcpConn): Relayed {
    const { target } = this.route;
    const { listener, listen, route, link } = this;
    if (target !== null) {
      const { observer, dialer, ownClients, readVariable } = this.shared;
      const number = this.shared.nextConnection();
      return new RelayedConnection(client, {
        number,
        listener,
        listen,
        target,
        route,
        link,
        observer,
        dialer,
        ownClients,
        readVariable,
        editors: this.#editors,
        tls: this.#tls,
      });
    }
    const { reading, ownPorts = new OwnPorts(), ...shared } = this.shared;
    const common = { listener, listen, route, link, tls: this.#tls, ...shared };
    if (reading === undefined) throw new TypeError("Cannot be a proxy: there is nothing to read HTTP with");
    return new ForwardClient(client, { ...common, reading, ownPorts });
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
