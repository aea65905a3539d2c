// TLS of one listen port: what its Route says, ready to meet targets and clients. It keeps what costs time to make.

import type { RouteOptions } from "../../model.ts";
import type { CertificateSource } from "./certificate_source.ts";
import { type RouteTls, routeTls } from "./files.ts";
import { ClientMeeter } from "./meet_client.ts";
import { TargetMeeter } from "./meet_target.ts";
import { needsNewerDeno } from "./runtime.ts";

/** What all Connections of a listen port have in common. */
export class ListenerTls {
  /** Meets clients; null where their TLS is passed through. */
  readonly clients: ClientMeeter | null;
  #targets: TargetMeeter | null = null;

  constructor(readonly route: RouteTls, certificates: CertificateSource | undefined) {
    this.clients = route.clients && new ClientMeeter(route.clients, certificates);
  }

  /** Meets targets. */
  get targets(): TargetMeeter {
    return this.#targets ??= new TargetMeeter(this.route.target);
  }
}

/** TLS of a Route; null where it has none. Throws TlsFileError, or UnsupportedTls where this Deno cannot speak it. */
export function listenerTls(
  route: RouteOptions,
  certificates: CertificateSource | undefined,
): ListenerTls | null {
  const { targetScheme, listenTls } = route;
  if (targetScheme === undefined && listenTls === undefined) return null;
  needsNewerDeno(targetScheme !== undefined ? "target" : "listenTls");
  const read = routeTls(route);
  return read && new ListenerTls(read, certificates);
}
