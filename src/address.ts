// Addresses as people write them: `8081`, `HOST:8081`, `[::1]:8081`. Pure; for the command line and the API
// alike. Every error is a SyntaxError: one sentence that says what is wrong and one that says what to write.
// It looks nothing up: whether a name exists or a port is free shows when it is used.

import type { Address, ProxyServer } from "./model.ts";

/** Where a listener or the page listens when only a port is given. */
export const LOOPBACK = "127.0.0.1";

interface Reading {
  /** The beginning of every error: `Cannot listen on`. */
  readonly cannot: string;
  /** The host when none is written; null where one must be. */
  readonly host: string | null;
  readonly lowestPort: 0 | 1;
  /** A right address, for errors that have no better one. */
  readonly example: string;
  /** How errors show what was written, where that is not as it was. */
  readonly shown?: string;
}

const LISTEN: Reading = { cannot: "Cannot listen on", host: LOOPBACK, lowestPort: 0, example: "8081" };
const TARGET: Reading = { cannot: "Cannot forward to", host: null, lowestPort: 1, example: "localhost:80" };
const DESTINATION: Reading = { ...TARGET, cannot: "Cannot send to" };
const PROXY: Reading = { ...TARGET, cannot: "Cannot go through", example: "proxy.example.org:3128" };
const PAGE: Reading = { cannot: "Cannot show the page on", host: LOOPBACK, lowestPort: 0, example: "4040" };

/**
 * Reads `[HOST:]PORT`, where to listen. HOST is 127.0.0.1 unless given, an IPv6 address stands in brackets,
 * and port 0 stands for any free one. Throws SyntaxError.
 */
export function parseListen(text: string): Address {
  return parse(text, LISTEN);
}

/**
 * Reads `HOST:PORT`, where to forward; the port is 1 to 65535. Throws SyntaxError, which shows `shown`. A URL is refused
 * too, for its scheme and path would be ignored; target.ts reads those.
 */
export function parseTarget(text: string, shown = text): Address {
  return parse(text, { ...TARGET, shown });
}

/** Reads `HOST:PORT`, where to send a request, as `parseTarget`. Throws SyntaxError. */
export function parseDestination(text: string): Address {
  return parse(text, DESTINATION);
}

/**
 * Reads `http://[USER:PASSWORD@]HOST:PORT`, an HTTP proxy; `http://` may be left out, and user and password are
 * percent-encoded where they must be (RFC 3986, 3.2.1). The port must be given, for programs differ in which one they
 * take otherwise. Throws SyntaxError, whose text never has the password.
 */
export function parseProxy(text: string): ProxyServer {
  const written = text.trim();
  const [, scheme, before, rest] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(?:([^]*)@)?([^]*)$/i.exec(written)!;
  const shown = `${scheme === undefined ? "" : `${scheme}://`}${before === undefined ? "" : "…@"}${rest}`;
  const refuse: Refuse = (reason, mend) => {
    throw new SyntaxError(`${PROXY.cannot} ${quote(shown)}: ${reason}. ${mend}`);
  };
  if (scheme !== undefined && scheme.toLowerCase() !== "http") {
    refuse(
      `only HTTP proxies, spoken to without TLS, are understood, and this is "${scheme}://"`,
      "Give a proxy as http://HOST:PORT.",
    );
  }
  const address = parse(rest.replace(/\/$/, ""), { ...PROXY, shown });
  if (before === undefined) return { address, credentials: null };
  const colon = before.indexOf(":");
  const [user, password] = [
    colon === -1 ? before : before.slice(0, colon),
    colon === -1 ? "" : before.slice(colon + 1),
  ];
  try {
    return {
      address,
      credentials: { user: decodeURIComponent(user), password: decodeURIComponent(password) },
    };
  } catch {
    return refuse('a "%" in the user or the password stands for no character', 'Write "%" itself as %25.');
  }
}

/** `http://host:port`, with the user but never the password: for people, and for the API. */
export function formatProxy({ address, credentials }: ProxyServer): string {
  const user = credentials === null ? "" : `${encodeURIComponent(credentials.user)}@`;
  return `http://${user}${formatAddress(address)}`;
}

/**
 * Reads `[HOST:]PORT` of the page, as `parseListen`. HOST must be loopback, for the page shows all that is
 * recorded. Throws SyntaxError.
 */
export function parsePageAddress(text: string): Address {
  const address = parse(text, PAGE);
  if (isLoopback(address.host)) return address;
  throw new SyntaxError(
    `${PAGE.cannot} ${
      quote(text)
    }: it shows everything that is recorded, so only this machine may reach it. ` +
      `Write ${formatAddress({ host: LOOPBACK, port: address.port })}.`,
  );
}

/** `host:port`, with an IPv6 address in brackets (RFC 3986, 3.2.2): what the parse functions read. */
export function formatAddress(address: Address): string {
  return `${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
}

/** Whether `host` is `localhost`, in 127.0.0.0/8 (RFC 1122, 3.2.1.3) or ::1 (RFC 4291, 2.5.3). */
export function isLoopback(host: string): boolean {
  // Asked for both legs of every Connection, which mostly are this one.
  if (host === LOOPBACK) return true;
  const name = host.toLowerCase();
  if (name === "localhost") return true;
  if (name.includes(":")) return canonicalIpv6(name) === "::1";
  return name.startsWith("127.") && isIpv4(name);
}

function parse(text: string, reading: Reading): Address {
  const refuse: Refuse = (reason, mend) => {
    throw new SyntaxError(`${reading.cannot} ${quote(reading.shown ?? text)}: ${reason}. ${mend}`);
  };
  const written = text.trim();
  const mend = `Write ${form(reading)}, such as ${reading.example}.`;
  if (written === "") refuse("it is empty", mend);
  if (written.length > 300) refuse("it is too long for an address", mend);
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(written);
  if (scheme) refuse(`${form(reading)} has no "${scheme[0]}"`, `Write ${withoutUrl(written, reading)}.`);
  if (/[\s/?#@\\]/.test(written)) refuse("it is not an address", mend);

  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(written);
  if (bracketed) {
    const [, host, port] = bracketed;
    if (canonicalIpv6(host) === null) refuse(`"${host}" is not an IPv6 address`, mend);
    if (!port) refuse("the port is missing", `Write [${host}]:${portOf(reading)}.`);
    return { host, port: checkPort(port, reading, refuse) };
  }
  const colon = written.indexOf(":");
  if (colon !== written.lastIndexOf(":")) {
    const bare = canonicalIpv6(written) !== null;
    refuse(
      "an IPv6 address stands in brackets, and its port after them",
      bare ? `Write [${written}]:${portOf(reading)}.` : mend,
    );
  }
  if (colon === -1) {
    // Where the port may stand alone, what begins as one is meant as one.
    const isPort = reading.host === null ? /^\d+$/.test(written) : /^\d[^.]*$/.test(written);
    if (!isPort) refuse("the port is missing", `Write ${written}:${portOf(reading)}.`);
    if (reading.host === null) refuse("the host is missing", `Write localhost:${written}.`);
    return { host: reading.host, port: checkPort(written, reading, refuse) };
  }
  const [host, port] = [written.slice(0, colon), written.slice(colon + 1)];
  if (host === "") refuse("the host is missing", `Write ${reading.host ?? "localhost"}${written}.`);
  if (port === "") refuse("the port is missing", `Write ${host}:${portOf(reading)}.`);
  return { host: checkHost(host, port, refuse), port: checkPort(port, reading, refuse) };
}

type Refuse = (reason: string, mend: string) => never;

function checkHost(host: string, port: string, refuse: Refuse): string {
  if (isIpv4(host)) return host;
  if (host === "*") {
    refuse('"*" is not an address', `Write 0.0.0.0:${port} for every address of this machine.`);
  }
  if (/^[\d.]+$/.test(host)) {
    refuse(`"${host}" is not an IPv4 address`, `Write four numbers up to 255, as 127.0.0.1:${port}.`);
  }
  // Names with "_" exist in container networks, and names in other scripts in some resolvers, so both pass.
  const label = /^[\p{L}\p{N}_]([\p{L}\p{N}_-]{0,61}[\p{L}\p{N}_])?$/u;
  const labels = host.replace(/\.$/, "").split(".");
  if (host.length > 253 || !labels.every((part) => label.test(part))) {
    refuse(
      `"${host}" is not a host name`,
      `Write a name or an address before the port, as localhost:${port}.`,
    );
  }
  return host;
}

function checkPort(port: string, reading: Reading, refuse: Refuse): number {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : NaN;
  if (number >= reading.lowestPort && number <= 65535) return number;
  return refuse(
    `"${port}" is not a port`,
    `Write a number from ${reading.lowestPort} to 65535${
      reading.lowestPort === 0 ? " (0 takes any free port)" : ""
    }.`,
  );
}

/** What to write instead of a URL. */
function withoutUrl(text: string, reading: Reading): string {
  const url = URL.parse(text);
  if (!url || url.hostname === "") return `${form(reading)}, such as ${reading.example}`;
  const port = url.port || { "http:": "80", "ws:": "80", "https:": "443", "wss:": "443" }[url.protocol];
  return `${url.hostname}:${port ?? portOf(reading)}`;
}

function form(reading: Reading): string {
  return reading.host === null ? "HOST:PORT" : "[HOST:]PORT";
}

function portOf(reading: Reading): string {
  return reading.example.slice(reading.example.lastIndexOf(":") + 1);
}

function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

/** Whether `host` is an IPv4 address: four decimal numbers with dots. */
export function isIpv4(host: string): boolean {
  const parts = host.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** The shortest form of an IPv6 address, its zone (RFC 4007, 11) left out; null where it is none. */
export function canonicalIpv6(host: string): string | null {
  const [address, zone] = host.split("%", 2);
  if (zone !== undefined && !/^[\w.-]+$/.test(zone)) return null;
  if (!/^[\da-f:.]+$/i.test(address)) return null;
  return URL.parse(`http://[${address}]/`)?.hostname.slice(1, -1) ?? null;
}
