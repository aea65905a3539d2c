// How deno.json's tasks start the program: the one place where its permissions stand, and how V8 uses memory (a small
// young generation in each of the threads, which otherwise grows with the load). The binary is compiled with the same,
// and tests and the benchmark start what a user starts.

import config from "../deno.json" with { type: "json" };

const root = new URL("..", import.meta.url);

/** The command of a task that runs this Deno, as program and arguments; file names are absolute. */
export function taskCommand(task: "start" | "demo"): readonly string[] {
  const [deno, ...args] = config.tasks[task].command.split(" ");
  if (deno !== "deno") {
    throw new Error(`Cannot use the task ${task}: it starts ${deno}. Let it start with "deno run".`);
  }
  return [Deno.execPath(), ...args.map((arg) => arg.endsWith(".ts") ? new URL(arg, root).pathname : arg)];
}

/** The permissions that `deno task start` gives, as flags. */
export function permissions(): readonly string[] {
  return taskCommand("start").filter((arg) => arg.startsWith("--allow-"));
}

/** What `deno task start` tells V8, as flags. */
export function engineFlags(): readonly string[] {
  return taskCommand("start").filter((arg) => arg.startsWith("--v8-flags="));
}
