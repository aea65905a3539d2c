// The loads of the benchmark: one bulk transfer, requests over kept connections, a connection for each request.
// Each runs a load generator against 127.0.0.1 for a bounded time and gives one figure: more is better.

/** A load and how its figure is written. */
export interface Load {
  readonly name: string;
  readonly unit: "GB/s" | "/s";
  /** Runs it once against `origin`, such as http://127.0.0.1:8081, for about `seconds` where it has no size of its own. */
  run(origin: string, seconds: number): Promise<number>;
}

/** Bytes of the file, and how often it is fetched over one connection. */
export const FILE_BYTES = 256 * 1024 * 1024;
const FILE_TIMES = 4;

/** Connections that wrk keeps busy. */
const CONNECTIONS = 32;

/** One client fetches a big file several times over one connection. */
export const bulk: Load = {
  name: "bulk",
  unit: "GB/s",
  run: async (origin) => {
    const url = `${origin}/file?[1-${FILE_TIMES}]`;
    const before = performance.now();
    const text = await output("curl", [
      "-sSk",
      "-o",
      "/dev/null",
      "-w",
      "%{size_download}\n",
      "--max-time",
      "120",
      url,
    ]);
    const seconds = (performance.now() - before) / 1000;
    const bytes = text.trim().split("\n").reduce((sum, line) => sum + Number(line), 0);
    if (bytes !== FILE_BYTES * FILE_TIMES) {
      throw new Error(`Cannot count the bulk transfer: only ${bytes} bytes came.`);
    }
    return bytes / seconds / 1e9;
  },
};

/** Requests over connections that are kept. */
export const keepAlive: Load = {
  name: "keep-alive requests",
  unit: "/s",
  run: (origin, seconds) => wrk(origin, seconds, []),
};

/** A new connection for each request. */
export const newConnections: Load = {
  name: "new connections",
  unit: "/s",
  run: (origin, seconds) => wrk(origin, seconds, ["-H", "Connection: close"]),
};

async function wrk(origin: string, seconds: number, more: readonly string[]): Promise<number> {
  const duration = `${Math.ceil(seconds)}s`;
  const args = [
    "-t1",
    `-c${CONNECTIONS}`,
    `-d${duration}`,
    "--timeout",
    "10s",
    ...more,
    `${origin}/`,
  ];
  const text = await output("wrk", args);
  const rate = Number(/^Requests\/sec:\s+([\d.]+)$/m.exec(text)?.[1]);
  const wrong = /^\s+(Socket errors|Non-2xx).*$/m.exec(text);
  if (Number.isNaN(rate) || wrong !== null) {
    throw new Error(`Cannot count the requests: ${wrong?.[0].trim() ?? text}`);
  }
  return rate;
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...args], stdin: "null" })
    .output();
  if (code !== 0) throw new Error(`Cannot run ${command}: ${new TextDecoder().decode(stderr).trim()}`);
  return new TextDecoder().decode(stdout);
}
