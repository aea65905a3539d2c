// What a Connection reads from and writes to on one side: a socket, or what stands for one.

/** A leg of a Connection. A Deno.TcpConn is one. */
export interface ConnectionLeg extends
  Pick<
    Deno.TcpConn,
    "localAddr" | "remoteAddr" | "read" | "write" | "close" | "closeWrite" | "setNoDelay" | "setKeepAlive"
  > {
  /** Given on a leg that may be inside TLS: the peer has ended without saying so there, so that bytes may be missing. */
  readonly isTruncated?: boolean;
  /** Given on a leg that may be inside TLS: `closeWrite` without saying so there. */
  cutOff?(): Promise<void>;
}

/** Closes what may be closed already. */
export function closeAnyway(leg: Pick<ConnectionLeg, "close">): void {
  try {
    leg.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
