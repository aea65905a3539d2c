// The server behind many connections, a process of its own: answers each request of HTTP with one byte, and sends
// everything else back as it came. Prints its port; ends when its input ends.

const ANSWER = new TextEncoder().encode(
  "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\n+",
);
/** What a request of HTTP begins with, of those that come here. */
const GET = "G".charCodeAt(0);

/** What accept throws for a client that has gone already. */
const { ConnectionAborted, ConnectionReset, NotConnected, TimedOut } = Deno.errors;
const GONE = [ConnectionAborted, ConnectionReset, NotConnected, TimedOut];

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0, tcpBacklog: 4096 });
console.log(listener.addr.port);
accept();
await Deno.stdin.read(new Uint8Array(1));
Deno.exit();

async function accept(): Promise<void> {
  for (;;) {
    try {
      answer(await listener.accept());
    } catch (error) {
      // That client had gone before it was accepted.
      if (!GONE.some((kind) => error instanceof kind)) throw error;
    }
  }
}

/** A request comes in one piece: there is one at a time on a connection, and it is short. */
async function answer(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(512);
  conn.setNoDelay(true);
  try {
    for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
      await conn.write(buffer[0] === GET ? ANSWER : buffer.subarray(0, count));
    }
  } catch {
    // The client has gone.
  } finally {
    conn.close();
  }
}
