// One Connection from accept to its end: dials the target, runs a pump in each Direction, passes ends on.
// Half-close is kept: the end of one Direction closes the write side of the other leg only. A reset cannot be passed
// on as one (no Deno API sends it without slowing the byte path down), so it is passed on as an end, and said so.

import type {
  Address,
  Closed,
  Connected,
  Direction,
  EndedBy,
  How,
  Observer,
  Opened,
  RouteOptions,
  SideEnd,
} from "../model.ts";
import { type Dialer, DialError } from "./dial.ts";
import type { ReadVariable } from "./environment.ts";
import type { OwnClient, OwnClients } from "./own_clients.ts";
import { isLoopback } from "../address.ts";
import { EditingSink, type MakeEditors } from "./editing_sink.ts";
import type { ConnectionLeg } from "./connection_leg.ts";
import type { Leg, LinkControl } from "./link.ts";
import { howOf, pump, type PumpEnd } from "./pump.ts";
import { reach } from "./reach.ts";
import type { Member } from "./roster.ts";
import type { Outlet } from "./sink.ts";
import { Stopping } from "./stopping.ts";
import { ConnectionTls } from "./tls/connection_tls.ts";
import type { ListenerTls } from "./tls/listener_tls.ts";
import { MeetError } from "./tls/meet_target.ts";
import { TlsError, unsaidEnd } from "./tls/tls_stream.ts";

/** How long, ms, and how much, bytes, is read of what a client sends to a target that cannot be reached. */
const UNDELIVERED_MS = 50;
const UNDELIVERED_BYTES = 1024 * 1024;
/** How long, ms, a client is read on that has its answer from the monitor. */
const LINGER_MS = 1_000;
const NOTHING = new Uint8Array(0);

/** Where a Connection comes from and goes to. */
export interface ConnectionOptions {
  readonly number: number;
  readonly listener: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly target: { readonly host: string; readonly port: number };
  readonly route: RouteOptions;
  readonly observer: Observer;
  readonly dialer: Pick<Dialer, "dial">;
  readonly ownClients?: OwnClients;
  /** What its bytes are slowed down by; left out where they never are. */
  readonly link?: LinkControl;
  /** Reads a variable of the environment, where the Route says so. */
  readonly readVariable?: ReadVariable;
  /** Given where what is passed on may differ from what came. */
  readonly editors?: MakeEditors;
  /** Given where the client has named the target, as to a proxy. */
  readonly forward?: Forwarded;
  /** Given where TLS may be spoken on a leg. */
  readonly tls?: ListenerTls | null;
}

/** What a client of a proxy gets from the proxy itself. */
export interface Forwarded {
  /** The request for a tunnel, which is not for the target, and the answer once the target is reached; null for others. */
  readonly tunnel: { readonly request: Uint8Array; readonly answer: Uint8Array } | null;
  /** Whether the request that the Connection begins with has come whole. */
  isWhole(): boolean;
  /** The answer where the target is not reached. */
  refusal(error: DialError): Uint8Array;
}

/** Why the pumps have ended: what is told in `closed`. */
interface Ending {
  readonly by: EndedBy;
  readonly how: How;
  readonly error: string | null;
  readonly note?: string;
  /** The Direction whose latest bytes could not be written on. */
  readonly undelivered: Direction | null;
}

const ORDERLY: Ending = { by: "client", how: "end", error: null, undelivered: null };

/** Relays one client. */
export class RelayedConnection implements Member {
  place = 0;
  readonly #stop = new Stopping();
  readonly #bytes = { upstream: 0, downstream: 0 };
  /** Sides whose first end has been told, and those whose sockets are closed. */
  readonly #ended = { client: false, target: false };
  readonly #closed = { client: false, target: false };
  /** The Direction whose latest bytes were not passed on, because TLS was to begin in their place. */
  #refused: Direction | null = null;
  /** Where the pumps write to, where there may be a slow link before the socket. */
  readonly #legs: { upstream: Leg | null; downstream: Leg | null } = { upstream: null, downstream: null };
  #target: ConnectionLeg | null = null;
  /** Set once both legs are closed: what the pumps then meet is of our own making. */
  #over = false;
  #ending: Ending | null = null;
  #editors: ReturnType<MakeEditors> | undefined;
  /** TLS of its legs; null where there is none. */
  readonly #tls: ConnectionTls | null;
  private client: ConnectionLeg;

  constructor(client: ConnectionLeg, private readonly options: ConnectionOptions) {
    const { tls } = options;
    this.#tls = tls ? this.#mayHaveTls(client, tls) : null;
    this.client = this.#tls?.client ?? client;
  }

  /**
   * Carries the Connection to its end; gives why its target was not reached, where it was not. One that was, and that
   * TLS has failed with, is told by who meets it. Never throws.
   */
  async run(): Promise<DialError | undefined> {
    const { number, listener, listen, target, route, observer, ownClients, forward } = this.options;
    const local = this.client.localAddr;
    const remote = this.client.remoteAddr;
    const own = ownClients?.expecting ? await ownClients.take(this.client) : null;
    const here = { host: local.hostname, port: local.port };
    this.#editors = this.options.editors?.({
      listen,
      target,
      local: here,
      clientInTls: () => this.#tls?.isClientInTls ?? false,
    });
    const client = { host: remote.hostname, port: remote.port };
    const opened: Opened = { connection: number, listener, listen, target, local: here, client };
    observer.opened(forward || own || this.#editors ? { ...opened, ...this.#more(own) } : opened);
    own?.accepted({ number, stop: (how, reason) => this.stop(how, reason) });
    const began = performance.now();
    let via: Address | null;
    try {
      const { dialer, readVariable } = this.options;
      const way = { dialer, readVariable, via: route.via };
      const reached = this.#tls ? await this.#tls.reach(way) : await reach(way, target, this.#stop);
      via = reached.via;
      this.#target = reached.conn;
      if (this.#stop.isStopped) throw this.#stop.reason;
    } catch (error) {
      return await this.#fail(error instanceof DialError ? error : new DialError("error", String(error)));
    }
    prepare(this.client);
    prepare(this.#target);
    const { hostname: host, port } = this.#target.remoteAddr;
    const dialMs = Math.round((performance.now() - began) * 1000) / 1000;
    const answered = forward?.tunnel?.answer.length;
    const connected: Connected = { connection: number, address: { host, port }, dialMs };
    observer.connected(
      via || answered
        ? { ...connected, ...(via ? { via } : {}), ...(answered ? { answered } : {}) }
        : connected,
    );
    this.#tls?.connected(number, observer);
    if (forward?.tunnel) await this.#openTunnel(forward.tunnel.request, forward.tunnel.answer);
    if (this.#tls) {
      const legs = this.#tls.watched(this.#target, (direction, bytes) => {
        this.#refused = direction;
        this.#told(direction, bytes);
      });
      this.client = legs.client;
      this.#target = legs.target;
    }
    await Promise.all([
      this.#direction("upstream", this.#target),
      this.#direction("downstream", this.#target),
    ]);
    this.#closeBoth();
    const refused = this.#tls?.refused;
    if (refused) {
      observer.failed({ connection: number, how: refused.how, error: refused.message });
      return;
    }
    const { by, how, error, note, undelivered } = this.#ending ?? ORDERLY;
    const { upstream: upstreamBytes, downstream: downstreamBytes } = this.#bytes;
    const closed: Closed = {
      connection: number,
      endedBy: by,
      how,
      error,
      undelivered,
      upstreamBytes,
      downstreamBytes,
    };
    observer.closed(note === undefined ? closed : { ...closed, note });
  }

  /** What is told of a Connection that is not just a client and a target. */
  #more(own: OwnClient | null): Partial<Opened> {
    return {
      ...(this.options.forward ? { forward: true } : this.#editors ? { rewrites: true } : {}),
      ...(own ? { origin: "tcpmon", resendOf: own.resendOf } : {}),
    };
  }

  /** The target was not reached. What a client has asked of a proxy has an answer all the same. */
  async #fail(reason: DialError): Promise<DialError | undefined> {
    const { number, observer, forward } = this.options;
    if (forward?.tunnel) this.#told("upstream", forward.tunnel.request);
    else if (!this.#over) {
      this.#tls?.connected(number, observer);
      await this.#recordUndelivered();
    }
    const answer = this.#over ? undefined : forward?.refusal(reason);
    if (answer) this.#told("downstream", answer);
    else this.#closeBoth();
    const stopped = this.#stop.isStopped;
    observer.failed({
      connection: number,
      how: stopped ? "stopped" : reason.how,
      error: stopped ? "the listener was closed before the target answered" : reason.message,
    });
    if (answer) await this.#deliver(answer);
    this.#closeBoth();
    // The system may still be trying; it goes on with an attempt that nobody can end (DialRoom), and is left alone.
    this.#stop.stop();
    return stopped || reason instanceof MeetError ? undefined : reason;
  }

  /** What the client has sent to a target that cannot be reached is recorded, as far as it comes within a moment. */
  async #recordUndelivered(): Promise<void> {
    const { forward } = this.options;
    const { promise: late, resolve } = Promise.withResolvers<null>();
    let timer = setTimeout(() => {
      // Who begins TLS says nothing before that is done.
      if (this.#tls?.isGreeting) timer = setTimeout(() => resolve(null), LINGER_MS);
      else resolve(null);
    }, UNDELIVERED_MS);
    const buffer = new Uint8Array(64 * 1024);
    for (let total = 0; total < UNDELIVERED_BYTES;) {
      const length = await Promise.race([this.client.read(buffer).catch(() => null), late]);
      if (length === null) break;
      this.#told("upstream", buffer.subarray(0, length));
      total += length;
      if (forward ? forward.isWhole() : length < buffer.length) break;
    }
    clearTimeout(timer);
  }

  /** The request for a tunnel and its answer are an exchange with the monitor: the target gets and gives none of it. */
  async #openTunnel(request: Uint8Array, answer: Uint8Array): Promise<void> {
    const { number, observer } = this.options;
    this.#told("upstream", request);
    const removed = request.length;
    observer.edited({ connection: number, direction: "upstream", offset: 0, removed, inserted: NOTHING });
    this.#told("downstream", answer);
    await writeAll(this.client, answer);
    this.#tls?.inTunnel(() => this.#closeBoth());
  }

  /** Delivers an answer, and reads on for a moment: a client that still sends would lose it otherwise. */
  async #deliver(answer: Uint8Array): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const timer = setTimeout(() => resolve(null), LINGER_MS);
    const buffer = new Uint8Array(64 * 1024);
    await Promise.race([writeAll(this.client, answer).then(() => endWriting(this.client)), late]);
    while (!this.#over) {
      if (await Promise.race([this.client.read(buffer).catch(() => null), late]) === null) break;
    }
    clearTimeout(timer);
  }

  #told(direction: Direction, bytes: Uint8Array): void {
    this.#bytes[direction] += bytes.length;
    this.options.observer.chunk(this.options.number, direction, bytes);
  }

  /** Whether the target has been reached. */
  get hasTarget(): boolean {
    return this.#target !== null;
  }

  /** Ends the Connection in order: its client goes on with another target. */
  leave(): void {
    if (this.#over || this.#target === null) return;
    this.#tell("client", "end", "end");
    this.#ending ??= ORDERLY;
    this.#closeBoth();
  }

  /** Ends the Connection at once, as the monitor. */
  stop(how: How = "stopped", reason = "the monitor closed the connection"): void {
    if (this.#stop.isStopped) return;
    this.#ending = { by: "monitor", how, error: reason, undelivered: this.#holding() };
    this.#stop.stop();
    this.#closeBoth();
  }

  #mayHaveTls(client: ConnectionLeg, tls: ListenerTls): ConnectionTls {
    const { target, forward, editors } = this.options;
    return new ConnectionTls(client, tls, {
      target,
      signal: this.#stop.signal,
      fromFirstByte: forward === undefined,
      onlyHttp1: editors !== undefined,
    });
  }

  async #direction(direction: Direction, target: ConnectionLeg): Promise<void> {
    const [source, sink]: readonly ConnectionLeg[] = direction === "upstream"
      ? [this.client, target]
      : [target, this.client];
    const leg = this.options.link?.join(direction, sink) ?? null;
    this.#legs[direction] = leg;
    const outlet = leg ?? { sink };
    const { number, observer } = this.options;
    const editing = this.#editing(outlet, direction);
    const into = editing === null ? outlet : { sink: editing };
    // What is written first goes out at once in any case (RFC 1122, 4.2.3.4), and most short Connections write no more.
    let delays = editing === null && !leg?.isSlow;
    if (!delays) dontDelay(sink);
    const count = (bytes: number) => {
      if (delays && this.#bytes[direction] > 0) {
        delays = false;
        dontDelay(sink);
      }
      this.#bytes[direction] += bytes;
    };
    let end = await pump(source, into, number, direction, observer, count);
    if (editing !== null && end.leg === "source") end = await flushed(editing, end);
    if (this.#over) return;
    if (end.how === "end" && leg?.isSlow) {
      const by = direction === "upstream" ? "client" : "target";
      this.#ending ??= inOrder(by, source.isTruncated === true);
      // It is on its way, behind the bytes that are.
      this.#tell(by, "end", "end");
      const error = await leg.sink.closeWrite().catch((error: unknown) => error);
      if (this.#over || error === undefined) return;
      end = { leg: "sink", how: howOf(error), error };
    }
    const by = sideOf(end, direction);
    if (end.how === "end") {
      const isCut = source.isTruncated === true;
      this.#ending ??= inOrder(by, isCut);
      // When the other Direction is over too, closing the sink tells it the end as well, unless that is inside TLS.
      const closes = (this.#ended.client || this.#ended.target) && sink.cutOff === undefined;
      if (closes) this.#close(by === "client" ? "target" : "client");
      this.#tell(by, "end", closes || await endWriting(sink, isCut) ? "end" : "nothing");
      return;
    }
    this.#tell(by, end.how, "end");
    if (this.#ending === null || this.#ending.how === "end") {
      const undelivered = end.leg === "sink" ? direction : this.#refused ?? this.#holding();
      this.#ending = { by, how: end.how, error: words(by, end), undelivered };
    }
    // A side that was reset takes nothing more, so the other is ended; but what a target sent before it refused the
    // rest of the request is still read and delivered by the other pump.
    if (end.leg === "source" || by === "client") this.#closeBoth();
  }

  /** The stage that edits before `outlet`; null where there is none. */
  #editing(outlet: Outlet, direction: Direction): EditingSink | null {
    const editor = this.#editors?.[direction];
    if (editor === undefined) return null;
    const { number, observer } = this.options;
    return new EditingSink(outlet, editor, number, direction, observer);
  }

  #tell(by: "client" | "target", how: SideEnd, passedOn: "end" | "nothing"): void {
    // What the monitor answers in its place is no word of the target.
    if (this.#ended[by] || this.#tls?.refused) return;
    this.#ended[by] = true;
    this.options.observer.ended({ connection: this.options.number, by, how, passedOn });
  }

  /** A Direction with bytes that are still on a slow link. */
  #holding(): Direction | null {
    const { upstream, downstream } = this.#legs;
    return upstream?.isHolding ? "upstream" : downstream?.isHolding ? "downstream" : null;
  }

  #closeBoth(): void {
    this.#over = true;
    this.#legs.upstream?.leave();
    this.#legs.downstream?.leave();
    this.#close("client");
    this.#close("target");
  }

  /** Closes a leg, once. */
  #close(side: "client" | "target"): void {
    const conn = side === "client" ? this.client : this.#target;
    if (conn === null || this.#closed[side]) return;
    this.#closed[side] = true;
    conn.close();
  }
}

/** A peer that has vanished without a word is noticed in the end. Of one on this machine the kernel tells it anyway. */
function prepare(leg: ConnectionLeg): void {
  if (isLoopback(leg.remoteAddr.hostname)) return;
  try {
    leg.setKeepAlive(true);
  } catch {
    // It is gone already: its pump meets that and tells it.
  }
}

/** Small writes go out at once. */
function dontDelay(leg: ConnectionLeg): void {
  try {
    leg.setNoDelay(true);
  } catch {
    // As above.
  }
}

/** Which side has brought it to its end; TLS may have failed with the one while the other was read. */
function sideOf(end: PumpEnd, direction: Direction): "client" | "target" {
  if (end.error instanceof TlsError) return end.error.by;
  return (end.leg === "source") === (direction === "upstream") ? "client" : "target";
}

function inOrder(by: "client" | "target", isTruncated: boolean): Ending {
  return { ...ORDERLY, by, ...(isTruncated ? { note: unsaidEnd(by) } : {}) };
}

function words(by: "client" | "target", end: PumpEnd): string {
  if (end.error instanceof TlsError) return end.error.message;
  if (end.how === "reset") return `the ${by} reset the connection`;
  return `the connection to the ${by} broke: ${end.error instanceof Error ? end.error.message : end.error}`;
}

/** Has a stage write what it holds back, and gives how the Direction then has come to its end. */
async function flushed(editing: EditingSink, end: PumpEnd): Promise<PumpEnd> {
  try {
    await editing.flush();
    return end;
  } catch (error) {
    // What had already ended otherwise than in order stays so.
    return end.how === "end" ? { leg: "sink", how: howOf(error), error } : end;
  }
}

/** Half-closes; false where the other side is gone already. */
async function endWriting(
  leg: Pick<ConnectionLeg, "closeWrite" | "cutOff">,
  isCut = false,
): Promise<boolean> {
  try {
    await (isCut && leg.cutOff ? leg.cutOff() : leg.closeWrite());
    return true;
  } catch {
    // Not connected any more: its own pump tells how it ended.
    return false;
  }
}

/** Writes all of it, where the other side takes it. */
async function writeAll(conn: Pick<Deno.Conn, "write">, bytes: Uint8Array): Promise<void> {
  try {
    for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
  } catch {
    // It is gone: reading from it tells how.
  }
}
