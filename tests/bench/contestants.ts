// The programs of the benchmark: nginx as the server behind, and what stands in front of it: nothing, HAProxy, or tcpmon
// with its recording on. Each is started on free ports of 127.0.0.1 and ended by its own process id.

import { TextLineStream } from "../lines.ts";

/** How long a program may take to listen, in ms. */
const START_MS = 10_000;

/** How long tcpmon may take to end after SIGTERM, in ms: it writes up what it has. */
const STOP_MS = 30_000;

/** TLS on both legs: the certificate, its key, and both in one file, all PEM. Nobody checks it. */
export interface Encryption {
  readonly cert: string;
  readonly key: string;
  readonly both: string;
}

/** A program that is running and listens on `port`. */
export interface Running {
  readonly port: number;
  /** Null for the direct connection, which is no program. */
  readonly pid: number | null;
  /** Bytes in its capture so far; 0 for what does not record. Throws when recording has stopped. */
  recorded(): Promise<number>;
  stop(): Promise<void>;
}

/** One way to the server. */
export interface Contestant {
  readonly name: "direct" | "haproxy" | "tcpmon";
  start(server: number): Promise<Running>;
}

/** No relay at all. */
export const direct: Contestant = {
  name: "direct",
  start: (port) => Promise.resolve({ port, pid: null, recorded: nothing, stop: () => Promise.resolve() }),
};

/** HAProxy in tcp mode with one thread and splice; with TLS it ends that of the client and begins its own. */
export function haproxy(tls: Encryption | null): Contestant {
  return { name: "haproxy", start: (server) => startHaproxy(server, tls) };
}

async function startHaproxy(server: number, tls: Encryption | null): Promise<Running> {
  const port = freePort();
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-bench-" });
  await Deno.writeTextFile(
    `${folder}/haproxy.cfg`,
    `global
  nbthread 1
  maxconn 4000
defaults
  mode tcp
  option splice-auto
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen relay
  bind 127.0.0.1:${port}${tls === null ? "" : ` ssl crt ${tls.both}`}
  server one 127.0.0.1:${server}${tls === null ? "" : " ssl verify none"}
`,
  );
  const child = new Deno.Command("haproxy", {
    args: ["-db", "-q", "-f", `${folder}/haproxy.cfg`],
    stdin: "null",
  });
  return await listening(child.spawn(), port, folder);
}

/** tcpmon: `program` with the contract's options, recording into a temporary capture. */
export function tcpmon(program: readonly string[], tls: Encryption | null): Contestant {
  return {
    name: "tcpmon",
    start: async (server) => {
      const [command, ...args] = program;
      const child = new Deno.Command(command, {
        args: [...args, "-l", "0", ...target(server, tls), "--ui", "0", "--no-open"],
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
        .getReader();
      const port = Number((await said(lines, /^Listening on 127\.0\.0\.1:(\d+),/))[1]);
      const [, page, token] = await said(lines, /^Page: (http:.*)\/\?token=(.*)$/);
      const drained = drain(lines);
      return {
        port,
        pid: child.pid,
        recorded: () => askRecorded(`${page}/api`, token),
        stop: async () => {
          child.kill("SIGTERM");
          const stubborn = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
          const { code } = await child.status;
          clearTimeout(stubborn);
          await drained;
          if (code !== 0) {
            throw new Error(`Cannot trust this turn: tcpmon ended with status ${code} after SIGTERM.`);
          }
        },
      };
    },
  };
}

function target(server: number, tls: Encryption | null): readonly string[] {
  if (tls === null) return ["-t", `127.0.0.1:${server}`];
  const { cert, key } = tls;
  return ["-t", `tls://127.0.0.1:${server}`, "--insecure", "--listen-tls", "--cert", cert, "--key", key];
}

/** The server behind: answers / with 128 bytes and /file with `fileBytes` from memory, by sendfile. */
export async function startServer(fileBytes: number, tls: Encryption | null): Promise<Running> {
  const port = freePort();
  const folder = await Deno.makeTempDir({ dir: "/dev/shm", prefix: "tcpmon-bench-" });
  await writeFile(`${folder}/file`, fileBytes);
  await Deno.writeTextFile(
    `${folder}/nginx.conf`,
    `${Deno.uid() === 0 ? "user root;" : ""}
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 4096; }
http {
  access_log off;
  sendfile on;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} backlog=4096${tls === null ? "" : " ssl"};
    ${tls === null ? "" : `ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key};`}
    location = / { default_type text/plain; return 200 "${"0123456789abcdef".repeat(8)}"; }
    location = /file { root ${folder}; }
  }
}
`,
  );
  const child = new Deno.Command("nginx", {
    args: ["-p", folder, "-c", `${folder}/nginx.conf`],
    stdin: "null",
  });
  return await listening(child.spawn(), port, folder);
}

/** Makes a certificate of its own for each run, P-256, in `folder`. */
export async function makeEncryption(folder: string): Promise<Encryption> {
  const [cert, key, both] = ["cert", "key", "both"].map((name) => `${folder}/${name}.pem`);
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const { success } = await new Deno.Command("openssl", {
    args: ["req", "-x509", ...curve, "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost"],
    stderr: "null",
  }).output();
  if (!success) throw new Error("Cannot make a certificate: openssl failed.");
  await Deno.writeTextFile(both, await Deno.readTextFile(cert) + await Deno.readTextFile(key));
  return { cert, key, both };
}

/** The programs of `names` that are not in PATH. */
export function missing(names: readonly string[]): readonly string[] {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin"];
  return names.filter((name) => !folders.some((folder) => isFile(`${folder}/${name}`)));
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function writeFile(path: string, bytes: number): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  const block = crypto.getRandomValues(new Uint8Array(65536));
  for (let written = 0; written < bytes; written += block.length) await file.write(block);
}

/** Waits until `child` accepts on `port`. Its folder is removed when it is stopped. */
async function listening(child: Deno.ChildProcess, port: number, folder: string): Promise<Running> {
  let ended = false;
  child.status.then(() => ended = true);
  const stop = async () => {
    if (!ended) child.kill("SIGTERM");
    await child.status;
    await Deno.remove(folder, { recursive: true });
  };
  for (const deadline = Date.now() + START_MS; Date.now() < deadline && !ended;) {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => null);
    if (conn !== null) {
      conn.close();
      return { port, pid: child.pid, recorded: nothing, stop };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await stop();
  throw new Error(`Cannot start the program for port ${port}: it does not listen. Its messages are above.`);
}

function nothing(): Promise<number> {
  return Promise.resolve(0);
}

/** The line that a program prints at its start. */
async function said(lines: ReadableStreamDefaultReader<string>, wanted: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const { value, done } = await lines.read();
    if (done) throw new Error(`Cannot start tcpmon: it did not print ${wanted}. Try it by hand.`);
    const found = wanted.exec(value);
    if (found !== null) return found;
  }
}

async function askRecorded(api: string, token: string): Promise<number> {
  const answer = await fetch(`${api}/recording`, { headers: { Authorization: `Bearer ${token}` } });
  const { bytes, stopped } = await answer.json();
  if (stopped !== null) throw new Error(`Cannot trust this turn: ${stopped}.`);
  return bytes;
}

async function drain(lines: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await lines.read()).done);
}
