// Runs commands in a real shell, with the real curl, against a server that keeps the bytes it got.

import assert from "node:assert/strict";
import { server, write } from "../../relay/transcript.ts";

/** A server that keeps requests, one character a byte, and answers each with 200. */
export function listening() {
  const requests: string[] = [];
  const target = server(async (conn) => {
    const buffer = new Uint8Array(65_536);
    let text = "";
    for (let read = await conn.read(buffer); read !== null; read = await conn.read(buffer)) {
      const parts: string[] = [];
      for (let from = 0; from < read; from += 8192) {
        parts.push(String.fromCharCode(...buffer.subarray(from, Math.min(read, from + 8192))));
      }
      text += parts.join("");
      if (/\r\n\r\n/.test(text) && /^expect: 100/im.test(text) && !isWhole(text)) {
        await write(conn, "HTTP/1.1 100 Continue\r\n\r\n");
      }
      if (isWhole(text)) break;
    }
    requests.push(text);
    await write(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  });
  return { ...target, requests };
}

/** Runs a command of a shell to its end; as typed, since as an argument it may be too long. */
export async function shell(command: string): Promise<void> {
  const process = new Deno.Command("bash", {
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH")!, LC_ALL: "C.UTF-8" },
  }).spawn();
  const typed = process.stdin.getWriter();
  await typed.write(new TextEncoder().encode(`${command}\n`));
  await typed.close();
  const { success, stderr } = await process.output();
  assert.ok(success, `${command.slice(0, 500)}\n${new TextDecoder().decode(stderr)}`);
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const [head, body] = [text.slice(0, end + 2), text.slice(end + 4)];
  if (/^transfer-encoding:.*chunked/im.test(head)) return body.endsWith("0\r\n\r\n");
  const length = /^content-length: *(\d+)/im.exec(head);
  return body.length >= Number(length?.[1] ?? 0);
}
