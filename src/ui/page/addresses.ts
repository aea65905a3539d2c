// What the page says about a listener's addresses. Pure. Addresses come as `host:port`, IPv6 in brackets.

import { isLoopback } from "../../address.ts";

/** Host and port of an address of the API. */
export function splitAddress(address: string): { readonly host: string; readonly port: string } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ""), port: address.slice(colon + 1) };
}

/** Where a program on this machine reaches a listener: by name, where it listens on loopback or everywhere. */
export function reachedAt(listen: string): string {
  const { host, port } = splitAddress(listen);
  const isHere = isLoopback(host) || host === "0.0.0.0" || host === "::";
  return isHere ? `localhost:${port}` : listen;
}

/** Why a port could not be bound, for where it is said already that it could not. */
export function bindReason(error: string | null): string {
  const reason = (error ?? "").replace(/^Cannot listen on \S+: /, "");
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}

/** Whether other machines can reach a listener on `host`. */
export function isPublic(host: string): boolean {
  return !isLoopback(host);
}

/** Where a listener forwards to, for headings and tabs. */
export function targetWords(target: string | null): string {
  return target ?? "forward proxy";
}

/** The proxy that a listener goes through: " through http://proxy:3128"; nothing where there is none. */
export function throughWords(via: string | null): string {
  if (via === null) return "";
  return ` through ${via === "environment" ? "the proxy that the environment names" : via}`;
}
