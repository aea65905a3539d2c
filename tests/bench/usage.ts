// What running programs have used, read from Linux's /proc: processor time by thread, and peak memory.

/** Clock ticks a second in /proc (USER_HZ; the same on every Linux that Deno runs on). */
const TICKS = 100;

/** Processor seconds by thread name, of one process. */
export type ThreadSeconds = ReadonlyMap<string, number>;

/** Processor seconds that each thread of `pid` has used so far; threads of one name are added up. */
export async function threadSeconds(pid: number): Promise<ThreadSeconds> {
  const used = new Map<string, number>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    const stat = await Deno.readTextFile(`/proc/${pid}/task/${name}/stat`).catch(() => null);
    if (stat === null) continue; // the thread has ended meanwhile
    const thread = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    used.set(thread, (used.get(thread) ?? 0) + (Number(fields[11]) + Number(fields[12])) / TICKS);
  }
  return used;
}

/** Processor seconds of the processes that `pid` has started: those that run, and those that it has seen end. */
export async function childSeconds(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  const running = children.trim().split(" ").filter((text) => text !== "").map(Number);
  const seconds = await Promise.all(running.map((child) => threadSeconds(child).catch(() => new Map())));
  const ended = (Number(fields[13]) + Number(fields[14])) / TICKS;
  return seconds.reduce((sum, used) => sum + total(used), ended);
}

/** `after` − `before`, thread by thread. */
export function usedBetween(before: ThreadSeconds, after: ThreadSeconds): ThreadSeconds {
  return new Map([...after].map(([thread, seconds]) => [thread, seconds - (before.get(thread) ?? 0)]));
}

/** The sum over all threads. */
export function total(used: ThreadSeconds): number {
  return [...used.values()].reduce((sum, seconds) => sum + seconds, 0);
}

/** Processor seconds that the whole machine has been busy since it started. */
export async function machineSeconds(): Promise<number> {
  const [line] = (await Deno.readTextFile("/proc/stat")).split("\n", 1);
  const [user, nice, system, , , irq, softirq, steal] = line.trim().split(/\s+/).slice(1).map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS;
}

/** The most memory that `pid` has had at once (VmHWM), in bytes. */
export async function peakMemory(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Memory of `pid` and of the processes that it has started, resident; of what several share, each has its part. In bytes. */
export async function residentMemory(pid: number): Promise<number> {
  const children = (await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`)).trim();
  const all = [pid, ...children === "" ? [] : children.split(" ").map(Number)];
  let bytes = 0;
  for (const process of all) {
    const rollup = await Deno.readTextFile(`/proc/${process}/smaps_rollup`).catch(() => "");
    bytes += Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) * 1024;
  }
  return bytes;
}
