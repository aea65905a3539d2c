// The parts of a request that HAR has besides its headers: address, query, cookies, parameters of its body. Taken from
// what was on the wire, one character a byte. Pure.

import type { ExchangeDetail, HeaderLine, MessageDetail } from "../types.ts";

/** What may stand in a URI as it is (RFC 3986, 2); "%" is left alone. */
const NOT_IN_URI = /[^\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]/g;
const ORIGIN = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=%]+|\[[0-9A-Fa-f:.]+\])(?::\d{0,5})?$/;

/** The address of an Exchange's request, absolute: at its target, under the name that the target was given. */
export function urlOf(exchange: ExchangeDetail, request: MessageDetail | null): string {
  const url = exchange.url ?? "";
  const isInTls = exchange.tls === "target" || exchange.tls === "both" || exchange.tls === "decrypted";
  const host = request?.headers.find(({ name }) => name.toLowerCase() === "host");
  const named = host && (host.sent ?? host.value);
  const origin = `${isInTls ? "https" : "http"}://${named && ORIGIN.test(named) ? named : exchange.target}`;
  const whole = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(url)
    ? url
    : exchange.method === "CONNECT"
    ? `https://${url}/`
    : url.startsWith("/")
    ? origin + url
    : `${origin}/${url}`;
  const [address, ...fragments] = whole.replace(NOT_IN_URI, percent)
    .replace(/%(?![0-9A-Fa-f]{2})/g, "%25").split("#");
  const escaped = [address, ...(fragments.length === 0 ? [] : [fragments.join("%23")])].join("#");
  // Brackets stand in the host alone (RFC 3986, 3.2.2).
  const path = escaped.indexOf("/", escaped.indexOf("//") + 2);
  const safe = path < 0 ? escaped : escaped.slice(0, path) + escaped.slice(path).replace(/[[\]]/g, percent);
  return URL.canParse(safe) ? safe : `${origin}/`;
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}

/** A name and its value. */
export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** The parameters in the query of an address, without their encoding. */
export function queryOf(url: string): Pair[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? "";
  return pairsOf(query);
}

/** application/x-www-form-urlencoded. */
function pairsOf(text: string): Pair[] {
  return text.split("&").filter((part) => part !== "").map((part) => {
    const at = part.indexOf("=");
    return {
      name: decoded(at < 0 ? part : part.slice(0, at)),
      value: at < 0 ? "" : decoded(part.slice(at + 1)),
    };
  });
}

/** What is no encoding of UTF-8 stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

/** The cookies of a request (RFC 6265, 4.2). */
export function cookiesOf(headers: readonly HeaderLine[]): Pair[] {
  return headers.filter(({ name }) => name.toLowerCase() === "cookie")
    .flatMap(({ value }) => value.split(";"))
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(cookieOf);
}

function cookieOf(text: string): Pair {
  const at = text.indexOf("=");
  return at < 0
    ? { name: "", value: text }
    : { name: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}

/** A cookie that a response sets. */
export interface SetCookie extends Pair {
  readonly path?: string;
  readonly domain?: string;
  /** ISO 8601. */
  readonly expires?: string;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly _sameSite?: string;
  readonly _maxAge?: string;
}

/** The cookies of a response (RFC 6265, 4.1). */
export function setCookiesOf(headers: readonly HeaderLine[]): SetCookie[] {
  return headers.filter(({ name }) => name.toLowerCase() === "set-cookie").map(({ value }) => {
    const [first, ...rest] = value.split(";");
    const attributes = new Map(rest.map((part) => {
      const { name, value } = part.includes("=") ? cookieOf(part.trim()) : { name: part.trim(), value: "" };
      return [name.toLowerCase(), value];
    }));
    const expires = Date.parse(attributes.get("expires") ?? "");
    return {
      ...cookieOf(first.trim()),
      ...optional("path", attributes.get("path")),
      ...optional("domain", attributes.get("domain")),
      ...(Number.isNaN(expires) ? {} : { expires: new Date(expires).toISOString() }),
      httpOnly: attributes.has("httponly"),
      secure: attributes.has("secure"),
      ...optional("_sameSite", attributes.get("samesite")),
      ...optional("_maxAge", attributes.get("max-age")),
    };
  });
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [name in Name]?: string } {
  return value === undefined ? {} : { [name]: value } as { readonly [name in Name]?: string };
}

/** A parameter of a body. */
export interface Param {
  readonly name: string;
  readonly value?: string;
  readonly fileName?: string;
  readonly contentType?: string;
}

/** The parameters of a form's body; none where it is of another kind. */
export function paramsOf(contentType: string, text: string): Param[] {
  const mediaType = contentType.split(";", 1)[0].trim().toLowerCase();
  if (mediaType === "application/x-www-form-urlencoded") return pairsOf(text.trim());
  const boundary = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  if (mediaType !== "multipart/form-data" || boundary === null) return [];
  // RFC 7578, and RFC 2046, 5.1: each part stands between two delimiter lines.
  const parts = `\r\n${text}`.split(`\r\n--${boundary[1] ?? boundary[2]}`);
  return parts.slice(1).filter((part) => !part.startsWith("--")).flatMap(partOf);
}

function partOf(part: string): Param[] {
  const end = part.indexOf("\r\n\r\n");
  const head = end < 0 ? part : part.slice(0, end);
  const name = parameterOf(head, "name");
  if (name === null) return [];
  const fileName = parameterOf(head, "filename");
  const contentType = /^content-type:[ \t]*(.*)$/im.exec(head)?.[1].trim();
  return [{
    name,
    // What is in files is in the text.
    ...(fileName === null ? { value: end < 0 ? "" : part.slice(end + 4) } : { fileName }),
    ...(contentType === undefined ? {} : { contentType }),
  }];
}

function parameterOf(head: string, name: string): string | null {
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? "";
  const found = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, "i").exec(disposition);
  return found === null ? null : (found[1] ?? found[2]).replace(/\\(.)/g, "$1");
}
