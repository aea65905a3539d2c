// Heads: header fields by name, cookies, and addresses in the start line and in values. Text is ISO-8859-1, one
// character a byte, as heads come.

import { maskAddress, maskLoosely } from "./address.ts";
import type { Embedded } from "./address.ts";
import { type Found, MASK } from "./found.ts";
import type { HeadField, RedactableHead } from "./types.ts";

/** Fields whose whole value is an address (RFC 9110 and usual ones). */
const ADDRESSES =
  /^(?:referer|location|content-location|origin|destination|soapaction|x-(?:original|rewrite|forwarded)-(?:url|uri))$/i;
/** Fields of credentials, which begin with the name of their scheme (RFC 9110, 11.4). */
const CREDENTIALS = /(?:^|-)authorization$/i;
/** Those of IANA's registry and usual ones: another first word may be the secret itself. */
const SCHEME =
  /^(basic|bearer|digest|dpop|gnap|hoba|mutual|negotiate|oauth|privatetoken|scram-[a-z0-9-]{1,20}|vapid|ntlm|kerberos|token|api-?key|aws|aws4-hmac-sha256|hawk|hmac|jwt|signature|sharedkey(?:lite)?|sharedaccesssignature)[ \t]+(?=\S)/i;
/** Who the user is, in plain base64 (RFC 7617). */
const BASIC = /^[A-Za-z0-9+/=_-]{4,}$/;

/** Looked for where a name begins only: a long word that is none would otherwise be tried at each of its letters. */
const PARAMETERS = /(?<![\w-])([\w-]+)=(?:"([^"]*)"|([^\s,"]+))/g;

const JOINED = /(,[ \t]*)([^\s=;,]+=[^;]*)/g;

const HEADER = "header";
const COOKIE = "cookie";

/** What masks any text without a name: patterns, and what is embedded. */
export type Plain = (text: string) => string;

/** A head without what is to be masked. */
export function maskHead(
  head: RedactableHead,
  found: Found,
  embedded: Embedded,
  plain: Plain,
): RedactableHead {
  const fields = (lines: readonly HeadField[]) =>
    lines.map((line) => maskField(line, found, embedded, plain)).filter((line) => line !== null);
  return {
    startLine: head.startLine === null ? null : plain(maskStartLine(head.startLine, found, embedded)),
    headers: fields(head.headers),
    trailers: fields(head.trailers),
  };
}

function maskStartLine(line: string, found: Found, embedded: Embedded): string {
  if (/^HTTP\/\d/.test(line)) return line;
  const parts = /^(\S*[ \t]+)(.*?)([ \t]+HTTP\/\S*[ \t]*)?$/is.exec(line);
  if (parts === null) return maskAddress(line, found, embedded);
  return parts[1] + maskAddress(parts[2], found, embedded) + (parts[3] ?? "");
}

/** A header line; null where it is left out. */
export function maskField(line: HeadField, found: Found, embedded: Embedded, plain: Plain): HeadField | null {
  const { rules } = found;
  const { name, value } = line;
  if (value === "" && /[\s=]/.test(name.trim())) return withoutColon(line, found, embedded, plain);
  const verdict = rules.header(name);
  if (verdict !== null) {
    if (value === "") return verdict === "omit" ? null : line;
    found.field(HEADER, name, verdict, ...secretsIn(name, value));
    return verdict === "omit" ? null : { name, value: maskedValue(name, value) };
  }
  if (rules.has.cookie) {
    if (/^cookie2?$/i.test(name)) return maskCookies(line, found);
    if (/^set-cookie2?$/i.test(name)) return maskSetCookie(line, found);
  }
  const address = ADDRESSES.test(name) ? maskAddress(value, found, embedded) : value;
  const inner = /^\s*["[{<]/.test(address) ? embedded(address) ?? address : address;
  return { name, value: plain(maskLoosely(inner, found)) };
}

/** "Authorization Bearer x": what was meant for a field's name is. */
function withoutColon(line: HeadField, found: Found, embedded: Embedded, plain: Plain): HeadField | null {
  const [, name, separator, value] = /^\s*([^\s=]*)([\s=]+)(.*)$/s.exec(line.name) ?? ["", line.name, "", ""];
  const masked = maskField({ name, value }, found, embedded, plain);
  return masked === null ? null : { name: plain(`${masked.name}${separator}${masked.value}`), value: "" };
}

/** The scheme of credentials stays: it is no secret, and often the reason for a fault. */
function maskedValue(name: string, value: string): string {
  const scheme = CREDENTIALS.test(name) ? SCHEME.exec(value)?.[1] : undefined;
  return scheme === undefined ? MASK : `${scheme} ${MASK}`;
}

/** A value, and what in it may stand elsewhere by itself. */
function secretsIn(name: string, value: string): string[] {
  if (!CREDENTIALS.test(name)) return [characters(value)];
  const credentials = value.replace(SCHEME, "");
  const secrets = [characters(credentials)];
  if (/^basic[ \t]/i.test(value) && BASIC.test(credentials)) {
    const user = fromBase64(credentials);
    if (user !== null) secrets.push(user, user.replace(/^[^:]*:/, ""));
  }
  // Digest and the like: parameters, of which those that answer or sign are the secret.
  for (const [, parameter, quoted, bare] of credentials.matchAll(PARAMETERS)) {
    if (/^(?:response|signature|token|cnonce|credential|mac|sig|auth)$/i.test(parameter)) {
      secrets.push(quoted ?? bare);
    }
  }
  return secrets;
}

/** cookie-string = cookie-pair *( ";" SP cookie-pair ) (RFC 6265, 4.2.1). */
function maskCookies({ name, value }: HeadField, found: Found): HeadField | null {
  const pairs: string[] = [];
  for (const pair of value.split(";")) {
    const masked = maskCookie(pair, found);
    if (masked !== null) pairs.push(masked);
  }
  const text = pairs.join(";").trimStart();
  return text === "" && value !== "" ? null : { name, value: text };
}

/** Set-Cookie: the pair, then attributes, which are not secret (RFC 6265, 4.1.1). */
function maskSetCookie({ name, value }: HeadField, found: Found): HeadField | null {
  const end = value.indexOf(";");
  const pair = end < 0 ? value : value.slice(0, end);
  const masked = maskCookie(pair, found);
  if (masked === null) return null;
  // Fields that somebody has joined: "a=1; Path=/, b=2".
  return { name, value: masked + maskJoined(value.slice(pair.length), found) };
}

/** Cookies behind commas: one begins where a name and "=" follow, and ends at a ";". */
function maskJoined(text: string, found: Found): string {
  return text.replace(JOINED, (whole, comma: string, pair: string) => {
    const masked = maskCookie(pair, found);
    return masked === pair ? whole : masked === null ? "" : comma + masked;
  });
}

function maskCookie(pair: string, found: Found): string | null {
  const [, space, name, value] = /^(\s*)(?:([^=]*)=)?(.*)$/s.exec(pair) ?? ["", "", "", pair];
  const verdict = found.rules.cookie((name ?? "").trim());
  if (value.trim() === "") return pair;
  if (verdict === null) return value.includes(",") ? maskJoined(pair, found) : pair;
  const bare = characters(value.trim().replace(/^"(.*)"$/s, "$1"));
  found.field(COOKIE, (name ?? "").trim() || "without a name", verdict, bare, percentDecoded(bare));
  if (verdict === "omit") return null;
  return name === undefined ? `${space}${MASK}` : `${space}${name}=${MASK}`;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** ISO-8859-1 text that is UTF-8 in truth, as characters. */
function characters(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return text;
  }
}

function fromBase64(text: string): string | null {
  try {
    return characters(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return null;
  }
}
