// A small HTTP proxy for tests: it takes CONNECT, keeps what it was asked, and answers as it is told.

import { server, write } from "./transcript.ts";

/** Has `answer` decide by the head of the request; true connects to the port that it names, on this machine. */
export function connectProxy(answer: (head: string, conn: Deno.TcpConn) => Promise<boolean>) {
  const asked: string[] = [];
  const listening = server(async (conn) => {
    let head = "";
    const byte = new Uint8Array(1);
    while (!head.endsWith("\r\n\r\n")) {
      if (await conn.read(byte).catch(() => null) === null) return;
      head += String.fromCharCode(byte[0]);
    }
    asked.push(head);
    if (!await answer(head, conn)) return;
    const [, port] = /^CONNECT .+:(\d+) /.exec(head)!;
    const target = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    const back = target.readable.pipeTo(conn.writable).catch(() => {});
    await conn.readable.pipeTo(target.writable).catch(() => {});
    await back;
  });
  return { ...listening, asked };
}

/** Answers as Squid does. */
export async function established(_head: string, conn: Deno.TcpConn): Promise<true> {
  await write(conn, "HTTP/1.1 200 Connection established\r\n\r\n");
  return true;
}
