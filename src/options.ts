// The command line: argv → Options. Pure: it reads nothing else, prints nothing and never exits.
// What cannot be meant is refused with a UsageError; nothing is guessed.

import { parseArgs } from "node:util";
import type { Address, Route } from "./model.ts";
import { formatAddress, parseListen, parsePageAddress, parseTarget } from "./address.ts";
import { nearest } from "./nearest.ts";

/** What the command line asks for. */
export interface Options {
  /** "help" and "version" are answered at once, whatever else the command line says. */
  readonly answer: "help" | "version" | null;
  readonly routes: readonly Route[];
  /** The page's address; null where none was given, so that the default one may be replaced by a free one. */
  readonly ui: Address | null;
  /** Whether to open the browser. */
  readonly open: boolean;
  readonly json: boolean;
  /** The file to keep the capture in; null for a temporary one. */
  readonly capture: string | null;
}

/** A command line that cannot be followed. The message is one line: what is wrong and how to mend it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

const OPTIONS = {
  listen: { type: "string", short: "l" },
  target: { type: "string", short: "t" },
  ui: { type: "string" },
  "no-open": { type: "boolean" },
  json: { type: "boolean" },
  capture: { type: "string" },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type OptionName = keyof typeof OPTIONS;

const VALUE_EXAMPLES: Readonly<Record<string, string>> = {
  listen: "--listen 8081",
  target: "--target localhost:80",
  ui: "--ui 4040",
  capture: "--capture today.pcapng",
};

/** Reads the arguments after the program's name. Throws UsageError. */
export function parseOptions(args: readonly string[]): Options {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Set<OptionName>();
  const pairs = new Pairs();
  const positionals: string[] = [];
  let ui: Address | null = null;
  let capture: string | null = null;

  const answer = tokens.find((token) =>
    token.kind === "option" && (token.name === "help" || token.name === "version")
  );
  if (answer?.kind === "option") {
    const name = answer.name === "help" ? "help" : "version";
    return { answer: name, routes: [], ui, open: false, json: false, capture };
  }

  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const name = known(token.name, token.rawName, args[token.index]);
    const value = checkValue(name, token.rawName, token.value, token.inlineValue);
    if (name === "listen") pairs.listen(readAddress(parseListen, value));
    else if (name === "target") pairs.target(readAddress(parseTarget, value));
    else if (given.has(name) && OPTIONS[name].type === "string") {
      throw new UsageError(`Cannot use --${name} twice: there is only one. Leave one of them out.`);
    }
    if (name === "ui") ui = readAddress(parsePageAddress, value);
    if (name === "capture") capture = value;
    given.add(name);
  }

  const routes = [...positionalRoutes(positionals, pairs), ...pairs.routes()];
  refuseTaken(routes, ui);
  return { answer: null, routes, ui, open: !given.has("no-open"), json: given.has("json"), capture };
}

/** Each --target belongs to the --listen before it. */
class Pairs {
  readonly #routes: Route[] = [];
  #open: Address | null = null;

  listen(address: Address): void {
    this.#refuseOpen();
    this.#open = address;
  }

  target(address: Address): void {
    if (this.#open === null) {
      const target = formatAddress(address);
      throw new UsageError(
        this.#routes.length === 0
          ? `Cannot use --target ${target}: there is no --listen before it. Write --listen 8081 --target ${target}.`
          : `Cannot use --target ${target}: the --listen before it has a target already. Write a --listen for it.`,
      );
    }
    this.#routes.push({ listen: this.#open, target: address });
    this.#open = null;
  }

  routes(): readonly Route[] {
    this.#refuseOpen();
    return this.#routes;
  }

  /** The --listen that still has no target. */
  get open(): Address | null {
    return this.#open;
  }

  #refuseOpen(): void {
    if (this.#open === null) return;
    const listen = formatAddress(this.#open);
    throw new UsageError(
      `Cannot listen on ${listen}: there is no --target after it. Write --listen ${listen} --target localhost:80.`,
    );
  }
}

/** Apache TCPMon's own order: `8081 localhost 80`; `8081 localhost:80` is read as well. */
function positionalRoutes(words: readonly string[], pairs: Pairs): readonly Route[] {
  if (words.length === 0) return [];
  const [listen, host, port] = words;
  if (words.length === 2) {
    return [{ listen: readAddress(parseListen, listen), target: readAddress(parseTarget, host) }];
  }
  if (words.length === 3) {
    const bare = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
    return [{
      listen: readAddress(parseListen, listen),
      target: readAddress(parseTarget, `${bare}:${port}`),
    }];
  }
  const mend = words.length === 1 && pairs.open !== null
    ? `Write --target before it: --listen ${formatAddress(pairs.open)} --target ${listen}.`
    : "Write a listen port, a target host and a target port, as in: tcpmon 8081 localhost 80.";
  throw new UsageError(
    `Cannot use ${JSON.stringify(words.join(" "))}: it is not clear what it means. ${mend}`,
  );
}

/** The same fixed port cannot be bound twice. */
function refuseTaken(routes: readonly Route[], ui: Address | null): void {
  const taken = new Set<string>();
  for (const { listen } of routes) {
    const text = formatAddress(listen);
    if (listen.port !== 0 && taken.has(text)) {
      throw new UsageError(
        `Cannot listen on ${text} twice. Take another port for one of them, or 0 for any free one.`,
      );
    }
    taken.add(text);
  }
  if (ui !== null && ui.port !== 0 && taken.has(formatAddress(ui))) {
    throw new UsageError(
      `Cannot show the page on ${
        formatAddress(ui)
      }: a listener has it. Take another port, or 0 for any free one.`,
    );
  }
}

function readAddress(read: (text: string) => Address, text: string): Address {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message);
    throw error;
  }
}

/** The option, or an error that names the nearest one. `argument` is the whole word it stands in. */
function known(name: string, rawName: string, argument: string): OptionName {
  // Options with one dash and a long name (`-listen`) would otherwise be read as `-l isten`.
  const single = /^-([a-z][a-z-]+)/.exec(argument)?.[1];
  if (single !== undefined && isOption(single)) {
    throw new UsageError(`Cannot use -${single}: a long option has two dashes. Write --${single}.`);
  }
  if (isOption(name)) return name;
  const meant = nearest(name, Object.keys(OPTIONS));
  const mend = meant === null
    ? "See tcpmon --help for all of them."
    : `Write --${meant}, or see tcpmon --help.`;
  throw new UsageError(`Cannot use ${rawName}: there is no such option. ${mend}`);
}

/** Not `in`: `--constructor` is no option. */
function isOption(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}

/** The value of an option that has one, else "". */
function checkValue(
  name: OptionName,
  rawName: string,
  value: string | undefined,
  inline: boolean | undefined,
): string {
  if (OPTIONS[name].type === "boolean") {
    if (value === undefined) return "";
    throw new UsageError(`Cannot use ${rawName}=${value}: it takes no value. Write ${rawName}.`);
  }
  const missing = value === undefined || value === "" || (!inline && value.startsWith("-"));
  if (!missing) return value;
  throw new UsageError(`Cannot use ${rawName}: its value is missing. Write ${VALUE_EXAMPLES[name]}.`);
}
