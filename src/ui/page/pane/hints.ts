// What a pane says of an Exchange that tcpmon could not read: why, and the way on. Pure.

import type { Connection, Exchange, Listener } from "../../types.ts";

type Of = Pick<Listener, "target" | "rewritesHost" | "listenTls">;

/** The pattern of the listener's passthrough that leaves a row of TLS alone, as it is written; null where none does. */
export function leftAloneBy({ protocol, url }: Exchange, { listenTls }: Of): string | null {
  if (protocol !== "tls" || listenTls === null) return null;
  const name = withoutPort((url ?? "").toLowerCase());
  return listenTls.passthrough.find((written) => {
    const [, mark, rest] = /^([*]?[.])?(.*)$/.exec(withoutPort(written.trim().toLowerCase()))!;
    return mark !== "*." && name === rest || mark !== undefined && name.endsWith(`.${rest}`);
  }) ?? null;
}

/** Whether it was HTTP/2, which opens with these words (RFC 9113, 3.4), or was agreed on inside TLS (ALPN). */
export function isHttp2({ protocol, url }: Exchange, connection: Connection | null): boolean {
  if (protocol !== "tcp") return false;
  if (url?.startsWith("PRI * HTTP/2.0")) return true;
  if (connection === null) return false;
  const { client, target } = connection.tls;
  return (client ?? target)?.alpn === "h2";
}

/** What can be done so that HTTP/1.1 is spoken in the place of HTTP/2. */
export function http2Advice({ target, rewritesHost, listenTls }: Of): string {
  const client = "Have the client speak HTTP/1.1, such as with curl --http1.1";
  const isOffered = target !== null && listenTls !== null && !rewritesHost;
  return isOffered
    ? `${client}, or rewrite the Host header (Options): then nothing but HTTP/1.1 is offered.`
    : `${client}.`;
}

/** Whether options of a listener can mend why TLS with a target failed: its words name the flags. */
export function isOfTargetTls({ state, fault }: Exchange): boolean {
  return state === "failed" && /--(?:target-ca|insecure|target-cert)\b/.test(fault ?? "");
}

/**
 * Whether the client refused what tcpmon's authority had issued: the words name the command. Where that could issue
 * nothing, they name the one that makes another.
 */
export function isRefusedByClient({ state, fault }: Exchange): boolean {
  return state === "failed" && /\btcpmon ca\b(?! (?:create|remove))/.test(fault ?? "");
}

function withoutPort(text: string): string {
  return text.replace(/:\d+$/, "");
}
