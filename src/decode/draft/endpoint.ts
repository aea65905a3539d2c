// Where a URL leads: the target to connect to, and what of it stands in the request. It is taken apart as it was typed,
// nothing is escaped or put in order. Pure.

/** A URL of HTTP, in parts. */
export interface Endpoint {
  readonly tls: boolean;
  /** A name or an address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** "user:password"; null where there is none. */
  readonly credentials: string | null;
  /** For the Host header: without the port where it is the scheme's own (RFC 9110, 7.2). */
  readonly authority: string;
  /** Path and query as typed; "/" where there is none. */
  readonly path: string;
}

const PARTS =
  /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(?:([^/?#@]*)@)?(\[[^\]/?#]*\]|[^/?#:]*)(?::(\d+))?([/?][^#]*)?(?:#.*)?$/s;

/** Reads a URL; `http` unless it has a scheme. Throws SyntaxError, in words. */
export function endpointOf(url: string): Endpoint {
  const shown = JSON.stringify(url.length > 80 ? `${url.slice(0, 80)}…` : url);
  const refuse = (reason: string, mend: string): never => {
    throw new SyntaxError(`Cannot send to ${shown}: ${reason}. ${mend}`);
  };
  const parts = PARTS.exec(url) ?? refuse("it is not a URL", "Write one such as http://localhost:8080/path.");
  const [, scheme = "http", credentials = null, name, digits = "", rest = ""] = parts;
  const tls = scheme.toLowerCase() === "https";
  if (!tls && scheme.toLowerCase() !== "http") {
    refuse(`it is not HTTP but ${scheme}`, "Write http:// or https://.");
  }
  if (name === "") refuse("the host is missing", "Write one such as http://localhost:8080/path.");
  if (/[\s\x00-\x1f]/.test(url)) refuse("white space stands in it", "Write %20 instead.");
  const usual = tls ? 443 : 80;
  const port = digits === "" ? usual : Number(digits);
  if (port < 1 || port > 65_535) refuse(`"${digits}" is not a port`, "Write a number from 1 to 65535.");
  return {
    tls,
    host: name.replace(/^\[|\]$/g, ""),
    port,
    credentials,
    authority: port === usual ? name : `${name}:${port}`,
    path: rest.startsWith("/") ? rest : `/${rest}`,
  };
}
