// `deno task demo [--no-open]`: the program in front of the sample back end, with a first round of traffic, so that the
// page has something to show. Reads its flag, handles signals and exits; everything else is the program's own.

import config from "../../deno.json" with { type: "json" };
import { startProgram } from "../program.ts";
import { tell } from "../tell.ts";
import { ListenerError } from "../ui/control.ts";
import { openBrowser } from "../ui/open_browser.ts";
import { startBackend } from "./backend.ts";
import { hints, sayTaken } from "./hints.ts";
import { nextFreePort } from "./ports.ts";
import { startTraffic } from "./traffic.ts";

/** Where the demo listens unless the port is used. */
const HTTP_PORT = 8081;
const MAIL_PORT = 2525;
/** How often it is tried to take free ports. */
const TRIES = 5;

const unknown = Deno.args.find((argument) => argument !== "--no-open");
if (unknown !== undefined) {
  tell(
    `Cannot use ${unknown}: the demo knows only --no-open. For your own listeners: deno task start --help`,
  );
  Deno.exit(2);
}

const say = (text: string) => tell(text, console.log);
const signal = firstSignal();
const backend = startBackend();
const { entrances, program } = await start().catch((error) => {
  tell(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
});

for (const taken of [{ wanted: HTTP_PORT, ...entrances.http }, { wanted: MAIL_PORT, ...entrances.mail }]) {
  const words = sayTaken(taken);
  if (words !== null) say(words);
}
say(hints(entrances, program.page.url));
if (!Deno.args.includes("--no-open")) openBrowser(program.page.url);

const traffic = startTraffic(entrances);
await signal;
await traffic.stop();
await program.stop();
await backend.stop();
Deno.exit(0);

/** Starts in front of the back end, on ports that are free: while it starts, others may take those it chose. */
async function start() {
  for (let tries = 1;; tries++) {
    const entrances = {
      http: { host: "127.0.0.1", port: nextFreePort(HTTP_PORT) },
      mail: { host: "127.0.0.1", port: nextFreePort(MAIL_PORT) },
    };
    try {
      const program = await startProgram({
        version: config.version,
        routes: [
          { listen: entrances.http, target: backend.http },
          { listen: entrances.mail, target: backend.mail },
        ],
        ui: null,
        capture: null,
        readVariable: (name) => Deno.env.get(name),
        jsonLine: null,
        notice: (text) => tell(text),
      });
      return { entrances, program };
    } catch (error) {
      if (tries === TRIES || !(error instanceof ListenerError && error.field === "listen")) throw error;
    }
  }
}

/** Resolves when the user, or the system, says that it is enough. */
function firstSignal(): Promise<void> {
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  return new Promise((resolve) => {
    for (const signal of signals) Deno.addSignalListener(signal, resolve);
  });
}
