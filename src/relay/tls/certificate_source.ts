// Where the certificates come from that clients are shown. Types only: who issues them knows nothing of connections.

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
