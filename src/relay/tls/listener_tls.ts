// TLS of one listen port: what its Route says, ready to meet targets and clients. It keeps what costs time to make, which
// is made when it is first needed.

import type { RouteOptions } from "../../model.ts";
import type { CertificateReading, CertificateSource } from "./certificate_source.ts";
import { ClientMeeter } from "./meet_client.ts";
import { type IsPassedThrough, passthrough } from "./passthrough.ts";
import { TargetMeeter } from "./meet_target.ts";
import { clientTls, targetTrust } from "./route_tls.ts";
import type { MakeUpgradeWatch } from "./upgrade_watch.ts";

/** The user is told of so many names whose certificates were refused, and of so many failures of targets. */
const MOST_REFUSED = 1_000;
const MOST_FAILURES = 1_000;

/** Where certificates come from, and what watches for TLS that begins later. */
export interface TlsMakings {
  readonly certificates?: CertificateSource;
  readonly certificateFiles?: CertificateReading;
  readonly watchUpgrades?: MakeUpgradeWatch;
}

/** What all Connections of a listen port have in common. */
export class ListenerTls {
  /** What is spoken to the target from the first byte on; null: what clients speak. */
  readonly scheme: "https" | "tls" | null;
  /** Whether TLS that clients begin ends here. */
  readonly endsClients: boolean;
  /** Whether the TLS to a server is passed through all the same. */
  readonly isPassedThrough: IsPassedThrough;
  #targets: Promise<TargetMeeter> | null = null;
  #clients: Promise<ClientMeeter> | null = null;
  /** The names whose certificates clients have refused. */
  readonly #refused = new Set<string>();
  /** What was said of targets whose TLS has failed. */
  readonly #failures = new Set<string>();

  constructor(
    private readonly route: RouteOptions,
    private readonly from: TlsMakings,
    private readonly say: (text: string) => void,
  ) {
    this.scheme = route.targetScheme ?? null;
    this.endsClients = route.listenTls !== undefined;
    this.isPassedThrough = passthrough(route.listenTls?.passthrough ?? []);
  }

  /** Makes what watches for STARTTLS and its like; undefined where nothing does. */
  get watchUpgrades(): MakeUpgradeWatch | undefined {
    return this.from.watchUpgrades;
  }

  /** Meets targets. Rejects with an Error in words where a file cannot be read, which the user is told. */
  targets(): Promise<TargetMeeter> {
    return this.#targets ??= this.#makeTargets().catch((error) => {
      // The user may mend the file.
      this.#targets = null;
      this.#tellFailure(error instanceof Error ? error.message : String(error));
      throw error;
    });
  }

  /** Meets clients. Rejects with an Error in words where a file cannot be read. */
  clients(): Promise<ClientMeeter> {
    return this.#clients ??= this.#makeClients().catch((error) => {
      this.#clients = null;
      throw error;
    });
  }

  async #makeTargets(): Promise<TargetMeeter> {
    const trust = await targetTrust(this.route.targetTls, this.from.certificateFiles);
    return new TargetMeeter(trust, (words) => this.#tellFailure(words));
  }

  async #makeClients(): Promise<ClientMeeter> {
    const { certificates, certificateFiles } = this.from;
    const clients = await clientTls(this.route.listenTls ?? {}, certificateFiles);
    return new ClientMeeter(clients, certificates, (name, words) => this.#tellRefusal(name, words));
  }

  /** Each Connection says it; the user is told once for each name. */
  #tellRefusal(name: string, words: string): void {
    if (this.#refused.has(name) || this.#refused.size === MOST_REFUSED) return;
    this.#refused.add(name);
    this.say(words);
  }

  /** A client that speaks plainly cannot be told why: the user is, once for each target and reason. */
  #tellFailure(words: string): void {
    if (this.#failures.has(words) || this.#failures.size === MOST_FAILURES) return;
    this.#failures.add(words);
    this.say(words);
  }
}

/** TLS of a Route; null where it has none. `say` takes sentences for the user. */
export function listenerTls(
  route: RouteOptions,
  from: TlsMakings,
  say: (text: string) => void,
): ListenerTls | null {
  const { targetScheme, listenTls } = route;
  return targetScheme === undefined && listenTls === undefined ? null : new ListenerTls(route, from, say);
}
