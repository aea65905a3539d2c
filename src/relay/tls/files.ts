// What a Route's TLS is made of, read from its files when its port is bound: certificates, keys, authorities. Errors
// say which file and why; a private key never stands in one. It opens no connection.

import { createPrivateKey, X509Certificate } from "node:crypto";
import type { CertificateFiles, RouteOptions } from "../../model.ts";
import { passthrough } from "./passthrough.ts";
import type { IsPassedThrough } from "./passthrough.ts";
import type { ServerCertificate } from "./certificate_source.ts";

/** TLS of a Route, ready to be spoken. */
export interface RouteTls {
  /** Whether TLS is spoken to the target from the first byte, and as what. */
  readonly scheme: "https" | "tls" | null;
  readonly target: TargetTrust;
  /** What clients get; null where their TLS is passed through. */
  readonly clients: ClientTls | null;
}

/** How a target is met. */
export interface TargetTrust {
  /** The authorities of the user's file, each in PEM; null where there is no such file. */
  readonly ca: readonly string[] | null;
  /** Any certificate is accepted. */
  readonly isInsecure: boolean;
  /** What the target is shown where it asks; null for nothing. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
}

/** How clients are met. */
export interface ClientTls {
  /** The user's own certificate; null where one is issued for each name. */
  readonly certificate: ServerCertificate | null;
  readonly asksClients: boolean;
  readonly isPassedThrough: IsPassedThrough;
}

/** What is wrong with a file; `member` is the option of the Route that names it. */
export class TlsFileError extends Error {
  constructor(readonly member: "targetTls" | "listenTls", message: string) {
    super(message);
    this.name = "TlsFileError";
  }
}

/** A target that is met as the system says, with nothing to show. */
export const SYSTEM_TRUST: TargetTrust = { ca: null, isInsecure: false, certificate: null };

/** Reads what a Route names; null where it has nothing to do with TLS. Throws TlsFileError. */
export function routeTls({ targetScheme, targetTls, listenTls }: RouteOptions): RouteTls | null {
  if (targetScheme === undefined && listenTls === undefined) return null;
  const { certificate, asksClients, passthrough: names } = listenTls ?? {};
  return {
    scheme: targetScheme ?? null,
    target: targetTrust(targetTls),
    clients: listenTls === undefined ? null : {
      certificate: certificate === undefined ? null : { ...readPair(certificate, "listenTls"), isOwn: false },
      asksClients: asksClients ?? false,
      isPassedThrough: passthrough(names ?? []),
    },
  };
}

/** Reads what is said of a target. Throws TlsFileError. */
export function targetTrust(tls: RouteOptions["targetTls"]): TargetTrust {
  if (tls === undefined) return SYSTEM_TRUST;
  return {
    ca: tls.ca === undefined ? null : readAuthorities(tls.ca),
    isInsecure: tls.insecure ?? false,
    certificate: tls.certificate === undefined ? null : readPair(tls.certificate, "targetTls"),
  };
}

const CERTIFICATE =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

function readAuthorities(path: string): readonly string[] {
  const found = readText(path, "targetTls", "the authorities").match(CERTIFICATE) ?? [];
  if (found.length === 0) {
    throw new TlsFileError(
      "targetTls",
      `Cannot read the authorities of ${path}: there is no certificate in PEM in it ` +
        '("-----BEGIN CERTIFICATE-----"). Give a file with one or more.',
    );
  }
  for (const pem of found) parsed(pem, path, "targetTls");
  return found;
}

function readPair({ cert, key }: CertificateFiles, member: "targetTls" | "listenTls") {
  const chain = readText(cert, member, "the certificate");
  const [own] = chain.match(CERTIFICATE) ?? [];
  if (own === undefined) {
    throw new TlsFileError(
      member,
      `Cannot read the certificate of ${cert}: there is none in PEM in it ("-----BEGIN CERTIFICATE-----"). ` +
        "Give a file that begins with one.",
    );
  }
  const certificate = parsed(own, cert, member);
  const secret = readText(key, member, "the key");
  let isItsKey: boolean;
  try {
    isItsKey = certificate.checkPrivateKey(createPrivateKey(secret));
  } catch {
    // The cause might quote the key.
    const locked = /ENCRYPTED/.test(secret);
    throw new TlsFileError(
      member,
      locked
        ? `Cannot read the key of ${key}: it is encrypted. Decrypt it: openssl pkey -in ${key} -out FILE.`
        : `Cannot read the key of ${key}: it is no private key in PEM. Give one without a password.`,
    );
  }
  if (!isItsKey) {
    throw new TlsFileError(
      member,
      `Cannot use the key of ${key}: it does not belong to the first certificate of ${cert}. ` +
        "Give the key that this was issued for.",
    );
  }
  return { cert: chain, key: secret };
}

function parsed(pem: string, path: string, member: "targetTls" | "listenTls"): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new TlsFileError(
      member,
      `Cannot read a certificate of ${path}: what stands there is damaged. Give a file in PEM.`,
    );
  }
}

function readText(path: string, member: "targetTls" | "listenTls", what: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "there is no such file"
      : error instanceof Deno.errors.PermissionDenied || error instanceof Deno.errors.NotCapable
      ? "permission denied"
      : error instanceof Error
      ? error.message.replace(/ \(os error \d+\).*$/, "").toLowerCase()
      : String(error);
    throw new TlsFileError(member, `Cannot read ${what} of ${path}: ${reason}. Give another file.`);
  }
}
