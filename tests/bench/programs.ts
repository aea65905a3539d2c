// Programs that the benchmark starts: found in PATH, waited for until they listen, ended by their own process id.

import { goesAtTheEnd } from "./begin.ts";

/** How long a program may take to listen, in ms. */
const START_MS = 20_000;

/** A program that is running and listens on `port`. */
export interface Running {
  readonly port: number;
  /** All its ports, where it may have several. */
  readonly ports?: readonly number[];
  /** Null for the direct connection, which is no program. */
  readonly pid: number | null;
  /** Bytes in its capture so far; 0 for what does not record. Throws when recording has stopped. */
  recorded(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a program of PATH that is to listen on `port`. `folder` is removed when it is stopped. */
export async function started(
  command: string,
  args: readonly string[],
  port: number,
  folder: string,
): Promise<Running> {
  const child = new Deno.Command(command, { args: [...args], stdin: "null", stdout: "null" }).spawn();
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
      return { port, pid: child.pid, recorded: () => Promise.resolve(0), stop };
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await stop();
  throw new Error(`Cannot start ${command} on port ${port}: it does not listen. Its messages are above.`);
}

/** The programs of `names` that are not in PATH. */
export function missing(names: readonly string[]): readonly string[] {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin"];
  return names.filter((name) => !folders.some((folder) => isFile(`${folder}/${name}`)));
}

/** Whether there is a file of this name. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A folder for the files of one program. */
export async function ownFolder(dir?: string): Promise<string> {
  const folder = await Deno.makeTempDir({ dir, prefix: "tcpmon-bench-" });
  if (dir !== undefined) goesAtTheEnd(folder);
  return folder;
}
