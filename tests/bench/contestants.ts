// What stands between the load and the server: nothing, HAProxy, nginx, socat, mitmdump, or tcpmon with its recording on.
// Each is started on free ports of 127.0.0.1 and ended by its own process id.

import { TextLineStream } from "../lines.ts";
import type { Encryption } from "./encryption.ts";
import { freePort, isFile, ownFolder, type Running, started } from "./programs.ts";

/** How long tcpmon may take to end after SIGTERM, in ms: it writes up what it has. */
const STOP_MS = 30_000;
/** Where Debian has the module that makes nginx a relay of TCP. */
const NGINX_STREAM = "/usr/lib/nginx/modules/ngx_stream_module.so";

/** One way to the server. */
export interface Contestant {
  readonly name: string;
  /** What must be installed for it, as Debian names it; none for nothing. */
  readonly needs: { readonly program: string; readonly packages: string; readonly file?: string } | null;
  /** Whether it relays any protocol, or HTTP only. */
  readonly relays: "anything" | "http";
  start(server: number): Promise<Running>;
}

/** No relay at all. */
export const direct: Contestant = {
  name: "direct",
  needs: null,
  relays: "anything",
  start: (port) =>
    Promise.resolve({
      port,
      pid: null,
      recorded: () => Promise.resolve(0),
      stop: () => Promise.resolve(),
    }),
};

/** HAProxy in tcp mode with one thread and splice, for so many connections; with TLS it ends that of the client and begins its own. */
export function haproxy(tls: Encryption | null, connections = 4000): Contestant {
  return {
    name: "haproxy",
    needs: { program: "haproxy", packages: "haproxy" },
    relays: "anything",
    start: async (server) => {
      const port = freePort();
      const folder = await ownFolder();
      await Deno.writeTextFile(
        `${folder}/haproxy.cfg`,
        `global
  nbthread 1
  maxconn ${connections}
  no strict-limits
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
      return await started("haproxy", ["-db", "-q", "-f", `${folder}/haproxy.cfg`], port, folder);
    },
  };
}

/** nginx as a relay of TCP, with one worker for so many legs of connections. */
export const nginxStream = (legs = 4096): Contestant => ({
  name: "nginx",
  needs: { program: "nginx", packages: "nginx libnginx-mod-stream", file: NGINX_STREAM },
  relays: "anything",
  start: async (server) => {
    const port = freePort();
    const folder = await ownFolder();
    await Deno.writeTextFile(
      `${folder}/nginx.conf`,
      `${Deno.uid() === 0 ? "user root;" : ""}
load_module ${NGINX_STREAM};
daemon off;
worker_processes 1;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections ${legs}; }
stream {
  access_log off;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    proxy_pass 127.0.0.1:${server};
    tcp_nodelay on;
  }
}
`,
    );
    return await started("nginx", ["-p", folder, "-c", `${folder}/nginx.conf`], port, folder);
  },
});

/** socat, which has a process for each connection. */
export const socat: Contestant = {
  name: "socat",
  needs: { program: "socat", packages: "socat" },
  relays: "anything",
  start: async (server) => {
    const port = freePort();
    const listen = `TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,backlog=4096,nodelay,fork`;
    const args = ["-b65536", listen, `TCP:127.0.0.1:${server},nodelay`];
    return await started("socat", args, port, await ownFolder());
  },
};

/** mitmdump as a reverse proxy of HTTP that keeps what it sees in a file, as tcpmon does. */
export const mitmdump: Contestant = {
  name: "mitmdump",
  needs: { program: "mitmdump", packages: "mitmproxy" },
  relays: "http",
  start: async (server) => {
    const port = freePort();
    const folder = await ownFolder();
    const mode = ["--mode", `reverse:http://127.0.0.1:${server}`];
    const listen = ["--listen-host", "127.0.0.1", "--listen-port", `${port}`];
    const args = ["-q", "--set", `confdir=${folder}`, "-w", `${folder}/flows`, ...mode, ...listen];
    return await started("mitmdump", args, port, folder);
  },
};

/** Somebody who looks at the page while it is measured; `stop` goes away. */
export type Look = (
  at: { readonly url: string; readonly api: string; readonly token: string; readonly port: number },
) => Promise<{ stop(): Promise<void> }>;

/** tcpmon: `program` with the contract's options, recording into a temporary capture, looked at or not, with so many listeners. */
export function tcpmon(
  program: readonly string[],
  tls: Encryption | null,
  watched: { readonly name: string; readonly look: Look } | null = null,
  listeners = 1,
): Contestant {
  return {
    name: watched === null ? "tcpmon" : `tcpmon, ${watched.name}`,
    needs: null,
    relays: "anything",
    start: async (server) => {
      const [command, ...args] = program;
      const child = new Deno.Command(command, {
        args: [
          ...args,
          ...Array.from({ length: listeners }, () => ["-l", "0", ...target(server, tls)]).flat(),
          ...["--ui", "0", "--no-open"],
        ],
        stdin: "null",
        stdout: "piped",
        stderr: "null",
      }).spawn();
      const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
        .getReader();
      const ports: number[] = [];
      while (ports.length < listeners) {
        ports.push(Number((await said(lines, /^Listening on 127\.0\.0\.1:(\d+),/))[1]));
      }
      const [port] = ports;
      const [, page, token] = await said(lines, /^Page: (http:.*)\/\?token=(.*)$/);
      const drained = drain(lines);
      const looking = await watched?.look({
        url: `${page}/?token=${token}`,
        api: `${page}/api`,
        token,
        port,
      });
      return {
        port,
        ports,
        pid: child.pid,
        recorded: () => askRecorded(`${page}/api`, token),
        stop: async () => {
          await looking?.stop();
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

/** What a contestant lacks on this machine, in words; null where it can be measured. */
export function lackOf({ name, needs }: Contestant, absent: readonly string[]): string | null {
  if (needs === null) return null;
  if (!absent.includes(needs.program) && (needs.file === undefined || isFile(needs.file))) return null;
  return `${name} is not measured: it is not installed (apt-get install -y ${needs.packages})`;
}

function target(server: number, tls: Encryption | null): readonly string[] {
  if (tls === null) return ["-t", `127.0.0.1:${server}`];
  const { cert, key } = tls;
  return ["-t", `tls://127.0.0.1:${server}`, "--insecure", "--listen-tls", "--cert", cert, "--key", key];
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
