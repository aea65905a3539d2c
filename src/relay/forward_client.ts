// A client of a forward proxy, from accept to its end: reads its requests, and has a RelayedConnection carry them to the
// target that each names. A request for another target than the one before it ends that Connection, in order, and begins
// the next; in the record each is a Connection of its own with the same client.

import type { Address, Direction, How, Observer } from "../model.ts";
import { type ConnectionOptions, RelayedConnection } from "./connection.ts";
import { type Dialer, DialError } from "./dial.ts";
import { ForwardLeg } from "./forward_leg.ts";
import type { ForwardReading, ForwardRequest, RequestReader } from "./forward_reading.ts";
import { ForwardSource } from "./forward_source.ts";
import { failureAnswer, ownAnswer, TUNNEL_OPEN } from "./own_answers.ts";
import type { OwnPort, OwnPorts } from "./own_ports.ts";
import type { Member } from "./roster.ts";
import type { Stopping } from "./stopping.ts";
import { ProxyClient } from "./tls/proxy_client.ts";

/** What the Connections of a client have in common. */
export interface ForwardOptions extends Omit<ConnectionOptions, "number" | "target" | "editors" | "forward"> {
  readonly reading: ForwardReading;
  readonly ownPorts: OwnPorts;
  nextConnection(): number;
}

/** Serves one client. */
export class ForwardClient implements Member {
  place = 0;
  readonly #client: ProxyClient;
  readonly #source: ForwardSource;
  readonly #requests: RequestReader;
  #connection: RelayedConnection | null = null;
  #isStopped = false;

  constructor(client: Deno.TcpConn, private readonly options: ForwardOptions) {
    this.#client = new ProxyClient(client, options.tls);
    this.#source = new ForwardSource(this.#client.leg);
    this.#requests = options.reading.requests();
  }

  /** Carries the client to its end. Never throws. */
  async run(): Promise<void> {
    let request = await this.#first();
    while (request !== null && !this.#isStopped) request = await this.#carry(request);
    try {
      this.#client.leg.close();
    } catch {
      // Its last Connection has closed it.
    }
  }

  /** Whether a target has been reached for its latest request. */
  get hasTarget(): boolean {
    return this.#connection?.hasTarget ?? false;
  }

  /** Ends it at once, as the monitor. */
  stop(how?: How, reason?: string): void {
    this.#isStopped = true;
    if (this.#connection) this.#connection.stop(how, reason);
    else this.#client.stop();
  }

  /** The first request; null where the client ends without one, of which there is then nothing to record. */
  async #first(): Promise<ForwardRequest | null> {
    try {
      while (!this.#source.hasEnded) {
        const { ahead } = this.#source;
        const found = ahead.length > 0 ? this.#requests.head(ahead) : null;
        this.#source.take(found?.taken ?? ahead.length);
        if (found !== null) return found.request;
        await this.#source.more();
      }
    } catch {
      // It broke off, or was stopped: what it has sent so far is told below.
    }
    const head = this.#requests.partial;
    if (head.length === 0) return null;
    this.#requests.place = "rest";
    const refused = { status: 400, text: "The client ended within the head of its request." };
    return { head, method: null, to: null, refused, isTunnel: false, asksUpgrade: false, edits: [] };
  }

  /** Carries a request, and what follows it to the same target; the request that goes elsewhere, or null at the end. */
  async #carry(first: ForwardRequest): Promise<ForwardRequest | null> {
    const { reading, ownPorts: _, nextConnection, ...options } = this.options;
    const { hostname: host, port } = this.#client.leg.localAddr;
    const observer = this.#client.watched(options.observer);
    const leg = new ForwardLeg({
      source: this.#source,
      requests: this.#requests,
      answers: reading.answers(),
      first,
      leave: () => connection.leave(),
    });
    const guard = new Guard(this.options, first);
    const connection = new RelayedConnection(leg, {
      ...options,
      number: nextConnection(),
      // What is refused gets no further than this port.
      target: first.to ?? { host, port },
      route: first.refused ? {} : options.route,
      observer: first.isTunnel ? observer : watched(observer, leg),
      dialer: guard,
      tls: first.isTunnel && first.to && !options.tls?.isPassedThrough(first.to.host, first.to.port)
        ? options.tls
        : null,
      editors: first.isTunnel || first.refused ? undefined : () => ({ upstream: leg.edits }),
      forward: {
        tunnel: first.isTunnel ? { request: first.head, answer: TUNNEL_OPEN } : null,
        isWhole: () => this.#requests.place !== "body",
        refusal: (error) => guard.answer(error),
      },
    });
    this.#connection = connection;
    await connection.run();
    this.#connection = null;
    return leg.next;
  }
}

/** Dials for a proxied request: nothing that is refused, and no port of our own. */
class Guard implements Pick<Dialer, "dial"> {
  #own: OwnPort | null = null;

  constructor(
    private readonly options: Pick<ForwardOptions, "dialer" | "ownPorts">,
    private readonly request: ForwardRequest,
  ) {}

  async dial(target: Address, stop: Stopping | AbortSignal): Promise<Deno.TcpConn> {
    const { dialer, ownPorts } = this.options;
    const { refused, to } = this.request;
    if (refused !== null) throw new DialError("error", refused.text.replace(/\.$/, ""));
    this.#refuse(ownPorts.refusalOf(to ?? target) ?? ownPorts.refusalOf(target));
    const conn = await dialer.dial(target, stop);
    try {
      this.#refuse(ownPorts.refusalOfReached(conn));
    } catch (error) {
      conn.close();
      throw error;
    }
    return conn;
  }

  #refuse(own: OwnPort | null): void {
    this.#own = own;
    if (own !== null) throw new DialError("refused", own.text);
  }

  /** What the client is told where its target was not reached. */
  answer(error: DialError): Uint8Array {
    const { refused, method, to } = this.request;
    if (refused !== null) return ownAnswer(refused.status, refused.text, method);
    if (this.#own !== null) {
      return ownAnswer(this.#own.status, `${error.message}.`.replace(/\.\.$/, "."), method);
    }
    return failureAnswer(error, to!, method);
  }
}

/** An Observer that has the leg know what is told. */
function watched(observer: Observer, leg: ForwardLeg): Observer {
  return {
    opened: (event) => observer.opened(event),
    connected: (event) => observer.connected(event),
    edited: (event) => observer.edited(event),
    secured: (event) => observer.secured(event),
    ended: (event) => observer.ended(event),
    closed: (event) => observer.closed(event),
    failed: (event) => observer.failed(event),
    behind: () => observer.behind(),
    chunk(connection: number, direction: Direction, bytes: Uint8Array) {
      observer.chunk(connection, direction, bytes);
      leg.told(direction, bytes);
    },
  };
}
