// Makes X.509 certificates (RFC 5280): what stands in them, signed with ECDSA on P-256 and SHA-256 (RFC 5758), and
// reads of one what the authority must know of itself. It knows no files and no clock; randomness comes from the system.

import { createHash, type KeyObject, sign } from "node:crypto";
import {
  bitString,
  context,
  element,
  elements,
  oid,
  positive,
  sequence,
  TAG,
  time,
  TRUE,
  utf8String,
} from "./der.ts";
import { type Limit, networkText, type ServerName } from "./server_name.ts";

/** What a certificate says. Times are ms since 1970, kept to the second. */
export interface Contents {
  /** DER of a Name. */
  readonly issuer: Uint8Array<ArrayBuffer>;
  readonly subject: Uint8Array<ArrayBuffer>;
  readonly notBefore: number;
  readonly notAfter: number;
  /** DER of a SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  /** DER of Extensions' members. */
  readonly extensions: readonly Uint8Array<ArrayBuffer>[];
}

const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const SERVER_AUTH = oid("1.3.6.1.5.5.7.3.1");
/** RFC 5280, A.1: the most that a common name and an organisation have. */
const NAME_LIMIT = 64;

/** A certificate in DER, with a serial number of its own, signed by `key`. */
export function issueCertificate(contents: Contents, key: KeyObject): Uint8Array<ArrayBuffer> {
  // 128 bits of chance; the first is 0 and the second 1, so that it is positive and always as long.
  const serial = crypto.getRandomValues(new Uint8Array(16));
  serial[0] = serial[0] & 0x7f | 0x40;
  const signed = sequence(
    element(context(0, true), positive(Uint8Array.of(2))),
    positive(serial),
    ECDSA_WITH_SHA256,
    contents.issuer,
    sequence(time(contents.notBefore), time(contents.notAfter)),
    contents.subject,
    contents.publicKey,
    element(context(3, true), sequence(...contents.extensions)),
  );
  return sequence(signed, ECDSA_WITH_SHA256, bitString(sign("sha256", signed, key)));
}

/** A Name of an organisation and, where there is one that is short enough, a common name. */
export function distinguishedName(organisation: string, commonName: string | null): Uint8Array<ArrayBuffer> {
  const part = (type: string, text: string) => element(TAG.set, sequence(oid(type), utf8String(text)));
  const named = commonName !== null && commonName !== "" && [...commonName].length <= NAME_LIMIT;
  return sequence(
    part("2.5.4.10", organisation),
    ...(named ? [part("2.5.4.3", commonName)] : []),
  );
}

/**
 * The extensions of an authority: it signs certificates of servers, no authorities below it, and, where it is limited,
 * for names and networks within `only`.
 */
export function authorityExtensions(
  publicKey: Uint8Array<ArrayBuffer>,
  only: readonly Limit[] | null,
): Uint8Array<ArrayBuffer>[] {
  return [
    extension("2.5.29.19", sequence(TRUE, positive(Uint8Array.of(0))), true),
    extension("2.5.29.15", bitString(Uint8Array.of(0x04), 2), true), // keyCertSign
    extension("2.5.29.37", sequence(SERVER_AUTH)),
    extension("2.5.29.14", element(TAG.octetString, keyIdentifier(publicKey))),
    ...(only === null ? [] : [
      extension("2.5.29.30", sequence(element(context(0, true), ...only.map(subtree))), true),
    ]),
  ];
}

/** The extensions of a server's certificate for `names`, signed with the authority's key. */
export function serverExtensions(
  publicKey: Uint8Array<ArrayBuffer>,
  authorityKey: Uint8Array<ArrayBuffer>,
  names: readonly ServerName[],
): Uint8Array<ArrayBuffer>[] {
  return [
    extension("2.5.29.19", sequence(), true),
    extension("2.5.29.15", bitString(Uint8Array.of(0x80), 7), true), // digitalSignature
    extension("2.5.29.37", sequence(SERVER_AUTH)),
    extension("2.5.29.14", element(TAG.octetString, keyIdentifier(publicKey))),
    extension("2.5.29.35", sequence(element(context(0), keyIdentifier(authorityKey)))),
    extension("2.5.29.17", sequence(...names.map(generalName))),
  ];
}

/** What an authority must know of its own certificate. */
export interface AuthorityContents {
  readonly subject: Uint8Array<ArrayBuffer>;
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly commonName: string;
  readonly only: readonly Limit[] | null;
}

/** Reads a certificate that `issueCertificate` made for an authority. Throws RangeError where it is none. */
export function readAuthority(der: Uint8Array<ArrayBuffer>): AuthorityContents {
  const [whole] = elements(der);
  const [signed] = elements(whole.contents);
  const [, , , , , subject, publicKey, extensions] = elements(signed.contents);
  if (extensions === undefined) throw new RangeError("no extensions");
  const constraints = elements(elements(extensions.contents)[0].contents)
    .map(({ contents }) => elements(contents))
    .find(([type]) => sameBytes(type.whole, oid("2.5.29.30")))?.at(-1);
  return {
    subject: subject.whole,
    publicKey: publicKey.whole,
    commonName: commonName(subject.contents),
    only: constraints === undefined ? null : limits(constraints.contents),
  };
}

function commonName(name: Uint8Array<ArrayBuffer>): string {
  for (const { contents } of elements(name)) {
    const [type, value] = elements(elements(contents)[0].contents);
    if (sameBytes(type.whole, oid("2.5.4.3"))) return new TextDecoder().decode(value.contents);
  }
  throw new RangeError("no common name");
}

function limits(constraints: Uint8Array<ArrayBuffer>): Limit[] {
  const [permitted] = elements(elements(constraints)[0].contents);
  return elements(permitted.contents).map(({ contents }) => {
    const [{ tag, contents: base }] = elements(contents);
    if (tag === context(2)) return { kind: "dns", text: new TextDecoder().decode(base) };
    const half = base.byteLength / 2;
    const [bytes, mask] = [base.subarray(0, half), base.subarray(half)];
    return { kind: "ip", text: networkText(bytes, mask), bytes, mask };
  });
}

/** The first 160 bits of the SHA-256 of the key (RFC 7093, 2, method 1). */
function keyIdentifier(publicKey: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const [, bits] = elements(elements(publicKey)[0].contents);
  return new Uint8Array(createHash("sha256").update(bits.contents.subarray(1)).digest()).slice(0, 20);
}

function extension(type: string, value: Uint8Array, critical = false): Uint8Array<ArrayBuffer> {
  return sequence(oid(type), ...(critical ? [TRUE] : []), element(TAG.octetString, value));
}

function generalName(name: ServerName): Uint8Array<ArrayBuffer> {
  if (name.kind === "ip") return element(context(7), name.bytes);
  return element(context(2), new TextEncoder().encode(name.text));
}

function subtree(limit: Limit): Uint8Array<ArrayBuffer> {
  if (limit.kind === "ip") return sequence(element(context(7), limit.bytes, limit.mask));
  return sequence(element(context(2), new TextEncoder().encode(limit.text)));
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.byteLength === other.byteLength && one.every((byte, index) => byte === other[index]);
}
