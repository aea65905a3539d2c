// The command line: argv → Options. Pure: it reads nothing else, prints nothing and never exits.
// What cannot be meant is refused with a UsageError; nothing is guessed.

import { parseArgs } from "node:util";
import type { Address, Route } from "./model.ts";
import { formatAddress, parsePageAddress } from "./address.ts";
import { COMMANDS_ELSEWHERE, OPTIONS_DIVIDED, OPTIONS_ELSEWHERE } from "./elsewhere.ts";
import { FILE_VERBS, isCaptureName } from "./headless/options.ts";
import { type Keep, keepWords, NO_KEEP, parseCaptureLimit, parseKeep } from "./keep.ts";
import { LISTENER_OPTIONS, type ListenerOption, ListenerWords } from "./listener_options.ts";
import { nearest } from "./nearest.ts";
import { shellWord } from "./shell_word.ts";
import { reading, UsageError } from "./usage_error.ts";

export { UsageError } from "./usage_error.ts";

/** The commands that a misspelt word may mean. Nearly every short word is near "ca". */
const COMMANDS = ["open", ...FILE_VERBS, "help", "version"] as const;

/** What can be no port, and is therefore meant as a command wherever it is the first word. */
export const FIRST_WORDS: readonly string[] = ["open", "ca", ...FILE_VERBS];

/** What is answered at once, whatever else the command line says. */
const ANSWERS = ["help", "version", "config-schema"] as const;

/** What `tcpmon tail --listen …` prints. */
export interface TailOptions {
  readonly filter: string;
  readonly heads: boolean;
  readonly bodies: boolean;
}

/** What the command line asks for. */
export interface Options {
  readonly answer: typeof ANSWERS[number] | null;
  readonly routes: readonly Route[];
  /** The page's address; null where none was given, so that the default one may be replaced by a free one. */
  readonly ui: Address | null;
  /** Whether to open the browser. */
  readonly open: boolean;
  readonly json: boolean;
  /** Whether the lines of Exchanges have their bodies. */
  readonly jsonBodies: boolean;
  /** Exchanges are printed for people; null where they are not. */
  readonly tail: TailOptions | null;
  /** The file to keep the capture in; null for a temporary one. */
  readonly capture: string | null;
  /** How much of the capture is kept; where no bytes are given, a share of what is free. */
  readonly keep?: Keep;
  /** How many bytes of each Direction of a Connection are recorded; all unless given. */
  readonly captureLimit?: number;
  /** The TLS key log to follow. */
  readonly keyLog: string | null;
  /** The file that more listeners are kept in. */
  readonly config: string | null;
}

const OPTIONS = {
  listen: { type: "string", short: "l" },
  target: { type: "string", short: "t" },
  name: { type: "string" },
  "host-header": { type: "string" },
  via: { type: "string" },
  slow: { type: "string" },
  "slow-up": { type: "string" },
  "slow-down": { type: "string" },
  "target-ca": { type: "string" },
  insecure: { type: "boolean" },
  "target-cert": { type: "string" },
  "target-key": { type: "string" },
  "listen-tls": { type: "boolean" },
  cert: { type: "string" },
  key: { type: "string" },
  "ask-client-cert": { type: "boolean" },
  passthrough: { type: "string" },
  config: { type: "string" },
  "config-schema": { type: "boolean" },
  ui: { type: "string" },
  "no-open": { type: "boolean" },
  json: { type: "boolean" },
  "json-bodies": { type: "boolean" },
  filter: { type: "string", short: "f" },
  heads: { type: "boolean" },
  bodies: { type: "boolean" },
  capture: { type: "string" },
  keylog: { type: "string" },
  keep: { type: "string" },
  "capture-limit": { type: "string" },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Options of `tcpmon tail` alone. */
const OF_TAIL = ["filter", "heads", "bodies"] as const;

type OptionName = keyof typeof OPTIONS;

const VALUE_EXAMPLES: Readonly<Record<string, string>> = {
  listen: "--listen 8081",
  target: "--target localhost:80",
  ui: "--ui 4040",
  capture: "--capture today.pcapng",
  keylog: "--keylog keys.log",
  keep: "--keep 500MB",
  "capture-limit": "--capture-limit 64kB",
  config: "--config tcpmon.json",
  filter: "--filter 'status:>=500'",
  ...LISTENER_OPTIONS,
};

/** A command line that asks for nothing. */
const NOTHING: Options = {
  answer: null,
  routes: [],
  ui: null,
  open: false,
  json: false,
  jsonBodies: false,
  tail: null,
  capture: null,
  keyLog: null,
  config: null,
};

/** Whether the arguments after `tcpmon tail` name what to listen on, rather than captures to read. */
export function isTailOfListeners(args: readonly string[]): boolean {
  return args.some((arg) => /^(-l|--listen(=|$)|--config(=|$))/.test(arg));
}

/** Reads the arguments after the program's name, or after `tcpmon tail`. Throws UsageError. */
export function parseOptions(args: readonly string[], isTail = false): Options {
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Set<OptionName>();
  const listeners = new ListenerWords();
  const words: string[] = [];
  let ui: Address | null = null;
  let limits: Pick<Options, "keep" | "captureLimit"> = {};
  let [capture, config, keyLog]: (string | null)[] = [null, null, null];
  let filter = "";

  for (const token of tokens) {
    const answer = token.kind === "option" && ANSWERS.find((name) => name === token.name);
    if (answer) return { ...NOTHING, answer };
  }
  if (!isTail) {
    refuseMisspelt(args);
    refuseLate(tokens.find(({ kind }) => kind === "positional"), args);
  }

  for (const [at, token] of tokens.entries()) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const name = known(token.name, token.rawName, args[token.index], isTail);
    const value = checkValue(name, token.rawName, token.value, token.inlineValue);
    if (name === "listen") listeners.listen(value);
    else if (name === "target") listeners.target(value);
    else if (isOfListener(name)) listeners.option(name, value, wordOf(tokens[at + 1]));
    else if (name === "keep") limits = { ...limits, keep: kept(limits.keep, value) };
    else if (given.has(name) && OPTIONS[name].type === "string") {
      throw new UsageError(`Cannot use --${name} twice: there is only one. Leave one of them out.`);
    }
    if (name === "ui") ui = reading(parsePageAddress, value);
    if (name === "capture") capture = value;
    if (name === "capture-limit") limits = { ...limits, captureLimit: reading(parseCaptureLimit, value) };
    if (name === "keylog") keyLog = value;
    if (name === "config") config = value;
    if (name === "filter") filter = value;
    given.add(name);
  }
  const extra = isTail ? undefined : OF_TAIL.find((name) => given.has(name));
  if (extra !== undefined) {
    throw new UsageError(
      `Cannot use --${extra} without tail: the page has a filter. Write tcpmon tail … --${extra}.`,
    );
  }
  if (isTail && (given.has("json") || given.has("json-bodies"))) {
    throw new UsageError("Cannot use --json with tail: that prints for people. Leave one of them out.");
  }

  const routes = listeners.routes(words);
  refuseTaken(routes, ui);
  const jsonBodies = given.has("json-bodies");
  const tail = isTail
    ? { filter, heads: given.has("heads") || given.has("bodies"), bodies: given.has("bodies") }
    : null;
  return {
    ...{ answer: null, routes, ui, capture, keyLog, config, jsonBodies, tail, ...limits },
    open: !given.has("no-open") && !isTail,
    json: given.has("json") || jsonBodies,
  };
}

/** Refuses a first word that is near to a command, or elsewhere is one, and says no port, as where to listen must. */
function refuseMisspelt([word = "", ...others]: readonly string[]): void {
  const elsewhere = COMMANDS_ELSEWHERE.get(word.toLowerCase());
  if (elsewhere === "") {
    const mend = others.length === 0 ? "Write tcpmon -l 8081 -t localhost:80." : "Leave it out.";
    throw new UsageError(
      `Cannot use ${word}: there is no such command, for tcpmon starts without one. ${mend}`,
    );
  }
  const meant = elsewhere ??
    (/^[a-z-]+$/i.test(word) && !word.startsWith("-") ? nearest(word, COMMANDS) : null);
  if (meant === null && !word.startsWith("-") && isCaptureName(word)) {
    const more = others.length === 0 ? "." : " …, or see tcpmon open --help.";
    throw new UsageError(
      `Cannot use ${word}: it is no port, but a capture by its name. Write tcpmon open ${
        shellWord(word)
      }${more}`,
    );
  }
  if (meant === null) return;
  const mend = meant === "help" || meant === "version"
    ? `Write tcpmon --${meant}.`
    : `Write tcpmon ${meant}, or see tcpmon --help.`;
  throw new UsageError(`Cannot use ${word}: there is no such command. ${mend}`);
}

/** Refuses a command that is the first word without an option, but not the first of all. */
function refuseLate(first: { readonly index: number } | undefined, args: readonly string[]): void {
  const word = args[first?.index ?? 0];
  if (!first || first.index === 0 || !FIRST_WORDS.includes(word)) return;
  throw new UsageError(
    `Cannot use ${args[0]} before ${word}: a command comes first, and its options behind it. ` +
      `Write tcpmon ${word} …, or see tcpmon ${word} --help.`,
  );
}

/** A size, a duration and a count may be given together. */
function kept(before: Keep = NO_KEEP, value: string): Keep {
  const more = reading(parseKeep, value);
  const keep = {
    bytes: more.bytes ?? before.bytes,
    ms: more.ms ?? before.ms,
    exchanges: more.exchanges ?? before.exchanges,
  };
  for (const what of ["bytes", "ms", "exchanges"] as const) {
    if (more[what] === null || before[what] === null) continue;
    throw new UsageError(
      `Cannot keep ${keepWords({ ...NO_KEEP, [what]: more[what] })}: --keep says ${
        keepWords({ ...NO_KEEP, [what]: before[what] })
      } already. Leave one of them out.`,
    );
  }
  return keep;
}

function wordOf(token?: { readonly kind: string; readonly value?: string }): string | null {
  return token?.kind === "positional" ? token.value ?? null : null;
}

function isOfListener(name: OptionName): name is ListenerOption {
  return Object.hasOwn(LISTENER_OPTIONS, name);
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

/** The option, or an error that names the nearest one. `argument` is the whole word it stands in. */
function known(name: string, rawName: string, argument: string, isTail: boolean): OptionName {
  // Options with one dash and a long name (`-listen`) would otherwise be read as `-l isten`.
  const single = /^-([a-z][a-z-]+)/.exec(argument)?.[1];
  if (single !== undefined && isOption(single)) {
    throw new UsageError(`Cannot use -${single}: a long option has two dashes. Write --${single}.`);
  }
  if (isOption(name)) return name;
  const near = OPTIONS_ELSEWHERE.get(name) ?? nearest(name, Object.keys(OPTIONS));
  const meant = !isTail && OF_TAIL.some((ofTail) => ofTail === near) ? null : near;
  const words = OPTIONS_DIVIDED.get(name) ?? (meant === null ? null : `--${meant}`);
  const mend = words === null
    ? "See tcpmon --help for all of them."
    : `Write ${words}, or see tcpmon --help.`;
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
  if (inline && !rawName.startsWith("--") && value?.startsWith("=")) {
    throw new UsageError(
      `Cannot use ${rawName}${value}: the value of a short option has no "=" before it. ` +
        `Write ${rawName} ${value.slice(1) || VALUE_EXAMPLES[name].split(" ")[1]}.`,
    );
  }
  const missing = value === undefined || value === "" || (!inline && value.startsWith("-"));
  if (!missing) return value;
  throw new UsageError(`Cannot use ${rawName}: its value is missing. Write ${VALUE_EXAMPLES[name]}.`);
}
