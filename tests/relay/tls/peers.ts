// Peers for tests of TLS: openssl's server and client, which know nothing of our TLS.

import { openssl } from "../../needs.ts";

/** An openssl s_server on a free port. */
export interface OpensslServer {
  readonly address: { readonly host: string; readonly port: number };
  /** What it has said so far: what it received, and its errors. */
  text(): string;
  close(): Promise<void>;
}

/** Starts `openssl s_server`; it answers each line with the line reversed (`-rev`), unless `args` say otherwise. */
export async function opensslServer(args: readonly string[], mode = "-rev"): Promise<OpensslServer> {
  const server = new Deno.Command(openssl!, {
    args: ["s_server", "-accept", "127.0.0.1:0", ...(mode === "" ? [] : [mode]), ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let text = "";
  const listening = Promise.withResolvers<number>();
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    for await (const part of stream.pipeThrough(new TextDecoderStream())) {
      text += part;
      const port = /ACCEPT 127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) listening.resolve(Number(port));
    }
    listening.reject(new Error(`openssl s_server did not start: ${text}`));
  };
  const collecting = [collect(server.stdout), collect(server.stderr)];
  listening.promise.catch(() => {});
  const port = await listening.promise;
  return {
    address: { host: "localhost", port },
    text: () => text,
    close: async () => {
      try {
        server.kill();
      } catch { /* it has ended */ }
      await server.stdin.close().catch(() => {});
      await server.status;
      await Promise.all(collecting);
    },
  };
}

/** What a program said, and whether it ended well. */
export interface Ran {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; `input` is what it is given. */
export async function run(program: string, args: readonly string[], input = ""): Promise<Ran> {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  const fed = writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(() => {});
  const { success, stdout, stderr } = await child.output();
  await fed;
  return {
    success,
    stdout: new TextDecoder().decode(stdout),
    stderr: new TextDecoder().decode(stderr),
  };
}
