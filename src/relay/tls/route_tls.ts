// What a Route says of TLS, with what its files hold instead of their names.

import type { ListenTls, TargetTls } from "../../model.ts";
import type { CertificateReading, ServerCertificate } from "./certificate_source.ts";
import { type IsPassedThrough, passthrough } from "./passthrough.ts";

/** How a target is met. */
export interface TargetTrust {
  /** The authorities of the user's file, each in PEM; null where there is no such file. */
  readonly ca: readonly string[] | null;
  /** That file's path, for words; left out where there is none. */
  readonly caFile?: string;
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

/** Reads what a Route names of its targets' TLS. Rejects as `reading` does. */
export async function targetTrust(
  { ca, insecure, certificate }: TargetTls = {},
  reading: CertificateReading | undefined,
): Promise<TargetTrust> {
  return {
    ca: ca === undefined ? null : (await given(reading).authorities(ca)).match(CERTIFICATE) ?? [],
    ...(ca === undefined ? {} : { caFile: ca }),
    isInsecure: insecure ?? false,
    certificate: certificate === undefined ? null : await given(reading).certificate(certificate),
  };
}

/** Reads what a Route names of its clients' TLS. Rejects as `reading` does. */
export async function clientTls(
  { certificate, asksClients, passthrough: names }: ListenTls,
  reading: CertificateReading | undefined,
): Promise<ClientTls> {
  return {
    certificate: certificate === undefined
      ? null
      : { ...await given(reading).certificate(certificate), isOwn: false },
    asksClients: asksClients ?? false,
    isPassedThrough: passthrough(names ?? []),
  };
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function given(reading: CertificateReading | undefined): CertificateReading {
  if (reading === undefined) {
    throw new TypeError("Cannot read certificates: there is nothing to read them with");
  }
  return reading;
}
