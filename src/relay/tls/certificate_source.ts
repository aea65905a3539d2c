// Where certificates come from: those that clients are shown, and those of the user's files. Types only: who issues and
// reads them knows nothing of connections.

import type { CertificateFiles } from "../../model.ts";

/** A certificate with its private key. */
export interface ServerCertificate {
  /** The chain in PEM, its own certificate first. */
  readonly cert: string;
  /** In PEM. It is never told to anybody. */
  readonly key: string;
  /** True where the monitor's own authority has issued it; false where it is the user's. */
  readonly isOwn: boolean;
}

/** Gives certificates. */
export interface CertificateSource {
  /**
   * One that is for `name`: a DNS name or an IP address without brackets, as a client asked for it, or else as the
   * Listener's target is called. `also` are names and addresses that it should be for as well, as far as it can.
   * Asked for every TLS client: it keeps what it has issued. Rejects with an Error in words where there is none.
   */
  forName(name: string, also?: readonly string[]): Promise<ServerCertificate>;
}

/** Reads the files that a Route names. Both reject with an Error in words; a key never stands in one. */
export interface CertificateReading {
  /** A certificate with its key, both in PEM, the key not encrypted. */
  certificate(files: CertificateFiles): Promise<{ readonly cert: string; readonly key: string }>;
  /** All certificates of a file, in PEM. */
  authorities(file: string): Promise<string>;
}
