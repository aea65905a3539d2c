// The client of a forward proxy that may speak TLS with the proxy itself, before it asks for anything (an "https" proxy):
// what it says inside is read as what others say plainly. TLS in its tunnels is another matter (connection_tls.ts).

import type { Observer } from "../../model.ts";
import type { ConnectionLeg } from "../connection_leg.ts";
import type { ListenerTls } from "./listener_tls.ts";
import type { Agreed } from "./meet_target.ts";
import { SwitchingLeg } from "./switching_leg.ts";

/** The protocol that a proxy speaks. */
const HTTP1 = "http/1.1";

/** One client. */
export class ProxyClient {
  /** What it is read from. */
  readonly leg: ConnectionLeg;
  readonly #stop = new AbortController();
  #agreed: Agreed | null = null;

  constructor(conn: ConnectionLeg, tls: ListenerTls | null | undefined) {
    if (!tls?.endsClients) {
      this.leg = conn;
      return;
    }
    const leg = new SwitchingLeg(conn);
    leg.expect(async (hello, ahead) => {
      const clients = await tls.clients();
      const here = conn.localAddr.hostname;
      const met = await clients.meet(conn, {
        hello,
        name: here,
        also: ["localhost", here],
        // One that takes nothing else is told so.
        alpn: hello.alpn.length > 0 ? HTTP1 : null,
        ahead,
        signal: this.#stop.signal,
      });
      this.#agreed = met.agreed;
      return met.stream;
    }, false);
    this.leg = leg;
  }

  /** An Observer that is told of its TLS with each of its Connections. */
  watched(observer: Observer): Observer {
    const agreed = this.#agreed;
    if (agreed === null) return observer;
    return {
      opened: (event) => observer.opened(event),
      connected(event) {
        observer.connected(event);
        observer.secured({ connection: event.connection, ...agreed });
      },
      chunk: (connection, direction, bytes) => observer.chunk(connection, direction, bytes),
      edited: (event) => observer.edited(event),
      secured: (event) => observer.secured(event),
      ended: (event) => observer.ended(event),
      closed: (event) => observer.closed(event),
      failed: (event) => observer.failed(event),
      behind: () => observer.behind(),
    };
  }

  /** Ends it at once. */
  stop(): void {
    this.#stop.abort();
    this.leg.close();
  }
}
