// A TLS server for tests: `openssl s_server`, which answers every request with a page about itself (`-www`).

import { openssl } from "./needs.ts";
import type { Made } from "./certificates.ts";

/** A running server. */
export class OpensslServer implements AsyncDisposable {
  private constructor(readonly port: number, private readonly child: Deno.ChildProcess) {}

  /** Starts it with a certificate, on a free port; `args` are further options of s_server. */
  static async start({ certFile, keyFile }: Made, ...args: string[]): Promise<OpensslServer> {
    const child = new Deno.Command(openssl!, {
      args: [
        ...["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", certFile, "-key", keyFile, ...args],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let said = "";
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`openssl s_server did not start: ${said}`);
      said += value;
      const port = /^ACCEPT .*:(\d+)/m.exec(said)?.[1];
      if (port === undefined) continue;
      // What it says later must be read, or it waits.
      reader.releaseLock();
      return new OpensslServer(Number(port), child);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGTERM");
    await this.child.stdout.cancel().catch(() => {});
    await this.child.status;
  }
}
