// A real nginx for tests, with a folder of its own: files to serve, a log with nginx's own counts of bytes, and, where
// it is given one, a server that it passes `/soap/` on to.

import { nginx } from "./needs.ts";

/** One line of nginx's log: what it counts itself. */
export interface Logged {
  readonly request: string;
  readonly status: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Its number for the client's connection. */
  readonly connection: number;
}

/** A running nginx. */
export class Nginx {
  readonly #errors: Promise<string>;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly child: Deno.ChildProcess,
    errors: Promise<string>,
  ) {
    this.#errors = errors;
  }

  /**
   * Starts it with these files; `behind` is the `host:port` of the server behind `/soap/`, and `more` gives further
   * servers of the configuration, which are to listen on the same port.
   */
  static async start(
    files: Readonly<Record<string, string | Uint8Array>>,
    behind?: string,
    more: (port: number) => string = () => "",
  ): Promise<Nginx> {
    // Its port cannot be 0: one that was free a moment ago may be taken, and then another is tried.
    for (let tries = 0;; tries++) {
      const folder = await Deno.makeTempDir({ prefix: "tcpmon-nginx-" });
      const started = await tryToStart(folder, files, behind, more);
      if (typeof started !== "string") return new Nginx(started.port, folder, started.child, started.errors);
      await Deno.remove(folder, { recursive: true });
      if (tries === 3 || !started.includes("in use")) throw new Error(`nginx did not start: ${started}`);
    }
  }

  /** What it has logged, once that is so many requests: a request is logged after its last byte was sent. */
  async log(count: number): Promise<Logged[]> {
    for (;;) {
      const lines = (await Deno.readTextFile(`${this.folder}/access.log`)).split("\n").slice(0, -1);
      if (lines.length >= count) return lines.map((line) => JSON.parse(line));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends it. */
  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    await this.child.status;
    await this.#errors;
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function tryToStart(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
  behind: string | undefined,
  more: (port: number) => string,
): Promise<{ port: number; child: Deno.ChildProcess; errors: Promise<string> } | string> {
  const port = freePort();
  await Deno.mkdir(`${folder}/files`);
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    await Deno.writeFile(`${folder}/files/${name}`, bytes);
  }
  await Deno.writeTextFile(`${folder}/nginx.conf`, configuration(folder, port, behind, more(port)));
  const child = new Deno.Command(nginx!, {
    args: ["-p", folder, "-e", "stderr", "-c", `${folder}/nginx.conf`],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const ready = Promise.withResolvers<boolean>();
  const errors = (async () => {
    let text = "";
    for await (const piece of child.stderr.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.includes("start worker process ")) ready.resolve(true);
    }
    ready.resolve(false);
    return text;
  })();
  if (await ready.promise) return { port, child, errors };
  await child.status;
  return await errors;
}

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

function configuration(folder: string, port: number, behind: string | undefined, more: string): string {
  const user = Deno.uid() === 0 ? "user root;" : "";
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `
daemon off; ${user} worker_processes 1; pid ${folder}/nginx.pid; error_log stderr notice;
events { worker_connections 256; }
http {
  ${kinds.map((kind) => `${kind}_temp_path ${folder}/${kind};`).join("\n  ")}
  log_format counts escape=json '{"request":"$request","status":$status,"requestBytes":$request_length,'
    '"responseBytes":$bytes_sent,"connection":$connection}';
  access_log ${folder}/access.log counts;
  types { text/plain txt; text/xml xml; }
  gzip on; gzip_types text/xml; gzip_min_length 1;
  keepalive_timeout 60s; client_max_body_size 64k;
  server {
    listen 127.0.0.1:${port};
    root ${folder}/files;
    ${
    behind === undefined
      ? ""
      : `location /soap/ { proxy_pass http://${behind}; proxy_http_version 1.1; proxy_set_header Host $http_host; }`
  }
  }
  ${more}
}
`;
}
