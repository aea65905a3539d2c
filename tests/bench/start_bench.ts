// How soon the program listens, and its page can be used: `deno task bench:start`. Prints; asserts nothing.
//
//   --binary FILE   measure a compiled program instead of this tree; the empty program is compiled too, then, with
//                   DENO_COMPILE where that is set
//   --rounds N      rounds (20 unless given); in each, every program is started once, in turn
//   --page N        rounds with the page (as many unless given; 0 for none); its browser runs already
//   --markdown      the tables as docs/performance.md has them
//
// Times are of a whole process, from before it is started; the figures are medians over the rounds, with least and most.
// A program without a line of its own is what the runtime takes; "beyond" is what comes on top of that.

import { wholeNumber } from "./begin.ts";
import { parseArgs } from "node:util";
import { engineFlags, taskCommand } from "../../.ci/tasks.ts";
import { TextLineStream } from "../lines.ts";
import { type LoadFigures, openedPages, type TracedFigures } from "./page_start.ts";
import { freePort, ownFolder } from "./programs.ts";
import { median } from "./report.ts";
import { table } from "./table.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    binary: { type: "string" },
    rounds: { type: "string", default: "20" },
    page: { type: "string" },
    markdown: { type: "boolean", default: false },
  },
});
const rounds = wholeNumber("rounds", values.rounds);
const pageRounds = Number(values.page ?? rounds);

const EMPTY = "// Nothing.\n";
const LISTENING = `const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });
console.log("Listening");
for (;;) (await listener.accept()).close();
`;

/** How long a program may take to listen, ms. */
const PATIENCE_MS = 10_000;

/** What is started, how it is known to be ready, and the name of its row. */
interface Start {
  readonly name: string;
  readonly command: readonly string[];
  readonly args: () => readonly string[];
  /** The line by which it says that it listens; null for a program that ends by itself. */
  readonly ready: RegExp | null;
}

/** Milliseconds; `connected` is NaN for a program that listens nowhere. */
interface Taken {
  readonly said: number;
  readonly connected: number;
}

/** A small program, compiled or as source, as what measures it is. */
async function small(folder: string, name: string, source: string): Promise<readonly string[]> {
  const file = `${folder}/${name}.ts`;
  await Deno.writeTextFile(file, source);
  const flags = [...engineFlags(), "--no-prompt", "--allow-net"];
  if (values.binary === undefined) return [Deno.execPath(), "run", "-q", ...flags, file];
  const output = `${folder}/${name}`;
  const deno = Deno.env.get("DENO_COMPILE") ?? Deno.execPath();
  const args = ["compile", "-q", "--no-check", ...flags, "-o", output, file];
  const { success } = await new Deno.Command(deno, { args, cwd: folder }).spawn().status;
  if (!success) {
    throw new Error("Cannot compile the empty program. Set DENORT_BIN, and DENO_COMPILE if it is another.");
  }
  return [output];
}

async function started({ command, args, ready }: Start): Promise<Taken> {
  const given = args();
  const port = Number(given.find((arg) => /^\d+$/.test(arg)));
  const began = performance.now();
  const child = new Deno.Command(command[0], {
    args: [...command.slice(1), ...given],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  if (ready === null) {
    const read = child.stdout.pipeTo(new WritableStream());
    await child.status;
    const said = performance.now() - began;
    await read;
    return { said, connected: NaN };
  }
  const connected = connectedTo(port).then(() => performance.now() - began);
  connected.catch(() => child.kill("SIGKILL"));
  let said = NaN;
  const text = child.stdout.pipeThrough(new TextDecoderStream());
  for await (const line of text.pipeThrough(new TextLineStream())) {
    if (!Number.isNaN(said) || !ready.test(line)) continue;
    said = performance.now() - began;
    await connected;
    child.kill("SIGTERM");
  }
  await child.status;
  return { said, connected: await connected };
}

/** Resolves when somebody listens there. Throws Error where nobody does for long. */
async function connectedTo(port: number): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline;) {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port }).catch(() => null);
    if (conn !== null) return conn.close();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`Cannot measure: nothing listens on port ${port}. Its messages are above.`);
}

function figure(values: readonly number[], unit = "ms"): string {
  const all = values.filter((value) => !Number.isNaN(value));
  if (all.length === 0) return "–";
  const text = (value: number) => value.toFixed(0);
  return `${text(median(all))} ${unit} (${text(Math.min(...all))} to ${text(Math.max(...all))})`;
}

const folder = await ownFolder();
try {
  const program = values.binary === undefined ? taskCommand("start") : [values.binary];
  const empty = await small(folder, "empty", EMPTY);
  const listening = await small(folder, "listening", LISTENING);
  const listen = (port: number) => ["-l", `${port}`, "-t", "127.0.0.1:9", "--ui", "0", "--no-open"];
  const starts: readonly Start[] = [
    { name: "an empty program", command: empty, args: () => [], ready: null },
    { name: "one that only listens", command: listening, args: () => [`${freePort()}`], ready: /^Listening/ },
    { name: "tcpmon, listening", command: program, args: () => listen(freePort()), ready: /^Listening on/ },
    { name: "tcpmon --version", command: program, args: () => ["--version"], ready: null },
    { name: "tcpmon --help", command: program, args: () => ["--help"], ready: null },
  ];
  const taken = new Map<string, Taken[]>(starts.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const start of starts) taken.get(start.name)!.push(await started(start));
  }
  const floor = median(taken.get(starts[0].name)!.map(({ said }) => said));
  const rows = [...taken].map(([name, all]) => {
    const said = all.map(({ said }) => said);
    const connected = figure(all.map(({ connected }) => connected));
    return [name, figure(said), connected, `${(median(said) - floor).toFixed(0)} ms`];
  });
  const how = values.binary === undefined ? "from source" : "the binary";
  console.log(
    table([[how, "says so, or ends", "can be connected to", "beyond empty"], ...rows], {
      isMarkdown: values.markdown,
    }).join("\n"),
  );

  const pages = pageRounds > 0 ? await openedPages(program, pageRounds) : null;
  if (pages !== null) {
    const both = (name: string, of: (figures: LoadFigures) => number, unit?: string) => [
      name,
      figure(pages.map(({ first }) => of(first)), unit),
      figure(pages.map(({ second }) => of(second)), unit),
    ];
    const once = (name: string, of: (figures: TracedFigures) => number) => [
      name,
      figure(pages.map(({ first }) => of(first))),
      "–",
    ];
    const rows = [
      both("from listening to rows on the page", ({ sinceListening }) => sinceListening),
      both("from the program's start", ({ sinceStart }) => sinceStart),
      both("from navigation to the first contents", ({ painted }) => painted),
      both("from navigation to rows", ({ usable }) => usable),
      ["from navigation to a page of one row", figure(pages.map(({ oneRow }) => oneRow.usable)), "–"],
      both("transferred", ({ bytes }) => bytes / 1e3, "KB"),
      both("requests", ({ requests }) => requests, ""),
      once("traced: script parsed, beside the rest", ({ parseMs }) => parseMs),
      once("traced: script evaluated", ({ evaluateMs }) => evaluateMs),
      once("traced: functions compiled", ({ compileMs }) => compileMs),
      once("traced: style and layout", ({ layoutMs }) => layoutMs),
    ];
    console.log(
      `\n${
        table([["the page", "first load", "loaded again"], ...rows], { isMarkdown: values.markdown }).join(
          "\n",
        )
      }`,
    );
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
