// TLS with a client that has begun it: shows it a certificate for the name that it asks for, and offers the one protocol
// that the target has agreed to. It knows nothing of targets.

import tls from "node:tls";
import { closeAnyway, type ConnectionLeg } from "../connection_leg.ts";
import { howOf } from "../pump.ts";
import {
  alertRecord,
  type Failure,
  failureOf,
  HANDSHAKE_FAILURE,
  INTERNAL_ERROR,
  PROTOCOL_VERSION,
  UNEXPECTED_MESSAGE,
} from "./alerts.ts";
import { peerOf } from "./certificate_facts.ts";
import type { CertificateSource, ServerCertificate } from "./certificate_source.ts";
import type { ClientHello } from "./client_hello.ts";
import { clientWords, isRefusal, tooOldWords } from "./client_words.ts";
import type { IsPassedThrough } from "./passthrough.ts";
import type { ClientTls } from "./route_tls.ts";
import { handshake, isLate, type Met, negotiated } from "./meet_target.ts";
import { TlsError, TlsStream } from "./tls_stream.ts";
import { type Raw, Transport } from "./transport.ts";

/** A client that has said its ClientHello has so long to finish the handshake, ms. */
const HANDSHAKE_MS = 10_000;
/** The oldest version that the runtime speaks: TLS 1.2. */
const OLDEST = 0x0303;

/** One handshake. */
export interface ClientMeeting {
  readonly hello: ClientHello;
  /** Whom the client wants, where it does not say so itself. */
  readonly name: string;
  /** More names and addresses under which it may have come here. */
  readonly also: readonly string[];
  /** The protocol that was agreed on with the target; null where there is none. */
  readonly alpn: string | null;
  /** What has come from the client so far. */
  readonly ahead: Uint8Array;
  readonly signal: AbortSignal;
}

/** Meets the clients of one Route. */
export class ClientMeeter {
  readonly #contexts = new WeakMap<ServerCertificate, tls.SecureContext>();

  constructor(
    private readonly clients: ClientTls,
    private readonly certificates: CertificateSource | undefined,
    /** Told of every client that has refused the certificate for a name, or had none, and in which words. */
    private readonly onRefusal: (name: string, words: string) => void = () => {},
  ) {}

  /** Whether the TLS to a server is passed through as it is. */
  get isPassedThrough(): IsPassedThrough {
    return this.clients.isPassedThrough;
  }

  /** Finishes the handshake that a client has begun. Throws TlsError, and has then closed `conn`. */
  async meet(conn: ConnectionLeg, meeting: ClientMeeting): Promise<Met> {
    const { hello, alpn, ahead, signal } = meeting;
    const name = hello.serverName ?? meeting.name;
    if (hello.newest < OLDEST) throw await refused(conn, PROTOCOL_VERSION, tooOldWords(hello.newest));
    const certificate = await this.#certificate(name, meeting.also).catch(async (error) => {
      this.onRefusal(name, error.message);
      throw await refused(conn, INTERNAL_ERROR, error.message);
    });
    // The runtime closes what is below when a handshake fails, and says nothing to the client.
    const kept = new KeptOpen(conn);
    const transport = new Transport(kept, ahead);
    const asks = this.clients.asksClients;
    const socket = new tls.TLSSocket(transport, {
      isServer: true,
      secureContext: this.#context(certificate),
      ...(alpn !== null ? { ALPNProtocols: [alpn] } : {}),
      ...(asks ? { requestCert: true, rejectUnauthorized: false } : {}),
    });
    socket.allowHalfOpen = true;
    const shown = { name, isOwn: certificate.isOwn };
    const explain = (error: NodeJS.ErrnoException | null) =>
      new TlsError("client", clientWords(failureOf(error), shown));
    try {
      await handshake(socket, "secure", { deadline: performance.now() + HANDSHAKE_MS, signal });
      const stream = new TlsStream({ socket, transport, conn, explain });
      kept.release();
      const peer = asks ? peerOf(socket) : [];
      const trust = certificate.isOwn ? "own-ca" : "files";
      const { serverName } = hello;
      return {
        stream,
        agreed: { leg: "client", ...negotiated(socket), serverName, peer, trust, untrusted: null },
      };
    } catch (error) {
      const { failure, hasWritten } = transport;
      const cause = error as NodeJS.ErrnoException | null;
      const isOurs = !isLate(error) && !signal.aborted && failure === null && !hasWritten;
      const alert = isOurs ? alertFor(failureOf(cause)) : null;
      if (alert !== null) await tellAlert(conn, alert);
      socket.destroy();
      transport.destroy();
      kept.release();
      if (isLate(error)) {
        throw new TlsError(
          "client",
          `the client did not finish the TLS handshake within ${HANDSHAKE_MS / 1000} s`,
        );
      }
      if (signal.aborted) throw signal.reason;
      // Some reset the connection where they do not trust the certificate.
      const wasReset = failure !== null && howOf(failure) === "reset";
      const explained = explain(wasReset ? null : cause);
      if (wasReset || isRefusal(failureOf(cause))) this.onRefusal(name, explained.message);
      throw explained;
    }
  }

  async #certificate(name: string, also: readonly string[]): Promise<ServerCertificate> {
    const { certificate } = this.clients;
    if (certificate !== null) return certificate;
    if (this.certificates === undefined) {
      throw new TlsError("client", "there is no certificate to show to a client");
    }
    try {
      return await this.certificates.forName(name, also);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new TlsError("client", `there is no certificate for ${name} to show to the client: ${reason}`);
    }
  }

  #context(certificate: ServerCertificate): tls.SecureContext {
    let context = this.#contexts.get(certificate);
    if (context === undefined) {
      context = tls.createSecureContext({ cert: certificate.cert, key: certificate.key });
      this.#contexts.set(certificate, context);
    }
    return context;
  }
}

/** A socket that stays open until it is released, whoever closes it before. */
class KeptOpen implements Raw {
  #isReleased = false;
  #isClosed = false;

  constructor(private readonly conn: ConnectionLeg) {}

  read(buffer: Uint8Array): Promise<number | null> {
    return this.conn.read(buffer);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.conn.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.conn.closeWrite();
  }

  setNoDelay(on?: boolean): void {
    this.conn.setNoDelay(on);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#isReleased) this.conn.close();
  }

  /** From now on it is closed when that is asked for; now, where it was before. */
  release(): void {
    this.#isReleased = true;
    if (this.#isClosed) closeAnyway(this.conn);
  }
}

/** What a client is told that cannot be met before anything was said to it; null where it is gone. */
function alertFor({ kind }: Failure): number | null {
  if (kind === "closed" || kind === "alert") return null;
  return kind === "incompatible"
    ? HANDSHAKE_FAILURE
    : kind === "not-tls"
    ? UNEXPECTED_MESSAGE
    : INTERNAL_ERROR;
}

/** Tells a client why there is no TLS with it, and closes. */
async function refused(conn: ConnectionLeg, alert: number, words: string): Promise<TlsError> {
  await tellAlert(conn, alert);
  closeAnyway(conn);
  return new TlsError("client", words);
}

async function tellAlert(conn: ConnectionLeg, alert: number): Promise<void> {
  try {
    await conn.write(alertRecord(alert));
    await conn.closeWrite();
  } catch {
    // It is gone, and has no use for it.
  }
}
