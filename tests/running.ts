// Starts tcpmon as a user would, as a process of its own, and talks to it: the program of this tree, or the compiled
// binary. Every process started here is ended here.

import type { Recording } from "../src/model.ts";
import assert from "node:assert/strict";
import { taskCommand } from "../.ci/tasks.ts";
import { binary } from "./needs.ts";

/** As `deno task start` does it, with the same permissions. */
const [DENO, ...START] = taskCommand("start");

/** The `ready` line of `--json`. */
export interface Ready {
  readonly ui: string;
  readonly api: string;
  readonly token: string;
  readonly listeners: readonly {
    readonly id: string;
    readonly listen: string;
    readonly target: string;
    readonly state: string;
    readonly error: string | null;
  }[];
}

/** The ways to start the program that are there to be tested: [name, command, arguments before the user's]. */
export const programs: readonly (readonly [name: string, command: string, args: readonly string[]])[] = [
  ["main.ts", DENO, START],
  ...(binary === null ? [] : [["the compiled binary", binary, []] as const]),
];

/** A process of tcpmon with `--json` and `--no-open`, its page on a free port. */
export class Running {
  readonly #lines: Record<string, unknown>[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #reading: Promise<void>;
  readonly #errors: Promise<string>;
  #ended = false;
  ready!: Ready;

  private constructor(private readonly child: Deno.ChildProcess) {
    this.#reading = this.#read();
    this.#errors = new Response(child.stderr).text();
  }

  static async start(
    args: readonly string[],
    program = programs[0],
    env: Record<string, string> = {},
  ): Promise<Running> {
    const [, command, before] = program;
    const child = new Deno.Command(command, {
      args: [...before, "--json", "--no-open", "--ui", "0", ...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      env,
    }).spawn();
    const running = new Running(child);
    const first = await running.line(({ event }) => event === "ready").catch(async () => {
      throw new Error(`it did not start: ${await running.#errors}`);
    });
    running.ready = first as unknown as Ready;
    return running;
  }

  get pid(): number {
    return this.child.pid;
  }

  /** All lines so far, parsed. */
  get lines(): readonly Record<string, unknown>[] {
    return this.#lines;
  }

  /** Resolves when all lines so far pass the test. Rejects when the program ends before. */
  async until(test: (lines: readonly Record<string, unknown>[]) => boolean): Promise<void> {
    while (!test(this.lines)) {
      if (this.#ended) throw new Error("the program ended without those lines");
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** The first line that passes the test, also one that has come already. Rejects when the program ends before. */
  async line(test: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.lines.find(test);
      if (found) return found;
      if (this.#ended) throw new Error("the program ended without that line");
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Where listener `at` listens, as a URL. */
  url(at = 0): string {
    return `http://${this.ready.listeners[at].listen}`;
  }

  port(at = 0): number {
    return Number(this.ready.listeners[at].listen.split(":").at(-1));
  }

  /** A call of the API with the token. */
  api(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.ready.api}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${this.ready.token}`, ...init.headers },
    });
  }

  async json<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await this.api(path, init);
    assert.ok(response.ok, `${path}: ${response.status}`);
    return await response.json() as T;
  }

  /** What the live feed says of recording, once it passes the test. */
  async recording(test: (recording: Recording) => boolean): Promise<Recording> {
    const { body } = await this.api("/events");
    let rest = "";
    for await (const text of body!.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines.filter((line) => line.startsWith("data:"))) {
        const { recording } = JSON.parse(line.slice(5)) as { readonly recording?: Recording };
        if (recording && test(recording)) return recording;
      }
    }
    throw new Error("the feed ended before that");
  }

  /** Ends it with a signal; gives its exit status and what it said on stderr. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<{ code: number; errors: string }> {
    this.child.kill(signal);
    const { code } = await this.child.status;
    await this.#reading;
    return { code, errors: await this.#errors };
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop()!;
      for (const line of lines) this.#lines.push(JSON.parse(line));
      this.#wake();
    }
    this.#ended = true;
    this.#wake();
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

/** Runs tcpmon to its end: for command lines that do not start anything. */
export async function runToEnd(
  args: readonly string[],
  program = programs[0],
  env: Record<string, string> = {},
) {
  const [, command, before] = program;
  const { code, stdout, stderr } = await new Deno.Command(command, { args: [...before, ...args], env })
    .output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), errors: decoder.decode(stderr) };
}
