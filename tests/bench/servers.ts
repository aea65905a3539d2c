// The servers behind: nginx for HTTP, with and without TLS, and iperf3 for bulk alone.

import { freePort, ownFolder, type Running, started } from "./programs.ts";
import type { Encryption } from "./encryption.ts";

/** Bytes of the file that is fetched as a whole. */
export const FILE_BYTES = 16 * 1024 * 1024;
/** Bytes of the answer that is asked for again and again. */
export const ANSWER_BYTES = 1024;

/** Answers / with 1 KiB and /file with FILE_BYTES from memory, by sendfile. */
export async function startNginx(tls: Encryption | null): Promise<Running> {
  const port = freePort();
  const folder = await ownFolder("/dev/shm");
  await writeFile(`${folder}/file`, FILE_BYTES);
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
    location = / { default_type text/plain; return 200 "${"0123456789abcdef".repeat(ANSWER_BYTES / 16)}"; }
    location = /file { root ${folder}; }
  }
}
`,
  );
  return await started("nginx", ["-p", folder, "-c", `${folder}/nginx.conf`], port, folder);
}

/** Takes or gives as much as one connection carries. */
export async function startIperf(): Promise<Running> {
  const port = freePort();
  const folder = await ownFolder();
  // It complains of who only looks whether it listens.
  const args = ["-s", "-B", "127.0.0.1", "-p", `${port}`, "--logfile", `${folder}/log`];
  return await started("iperf3", args, port, folder);
}

async function writeFile(path: string, bytes: number): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  const block = crypto.getRandomValues(new Uint8Array(65536));
  for (let written = 0; written < bytes; written += block.length) await file.write(block);
}
