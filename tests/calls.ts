// Small clients and addresses for tests of the running program.

import { readAll, write } from "./relay/transcript.ts";

/** Sends `request` to a port on loopback, half-closes, and gives all that comes back. */
export async function call(port: number, request: string): Promise<string> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await write(conn, request);
  await conn.closeWrite().catch(() => {});
  const answer = await readAll(conn).catch(() => "");
  conn.close();
  return answer;
}

/** `host:port` where nobody listens. */
export function refusing(): string {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return `127.0.0.1:${port}`;
}
