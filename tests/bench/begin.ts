// What a benchmark begins with, imported by it before all else: --help prints the comment that its file opens with, an
// option that there is not is told in a line, and what it has started and left in temporary folders goes when it ends,
// also by Ctrl+C. Knows nothing of what is measured.

/** What cannot be removed yet, because a program that is ending still writes there, is tried so often, each so many ms. */
const TRIES = 40;
const TRY_MS = 50;

if (Deno.args.some((arg) => arg === "--help" || arg === "-h")) {
  console.log(openingOf(Deno.readTextFileSync(new URL(Deno.mainModule))));
  Deno.exit(0);
}

// What `parseArgs` throws of a command line ends the module, or its promise where that waits for something.
addEventListener("error", (event) => tellMisuse(event, event.error));
addEventListener("unhandledrejection", (event) => tellMisuse(event, event.reason));

/** Temporary folders, and those of the programs that are started, are made in this one. */
const folder = Deno.makeTempDirSync({ prefix: "tcpmon-bench-" });
Deno.env.set("TMPDIR", folder);
const folders = [folder];

addEventListener("unload", () => {
  for (const pid of children()) end(pid);
  for (const folder of folders) remove(folder);
});
Deno.addSignalListener("SIGINT", () => Deno.exit(130));
Deno.addSignalListener("SIGTERM", () => Deno.exit(143));

/** The number of an option, from 1 on; where it is none, that is said, and nothing is measured. */
export function wholeNumber(option: string, text: string): number {
  const number = Number(text);
  return Number.isInteger(number) && number > 0
    ? number
    : misused(`--${option} takes a whole number from 1 on, not ${text}`);
}

function tellMisuse(event: Event, error: unknown): void {
  if (!(error instanceof TypeError && "code" in error && /^ERR_PARSE_ARGS_/.test(String(error.code)))) return;
  event.preventDefault();
  misused(error.message.split(". ", 1)[0]);
}

/** Says what is wrong with the command line, and ends. */
export function misused(what: string): never {
  console.error(`${what}. --help tells what there is.`);
  Deno.exit(2);
}

/** A folder elsewhere than in the temporary one goes at the end, too. */
export function goesAtTheEnd(folder: string): void {
  folders.push(folder);
}

/** The comment that a source opens with, as text. */
export function openingOf(source: string): string {
  const [opening] = source.split(/\n(?!\/\/)/, 1);
  return opening.replaceAll(/^\/\/ ?/gm, "");
}

/** The processes that this one has started and that have not ended; where the system tells them. */
function children(): readonly number[] {
  try {
    return [...Deno.readDirSync("/proc/self/task")].flatMap(({ name }) =>
      Deno.readTextFileSync(`/proc/self/task/${name}/children`).split(" ").filter(Boolean).map(Number)
    );
  } catch {
    return [];
  }
}

function end(pid: number): void {
  try {
    Deno.kill(pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}

function remove(folder: string): void {
  for (let tried = 1; tried <= TRIES; tried++) {
    try {
      return Deno.removeSync(folder, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, TRY_MS);
    }
  }
  console.error(`Cannot remove ${folder}: something still writes there. Remove it by hand.`);
}
