// What tests of a forward proxy that ends TLS are made of: the proxy with certificates of its own, servers inside TLS, and
// curl and openssl as its clients.

import type { RouteOptions } from "../../../src/model.ts";
import type { CertificateSource } from "../../../src/relay/tls/certificate_source.ts";
import type { Certificates, Made } from "../../certificates.ts";
import { curl, nginx, openssl } from "../../needs.ts";
import { Nginx } from "../../nginx.ts";
import { relayTo, type Transcript } from "../transcript.ts";

/** Without these programs there is nothing to try. */
export const ignore = !curl || !openssl || !nginx;
/** What the proxy answers to CONNECT. */
export const ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

/** Issues certificates for any name below the root of `made`, each once, and counts them. */
function source(made: Certificates): CertificateSource & { readonly asked: string[] } {
  const known = new Map<string, Promise<Made>>();
  const asked: string[] = [];
  return {
    asked,
    async forName(name) {
      asked.push(name);
      if (!known.has(name)) known.set(name, made.server(name));
      const { cert, key } = await known.get(name)!;
      return { cert, key, isOwn: true };
    },
  };
}

/** A proxy that ends TLS; targets are trusted below the root of `made`. */
export function proxy(made: Certificates, route: RouteOptions = {}) {
  const certificates = source(made);
  const relay = relayTo(null, {
    certificates,
    route: { listenTls: {}, targetTls: { ca: made.root.certFile }, ...route },
  });
  return { ...relay, certificates };
}

export type Proxy = ReturnType<typeof proxy>;

/** An nginx with a certificate that speaks HTTP/2 as well unless told otherwise. */
export async function secure(
  { certFile, keyFile }: Made,
  protocols = "http2",
): Promise<Nginx & { tls: number }> {
  let tls = 0;
  const started = await Nginx.start({ "big.txt": "0123456789".repeat(20_000) }, undefined, () => {
    tls = freePort();
    return `server {
      listen 127.0.0.1:${tls} ssl ${protocols}; server_name localhost shop.test;
      ssl_certificate ${certFile}; ssl_certificate_key ${keyFile}; ssl_protocols TLSv1.2 TLSv1.3;
      location /big.txt { root files; }
      location / { default_type text/plain; return 200 "$server_protocol $ssl_protocol $ssl_server_name $host\\n"; }
    }`;
  });
  return Object.assign(started, { tls });
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

/** Runs curl through the proxy. */
export async function curlThrough(relay: Proxy, made: Certificates, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(curl!, {
    args: ["-sS", "-q", "--noproxy", "", "--max-time", "60", "--cacert", made.root.certFile]
      .concat(["-x", `http://127.0.0.1:${relay.port.listen.port}`, ...args]),
    stdin: "null",
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, errors };
}

/** What was told of TLS on a Connection. */
export function securedOf(transcript: Transcript, connection = 1) {
  return transcript.told.flatMap((told) =>
    told.event === "secured" && told.connection === connection ? [told] : []
  );
}

/** A TLS server that gives each client to `serve`. */
export function tlsServer(
  { cert, key }: Made,
  serve: (conn: Deno.Conn) => Promise<void>,
  alpnProtocols?: string[],
) {
  const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, cert, key, alpnProtocols });
  const running: Promise<void>[] = [];
  const accepting = (async () => {
    for (;;) {
      let conn: Deno.TlsConn;
      try {
        conn = await listener.accept();
      } catch (error) {
        if (error instanceof Deno.errors.BadResource || error instanceof Deno.errors.Interrupted) return;
        continue;
      }
      running.push(
        serve(conn).catch(() => {}).finally(() => {
          try {
            conn.close();
          } catch { /* closed by the test */ }
        }),
      );
    }
  })();
  return {
    port: listener.addr.port,
    close: async () => {
      listener.close();
      await accepting;
      await Promise.all(running);
    },
  };
}

/** Runs `openssl s_client` through the proxy to `to`, ends its input at once, and gives what it says. */
export async function opensslThrough(relay: Proxy, to: string, ...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(openssl!, {
    args: ["s_client", "-proxy", `127.0.0.1:${relay.port.listen.port}`, "-connect", to, ...args],
    stdin: "null",
  }).output();
  const [out, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, out, errors };
}
