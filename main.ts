// tcpmon: the command line. Reads the flags, starts the program, opens the browser, and ends it on a signal.
// Everything else is in src/; the program itself is loaded only when it is needed, so that --help is quick.

import about from "./deno.json" with { type: "json" };
import schema from "./docs/config.schema.json" with { type: "json" };
import type { Catalog } from "./src/catalog/types.ts";
import { type CaCommand, parseCaCommand } from "./src/ca_options.ts";
import { FILE_VERBS, parseFileCommand } from "./src/headless/options.ts";
import { CA_HELP, FILES_HELP, HELP, OPEN_HELP } from "./src/help.ts";
import { helpArguments } from "./src/help_options.ts";
import { beginThread } from "./src/journal/thread.ts";
import { LineOutput } from "./src/line_output.ts";
import { type OpenOptions, parseOpenOptions } from "./src/open_options.ts";
import {
  isTailOfListeners,
  type Options,
  parseOptions,
  type TailOptions,
  UsageError,
} from "./src/options.ts";
import { tell } from "./src/tell.ts";

/** Exit statuses: as --help says. */
const STOPPED = 0;
const CANNOT_START = 1;
const WRONG_COMMAND_LINE = 2;
/** What search, tail and export end with where it is not that they found nothing. */
const CANNOT_READ = 2;
/** How long whoever reads `--json` may take for the last lines, ms. */
const LAST_LINES_MS = 1_000;
/** The password of upstream proxies that are given with a user and none. */
const PROXY_PASSWORD = "TCPMON_PROXY_PASSWORD";
/** What shells add to the number of a signal that has ended a program, and these numbers. */
const SIGNALLED = 128;
const SIGNALS: Readonly<Partial<Record<Deno.Signal, number>>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
/** A second signal ends the program at once … */
const IMPATIENT = SIGNALLED + 2;
/** … when it comes later than this after the first, ms. */
const SAME_SIGNAL_MS = 1_000;

async function main(): Promise<void> {
  // As other programs have it: "help", "help search".
  if (Deno.args[0] === "help") return await obey(read(helpArguments, Deno.args.slice(1)));
  await obey(Deno.args);
}

/** Does what the arguments say. */
async function obey(args: readonly string[]): Promise<void> {
  const [first, ...others] = args;
  if (first === "open") return await runOpen(read(parseOpenOptions, others));
  if (first === "ca") return await runCa(read(parseCaCommand, others));
  const verb = FILE_VERBS.find((word) => word === first);
  const isTail = verb === "tail" && isTailOfListeners(others);
  if (verb !== undefined && !isTail) return await runOnFiles(verb, others);
  const options = read((args) => parseOptions(args, isTail), isTail ? others : args);
  if (options.answer === "help") return write(HELP);
  if (options.answer === "version") return write(`${about.version}\n`);
  if (options.answer === "config-schema") return write(`${JSON.stringify(schema, null, 2)}\n`);
  await run(options);
}

/** What the arguments mean; where they mean nothing, the end. */
function read<T>(parse: (args: readonly string[]) => T, args: readonly string[]): T {
  try {
    return parse(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    tell(error.message);
    Deno.exit(WRONG_COMMAND_LINE);
  }
}

/** `tcpmon ca …` */
async function runCa(command: CaCommand): Promise<void> {
  if (command.verb === "help") return write(CA_HELP);
  try {
    const { runCaCommand } = await import("./src/ca_command.ts");
    const { out, said } = await runCaCommand(command, (name) => Deno.env.get(name));
    if (said !== "") tell(said.trimEnd());
    write(out);
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    // A name that the authority cannot be limited to.
    Deno.exit(error instanceof SyntaxError ? WRONG_COMMAND_LINE : CANNOT_START);
  }
}

/** `tcpmon tail FILE…`, `tcpmon search …`, `tcpmon export …` */
async function runOnFiles(verb: typeof FILE_VERBS[number], args: readonly string[]): Promise<void> {
  const command = read((args) => parseFileCommand(verb, args), args);
  if (command.verb === "help") return write(FILES_HELP);
  let status: number;
  try {
    const { runFileCommand } = await import("./src/headless/run.ts");
    const isTerminal = Deno.stdout.isTerminal();
    status = await runFileCommand(command, {
      program: `tcpmon ${about.version}`,
      stdout: Deno.stdout,
      input: pipedInput,
      isTerminal,
      hasColours: isTerminal && !Deno.noColor,
      tell: (text) => tell(text),
      ended: onSignals(),
    });
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    status = error instanceof Error && error.name === "StoppedError"
      ? (error as Error & { readonly status: number }).status
      : CANNOT_READ;
  }
  Deno.exit(status);
}

/** The standard input, where something comes through it. Throws Error, in words. */
function pipedInput(): ReadableStream<Uint8Array> {
  if (!Deno.stdin.isTerminal()) return Deno.stdin.readable;
  throw new Error(
    "Cannot open -: nothing is piped in. Write ssh HOST tcpdump -U -w - 'tcp port 80' | tcpmon open -.",
  );
}

/** `tcpmon open FILE…` */
async function runOpen({ help, files, ui, open }: OpenOptions): Promise<void> {
  if (help) return write(OPEN_HELP);
  const ended = onSignals();
  let isEnded = false;
  ended.then(() => isEnded = true);
  try {
    const { startOpenProgram } = await import("./src/open_program.ts");
    const input = files.includes("-") ? pipedInput() : undefined;
    if (input) tell("Waiting for a capture on the standard input", console.log);
    const program = await startOpenProgram({
      version: about.version,
      files,
      input,
      ended,
      ui,
      notice: (text) => tell(text),
    });
    tell(
      `Reading ${files.map((file) => file === "-" ? "the standard input" : file).join(", ")}`,
      console.log,
    );
    tell(`Page: ${program.page.url}`, console.log);
    if (open) {
      const { openBrowser } = await import("./src/ui/open_browser.ts");
      openBrowser(program.page.url);
    }
    await ended;
    await program.stop();
  } catch (error) {
    // Nothing had come yet, say.
    if (isEnded) Deno.exit(STOPPED);
    tell(error instanceof Error ? error.message : String(error));
    Deno.exit(CANNOT_START);
  }
  Deno.exit(STOPPED);
}

async function run(options: Options): Promise<void> {
  const { routes, ui, capture, keyLog, config, json, jsonBodies, tail } = options;
  const say = json || tail ? tell : (text: string) => tell(text, console.log);
  const lostLine = (count: number) =>
    tail ? `(${count} lines were left out)` : JSON.stringify({ event: "lost", lines: count });
  const lines = new LineOutput(Deno.stdout, lostLine, undefined, (error) => {
    const reason = error instanceof Deno.errors.BrokenPipe ? "nobody reads it any more" : wordsOf(error);
    tell(`Nothing more is written to the standard output: ${reason}. Relay and recording go on.`);
  });
  const ended = onSignals();
  // It loads while the program does, on another core.
  const journal = beginThread();
  try {
    const watch = tail
      ? await tailWatch(tail, lines)
      : jsonBodies
      ? await wholeExchanges(lines, lostLine)
      : null;
    const [{ startProgram }, { wayWords }] = await Promise.all([
      import("./src/program.ts"),
      import("./src/route.ts"),
    ]);
    const program = await startProgram({
      version: about.version,
      routes,
      config,
      journal,
      proxyPassword: Deno.env.get(PROXY_PASSWORD),
      readVariable: (name) => Deno.env.get(name),
      ui,
      capture,
      keyLog,
      keep: options.keep,
      captureLimit: options.captureLimit,
      jsonLine: json ? lines.line : null,
      watch,
      notice: (text) => tell(text),
    });
    for (const listener of program.listeners()) {
      const { listen, target, targetTls, state, error } = listener;
      if (error !== null) tell(error.includes(listen) ? error : `${listen}: ${error}`);
      if (state !== "listening") continue;
      say(`Listening on ${listen}, ${wayWords(listener)}`);
      if (targetTls?.insecure) {
        tell(`Any certificate of ${target ?? "its targets"} is accepted there: nobody checks who answers.`);
      }
    }
    const { file, temporary, keeps } = program.capture;
    const where = temporary ? "a temporary capture (keep it with --capture FILE)" : file;
    say(`Recording to ${where}: ${keeps}; the oldest goes first`);
    say(`Page: ${program.page.url}`);
    if (options.open) {
      const { openBrowser } = await import("./src/ui/open_browser.ts");
      openBrowser(program.page.url);
    }
    await ended;
    await program.stop();
    await lines.flush(LAST_LINES_MS);
  } catch (error) {
    tell(error instanceof Error ? error.message : String(error));
    Deno.exit(error instanceof Error && error.name === "ConfigError" ? WRONG_COMMAND_LINE : CANNOT_START);
  }
  Deno.exit(STOPPED);
}

/** Prints Exchanges for people. */
async function tailWatch({ filter, heads, bodies }: TailOptions, lines: LineOutput) {
  const [{ Tail }, { colours, plain }] = await Promise.all([
    import("./src/headless/tail.ts"),
    import("./src/headless/words.ts"),
  ]);
  const paint = Deno.stdout.isTerminal() && !Deno.noColor ? colours : plain;
  return (catalog: Catalog) =>
    new Tail(catalog, {
      ...{ filter, heads, bodies, paint },
      print: (printed) => lines.line(printed.join("\n")),
      hint: (text) => tell(text),
      failed: (error) => tell(`Exchanges are not printed any more: ${error.message}`),
    });
}

/** Writes the lines of Exchanges with their bodies. */
async function wholeExchanges(lines: LineOutput, lostLine: (count: number) => string) {
  const { WholeExchanges } = await import("./src/json_bodies.ts");
  const failed = (error: Error) => tell(`Exchanges are not written any more: ${error.message}`);
  return (catalog: Catalog) =>
    new WholeExchanges(catalog, lines, `tcpmon ${about.version}`, lostLine, failed);
}

/**
 * Resolves at the first signal to end, to what shells say that a program has ended with. One that comes a while after
 * that ends the program at once; one that comes together with it is the same Ctrl+C, told by the terminal and by
 * whatever started the program.
 */
function onSignals(): Promise<number> {
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT", "SIGBREAK"] : ["SIGINT", "SIGTERM"];
  // The terminal was closed. Below nohup, which takes the terminal away, that signal is to be ignored.
  if (Deno.build.os !== "windows" && Deno.stdin.isTerminal()) signals.push("SIGHUP");
  const { promise, resolve } = Promise.withResolvers<number>();
  let first: number | null = null;
  for (const signal of signals) {
    Deno.addSignalListener(signal, () => {
      first ??= performance.now();
      if (performance.now() - first > SAME_SIGNAL_MS) Deno.exit(IMPATIENT);
      resolve(SIGNALLED + (SIGNALS[signal] ?? 2));
    });
  }
  return promise;
}

/** Why, without the number that the system has for it. */
function wordsOf(error: unknown): string {
  return error instanceof Error
    ? error.message.replace(/ \(os error \d+\)$/, "").toLowerCase()
    : String(error);
}

/** Writes all of it, unless whoever reads it has gone, as `head` does when it has enough. */
function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    tell(`Cannot print: ${error instanceof Error ? error.message : error}. Send it elsewhere.`);
    Deno.exit(CANNOT_START);
  }
}

await main();
