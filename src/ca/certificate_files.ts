// Certificates and keys that the user has in files: PEM (RFC 7468), DER for a certificate alone, PKCS#12 with both.
// Reads them, checks that they fit together, brings the chain into order, and says in words what is wrong and where.
// Nothing of a key, and no password, is in any text that leaves here.

import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from "node:crypto";
import type { CertificateFiles } from "../model.ts";
import { pem, type PemBlock, pemBlocks } from "./pem.ts";
import { openPkcs12, Pkcs12Error } from "./pkcs12.ts";

/** The variable with the password of encrypted keys and PKCS#12 files. */
export const KEY_PASSWORD = "TCPMON_KEY_PASSWORD";

/** No certificate is longer, bytes: whoever names a film by mistake is told so, and not kept waiting. */
const LARGEST_FILE = 4 * 1024 * 1024;

/** A certificate with its key, ready to be shown to a peer. */
export interface FileCertificate {
  /** The chain in PEM: its own certificate first, then each one's issuer, as far as the file has them. */
  readonly cert: string;
  /** PEM, PKCS#8, not encrypted. It is never told to anybody. */
  readonly key: string;
  /** What the user should know although it works: that it has expired, and the like; sentences. */
  readonly notes: readonly string[];
}

/** A file that cannot be used; `field` is the one that names it. */
export class CertificateFileError extends Error {
  override readonly name = "CertificateFileError";
  readonly field: "cert" | "key" | "ca";

  constructor(field: "cert" | "key" | "ca", message: string) {
    super(message);
    this.field = field;
  }
}

/**
 * Reads a certificate and its key. Both may be in one file, which is then given for both; so it is with PKCS#12.
 * `password` is for what is encrypted, `now` ms since 1970. Rejects with CertificateFileError.
 */
export async function readCertificateFiles(
  files: CertificateFiles,
  password: string | undefined,
  now: number,
): Promise<FileCertificate> {
  const held = await readHeld("cert", files.cert, password);
  const forKey = files.key === files.cert ? held : await readHeld("key", files.key, password);
  if (held.certificates.length === 0) refuseWithoutCertificate(files, held);
  const key = readKey(files.key, forKey, password);
  const own = held.certificates.find((one) => isKeyOf(key, one));
  if (own === undefined) {
    const [{ subject }] = held.certificates;
    throw new CertificateFileError(
      "key",
      `Cannot use ${files.key}: its key does not belong to the certificate of ${
        oneLine(subject)
      } in ${files.cert}. ` +
        "Give the key that this certificate was made for.",
    );
  }
  const chain = chainFrom(own, held.certificates);
  const left = held.certificates.length - chain.length;
  return {
    cert: chain.map(textOf).join(""),
    key: String(key.export({ type: "pkcs8", format: "pem" })),
    notes: [
      ...validityNotes(files.cert, own, now),
      ...(left === 0 ? [] : [
        `${files.cert} has ${left} more certificate${
          left === 1 ? "" : "s"
        } that did not issue this one: peers are not shown ${left === 1 ? "it" : "them"}.`,
      ]),
    ],
  };
}

/** Reads a file of authorities: every certificate in it, in PEM. Rejects with CertificateFileError. */
export async function readAuthorities(file: string): Promise<string> {
  const { certificates, blocks } = await readHeld("ca", file, undefined);
  if (certificates.length > 0) return certificates.map(textOf).join("");
  const instead = blocks.some(({ label }) => label.endsWith("PRIVATE KEY"))
    ? "a private key"
    : "something else";
  throw new CertificateFileError(
    "ca",
    `Cannot trust ${file}: there is no certificate in it, but ${instead}. ` +
      "Give the certificates of authorities in PEM, which begin with -----BEGIN CERTIFICATE-----.",
  );
}

/** What a file has. */
interface Held {
  readonly certificates: readonly X509Certificate[];
  readonly blocks: readonly PemBlock[];
}

async function readHeld(
  field: "cert" | "key" | "ca",
  file: string,
  password: string | undefined,
): Promise<Held> {
  const bytes = await readBytes(field, file);
  // A SEQUENCE (X.690): DER of a certificate, or PKCS#12.
  if (bytes[0] === 0x30) {
    const alone = parsed(pem("CERTIFICATE", bytes));
    if (alone !== null) return { certificates: [alone], blocks: [] };
    return await readPkcs12(field, file, bytes, password);
  }
  const blocks = pemBlocks(new TextDecoder().decode(bytes));
  const certificates: X509Certificate[] = [];
  for (const { label, bytes: der } of blocks) {
    if (label !== "CERTIFICATE" && label !== "X509 CERTIFICATE") continue;
    const certificate = der === null ? null : parsed(pem("CERTIFICATE", der));
    if (certificate === null) {
      throw new CertificateFileError(
        field,
        `Cannot use ${file}: certificate ${certificates.length + 1} in it is damaged. Bring a whole copy.`,
      );
    }
    certificates.push(certificate);
  }
  return { certificates, blocks };
}

async function readBytes(field: "cert" | "key" | "ca", file: string): Promise<Uint8Array<ArrayBuffer>> {
  const refuse = (reason: string, mend: string) =>
    new CertificateFileError(field, `Cannot read ${file}: ${reason}. ${mend}`);
  try {
    const { isFile, isDirectory, size } = await Deno.stat(file);
    if (isDirectory) throw refuse("it is a folder", "Give a file.");
    // It is read again with each start; and a device may never end, a pipe never begin.
    if (!isFile) throw refuse("it is no file that can be read again", "Give a file.");
    if (size > LARGEST_FILE) throw refuse("it is too large for certificates", "Give another file.");
    return await Deno.readFile(file);
  } catch (error) {
    if (error instanceof CertificateFileError) throw error;
    if (error instanceof Deno.errors.NotFound) {
      throw refuse("there is no such file", "Give one that is there.");
    }
    if (error instanceof Deno.errors.PermissionDenied) {
      throw refuse("no permission", "Give it, or another file.");
    }
    const reason = error instanceof Error ? error.message.replace(/ \(os error.*$/, "") : String(error);
    if (/^too many open files/i.test(reason)) {
      throw refuse("too many files are open", "Allow more before you start tcpmon (ulimit -n).");
    }
    throw refuse(reason, "Give another file.");
  }
}

async function readPkcs12(
  field: "cert" | "key" | "ca",
  file: string,
  bytes: Uint8Array,
  password: string | undefined,
): Promise<Held> {
  try {
    const { certificates, keys } = await openPkcs12(bytes, password ?? "");
    return {
      certificates: certificates.map(parsed).filter((one) => one !== null),
      blocks: keys.flatMap(pemBlocks),
    };
  } catch (error) {
    if (!(error instanceof Pkcs12Error)) throw error;
    throw new CertificateFileError(
      field,
      error.reason === "damaged"
        ? `Cannot use ${file}: it is no PEM, no certificate in DER and no PKCS#12. Give one of these.`
        : password === undefined
        ? `Cannot open ${file}: it is encrypted (PKCS#12). Put its password into the variable ${KEY_PASSWORD}.`
        : `Cannot open ${file}: the variable ${KEY_PASSWORD} has another password. Put the right one there.`,
    );
  }
}

function refuseWithoutCertificate(files: CertificateFiles, { blocks }: Held): never {
  const labels = new Set(blocks.map(({ label }) => label));
  const [reason, mend] = [...labels].some((label) => label.endsWith("PRIVATE KEY"))
    ? ["there is a private key in it but no certificate", "Were certificate and key mixed up?"]
    : labels.has("CERTIFICATE REQUEST") || labels.has("NEW CERTIFICATE REQUEST")
    ? ["it asks for a certificate and is none", "Give what the authority answered."]
    : ["there is no certificate in it", "Give one in PEM, which begins with -----BEGIN CERTIFICATE-----."];
  throw new CertificateFileError("cert", `Cannot use ${files.cert}: ${reason}. ${mend}`);
}

function readKey(file: string, { blocks, certificates }: Held, password: string | undefined): KeyObject {
  const refuse = (reason: string, mend: string) =>
    new CertificateFileError("key", `Cannot use ${file}: ${reason}. ${mend}`);
  const found = blocks.find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (found === undefined) {
    throw certificates.length > 0
      ? refuse(
        "there is a certificate in it but no private key",
        "Give the file with the key that belongs to it: --key FILE, or --target-key FILE for the one that the target is shown.",
      )
      : refuse(
        "there is no private key in it",
        "Give one in PEM, which begins with -----BEGIN PRIVATE KEY-----.",
      );
  }
  const encrypted = found.label === "ENCRYPTED PRIVATE KEY" || /^Proc-Type: 4,ENCRYPTED/m.test(found.text);
  if (encrypted && password === undefined) {
    throw refuse(
      "its key is encrypted",
      `Put its password into the variable ${KEY_PASSWORD}, or decrypt it: openssl pkey -in ${file} -out plain.key`,
    );
  }
  try {
    return createPrivateKey({
      key: found.text,
      format: "pem",
      ...(encrypted ? { passphrase: password } : {}),
    });
  } catch {
    // What the library says might quote the key.
    throw encrypted
      ? refuse(
        `the variable ${KEY_PASSWORD} has another password, or its key is encrypted in a way that is not known`,
        `Put the right one there, or decrypt it: openssl pkey -in ${file} -out plain.key`,
      )
      : refuse("its key is damaged, or of a kind that is not known", "Give a key for RSA, ECDSA or Ed25519.");
  }
}

function parsed(text: string): X509Certificate | null {
  try {
    return new X509Certificate(text);
  } catch {
    return null;
  }
}

function isKeyOf(key: KeyObject, certificate: X509Certificate): boolean {
  const spki = (one: KeyObject) => new Uint8Array(one.export({ type: "spki", format: "der" }));
  const own = spki(createPublicKey(String(key.export({ type: "pkcs8", format: "pem" }))));
  const its = spki(certificate.publicKey);
  return own.byteLength === its.byteLength && own.every((byte, index) => byte === its[index]);
}

/** From its own certificate to the last issuer that is there, whatever the order in the file. */
function chainFrom(own: X509Certificate, all: readonly X509Certificate[]): X509Certificate[] {
  const chain = [own];
  while (chain.length < all.length) {
    const last = chain[chain.length - 1];
    const issuer = all.find((one) =>
      !chain.includes(one) && one.subject === last.issuer && hasIssued(one, last)
    );
    if (issuer === undefined || last.subject === last.issuer) break;
    chain.push(issuer);
  }
  return chain;
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return certificate.verify(issuer.publicKey);
}

function validityNotes(
  file: string,
  { subject, validFrom, validTo }: X509Certificate,
  now: number,
): string[] {
  const named = `The certificate of ${oneLine(subject)} in ${file}`;
  const day = (text: string) => new Date(text).toISOString().slice(0, 10);
  if (now > Date.parse(validTo)) {
    return [`${named} expired on ${day(validTo)}: peers that check will refuse it.`];
  }
  if (now < Date.parse(validFrom)) {
    return [`${named} is not valid before ${day(validFrom)}: peers that check will refuse it.`];
  }
  return [];
}

function textOf(certificate: X509Certificate): string {
  return pem("CERTIFICATE", new Uint8Array(certificate.raw));
}

function oneLine(subject: string): string {
  return subject === "" ? "no name" : subject.replaceAll("\n", ", ");
}
