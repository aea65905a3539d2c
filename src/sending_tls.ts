// TLS of what tcpmon itself sends: whether there is any, whom to trust, and what to offer.

import { formatAddress } from "./address.ts";
import type { Address, Connection, Exchange, Listener, TargetTls } from "./model.ts";
import type { CertificateReading } from "./relay/tls/certificate_source.ts";
import { TargetMeeter } from "./relay/tls/meet_target.ts";
import { targetTrust } from "./relay/tls/route_tls.ts";
import { tlsLack } from "./tls_support.ts";
import { SendError, type SendSettings } from "./ui/sends.ts";

/** TLS of one Connection that is to be opened. */
export interface SentTls {
  readonly trust: TargetTls;
  /** Whom to ask for; undefined: the target's name. */
  readonly name?: string;
  /** What to offer: what was agreed on before, or HTTP/1.1 for what looks like it. */
  readonly alpn: readonly string[];
}

/** What is sent again. */
export interface Recorded {
  readonly connection: Connection;
  readonly tls: Exchange["tls"];
  readonly isSameTarget: boolean;
}

/** Whether it went to its target inside TLS, or would have, had there been an agreement. */
function wasInside(
  { connection, tls, isSameTarget }: Recorded,
  listeners: readonly Listener[],
): boolean {
  if (!isSameTarget) return false;
  if (connection.tls.target !== null || tls === "decrypted") return true;
  return connection.state === "failed" &&
    listeners.some(({ id, targetScheme }) => id === connection.listener && targetScheme !== null);
}

/** A listener as it concerns what is sent to its target. */
export type TrustOf = (listener: string) => TargetTls | undefined;

/** TLS for a request that goes straight to its target; null for none. Throws SendError where it cannot be. */
export function sentTls(
  settings: Pick<SendSettings, "tls" | "insecure">,
  target: Address,
  recorded: Recorded | null,
  isHttp: boolean,
  listeners: readonly Listener[],
  trustOf: TrustOf,
): SentTls | null {
  const before = recorded?.isSameTarget ? recorded.connection.tls.target : null;
  if (!(settings.tls ?? (recorded !== null && wasInside(recorded, listeners)))) {
    if (!settings.insecure) return null;
    throw new SendError(
      "Cannot accept any certificate: it is not sent inside TLS. Give tls as well.",
      "insecure",
    );
  }
  const lack = tlsLack(Deno.version.deno);
  if (lack !== null) throw new SendError(`Cannot send inside TLS: ${lack}. Take a newer build.`, "tls");
  const name = formatAddress(target);
  const own = recorded?.isSameTarget ? trustOf(recorded.connection.listener) : undefined;
  const like = listeners.find((one) => one.target === name && one.targetScheme !== null);
  const trust = own ?? (like && trustOf(like.id)) ?? {};
  const { ca: _, ...unchecked } = trust;
  const isInsecure = settings.insecure || before?.trust === "nothing";
  return {
    trust: isInsecure ? { ...unchecked, insecure: true } : trust,
    name: before?.serverName ?? undefined,
    alpn: before?.alpn && before.alpn !== "h2" ? [before.alpn] : isHttp ? ["http/1.1"] : [],
  };
}

/** Those who meet targets; the one who trusts whom the system does is kept, for whom it costs much to make. */
export class SendingMeeters {
  #system: Promise<TargetMeeter> | null = null;

  constructor(private readonly reading: CertificateReading) {}

  /** Rejects with an Error in words where a file cannot be read. */
  meeter(trust: TargetTls): Promise<TargetMeeter> {
    const make = async () => new TargetMeeter(await targetTrust(trust, this.reading));
    return Object.keys(trust).length > 0 ? make() : this.#system ??= make();
  }
}

/** Whether bytes begin as an HTTP/1 request does (RFC 9112, 3), as far as they are there. */
export function looksLikeHttp(bytes: Uint8Array): boolean {
  const line = new TextDecoder().decode(bytes.subarray(0, 8_192)).split("\n", 1)[0];
  return /^[A-Z]+ \S+ HTTP\/1\.\d\r?$/.test(line);
}
