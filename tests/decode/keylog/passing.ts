// TLS between openssl's client and server, as a monitor sees it that only passes it on: what each side sent, in the
// order in which it came, and the key log that the client wrote.

import assert from "node:assert/strict";
import type { Direction } from "../../../src/decode/types.ts";
import type { Made } from "../../certificates.ts";
import { openssl } from "../../needs.ts";

/** What passed. */
export interface Passed {
  readonly chunks: readonly { readonly direction: Direction; readonly bytes: Uint8Array }[];
  readonly keyLog: Uint8Array;
}

/** One `openssl s_server`, which sends back every line reversed, and what goes through to it. */
export class PassingServer implements AsyncDisposable {
  #clients = 0;

  private constructor(
    private readonly process: Deno.ChildProcess,
    private readonly port: number,
    private readonly folder: string,
  ) {}

  /** `args` are more arguments of s_server. */
  static async start(
    certificate: Made,
    folder: string,
    args: readonly string[] = [],
  ): Promise<PassingServer> {
    const process = new Deno.Command(openssl!, {
      args: [
        ...["s_server", "-accept", "127.0.0.1:0", "-rev"],
        ...["-cert", certificate.certFile, "-cert_chain", certificate.certFile, "-key", certificate.keyFile],
        ...args,
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const reader = process.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let said = "";
    for (;;) {
      const port = /ACCEPT .*:(\d+)/.exec(said)?.[1];
      if (port !== undefined) {
        (async () => {
          while (!(await reader.read()).done);
        })();
        return new PassingServer(process, Number(port), folder);
      }
      const { value, done } = await reader.read();
      if (done) throw new Error(`openssl s_server ended: ${said}`);
      said += value;
    }
  }

  /**
   * Connects with `openssl s_client` and these arguments, and says each of `lines` once the one before was answered.
   * "K" and "k" are commands of s_client, for a key update.
   */
  async pass(args: readonly string[], lines: readonly string[]): Promise<Passed> {
    const keyLog = `${this.folder}/keys-${++this.#clients}.log`;
    const chunks: { direction: Direction; bytes: Uint8Array }[] = [];
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const passing = (async () => {
      const client = await listener.accept();
      listener.close();
      using ends = new DisposableStack();
      ends.defer(() => client.close());
      const target = await Deno.connect({ hostname: "127.0.0.1", port: this.port });
      ends.defer(() => target.close());
      await Promise.all([
        pump(client, target, (bytes) => chunks.push({ direction: "upstream", bytes })),
        pump(target, client, (bytes) => chunks.push({ direction: "downstream", bytes })),
      ]);
    })();
    const process = new Deno.Command(openssl!, {
      args: [
        ...["s_client", "-connect", `127.0.0.1:${listener.addr.port}`, "-servername", "localhost"],
        ...["-keylogfile", keyLog, ...args],
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = process.stdin.getWriter();
    const [said, told] = [new Heard(process.stdout), new Heard(process.stderr)];
    for (const line of lines) {
      await writer.write(new TextEncoder().encode(line));
      // What is written behind a command before it was read would be taken for a part of it.
      if (line.length === 2) await told.until("KEYUPDATE");
      else await said.until([...line.trimEnd()].reverse().join(""));
    }
    await writer.close();
    await Promise.all([said.end(), told.end()]);
    await process.status;
    await passing;
    return { chunks, keyLog: await Deno.readFile(keyLog) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill("SIGKILL");
    await this.process.status;
  }
}

/** What a program says, as it comes. */
class Heard {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** Waits for some words, behind those that were waited for before. */
  async until(wanted: string): Promise<void> {
    while (!this.#text.includes(wanted)) {
      const { value, done } = await this.#reader.read();
      assert.ok(!done, `openssl s_client ended without ${JSON.stringify(wanted)}: ${this.#text}`);
      this.#text += value;
    }
    this.#text = this.#text.slice(this.#text.indexOf(wanted) + wanted.length);
  }

  async end(): Promise<void> {
    while (!(await this.#reader.read()).done);
  }
}

async function pump(from: Deno.Conn, to: Deno.Conn, tell: (bytes: Uint8Array) => void): Promise<void> {
  const buffer = new Uint8Array(65_536);
  try {
    for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
      const bytes = buffer.slice(0, count);
      tell(bytes);
      for (let at = 0; at < count;) at += await to.write(bytes.subarray(at));
    }
    await to.closeWrite();
  } catch {
    // One of them has gone without a word: so does the other.
  }
}
