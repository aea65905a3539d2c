// The command line of `tcpmon ca`: argv → CaCommand. Pure; what cannot be meant is refused with a UsageError.

import { UsageError } from "./usage_error.ts";
import { nearest } from "./nearest.ts";
import { TRUST_IDS } from "./trust_lines.ts";

/** A way of trusting: "java". */
export type TrustId = typeof TRUST_IDS[number];

/** What is asked for. */
export type CaCommand =
  | { readonly verb: "help" }
  | { readonly verb: "show" | "remove" }
  /** Empty for all ways. */
  | { readonly verb: "trust"; readonly ways: readonly TrustId[] }
  /** null for the standard output. */
  | { readonly verb: "export"; readonly file: string | null }
  /** The names and networks that it is limited to; empty for any. */
  | { readonly verb: "create"; readonly only: readonly string[] };

const VERBS = ["show", "trust", "export", "create", "remove"] as const;

/** Reads the arguments after `tcpmon ca`. Throws UsageError. */
export function parseCaCommand(args: readonly string[]): CaCommand {
  if (args.includes("--help") || args.includes("-h")) return { verb: "help" };
  const [verb, ...words] = args;
  if (verb === undefined) return { verb: "show" };
  if (verb.startsWith("-")) throw noOption("tcpmon ca", verb, ["help"]);
  const known = VERBS.find((one) => one === verb);
  if (known === undefined) throw unknown("tcpmon ca", verb, VERBS);
  if (known === "create") return { verb: "create", only: limits(words) };
  const option = words.find((word) => word.startsWith("-"));
  if (option !== undefined) throw noOption(`tcpmon ca ${known}`, option, ["help"]);
  if (known === "trust") return { verb: "trust", ways: words.map(way) };
  if (known === "export" && words.length <= 1) return { verb: "export", file: words[0] ?? null };
  if (words.length > 0) {
    const extra = words[known === "export" ? 1 : 0];
    throw new UsageError(
      `Cannot use "${extra}" with tcpmon ca ${known}: that is one word too many. Leave it out.`,
    );
  }
  return { verb: known as "show" | "remove" };
}

function way(word: string): TrustId {
  const found = TRUST_IDS.find((id) => id === word.toLowerCase());
  if (found === undefined) throw unknown("tcpmon ca trust", word, TRUST_IDS);
  return found;
}

/** `--only NAME`, any number of them. Whether NAME can be a limit is seen where the authority is made. */
function limits(words: readonly string[]): string[] {
  const only: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [, inline] = /^--only=(.*)$/.exec(words[at]) ?? [];
    if (inline === undefined && words[at].startsWith("-") && words[at] !== "--only") {
      throw noOption("tcpmon ca create", words[at], ["only", "help"]);
    }
    if (inline === undefined && words[at] !== "--only") {
      throw new UsageError(
        `Cannot use "${words[at]}" with tcpmon ca create: it knows --only NAME alone. Leave it out.`,
      );
    }
    const value = inline ?? words[++at];
    if (value === undefined || value === "") {
      throw new UsageError("Cannot use --only: its value is missing. Write --only example.org.");
    }
    only.push(value);
  }
  return only;
}

/** `option` as it was written, perhaps with a value. */
function noOption(command: string, option: string, known: readonly string[]): UsageError {
  const name = option.replace(/=.*$/s, "");
  const meant = nearest(name.replace(/^-+/, ""), known);
  const mend = meant === null ? "See tcpmon ca --help." : `Write --${meant}, or see tcpmon ca --help.`;
  return new UsageError(`Cannot use ${name} with ${command}: there is no such option. ${mend}`);
}

function unknown(command: string, word: string, known: readonly string[]): UsageError {
  const meant = nearest(word, known);
  const mend = meant === null
    ? `Known are ${known.join(", ")}.`
    : `Write ${command} ${meant}, or see tcpmon ca --help.`;
  return new UsageError(`Cannot do ${command} ${word}: there is no such thing. ${mend}`);
}
