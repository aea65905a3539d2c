// Where a pump writes to: a socket, or what stands before one. Types only; nothing here knows what stands there.

/** Takes bytes on their way to a peer. A Deno.Conn is one. */
export interface Sink {
  /**
   * Takes bytes, at least one, and says how many; the rest has to be given again. `bytes` are the caller's again once
   * it resolves. Rejects once the peer takes nothing more.
   */
  write(bytes: Uint8Array): Promise<number>;
  /** The end, after all bytes that were taken. */
  closeWrite(): Promise<void>;
}

/** Who writes looks up the Sink for every write, because another one may stand there between two writes. */
export interface Outlet {
  readonly sink: Sink;
}
