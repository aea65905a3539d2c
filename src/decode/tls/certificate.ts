// X.509 certificates (RFC 5280), as much as a reader wants to know: whose, from whom, for which names, until when, with
// which key. Nothing is verified here: what a certificate says is not what is so.

import { Cursor, DecodeError, hexOf } from "./cursor.ts";
import { type Element, expect, optional, readElement, readOid, readText, readTime, TAG } from "./der.ts";
import { sha256 } from "./sha256.ts";

/** What a certificate says. */
export interface Certificate {
  /** "CN=api.example.org, O=Example", in the order in which it was written. */
  readonly subject: string;
  readonly issuer: string;
  /** The subject's common name; null where there is none. */
  readonly commonName: string | null;
  /** From subjectAltName: "api.example.org", "IP 10.0.0.1", "mail ann@example.org". */
  readonly names: readonly string[];
  /** In ms since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
  /** In hex. */
  readonly serial: string;
  /** "RSA, 2048 bits", "EC, secp256r1". */
  readonly key: string;
  /** "sha256WithRSAEncryption". */
  readonly signature: string;
  /** It may issue others. */
  readonly isCa: boolean;
  /** Issued by its own subject. */
  readonly isSelfIssued: boolean;
  /** SHA-256 of all of it, in hex. */
  readonly fingerprint: string;
}

/** Reads a certificate in DER. Throws DecodeError. */
export function readCertificate(der: Uint8Array): Certificate {
  const certificate = expect(new Cursor(der), TAG.sequence);
  const body = expect(certificate, TAG.sequence);
  optional(body, 0xa0); // version
  const serial = expect(body, TAG.integer).rest();
  const signature = algorithm(expect(body, TAG.sequence)).name;
  const issuer = readElement(body);
  const validity = expect(body, TAG.sequence);
  const validFrom = readTime(readElement(validity));
  const validTo = readTime(readElement(validity));
  const subject = readElement(body);
  const key = readKey(expect(body, TAG.sequence));
  optional(body, 0x81); // unique identifiers, of X.509 v2
  optional(body, 0x82);
  const extensions = readExtensions(optional(body, 0xa3));
  const subjectParts = nameParts(subject);
  return {
    subject: nameText(subjectParts),
    issuer: nameText(nameParts(issuer)),
    commonName: subjectParts.findLast(([type]) => type === "CN")?.[1] ?? null,
    names: extensions.names,
    validFrom,
    validTo,
    serial: hexOf(serial).replace(/^00(?=.)/, ""),
    key,
    signature,
    isCa: extensions.isCa,
    isSelfIssued: hexOf(subject.bytes) === hexOf(issuer.bytes),
    fingerprint: hexOf(sha256(der)),
  };
}

/** The name of an issuer, as a CertificateRequest lists it, in DER. Throws DecodeError. */
export function readName(der: Uint8Array): string {
  return nameText(nameParts(readElement(new Cursor(der))));
}

const ATTRIBUTES: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.4": "SN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "street",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "2.5.4.12": "title",
  "2.5.4.15": "businessCategory",
  "2.5.4.42": "GN",
  "2.5.4.97": "organizationIdentifier",
  "1.2.840.113549.1.9.1": "emailAddress",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
};

type Part = readonly [type: string, value: string];

function nameParts({ tag, contents }: Element): Part[] {
  if (tag !== TAG.sequence) throw new DecodeError("A name is no sequence", contents.at);
  const parts: Part[] = [];
  const names = new Cursor(contents.bytes, contents.at, contents.end);
  while (names.left > 0) {
    const set = expect(names, TAG.set);
    while (set.left > 0) {
      const attribute = expect(set, TAG.sequence);
      const type = readOid(expect(attribute, TAG.oid));
      parts.push([ATTRIBUTES[type] ?? type, readText(readElement(attribute))]);
    }
  }
  return parts;
}

/** A value with a comma or a quotation mark in it is put into quotation marks. */
function nameText(parts: readonly Part[]): string {
  if (parts.length === 0) return "(empty name)";
  return parts.map(([type, value]) =>
    `${type}=${/[,"+<>;]|^[ #]| $/.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : value}`
  ).join(", ");
}

const ALGORITHMS: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.1": "RSA",
  "1.2.840.113549.1.1.4": "md5WithRSAEncryption",
  "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
  "1.2.840.113549.1.1.10": "RSASSA-PSS",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.113549.1.1.14": "sha224WithRSAEncryption",
  "1.2.840.10045.2.1": "EC",
  "1.2.840.10045.4.1": "ecdsa-with-SHA1",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
  "1.2.840.10040.4.1": "DSA",
  "1.2.840.10040.4.3": "dsa-with-SHA1",
  "2.16.840.1.101.3.4.3.2": "dsa-with-SHA256",
  "1.3.101.112": "Ed25519",
  "1.3.101.113": "Ed448",
  "1.2.840.10045.3.1.7": "secp256r1",
  "1.3.132.0.34": "secp384r1",
  "1.3.132.0.35": "secp521r1",
  "1.3.132.0.10": "secp256k1",
  "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
  "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
  "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
};

function algorithm(sequence: Cursor): { readonly name: string; readonly parameters: Cursor } {
  const oid = readOid(expect(sequence, TAG.oid));
  return { name: ALGORITHMS[oid] ?? oid, parameters: sequence };
}

/** A SubjectPublicKeyInfo in words: which algorithm, and how large or on which curve. */
function readKey(info: Cursor): string {
  const { name, parameters } = algorithm(expect(info, TAG.sequence));
  const bits = expect(info, TAG.bits);
  if (name === "EC" && parameters.bytes[parameters.at] === TAG.oid && parameters.left > 0) {
    const curve = readOid(expect(parameters, TAG.oid));
    return `EC, ${ALGORITHMS[curve] ?? curve}`;
  }
  if (name !== "RSA" && name !== "RSASSA-PSS") return name;
  bits.u8(); // how many bits of the last byte do not count: none
  const modulus = expect(expect(bits, TAG.sequence), TAG.integer).rest();
  const first = modulus.findIndex((byte) => byte !== 0);
  const size = first < 0 ? 0 : (modulus.length - first) * 8 - (Math.clz32(modulus[first]) - 24);
  return `${name}, ${size} bits`;
}

interface Extensions {
  readonly names: readonly string[];
  readonly isCa: boolean;
}

function readExtensions(tagged: Cursor | null): Extensions {
  let names: readonly string[] = [];
  let isCa = false;
  const list = tagged === null ? null : expect(tagged, TAG.sequence);
  while (list !== null && list.left > 0) {
    const extension = expect(list, TAG.sequence);
    const oid = readOid(expect(extension, TAG.oid));
    optional(extension, TAG.boolean); // critical
    const value = expect(extension, TAG.octets);
    if (oid === "2.5.29.17") names = alternativeNames(expect(value, TAG.sequence));
    else if (oid === "2.5.29.19") {
      isCa = (optional(expect(value, TAG.sequence), TAG.boolean)?.u8() ?? 0) !== 0;
    }
  }
  return { names, isCa };
}

/** GeneralNames (RFC 5280, 4.2.1.6). */
function alternativeNames(list: Cursor): string[] {
  const names: string[] = [];
  while (list.left > 0) {
    const element = readElement(list);
    switch (element.tag) {
      case 0x82:
        names.push(readText(element));
        break;
      case 0x81:
        names.push(`mail ${readText(element)}`);
        break;
      case 0x86:
        names.push(readText(element));
        break;
      case 0x87:
        names.push(`IP ${addressText(element.contents.rest())}`);
        break;
      case 0xa4:
        names.push(nameText(nameParts(readElement(element.contents))));
        break;
      default:
        names.push("another kind of name");
    }
  }
  return names;
}

function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  const groups = Array.from({ length: bytes.length >> 1 }, (_, i) => bytes[2 * i] * 256 + bytes[2 * i + 1]);
  const text = groups.map((group) => group.toString(16)).join(":");
  // The longest run of zeros is left out (RFC 5952, 4.2).
  const longest = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (longest === undefined) return text;
  const { index } = longest;
  return `${text.slice(0, index)}::${text.slice(index + longest[0].length).replace(/^:/, "")}`;
}
