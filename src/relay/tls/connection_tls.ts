// TLS of one Connection: on which of its legs it is spoken, from when on, and with what. Where the client begins it, the
// target is met first and offered what the client offers; the client is then answered with what the target has chosen, and
// with nothing that it has refused.

import type { Address, Observer } from "../../model.ts";
import type { ConnectionLeg } from "../connection_leg.ts";
import { DIAL_MS, DialError } from "../dial.ts";
import { failureAnswer } from "../own_answers.ts";
import { reach, type Way } from "../reach.ts";
import type { ClientHello } from "./client_hello.ts";
import type { ListenerTls } from "./listener_tls.ts";
import { type Agreed, MeetError, type Met, StaleAuthorities, type TargetMeeter } from "./meet_target.ts";
import { reachInside } from "./reach_inside.ts";
import { RefusingLeg } from "./refusing_leg.ts";
import { soonest } from "../../soonest.ts";
import { FIRST_WORD_MS, SwitchingLeg } from "./switching_leg.ts";
import { TlsError } from "./tls_stream.ts";
import { UpgradeLegs, type UpgradeParts } from "./upgrade_legs.ts";
import type { Upgrade } from "./upgrade_watch.ts";

/** What a Connection tells of itself. */
export interface ConnectionTlsOptions {
  readonly target: Address;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** The client may begin TLS with its first byte. Otherwise `expect` says when. */
  readonly fromFirstByte: boolean;
  /** The Host header is rewritten, which can be done in HTTP/1 alone: a client that offers that gets no other. */
  readonly onlyHttp1: boolean;
}

/** A target that was reached. */
export interface TargetLeg {
  readonly conn: ConnectionLeg;
  readonly via: Address | null;
}

/** What the pumps read from and write to. */
export interface Legs {
  readonly client: ConnectionLeg;
  readonly target: ConnectionLeg;
}

/** TLS of one Connection. */
export class ConnectionTls {
  /** What the Connection reads its client from. */
  readonly client: ConnectionLeg;
  readonly #switching: SwitchingLeg | null;
  /** The target's leg where it may be inside TLS later. */
  #target: SwitchingLeg | null = null;
  /** What was agreed on with the target; null: nothing was, or it was not reached. */
  readonly #met = Promise.withResolvers<Agreed | null>();
  #hello: Promise<ClientHello | null> | null = null;
  /** The client begins TLS within the Connection, and the target is to speak it from then on, too. */
  #isUpgrade = false;
  /** Given where TLS may begin by STARTTLS and its like. */
  #upgrade: UpgradeLegs | null = null;
  /** Given in a tunnel: ends the Connection whose client has had its answer from the monitor. */
  #over: (() => void) | null = null;
  /** Why TLS with the target did not come about, once the monitor answers for it; null otherwise. */
  #refused: DialError | null = null;
  /** How the target is reached. */
  #way: Way | null = null;
  /** The client's TLS is none of ours. */
  #isPassedThrough = false;
  #isClientInTls = false;
  #tell: ((agreed: Agreed) => void) | null = null;
  readonly #untold: Agreed[] = [];

  constructor(
    private readonly conn: ConnectionLeg,
    private readonly tls: ListenerTls,
    private readonly options: ConnectionTlsOptions,
  ) {
    this.#switching = tls.endsClients ? new SwitchingLeg(conn) : null;
    this.client = this.#switching ?? conn;
    if (options.fromFirstByte) this.#expect(true);
  }

  /** Whether the client's TLS ends here. */
  get isClientInTls(): boolean {
    return this.#isClientInTls;
  }

  /** Whether the client has begun TLS, and hands are still being shaken. */
  get isGreeting(): boolean {
    return this.#switching?.isSwitching ?? false;
  }

  /** Reaches the target, and begins TLS with it where the Route says so. Throws DialError. */
  async reach(way: Way): Promise<TargetLeg> {
    this.#way = way;
    try {
      return this.tls.scheme === null ? await this.#plainly(way) : await this.#securely(way);
    } catch (error) {
      this.#met.resolve(null);
      throw error;
    }
  }

  /** The target was reached, or was not, and that is told: from now on, what is agreed on is told as well. */
  connected(number: number, observer: Observer): void {
    this.#tell = (agreed) => observer.secured({ connection: number, ...agreed });
    for (const agreed of this.#untold.splice(0)) this.#tell(agreed);
  }

  /**
   * The legs as the pumps use them, where TLS may begin within the Connection by STARTTLS and its like. `undelivered` is
   * told of bytes that were read and go nowhere.
   */
  watched(target: ConnectionLeg, undelivered: UpgradeParts["undelivered"]): Legs {
    const watch = this.tls.watchUpgrades?.();
    const [client, leg] = [this.#switching, this.#target];
    if (watch === undefined || client === null || leg === null) return { client: this.client, target };
    const begin = (_: Upgrade, ahead: Uint8Array) => {
      // What is said from now on is no request that the monitor could answer.
      this.#over = null;
      client.unread(ahead);
      this.expect(false);
    };
    return this.#upgrade = new UpgradeLegs({ client, target: leg, watch, begin, undelivered });
  }

  /** Why TLS with the target did not come about, where the client was answered in its place; null otherwise. */
  get refused(): DialError | null {
    return this.#refused;
  }

  /**
   * A tunnel is open: from its next byte on the client may begin TLS, and the target then speaks it, too. A client whose
   * target cannot be met is answered by the monitor; `over` is called when it has had its time.
   */
  inTunnel(over: () => void): void {
    this.#over = over;
    // A target that speaks first is not kept waiting: none does so before TLS.
    this.expect(false);
  }

  /** From the client's next byte on it may begin TLS: a tunnel is open, or both have agreed on STARTTLS. */
  expect(isFirst: boolean): void {
    this.#isUpgrade = true;
    this.#expect(isFirst);
  }

  async #plainly(way: Way): Promise<TargetLeg> {
    const { conn, via } = await reach(way, this.options.target, this.options.signal);
    this.#met.resolve(null);
    if (this.#switching === null) return { conn, via };
    this.#target = new SwitchingLeg(conn);
    return { conn: this.#target, via };
  }

  async #securely(way: Way): Promise<TargetLeg> {
    const { target, signal } = this.options;
    const targets = await this.#targets();
    if (this.#switching && this.options.fromFirstByte) this.#hello = this.#switching.peek();
    const offer = async () => {
      const hello = this.#hello && await soonest(this.#hello, FIRST_WORD_MS);
      if (this.#isPassedThrough) return null;
      return hello ? this.#offered(hello) : this.tls.scheme === "https" ? ["http/1.1"] : [];
    };
    const { conn, via, met } = await reachInside(targets, way, target, offer, signal);
    if (met === null) return { conn, via };
    this.#agreed(met.agreed);
    this.#met.resolve(met.agreed);
    return { conn: met.stream, via };
  }

  #expect(isFirst: boolean): void {
    const { tls, options, conn } = this;
    this.#switching?.expect(async (hello, ahead) => {
      const { target, signal } = options;
      const clients = await tls.clients();
      if (clients.isPassedThrough(this.#nameOf(hello), target.port)) {
        this.#isPassedThrough = true;
        this.#upgrade?.letPass();
        return null;
      }
      await this.#upgrade?.delivered();
      const alpn = await this.#chosen(hello);
      const also = [...new Set([target.host, "localhost", conn.localAddr.hostname])];
      const meeting = { hello, name: target.host, also, alpn, ahead, signal };
      const met = await clients.meet(conn, meeting).catch((error) => {
        // The target's failure came first, and is what both have to know of.
        throw this.#refused ? new TlsError("target", this.#refused.message) : error;
      });
      this.#isClientInTls = true;
      this.#agreed(met.agreed);
      return met.stream;
    }, isFirst);
  }

  /** The protocol that the client is answered with, once the target has chosen; null for none. */
  async #chosen(hello: ClientHello): Promise<string | null> {
    const isMirrored = this.tls.scheme === null && this.#isUpgrade && this.#target !== null;
    const agreed = isMirrored ? await this.#mirror(this.#target!, hello) : await this.#met.promise;
    // A client that takes no HTTP/1 cannot be answered: nothing else is offered to it.
    if (this.#refused) return hello.alpn.length > 0 ? "http/1.1" : null;
    // A target that speaks no TLS has no say: most expect HTTP/1, where the client offers that.
    if (agreed === null) return hello.alpn.includes("http/1.1") ? "http/1.1" : hello.alpn[0] ?? null;
    return agreed.alpn !== null && hello.alpn.includes(agreed.alpn) ? agreed.alpn : null;
  }

  /** Begins TLS with the target because the client has. */
  async #mirror(leg: SwitchingLeg, hello: ClientHello): Promise<Agreed | null> {
    let agreed: Agreed | null = null;
    await leg.begin(async (socket) => {
      try {
        const met = await this.#meet(socket, hello);
        agreed = met.agreed;
        return met.stream;
      } catch (error) {
        if (!(error instanceof DialError)) throw error;
        if (this.#over === null) throw new TlsError("target", error.message);
        return this.#refuse(socket, error, this.#over);
      }
    });
    if (agreed !== null) this.#agreed(agreed);
    return agreed;
  }

  /**
   * The server that the client means. To a Listener with a target it comes by the name of this machine; with its first
   * byte it may still mean one of several names that the target has.
   */
  #nameOf({ serverName }: ClientHello): string {
    const { target, fromFirstByte } = this.options;
    return (fromFirstByte && this.#isUpgrade ? null : serverName) ?? target.host;
  }

  async #meet(socket: ConnectionLeg, hello: ClientHello): Promise<Met> {
    const { target, signal } = this.options;
    const targets = await this.#targets();
    const meeting = {
      target,
      name: this.#nameOf(hello),
      alpn: this.#offered(hello),
      deadline: performance.now() + DIAL_MS,
      limitMs: DIAL_MS,
      signal,
      isMirrored: true,
    };
    // What was said to a target before TLS cannot be said again: there is no second try then.
    const way = this.#over && this.#way;
    try {
      return await targets.meet(socket, { ...meeting, isThorough: way === null });
    } catch (error) {
      if (!(error instanceof StaleAuthorities) || way === null) throw error;
      const { conn } = await reach(way, target, signal);
      return await targets.meet(conn, { ...meeting, isThorough: true });
    }
  }

  /** The monitor answers in the target's place. */
  #refuse(socket: ConnectionLeg, error: DialError, over: () => void): ConnectionLeg {
    this.#refused = error;
    const answer = (method: string) => failureAnswer(error, this.options.target, method);
    return new RefusingLeg(socket, { answer, over });
  }

  /** What the client offers, as far as the target may choose it. */
  #offered({ alpn }: ClientHello): readonly string[] {
    const http1 = alpn.filter((protocol) => protocol.startsWith("http/1"));
    return this.options.onlyHttp1 && http1.length > 0 ? http1 : alpn;
  }

  /** Who meets the target. Throws MeetError where what it needs cannot be read. */
  async #targets(): Promise<TargetMeeter> {
    try {
      return await this.tls.targets();
    } catch (error) {
      throw new MeetError("error", error instanceof Error ? error.message : String(error));
    }
  }

  #agreed(agreed: Agreed): void {
    if (this.#tell) this.#tell(agreed);
    else this.#untold.push(agreed);
  }
}
