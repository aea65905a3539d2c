// The command lines of `tcpmon tail FILE`, `tcpmon search` and `tcpmon export`: argv → what to do. Pure; what cannot be
// meant is refused with a UsageError.

import { parseArgs } from "node:util";
import { nearest } from "../nearest.ts";
import { shellWord } from "../shell_word.ts";
import { refuseTwice, UsageError } from "../usage_error.ts";

/** How Exchanges are written for people. */
export interface Shown {
  /** The heads of both Messages below each line, and the bodies too. */
  readonly heads: boolean;
  readonly bodies: boolean;
}

/** `tcpmon search QUERY FILE…` */
export interface SearchCommand extends Shown {
  readonly verb: "search";
  readonly query: string;
  readonly files: readonly string[];
  /** Lines of JSON rather than lines for people. */
  readonly json: boolean;
  /** Only how many there are. */
  readonly count: boolean;
}

/** `tcpmon tail FILE…`: what is there, and what comes. */
export interface TailCommand extends Shown {
  readonly verb: "tail";
  readonly files: readonly string[];
  readonly filter: string;
  /** How many of those that are there already; null for all. */
  readonly last: number | null;
}

/** `tcpmon export FILE…` */
export interface ExportCommand {
  readonly verb: "export";
  readonly files: readonly string[];
  readonly format: string | null;
  /** null for the standard output. */
  readonly output: string | null;
  readonly force: boolean;
  readonly filter: string;
  readonly redact: readonly string[];
  readonly bodies: boolean;
  readonly wholeConnections: boolean;
}

/** What these command lines ask for. */
export type FileCommand = SearchCommand | TailCommand | ExportCommand | { readonly verb: "help" };

/** The commands, by their first word. */
export const FILE_VERBS = ["search", "tail", "export"] as const;

/** Whether that is a capture by its name, and no query. */
export function isCaptureName(name: string): boolean {
  return /^-$|\.(?:pcapng|pcap|cap|har)(?:\.gz)?$/i.test(name);
}

/** How many Exchanges `tail` begins with, as tail(1) does with lines. */
const LAST = 10;

const OPTIONS = {
  search: {
    json: { type: "boolean" },
    count: { type: "boolean", short: "c" },
    heads: { type: "boolean" },
    bodies: { type: "boolean" },
  },
  tail: {
    filter: { type: "string", short: "f" },
    last: { type: "string", short: "n" },
    heads: { type: "boolean" },
    bodies: { type: "boolean" },
  },
  export: {
    format: { type: "string" },
    output: { type: "string", short: "o" },
    force: { type: "boolean" },
    filter: { type: "string", short: "f" },
    redact: { type: "string", multiple: true },
    "no-bodies": { type: "boolean" },
    "whole-connections": { type: "boolean" },
  },
} as const;

type Known = Readonly<
  Record<
    string,
    { readonly type: "string" | "boolean"; readonly short?: string; readonly multiple?: boolean }
  >
>;

const EXAMPLES: Readonly<Record<string, string>> = {
  filter: "--filter 'status:>=500'",
  last: "--last 100",
  format: "--format har",
  output: "--output today.har",
  redact: "--redact secrets",
};

/** Reads the arguments after `tcpmon VERB`. Throws UsageError. */
export function parseFileCommand(verb: typeof FILE_VERBS[number], args: readonly string[]): FileCommand {
  if (args.includes("--help") || args.includes("-h")) return { verb: "help" };
  const { given, words } = read(verb, args);
  const yes = (name: string) => given.has(name);
  const text = (name: string) => given.get(name)?.at(-1) ?? null;
  const shown = { heads: yes("heads") || yes("bodies"), bodies: yes("bodies") };
  if (verb === "search") {
    const [query, ...files] = words;
    if (query === undefined) {
      throw new UsageError(
        "Cannot search: what to look for is missing. Write tcpmon search 'status:>=500' FILE.",
      );
    }
    if (files.length === 0) {
      throw new UsageError(
        isCaptureName(query)
          ? `Cannot search ${query}: what to look for is missing. ` +
            `It comes first: write tcpmon search 'status:>=500' ${shellWord(query)}.`
          : `Cannot search for ${query}: the capture to look in is missing. ` +
            `Write tcpmon search ${shellWord(query)} FILE.`,
      );
    }
    if (yes("json") && shown.heads) {
      throw new UsageError("Cannot use --json with --heads or --bodies: use tcpmon export --format ndjson.");
    }
    refuseTwice("search", files);
    return { verb, query, files, json: yes("json"), count: yes("count"), ...shown };
  }
  if (words.length === 0) {
    throw new UsageError(`Cannot ${verb}: the capture is missing. Write tcpmon ${verb} FILE.`);
  }
  refuseTwice(verb, words);
  if (verb === "tail") {
    return { verb, files: words, filter: text("filter") ?? "", last: lastOf(text("last")), ...shown };
  }
  return {
    verb,
    files: words,
    format: text("format"),
    output: text("output"),
    force: yes("force"),
    filter: text("filter") ?? "",
    redact: given.get("redact") ?? [],
    bodies: !yes("no-bodies"),
    wholeConnections: yes("whole-connections"),
  };
}

function lastOf(text: string | null): number | null {
  if (text === null) return LAST;
  if (text === "all") return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot use --last ${text}: it is no number. Write --last 100, or --last all.`);
}

function read(verb: typeof FILE_VERBS[number], args: readonly string[]) {
  const options: Known = OPTIONS[verb];
  const { tokens } = parseArgs({
    args: [...args],
    options: OPTIONS[verb],
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const given = new Map<string, string[]>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (!Object.hasOwn(options, name)) {
      // A query may begin with "-"; what is long has its colon within a value.
      if (verb === "search" && words.length === 0 && /^-[^-][^=]*:/.test(args[token.index])) {
        const query = args[token.index];
        throw new UsageError(
          `Cannot use ${rawName} with tcpmon search: there is no such option. ` +
            `A query that begins with - stands behind --: write tcpmon search -- '${query}' FILE.`,
        );
      }
      throw unknown(verb, name, rawName, [...Object.keys(options), "help"]);
    }
    const { type, multiple = false } = options[name];
    if (type === "boolean" && value !== undefined) {
      throw new UsageError(`Cannot use ${rawName}=${value}: it takes no value. Write ${rawName}.`);
    }
    if (type === "string" && (!value || (!token.inlineValue && isOption(value, options)))) {
      throw new UsageError(`Cannot use ${rawName}: its value is missing. Write ${EXAMPLES[name]}.`);
    }
    if (given.has(name) && type === "string" && !multiple) {
      throw new UsageError(`Cannot use --${name} twice: there is only one. Leave one of them out.`);
    }
    given.set(name, [...given.get(name) ?? [], value ?? ""]);
  }
  return { given, words };
}

/** Whether a word is one of these options, with its value or without. A query may begin with "-", too. */
function isOption(word: string, options: Known): boolean {
  const [name] = word.split("=");
  return Object.entries(options).some(([long, { short }]) =>
    name === `--${long}` || (short !== undefined && word === `-${short}`)
  );
}

function unknown(verb: string, name: string, rawName: string, known: readonly string[]): UsageError {
  if (verb === "tail" && (name === "t" || name === "target")) {
    return new UsageError(
      `Cannot use ${rawName} with tcpmon tail: it stands behind a -l, which is missing. Write -l 8081 before it.`,
    );
  }
  const meant = nearest(name, known);
  const mend = meant === null
    ? `See tcpmon ${verb} --help.`
    : `Write --${meant}, or see tcpmon ${verb} --help.`;
  return new UsageError(`Cannot use ${rawName} with tcpmon ${verb}: there is no such option. ${mend}`);
}
