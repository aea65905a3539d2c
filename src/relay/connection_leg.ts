// What a Connection reads from and writes to on one side: a socket, or what stands for one. Types only.

/** A leg of a Connection. A Deno.TcpConn is one. */
export type ConnectionLeg = Pick<
  Deno.TcpConn,
  "localAddr" | "remoteAddr" | "read" | "write" | "close" | "closeWrite" | "setNoDelay" | "setKeepAlive"
>;
