// tinyproxy and Squid, as Debian has them, each started for a test on a free port of loopback and ended with it.

import { openssl, squid, tinyproxy } from "../needs.ts";

/** A proxy that runs. */
export interface DebianProxy extends AsyncDisposable {
  readonly port: number;
}

/** What a proxy is to allow and to ask for. */
export interface ProxySettings {
  readonly credentials?: { readonly user: string; readonly password: string };
  /** CONNECT to these ports only. */
  readonly connectPorts?: readonly number[];
}

/** Starts tinyproxy. */
export function startTinyproxy({ credentials, connectPorts = [] }: ProxySettings = {}): Promise<DebianProxy> {
  return start(tinyproxy!, (config) => ["-d", "-c", config], (port) => [
    `Port ${port}`,
    "Listen 127.0.0.1",
    "Timeout 60",
    "LogLevel Error",
    "MaxClients 50",
    ...(credentials ? [`BasicAuth ${credentials.user} ${credentials.password}`] : []),
    ...connectPorts.map((allowed) => `ConnectPort ${allowed}`),
  ]);
}

/** Starts Squid. */
export async function startSquid({ credentials, connectPorts }: ProxySettings = {}): Promise<DebianProxy> {
  const digest = credentials ? await digestOf(credentials.password) : "";
  return await start(squid!, (config) => ["-N", "-f", config], (port, folder) => {
    if (credentials) Deno.writeTextFileSync(`${folder}/passwords`, `${credentials.user}:${digest}\n`);
    return [
      `http_port 127.0.0.1:${port}`,
      ...(connectPorts
        ? [`acl allowed port ${connectPorts.join(" ")}`, "http_access deny CONNECT !allowed"]
        : []),
      ...(credentials
        ? [
          `auth_param basic program /usr/lib/squid/basic_ncsa_auth ${folder}/passwords`,
          "acl known proxy_auth REQUIRED",
          "http_access allow known",
          "http_access deny all",
        ]
        : ["http_access allow all"]),
      "cache deny all",
      "pid_filename none",
      "access_log none",
      `cache_log ${folder}/log`,
      "cache_store_log none",
      "shutdown_lifetime 0 seconds",
      `coredump_dir ${folder}`,
    ];
  });
}

async function digestOf(password: string): Promise<string> {
  const { stdout } = await new Deno.Command(openssl!, { args: ["passwd", "-apr1", password] }).output();
  return new TextDecoder().decode(stdout).trim();
}

async function start(
  command: string,
  args: (config: string) => string[],
  config: (port: number, folder: string) => readonly string[],
): Promise<DebianProxy> {
  const folder = await Deno.makeTempDir();
  // What a proxy runs as may not be who runs the test.
  await Deno.chmod(folder, 0o777);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const file = `${folder}/config`;
  await Deno.writeTextFile(file, `${config(port, folder).join("\n")}\n`);
  const child = new Deno.Command(command, {
    args: args(file),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let isOver = false;
  const errors = new Response(child.stderr).text().then((text) => {
    isOver = true;
    return text;
  });
  while (!await accepts(port)) {
    if (isOver) throw new Error(`${command} did not start: ${await errors}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      if (!isOver) child.kill("SIGTERM");
      await errors;
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}
