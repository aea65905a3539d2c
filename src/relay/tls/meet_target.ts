// TLS with a target over a socket that leads to it: shakes hands, judges its certificate, and tells what was agreed on.
// Nothing is sent inside TLS before the certificate is found good. It dials nobody.

import tls from "node:tls";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { formatAddress } from "../../address.ts";
import type { Address, CertificateFacts, Secured } from "../../model.ts";
import { DialError } from "../dial.ts";
import type { ConnectionLeg } from "../connection_leg.ts";
import { howOf } from "../pump.ts";
import { failureOf } from "./alerts.ts";
import { Authorities } from "./authorities.ts";
import { peerOf } from "./certificate_facts.ts";
import type { TargetTrust } from "./route_tls.ts";
import { adviceFor, failureWords, faultOf, type Meeting } from "./target_words.ts";
import { TlsError, TlsStream } from "./tls_stream.ts";
import { Transport } from "./transport.ts";

/** What was agreed on with one side. */
export type Agreed = Omit<Secured, "connection">;

/** TLS that has been begun. */
export interface Met {
  readonly stream: TlsStream;
  readonly agreed: Agreed;
}

/** One handshake. */
export interface TargetMeeting {
  readonly target: Address;
  /** Whom to ask for, and whom the certificate has to be for: a name, or an address. */
  readonly name: string;
  /** The protocols to offer, the best first; none: nothing is said of them. */
  readonly alpn: readonly string[];
  /** When it must be done, by `performance.now()`, and what is then told. */
  readonly deadline: number;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** TLS is spoken because the client has begun it; left out: because the Route says so. */
  readonly isMirrored?: boolean;
  /** Bytes that were read from the socket before. */
  readonly ahead?: Uint8Array;
  /** Whether all authorities are checked against, also those that the target was not found to come from before. */
  readonly isThorough?: boolean;
}

/** The certificate did not come from where those of this target came from so far: only a thorough check can tell. */
export class StaleAuthorities extends Error {}

/** TLS with a target has failed, or cannot begin for a file that it needs, which is told by who meets it. */
export class MeetError extends DialError {}

/** Meets the targets of one Route. */
export class TargetMeeter {
  readonly authorities: Authorities;
  #context: tls.SecureContext | null = null;

  constructor(
    readonly trust: TargetTrust,
    /** Told, in words, of every handshake that has failed or was broken off. */
    private readonly onFailure: (words: string) => void = () => {},
  ) {
    this.authorities = new Authorities(trust);
  }

  /** Begins TLS on `conn`. Throws MeetError, having closed it; StaleAuthorities where it is worth a second try. */
  async meet(conn: ConnectionLeg, meeting: TargetMeeting): Promise<Met> {
    const { target, signal } = meeting;
    const name = inCertificates(meeting.name);
    const isName = isIP(name) === 0;
    const transport = new Transport(conn, meeting.ahead ?? null);
    let socket: tls.TLSSocket | null = null;
    const words: Meeting = {
      target,
      name,
      file: this.trust.caFile ?? null,
      isMirrored: meeting.isMirrored ?? false,
      hasCertificate: this.trust.certificate !== null,
    };
    try {
      socket = this.#begin(transport, name, meeting);
      await handshake(socket, "secureConnect", meeting);
      if (signal.aborted) throw signal.reason;
      const peer = peerOf(socket);
      const untrusted = this.#judge(socket, peer, words, meeting.isThorough ?? false);
      const stream = new TlsStream({
        socket,
        transport,
        conn,
        explain: (error) => new TlsError("target", failureWords(failureOf(error), words)),
      });
      return { stream, agreed: this.#agreed(socket, peer, isName ? name : null, untrusted) };
    } catch (error) {
      socket?.destroy();
      transport.destroy();
      if (error instanceof StaleAuthorities || signal.aborted) throw error;
      const wasReset = transport.failure !== null && howOf(transport.failure) === "reset";
      const failed = error instanceof MeetError ? error : failureFor(error, wasReset, words, meeting.limitMs);
      this.onFailure(failed.message);
      throw failed;
    }
  }

  #begin(transport: Transport, name: string, { alpn, isThorough }: TargetMeeting): tls.TLSSocket {
    const ca = this.authorities.forHost(name, isThorough ?? false);
    const socket = tls.connect({
      socket: transport,
      // An address is asked for by nobody (RFC 6066, 3).
      ...(isIP(name) === 0 ? { servername: name } : { host: name }),
      ...(alpn.length > 0 ? { ALPNProtocols: [...alpn] } : {}),
      ...(ca === undefined ? { secureContext: this.#sharedContext() } : { ca, ...this.#shown() }),
      rejectUnauthorized: false,
    });
    socket.allowHalfOpen = true;
    return socket;
  }

  /** What is wrong with the certificate, where any is accepted; null where nothing is. Throws where it is not accepted. */
  #judge(
    socket: tls.TLSSocket,
    peer: readonly CertificateFacts[],
    words: Meeting,
    isThorough: boolean,
  ): string | null {
    const { authorities } = this;
    const isPinned = peer.length > 0 && authorities.isPinned(peer[0].fingerprint);
    // The user has listed it, which makes it nobody else's, and no younger.
    const isMeant = isPinned && isInTime(peer[0]) &&
      tls.checkServerIdentity(words.name, socket.getPeerCertificate()) === undefined;
    const code = isPinned && !isMeant ? NAME : codeOf(socket.authorizationError);
    if (socket.authorized || isMeant) {
      authorities.wasGood(words.name, peer);
      return null;
    }
    const known = isThorough || peer.length === 0
      ? undefined
      : authorities.faultOf(words.name, peer[0].fingerprint);
    if (known !== undefined) return known;
    if (code !== NAME && !isThorough && authorities.hasShortcut(words.name)) {
      authorities.forget(words.name);
      throw new StaleAuthorities();
    }
    const fault = faultOf(code, peer, words, Date.now());
    if (this.trust.isInsecure) {
      if (peer.length > 0) authorities.wasAccepted(words.name, peer[0].fingerprint, fault);
      return fault;
    }
    const name = formatAddress(words.target);
    throw new MeetError("error", `${name} is not trusted: ${fault}. ${adviceFor(fault)}`);
  }

  #agreed(
    socket: tls.TLSSocket,
    peer: readonly CertificateFacts[],
    serverName: string | null,
    untrusted: string | null,
  ): Agreed {
    // The runtime adds the root that it has found, which targets need not show.
    const last = peer[peer.length - 1];
    const isRoot = socket.authorized && peer.length > 1 && last.subject === last.issuer;
    return {
      leg: "target",
      ...negotiated(socket),
      serverName,
      peer: isRoot ? peer.slice(0, -1) : peer,
      trust: this.authorities.name,
      untrusted,
    };
  }

  #shown() {
    return this.trust.certificate === null ? {} : this.trust.certificate;
  }

  /** Against the system's authorities: the same for every Connection. */
  #sharedContext(): tls.SecureContext {
    return this.#context ??= tls.createSecureContext(this.#shown());
  }
}

/** What came of a handshake, in words. */
function failureFor(error: unknown, wasReset: boolean, words: Meeting, limitMs: number): MeetError {
  const name = formatAddress(words.target);
  if (error === LATE) {
    return new MeetError("timeout", `${name} did not finish the TLS handshake within ${limitMs / 1000} s`);
  }
  if (wasReset) return new MeetError("reset", `${name} reset the connection during the TLS handshake`);
  return new MeetError("error", failureWords(failureOf(error as NodeJS.ErrnoException | null), words));
}

const NAME = "ERR_TLS_CERT_ALTNAME_INVALID";
const LATE = Symbol("the handshake took too long");

/** A name as certificates have it: in ASCII, without the root's dot (RFC 6125, 6.4.2); an address without its zone. */
function inCertificates(name: string): string {
  if (isIP(name) !== 0) return name.split("%")[0];
  const bare = name.replace(/\.$/, "");
  return domainToASCII(bare) || bare;
}

function isInTime({ notBefore, notAfter }: CertificateFacts): boolean {
  const now = Date.now();
  return Date.parse(notBefore) <= now && now <= Date.parse(notAfter);
}

/** The runtime gives it as an Error, or as its code. */
function codeOf(error: Error | string | null | undefined): string {
  if (error === null || error === undefined) return "";
  return typeof error === "string" ? error : (error as NodeJS.ErrnoException).code ?? error.message;
}

/** What was agreed on. */
export function negotiated(socket: tls.TLSSocket): Pick<Agreed, "version" | "cipher" | "alpn"> {
  const { alpnProtocol } = socket;
  return {
    version: socket.getProtocol() ?? "TLS",
    cipher: socket.getCipher()?.name ?? null,
    alpn: typeof alpnProtocol === "string" && alpnProtocol !== "" ? alpnProtocol : null,
  };
}

/** Resolves when `event` says that it is done; rejects with the socket's error, null where it ended, or LATE. */
export function handshake(
  socket: tls.TLSSocket,
  event: "secure" | "secureConnect",
  { deadline, signal }: Pick<TargetMeeting, "deadline" | "signal">,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (give: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", stop);
      for (const [name, listen] of listening) socket.off(name, listen);
      // What comes later is heard by whoever uses it; until then it must not end the program.
      socket.on("error", () => {});
      give();
    };
    const stop = () => settle(() => reject(signal.reason));
    const timer = setTimeout(() => settle(() => reject(LATE)), Math.max(0, deadline - performance.now()));
    const listening: [string, (value?: unknown) => void][] = [
      [event, () => settle(resolve)],
      ["error", (error) => settle(() => reject(error))],
      ["end", () => settle(() => reject(null))],
      ["close", () => settle(() => reject(null))],
    ];
    for (const [name, listen] of listening) socket.on(name, listen);
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
  });
}

/** Whether a handshake was given up because it took too long. */
export function isLate(error: unknown): boolean {
  return error === LATE;
}
