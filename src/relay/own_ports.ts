// The program's own ports, which a forward proxy must not lead to: through it, the page would be reached from wherever
// the proxy is, and the page's token would be recorded; and a port that leads to itself goes round for ever.

import { formatAddress, isLoopback } from "../address.ts";
import type { Address } from "../model.ts";

/** The ports of a program. */
export class OwnPorts {
  /** The page's own port. */
  page: number | null = null;
  readonly #forward = new Set<number>();

  /** A forward proxy listens on this port. */
  add(port: number): void {
    this.#forward.add(port);
  }

  /** It does no longer. */
  remove(port: number): void {
    this.#forward.delete(port);
  }

  /** Why `target` is not connected to, judged by its name alone; null where nothing speaks against it. */
  refusalOf(target: Address): OwnPort | null {
    return isLoopback(target.host) || target.host === "0.0.0.0" || target.host === "::"
      ? this.#of(target)
      : null;
  }

  /** The same for a connection that was made: whatever the name, this is where it leads. */
  refusalOfReached(
    { localAddr, remoteAddr }: Pick<Deno.TcpConn, "localAddr" | "remoteAddr">,
  ): OwnPort | null {
    const { hostname: host, port } = remoteAddr;
    return isLoopback(host) || host === localAddr.hostname ? this.#of({ host, port }) : null;
  }

  #of(target: Address): OwnPort | null {
    const name = formatAddress(target);
    if (target.port === this.page) {
      return {
        status: 403,
        text: `${name} is the page of tcpmon itself, which is not reached through its proxy`,
      };
    }
    if (this.#forward.has(target.port)) {
      return { status: 508, text: `${name} is a proxy of tcpmon itself: that would go in a circle` };
    }
    return null;
  }
}

/** Why a port of our own is not connected to: a status for the client, and words. */
export interface OwnPort {
  readonly status: 403 | 508;
  readonly text: string;
}
