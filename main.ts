// tcpmon: the command line. Reads the flags, starts the program, opens the browser, and ends it on a signal.
// Everything else is in src/; the program itself is loaded only when it is needed, so that --help is quick.

import config from "./deno.json" with { type: "json" };
import { HELP } from "./src/help.ts";
import { LineOutput } from "./src/line_output.ts";
import { type Options, parseOptions, UsageError } from "./src/options.ts";

/** Exit statuses: as --help says. */
const STOPPED = 0;
const CANNOT_START = 1;
const WRONG_COMMAND_LINE = 2;
/** How long whoever reads `--json` may take for the last lines, ms. */
const LAST_LINES_MS = 1_000;
/** A second signal ends the program at once. */
const IMPATIENT = 130;

async function main(): Promise<void> {
  let options: Options;
  try {
    options = parseOptions(Deno.args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    Deno.exit(WRONG_COMMAND_LINE);
  }
  if (options.answer === "help") return write(HELP);
  if (options.answer === "version") return write(`${config.version}\n`);
  await run(options);
}

async function run(options: Options): Promise<void> {
  const { startProgram } = await import("./src/program.ts");
  const { openBrowser } = await import("./src/ui/open_browser.ts");
  const say = options.json ? console.error : console.log;
  try {
    const { routes, ui, capture, json } = options;
    const lines = new LineOutput(Deno.stdout, (count) => JSON.stringify({ event: "lost", lines: count }));
    const jsonLine = json ? lines.line : null;
    const notice = (text: string) => console.error(text);
    const program = await startProgram({ version: config.version, routes, ui, capture, jsonLine, notice });
    onSignals(async () => {
      await program.stop();
      await lines.flush(LAST_LINES_MS);
    });
    for (const { listen, target } of program.listeners()) {
      say(`Listening on ${listen}, forwarding to ${target}`);
    }
    if (program.capture.temporary) say("Recording to a temporary capture; keep it with --capture FILE");
    else say(`Recording to ${program.capture.file}`);
    say(`Page: ${program.page.url}`);
    if (options.open) openBrowser(program.page.url);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(CANNOT_START);
  }
}

/** Ends in order on the first signal, and at once on the second. */
function onSignals(stop: () => Promise<void>): void {
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  let stopping = false;
  for (const signal of signals) {
    Deno.addSignalListener(signal, async () => {
      if (stopping) Deno.exit(IMPATIENT);
      stopping = true;
      await stop();
      Deno.exit(STOPPED);
    });
  }
}

function write(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}

await main();
