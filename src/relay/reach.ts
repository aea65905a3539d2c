// Reaches the targets of a Route as that says: straight, through an HTTP proxy, or as the environment says.

import { formatAddress } from "../address.ts";
import type { Address, ProxyServer, UpstreamProxy } from "../model.ts";
import { DIAL_MS, type Dialer, DialError } from "./dial.ts";
import { proxyFor, type ReadVariable } from "./environment.ts";
import { signalOf, type Stopping } from "./stopping.ts";
import { openTunnel } from "./tunnel.ts";

/** A target that was reached. */
export interface Reached {
  readonly conn: Deno.TcpConn;
  /** The proxy that it was reached through; null for none. */
  readonly via: Address | null;
}

/** How a Route reaches its targets. */
export interface Way {
  readonly dialer: Pick<Dialer, "dial">;
  /** Left out: straight. */
  readonly via?: UpstreamProxy;
  /** Reads a variable of the environment, asked only where `via` says so. */
  readonly readVariable?: ReadVariable;
  /** How long all of it may take, ms. */
  readonly timeoutMs?: number;
}

/** Connects to `target`. Throws DialError; `stop` ends the attempt. */
export async function reach(way: Way, target: Address, stop: Stopping | AbortSignal): Promise<Reached> {
  const { dialer, via, readVariable = (name) => Deno.env.get(name), timeoutMs = DIAL_MS } = way;
  const proxy = via === "environment" ? proxyFor(target, readVariable) : via ?? null;
  if (proxy === null) return { conn: await dialer.dial(target, stop), via: null };
  const signal = signalOf(stop);
  const began = performance.now();
  const conn = await dialProxy(dialer, proxy, target, signal);
  const close = () => conn.close();
  let isLate = false;
  const left = timeoutMs - (performance.now() - began);
  const timer = setTimeout(() => {
    isLate = true;
    close();
    // It has taken longer to be dialled only where it waited for a file descriptor.
  }, left > 0 ? left : timeoutMs);
  signal.addEventListener("abort", close);
  try {
    if (signal.aborted) throw signal.reason;
    await openTunnel(conn, proxy, target);
    return { conn, via: proxy.address };
  } catch (error) {
    if (isLate) {
      const [name, to] = [formatAddress(proxy.address), formatAddress(target)];
      const told = `${name} was asked to connect to ${to} and did not answer within ${timeoutMs / 1000} s`;
      throw new DialError("timeout", told);
    }
    if (!signal.aborted) close();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", close);
  }
}

async function dialProxy(
  dialer: Pick<Dialer, "dial">,
  proxy: ProxyServer,
  target: Address,
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  try {
    return await dialer.dial(proxy.address, signal);
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    throw new DialError(error.how, `the proxy ${error.message}, so ${formatAddress(target)} was not reached`);
  }
}
