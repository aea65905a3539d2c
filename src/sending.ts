// Sends requests: recorded ones again, edited ones, and the Sender's own. Puts together who dials, who watches for the
// answer and who finds the new Exchange. Many go on at once, and none waits for another.

import { formatAddress, isLoopback, parseDestination, parseListen } from "./address.ts";
import { connectionId, connectionNumber } from "./catalog/rows.ts";
import type { Catalog } from "./catalog/types.ts";
import { AnswerWatch } from "./decode/answer.ts";
import {
  type Address,
  type Exchange,
  type Listener,
  type Observer,
  type Recording,
  SENDER,
  type UpstreamProxy,
} from "./model.ts";
import type { Dialer } from "./relay/dial.ts";
import { reach, type Way } from "./relay/reach.ts";
import { endsOf, type OwnClients, type OwnConnection } from "./relay/own_clients.ts";
import { OutgoingConnection, type OutgoingOptions } from "./relay/outgoing.ts";
import type { CertificateReading } from "./relay/tls/certificate_source.ts";
import { reachInside } from "./relay/tls/reach_inside.ts";
import { OwnTelling, reachedAt, TOLD_BY_LISTENER } from "./relay/telling.ts";
import { givenTurns, turnsOf } from "./send_turns.ts";
import { looksLikeHttp, SendingMeeters, type SentTls, sentTls, type TrustOf } from "./sending_tls.ts";
import { sentExchange } from "./sent_exchange.ts";
import {
  type NewSend,
  type ResendSettings,
  SendError,
  type Sends,
  type SendSettings,
  type Sent,
} from "./ui/sends.ts";

/** Unless the user says otherwise. */
const QUIET_MS = 200;
const LIMIT_MS = 60_000;
/** How many Connections of our own may be open at once. */
const MOST_OPEN = 256;
/** For what was sent through no Listener. */
const NO_LISTEN: Address = { host: "127.0.0.1", port: 0 };

/** What sending is made of. */
export interface SendingParts {
  readonly catalog: Pick<Catalog, "exchange" | "exchanges" | "connection" | "bytes" | "onChange">;
  readonly listeners: () => readonly Listener[];
  readonly recording: () => Recording;
  readonly observer: Observer;
  readonly dialer: Dialer;
  readonly ownClients: OwnClients;
  readonly nextConnection: () => number;
  /** The proxy of a listener; undefined where it has none, or is gone. */
  readonly viaOf: (listener: string) => UpstreamProxy | undefined;
  /** How a listener meets its target's TLS; undefined where it says nothing of it, or is gone. */
  readonly trustOf: TrustOf;
  readonly certificateFiles: CertificateReading;
}

/** Where a request goes, and what it is. */
interface Plan extends Pick<OutgoingOptions, "target" | "turns" | "targetFirst"> {
  readonly settings: SendSettings;
  readonly listener: string;
  readonly listen: Address;
  readonly resendOf: readonly (string | null)[];
  /** TLS with the target; null, or left out, for none. */
  readonly tls?: SentTls | null;
}

/** Sends for the page and the API. */
export class Sending implements Sends {
  /** The page's own port, which must not be a target. */
  pagePort: number | null = null;
  readonly #open = new Map<OutgoingConnection, { number: number | null; readonly clientPort: number }>();
  readonly #runs = new Set<Promise<void>>();
  readonly #over = new AbortController();

  readonly #meeters: SendingMeeters;

  constructor(private readonly parts: SendingParts) {
    this.#meeters = new SendingMeeters(parts.certificateFiles);
  }

  async resend(id: string, settings: ResendSettings): Promise<Sent | null> {
    const row = await this.parts.catalog.exchange(id);
    if (row === null) return null;
    const { turns, resendOf, targetFirst } = await turnsOf(this.parts.catalog, row, settings);
    if (settings.through === "listener") {
      refuseTls(settings);
      const target = this.#listenerOf(row, settings);
      return await this.#throughListener({
        target,
        turns,
        targetFirst,
        settings,
        listener: row.listener,
        listen: target,
        resendOf,
      });
    }
    const connection = await this.parts.catalog.connection(row.connection);
    const listen = connection?.listen ? parseListen(connection.listen) : NO_LISTEN;
    const target = settings.target ?? recordedTarget(row);
    const recorded = connection && { connection, tls: row.tls, isSameTarget: settings.target === null };
    const isHttp = settings.turns === null ? row.protocol === "http" : looksLikeHttp(settings.turns[0]);
    return await this.#straight({
      target,
      tls: this.#tls(settings, target, recorded, isHttp),
      turns,
      targetFirst,
      settings,
      listener: row.listener,
      listen,
      resendOf,
    });
  }

  async send(send: NewSend): Promise<Sent> {
    const turns = givenTurns(send.turns, send.fixContentLength);
    const { target, targetFirst } = send;
    return await this.#straight({
      target,
      tls: this.#tls(send, target, null, looksLikeHttp(send.turns[0])),
      turns,
      targetFirst,
      settings: send,
      listener: SENDER,
      listen: NO_LISTEN,
      resendOf: [],
    });
  }

  end(connection: string): boolean {
    const wanted = connectionNumber(connection);
    for (const [outgoing, { number }] of this.#open) {
      if (number !== wanted) continue;
      outgoing.stop("stopped", "ended by the user");
      return true;
    }
    return false;
  }

  /** Ends everything that is being sent. */
  async close(): Promise<void> {
    this.#over.abort();
    for (const outgoing of this.#open.keys()) outgoing.stop("stopped", "the monitor closed the connection");
    await Promise.all(this.#runs);
  }

  #tls(
    settings: SendSettings,
    target: Address,
    recorded: Parameters<typeof sentTls>[2],
    isHttp: boolean,
  ): SentTls | null {
    return sentTls(settings, target, recorded, isHttp, this.parts.listeners(), this.parts.trustOf);
  }

  #listenerOf(row: Exchange, { target }: ResendSettings): Address {
    if (target !== null) {
      throw new SendError(
        "Cannot send to another target through a listener: it has its own. Leave target out.",
        "target",
      );
    }
    const listener = this.parts.listeners().find(({ id }) => id === row.listener);
    if (listener === undefined) {
      throw new SendError(
        `Cannot send ${row.id} through its listener: it has none any more. Send it straight to the target.`,
        "through",
      );
    }
    if (row.tls === "decrypted" && listener.targetScheme === null) {
      throw new SendError(
        `Cannot send ${row.id} through ${listener.listen}: it passed inside TLS, which that listener does not begin. ` +
          "Send it straight to the target.",
        "through",
      );
    }
    if (listener.state !== "listening") {
      throw new SendError(
        `Cannot send through ${listener.listen}: it is not listening. Start it, or send straight to the target.`,
        "through",
      );
    }
    return reachedAt(parseListen(listener.listen));
  }

  async #straight(plan: Plan): Promise<Sent> {
    const { target, listener, listen, resendOf } = plan;
    const clientPort = this.#mayOpen(target);
    const connection = this.parts.nextConnection();
    const own = { connection, listener, listen, target, resendOf, clientPort };
    const telling = new OwnTelling(own, this.parts.observer);
    const outgoing = new OutgoingConnection({
      ...optionsOf(plan),
      isInTls: (plan.tls ?? null) !== null,
      telling,
      dial: async (to, signal) => {
        // Straight is the way of the listener's own Connections, without the listener.
        const via = this.parts.viaOf(listener);
        const way = { dialer: this.parts.dialer, via };
        const reached = plan.tls
          ? await this.#inside(plan.tls, way, to, signal)
          : await reach(way, to, signal);
        telling.via = reached.via;
        if ("met" in reached) telling.agreed = reached.met.agreed;
        return "met" in reached ? reached.met.stream : reached.conn;
      },
    });
    const run = this.#run(outgoing, connection, clientPort);
    return await this.#sent(connection, plan, run);
  }

  /** Reaches a target inside TLS. Throws DialError. */
  async #inside({ trust, name, alpn }: SentTls, way: Way, to: Address, signal: AbortSignal) {
    const meeter = await this.#meeters.meeter(trust);
    const { via, met } = await reachInside(meeter, way, to, () => Promise.resolve(alpn), signal, name);
    return { via, met: met! };
  }

  async #throughListener(plan: Plan): Promise<Sent> {
    const clientPort = this.#mayOpen(plan.target);
    const { dialer, ownClients } = this.parts;
    const accepted = Promise.withResolvers<number>();
    let relayed: OwnConnection | null = null;
    let forget = () => {};
    const client = {
      resendOf: plan.resendOf,
      accepted: (connection: OwnConnection) => {
        relayed = connection;
        accepted.resolve(connection.number);
      },
    };
    const outgoing = new OutgoingConnection({
      ...optionsOf(plan),
      telling: TOLD_BY_LISTENER,
      relayed: () => relayed,
      dial: async (to, signal) => {
        const conn = await ownClients.dial(client, dialer.dial(to, signal));
        const ends = endsOf(conn);
        forget = () => ownClients.forget(ends);
        return conn;
      },
    });
    const run = this.#run(outgoing, null, clientPort).catch((error) => accepted.reject(error)).finally(() => {
      forget();
      accepted.reject(new Error("the listener did not accept it"));
    });
    let number: number;
    try {
      number = await accepted.promise;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SendError(
        `Cannot send through ${formatAddress(plan.listen)}: ${reason}. Try again.`,
        "through",
      );
    }
    const entry = this.#open.get(outgoing);
    if (entry) entry.number = number;
    return await this.#sent(number, plan, run);
  }

  #run(outgoing: OutgoingConnection, number: number | null, clientPort: number): Promise<void> {
    this.#open.set(outgoing, { number, clientPort });
    const run = outgoing.run();
    // Whoever started it is told where it fails.
    const settled: Promise<void> = run.catch(() => {}).finally(() => {
      this.#open.delete(outgoing);
      this.#runs.delete(settled);
    });
    this.#runs.add(settled);
    return run;
  }

  /** Throws SendError where nothing may be sent now; otherwise gives a number that no other of our own has. */
  #mayOpen(target: Address): number {
    const { stopped } = this.parts.recording();
    if (stopped !== null) {
      throw new SendError(
        `Cannot send: the answer would not be recorded. ${stopped}. Start tcpmon again to record.`,
      );
    }
    if (this.#over.signal.aborted) throw new SendError("Cannot send: tcpmon ends. Start it again.");
    if (this.#open.size >= MOST_OPEN) {
      throw new SendError(`Cannot send: ${MOST_OPEN} are being sent already. Wait until one has its answer.`);
    }
    if (target.port === this.pagePort && isLoopback(target.host)) {
      throw new SendError(
        `Cannot send to ${formatAddress(target)}: that is the page of tcpmon itself. Give another target.`,
        "target",
      );
    }
    const taken = new Set([...this.#open.values()].map(({ clientPort }) => clientPort));
    let port = 1;
    // A Connection with the same address at both ends would have no Directions.
    while (taken.has(port) || port === target.port) port++;
    return port;
  }

  async #sent(number: number, { resendOf }: Plan, ended: Promise<void>): Promise<Sent> {
    const connection = connectionId(number);
    const exchange = await sentExchange(this.parts.catalog, {
      connection,
      resendOf: resendOf.at(-1) ?? null,
      ended,
      signal: this.#over.signal,
    });
    return exchange === null ? { connection } : { exchange };
  }
}

function optionsOf({ target, turns, targetFirst, settings }: Plan) {
  const { endAfterTurns, quietMs = QUIET_MS, limitMs = LIMIT_MS } = settings;
  return { target, turns, targetFirst, endAfterTurns, quietMs, limitMs, answer: new AnswerWatch() };
}

/** A listener speaks TLS to its target, or not, as it is set. */
function refuseTls({ tls, insecure }: ResendSettings): void {
  if (tls === undefined && !insecure) return;
  throw new SendError(
    "Cannot say how to send through a listener: TLS is spoken to its target as it says. Leave tls and insecure out.",
    tls === undefined ? "insecure" : "tls",
  );
}

function recordedTarget({ id, target }: Exchange): Address {
  try {
    return parseDestination(target);
  } catch {
    throw new SendError(
      `Cannot send ${id} again: its target "${target}" is no address. Give a target.`,
      "target",
    );
  }
}
