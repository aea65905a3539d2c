// What a Route comes to: what its options mean where they are left out, and how the API shows it. Pure.

import { formatAddress } from "./address.ts";
import type {
  Address,
  HostHeader,
  Listener,
  ListenTls,
  Route,
  ShownListenTls,
  ShownRoute,
  ShownTargetTls,
  TargetTls,
} from "./model.ts";
import { formatTarget } from "./target.ts";
import { formatVia } from "./upstream_proxy.ts";

/**
 * Whether the Host field of requests is rewritten to the target's name: as chosen, otherwise where the target is a DNS
 * name other than localhost. A forward proxy never does, for its requests name their own target.
 */
export function rewritesHost(target: Address | null, chosen: HostHeader | null | undefined): boolean {
  if (target === null) return false;
  return chosen ? chosen === "rewrite" : isDnsName(target.host);
}

/** The members of a Listener that its Route tells. */
export function shownRoute(route: Route): ShownRoute {
  const { name, listen, target, hostHeader, via, slow, targetScheme, targetTls, listenTls } = route;
  return {
    name: name ?? null,
    listen: formatAddress(listen),
    target: target && formatAddress(target),
    hostHeader: hostHeader ?? null,
    rewritesHost: rewritesHost(target, hostHeader),
    via: via ? formatVia(via) : null,
    slow: slow ?? null,
    targetScheme: targetScheme ?? null,
    targetTls: targetTls ? shownTargetTls(targetTls) : null,
    listenTls: listenTls ? shownListenTls(listenTls) : null,
  };
}

/** Where a Listener forwards to and how, in words: "forwarding to https://api.example.org". */
export function wayWords({ target, targetScheme, via, listenTls }: Listener): string {
  const through = via === "environment" ? " through the proxy that the environment names" : ` through ${via}`;
  return [
    target === null ? "as a forward HTTP proxy" : `forwarding to ${formatTarget(target, targetScheme)}`,
    via === null ? "" : through,
    listenTls === null ? "" : "; TLS from clients is ended",
  ].join("");
}

function shownTargetTls({ ca, insecure, certificate }: TargetTls): ShownTargetTls {
  return {
    ca: ca ?? null,
    insecure: insecure ?? false,
    cert: certificate?.cert ?? null,
    key: certificate?.key ?? null,
  };
}

function shownListenTls({ certificate, asksClients, passthrough }: ListenTls): ShownListenTls {
  return {
    cert: certificate?.cert ?? null,
    key: certificate?.key ?? null,
    asksClients: asksClients ?? false,
    passthrough: passthrough ?? [],
  };
}

/** Whether `host` is a name of the DNS: no address, and not localhost (RFC 6761, 6.3). */
function isDnsName(host: string): boolean {
  return !host.includes(":") && !/^[\d.]+$/.test(host) && !/^localhost\.?$/i.test(host);
}
