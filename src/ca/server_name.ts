// Names and addresses that a certificate can be for (RFC 5280, 4.2.1.6), and the names and networks that an authority
// is limited to (4.2.1.10). Pure. What clients ask for is whatever they send: what can stand in no certificate is null.

import { canonicalIpv6, isIpv4 } from "../address.ts";

/** A name as it stands in a certificate: a DNS name in lower case, or an address as 4 or 16 bytes. */
export type ServerName =
  | { readonly kind: "dns"; readonly text: string }
  | { readonly kind: "ip"; readonly text: string; readonly bytes: Uint8Array<ArrayBuffer> };

/** A limit: a DNS name with all below it, or a network of addresses. */
export type Limit =
  | { readonly kind: "dns"; readonly text: string }
  | {
    readonly kind: "ip";
    readonly text: string;
    readonly bytes: Uint8Array<ArrayBuffer>;
    readonly mask: Uint8Array<ArrayBuffer>;
  };

/** Labels of letters, digits, hyphens and, as they do occur, underscores; RFC 1035, 2.3.4: 63 and 253 at most. */
const DNS_NAME =
  /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** Reads what a client asked for, or what a target is called; null where no certificate can be for it. */
export function serverName(written: string): ServerName | null {
  const text = written.replace(/^\[(.*)\]$/, "$1");
  const bytes = addressBytes(text);
  if (bytes !== null) return { kind: "ip", text: text.replace(/%.*$/, "").toLowerCase(), bytes };
  const name = asciiName(written);
  return name === null ? null : { kind: "dns", text: name };
}

/**
 * Reads a limit: `example.org` or `*.example.org`, either with all below it, an address, or a network such as
 * `10.0.0.0/8`. Throws SyntaxError in words.
 */
export function parseLimit(written: string): Limit {
  const refuse = (reason: string): never => {
    throw new SyntaxError(
      `Cannot limit the authority to "${written}": ${reason}. ` +
        "Write a name such as example.org, which stands for all below it too, or a network such as 10.0.0.0/8.",
    );
  };
  const [address, length, ...more] = written.split("/");
  const bytes = addressBytes(address);
  if (bytes !== null && more.length === 0) {
    const bits = length === undefined ? bytes.byteLength * 8 : /^\d+$/.test(length) ? Number(length) : -1;
    if (bits < 0 || bits > bytes.byteLength * 8) refuse(`"/${length}" is no length of a network`);
    const mask = bytes.map((_, index) => 0xff << (8 - Math.min(8, Math.max(0, bits - index * 8))));
    return { kind: "ip", text: written, bytes: bytes.map((byte, index) => byte & mask[index]), mask };
  }
  const name = asciiName(written.replace(/^(\*\.|\.)/, ""));
  if (name === null) return refuse("it is no name and no network");
  return { kind: "dns", text: name };
}

/** Whether `name` is within `limit`. */
export function isWithin(name: ServerName, limit: Limit): boolean {
  if (name.kind === "dns") {
    return limit.kind === "dns" && (name.text === limit.text || name.text.endsWith(`.${limit.text}`));
  }
  return limit.kind === "ip" && name.bytes.byteLength === limit.bytes.byteLength &&
    name.bytes.every((byte, index) => (byte & limit.mask[index]) === limit.bytes[index]);
}

/** A network as people write it: "10.0.0.0/8", "::1". */
export function networkText(bytes: Uint8Array, mask: Uint8Array): string {
  const bits = mask.reduce((sum, byte) => sum + byte.toString(2).replaceAll("0", "").length, 0);
  const address = bytes.byteLength === 4 ? bytes.join(".") : ipv6Text(bytes);
  return bits === bytes.byteLength * 8 ? address : `${address}/${bits}`;
}

/** In lower case, without the dot of the root, other letters as punycode (RFC 5891); null where it is no DNS name. */
function asciiName(written: string): string | null {
  const text = written.toLowerCase().replace(/\.$/, "");
  if (DNS_NAME.test(text)) return text;
  if (text.length > 1000 || /[\x00-\x7f]/.test(text.replaceAll(/[a-z0-9_.-]/g, ""))) return null;
  const ascii = URL.parse(`http://${text}/`)?.hostname ?? "";
  return DNS_NAME.test(ascii) ? ascii : null;
}

/** The bytes of an address; null where it is none. The zone of an IPv6 address is left out: no certificate has it. */
function addressBytes(text: string): Uint8Array<ArrayBuffer> | null {
  if (isIpv4(text)) return Uint8Array.from(text.split("."), Number);
  const ipv6 = text.includes(":") ? canonicalIpv6(text) : null;
  if (ipv6 === null) return null;
  // In hexadecimal, with at most one "::" (RFC 5952).
  const [before, after] = ipv6.split("::").map((part) => part === "" ? [] : part.split(":"));
  const groups = after === undefined
    ? before
    : [...before, ...Array<string>(8 - before.length - after.length).fill("0"), ...after];
  return Uint8Array.from(groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
}

function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from(
    { length: 8 },
    (_, index) => (bytes[index * 2] << 8 | bytes[index * 2 + 1]).toString(16),
  );
  return canonicalIpv6(groups.join(":"))!;
}
