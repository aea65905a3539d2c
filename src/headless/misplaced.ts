// Words in the wrong place of `tcpmon search`, `tail` and `export`: what is no capture where captures stand may be a query,
// a format, a name to write to or a number. It names the option that is missing and no whole line: what else stands on
// it, such as --redact, must not be lost. Pure: whether a file is there is asked of whoever calls.

import { EXPORT_FORMATS } from "../catalog/export/formats.ts";
import { shellWord } from "../shell_word.ts";
import { UsageError } from "../usage_error.ts";
import { type ExportCommand, isCaptureName, type SearchCommand, type TailCommand } from "./options.ts";

/** Refuses what names no capture beside one that does, where it may mean something elsewhere. Throws UsageError. */
export function refuseMisplaced(
  command: SearchCommand | TailCommand | ExportCommand,
  isNamed: (file: string) => boolean,
): void {
  const { verb, files } = command;
  if (verb === "search") return refuseSwapped(command, isNamed);
  const words = files.filter((file) => !isNamed(file));
  if (verb === "tail" && words.length === files.length) refusePort(words);
  if (words.length === 0 || words.length === files.length) return;
  const mends = [
    ...(verb === "export" ? asOutput(words, command) : asNumber(words)),
    ...(command.filter === "" ? asQuery(words) : []),
  ];
  if (mends.length > 0) {
    throw new UsageError(`Cannot ${verb} ${words.join(" ")}: there is no such file. ${mends.join(" ")}`);
  }
}

/** Refuses where to listen, alone or in Apache TCPMon's own order, in the place of captures. */
function refusePort([port, host, targetPort, ...others]: readonly string[]): void {
  const isPort = (word: string) => /^\d{1,5}$/.test(word);
  if (!isPort(port) || others.length > 0 || (targetPort !== undefined && !isPort(targetPort))) return;
  if (host !== undefined && targetPort === undefined && !/:\d+$/.test(host)) return;
  const target = targetPort === undefined ? host ?? "HOST:PORT" : `${host}:${targetPort}`;
  const words = [port, host, targetPort].filter((word) => word !== undefined).join(" ");
  throw new UsageError(
    `Cannot tail ${words}: there is no such file. To listen, write -l ${port} -t ${target} behind tail.`,
  );
}

/** Refuses a capture in the place of the query, where the query stands in that of a capture. */
function refuseSwapped({ query, files }: SearchCommand, isNamed: (file: string) => boolean): void {
  const meant = files.findLast((file) => !isNamed(file));
  if (meant === undefined || isCaptureName(meant) || !isNamed(query)) return;
  throw new UsageError(
    `Cannot search ${meant}: there is no such file. ` +
      `The query comes first, and captures behind it: write ${shellWord(meant)} before ${shellWord(query)}.`,
  );
}

/** What to write where a format, or the name of a file to write to, stands among captures. */
function asOutput(words: readonly string[], { format, output }: ExportCommand): string[] {
  if (format !== null || output !== null) return [];
  const formats = Object.entries(EXPORT_FORMATS);
  const [name, facts] = formats.find(([name]) => words.some((word) => isSame(word, name))) ?? [];
  if (facts !== undefined) {
    return [
      `A format stands behind --format: --format ${name}, or --output NAME.${facts.extension} for a file.`,
    ];
  }
  const written = formats.some(([, { extension }]) => words[0].toLowerCase().endsWith(`.${extension}`));
  return words.length === 1 && written
    ? [`If it is what to write to, write --output ${shellWord(words[0])}.`]
    : [];
}

/** What to write where how many are meant. */
function asNumber(words: readonly string[]): string[] {
  return words.length === 1 && /^\d+$/.test(words[0])
    ? [`If it is how many to begin with, write --last ${words[0]}.`]
    : [];
}

/** What to write where a query stands among captures, each of its words by itself or not. */
function asQuery(words: readonly string[]): string[] {
  const asked = words.filter((word) => !Object.keys(EXPORT_FORMATS).some((name) => isSame(word, name)));
  const isQuery = asked.some(isTerm) && asked.every((word) => isTerm(word) || !/[./\\]/.test(word));
  return isQuery ? [`If it is a query, write --filter ${shellWord(asked.join(" "))}.`] : [];
}

/** A field with its value, or an expression: no path, and no bare word, which may be a capture's name. */
function isTerm(word: string): boolean {
  return /[\s:"()]/.test(word) && !/^[a-z]:[\\/]/i.test(word);
}

function isSame(word: string, name: string): boolean {
  return word.toLowerCase() === name;
}
