// Real servers that go over to TLS within a connection: PostgreSQL, and aiosmtpd, an SMTP server in Python.

import type { Made } from "./certificates.ts";
import { postgres } from "./needs.ts";

/** A server that runs. */
export interface Peer extends AsyncDisposable {
  readonly port: number;
  /** What it has printed, to its end. */
  readonly printed: Promise<string>;
}

const SMTP = `
import asyncio, ssl, sys
from aiosmtpd.smtp import SMTP
class Keep:
    async def handle_DATA(self, server, session, envelope):
        print(session.ssl is not None, envelope.rcpt_tos, envelope.content.decode(), flush=True)
        return "250 kept"
async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    make = lambda: SMTP(Keep(), tls_context=context, require_starttls=True, hostname="mail.test")
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
    print("port", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
`;

/** An SMTP server that takes mail inside TLS alone, and prints it. */
export async function startSmtp({ certFile, keyFile }: Made): Promise<Peer> {
  // Debian's Python has it, whatever others there are.
  const child = new Deno.Command("/usr/bin/python3", {
    args: ["-c", SMTP, certFile, keyFile],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) text += (await reader.read()).value ?? "\n";
  const port = Number(/^port (\d+)/.exec(text)?.[1]);
  const printed = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
    return text;
  })();
  return { port, printed, [Symbol.asyncDispose]: () => end(child, "SIGTERM", printed) };
}

/** PostgreSQL with TLS, a fresh database, and everybody let in. It does not run as root, and then as its own user. */
export async function startPostgres({ cert, key }: Made): Promise<Peer> {
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-postgres-" });
  const user = Deno.uid() === 0 ? await userOf("postgres") : null;
  const run = async (program: string, ...args: readonly string[]) => {
    const command = new Deno.Command(`${bin()}/${program}`, {
      args: [...args],
      stdin: "null",
      ...(user ?? {}),
    });
    const { success, stderr } = await command.output();
    if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
  };
  await Deno.chmod(folder, 0o700);
  await Deno.writeTextFile(`${folder}/key`, key, { mode: 0o600 });
  await Deno.writeTextFile(`${folder}/cert`, cert);
  if (user) {
    for (const path of ["", "/key", "/cert"]) await Deno.chown(folder + path, user.uid, user.gid);
  }
  await run(
    "initdb",
    "-D",
    `${folder}/data`,
    "-U",
    "postgres",
    "-A",
    "trust",
    "--no-sync",
    "-E",
    "UTF8",
    "--no-locale",
  );
  // Its port cannot be 0: one that was free a moment ago may be taken, and then another is tried.
  for (let tries = 0;; tries++) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    listener.close();
    const child = new Deno.Command(`${bin()}/postgres`, {
      args: [
        ...["-D", `${folder}/data`, "-p", `${port}`, "-h", "127.0.0.1", "-k", folder, "-F"],
        ...["-c", "ssl=on", "-c", `ssl_cert_file=${folder}/cert`, "-c", `ssl_key_file=${folder}/key`],
        ...["-c", "jit=off", "-c", "max_connections=10", "-c", "shared_buffers=16MB"],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      ...(user ?? {}),
    }).spawn();
    const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      text += next.value;
      if (text.includes("ready to accept connections")) break;
    }
    const printed = (async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
      return text;
    })();
    if (text.includes("ready to accept connections")) {
      const dispose = async () => {
        await end(child, "SIGINT", printed);
        await Deno.remove(folder, { recursive: true });
      };
      return { port, printed, [Symbol.asyncDispose]: dispose };
    }
    await child.status;
    if (tries === 3 || !text.includes("in use")) {
      throw new Error(`PostgreSQL did not start: ${await printed}`);
    }
  }
}

/** The folder of PostgreSQL's own programs. */
function bin(): string {
  return postgres!.replace(/\/[^/]+$/, "");
}

/** Who has this name. */
async function userOf(name: string): Promise<{ uid: number; gid: number }> {
  const line = (await Deno.readTextFile("/etc/passwd")).split("\n").find((line) =>
    line.startsWith(`${name}:`)
  );
  const [, , uid, gid] = line?.split(":") ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

async function end(child: Deno.ChildProcess, signal: Deno.Signal, printed: Promise<string>): Promise<void> {
  child.kill(signal);
  await child.status;
  await printed;
}
