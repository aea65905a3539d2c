// The command line of `tcpmon open`: argv → OpenOptions. Pure; what cannot be meant is refused with a UsageError.

import { parseArgs } from "node:util";
import { parsePageAddress } from "./address.ts";
import type { Address } from "./model.ts";
import { nearest } from "./nearest.ts";
import { reading, refuseTwice, UsageError } from "./usage_error.ts";

/** What is asked for. */
export interface OpenOptions {
  readonly help: boolean;
  readonly files: readonly string[];
  /** The page's address; null for the default one. */
  readonly ui: Address | null;
  /** Whether to open the browser. */
  readonly open: boolean;
}

const OPTIONS = {
  ui: { type: "string" },
  "no-open": { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Reads the arguments after `tcpmon open`. Throws UsageError. */
export function parseOpenOptions(args: readonly string[]): OpenOptions {
  const { tokens } = parseArgs({
    ...{ args: [...args], options: OPTIONS, strict: false, allowPositionals: true, tokens: true },
  });
  const files: string[] = [];
  let ui: Address | null = null;
  let [open, help] = [true, false];
  for (const token of tokens) {
    if (token.kind === "positional") files.push(token.value);
    if (token.kind !== "option") continue;
    if (!Object.hasOwn(OPTIONS, token.name)) throw unknown(token.name, token.rawName);
    if (token.name === "ui") {
      if (!token.value || (!token.inlineValue && token.value.startsWith("-"))) {
        throw new UsageError("Cannot use --ui: its value is missing. Write --ui 4040.");
      }
      ui = reading(parsePageAddress, token.value);
    }
    if (token.name === "no-open") open = false;
    if (token.name === "help") help = true;
  }
  if (!help && files.length === 0) {
    throw new UsageError("Cannot open nothing: no file is named. Write tcpmon open today.pcapng.");
  }
  refuseTwice("open", files);
  return { help, files, ui, open };
}

function unknown(name: string, rawName: string): UsageError {
  const meant = nearest(name, Object.keys(OPTIONS));
  const mend = meant === null ? "See tcpmon open --help for all of them." : `Write --${meant}.`;
  return new UsageError(`Cannot use ${rawName} with tcpmon open: there is no such option. ${mend}`);
}
