// Words in the wrong place of `tcpmon search`, `tail` and `export`: what is no capture where captures stand is a query, a
// format or a name to write to. Pure: whether a file is there is asked of whoever calls.

import { EXPORT_FORMATS } from "../catalog/export/formats.ts";
import { shellWord } from "../shell_word.ts";
import { UsageError } from "../usage_error.ts";
import type { ExportCommand, SearchCommand, TailCommand } from "./options.ts";

/** Refuses what names no capture beside one that does, where it means something elsewhere. Throws UsageError. */
export function refuseMisplaced(
  command: SearchCommand | TailCommand | ExportCommand,
  isNamed: (file: string) => boolean,
): void {
  const { verb, files } = command;
  if (verb === "search") return refuseSwapped(command, isNamed);
  const words = files.filter((file) => !isNamed(file));
  const captures = files.filter(isNamed);
  if (words.length === 0 || captures.length === 0) return;
  const line = `write tcpmon ${verb} ${captures.map(shellWord).join(" ")}`;
  const mend = (verb === "export" && words.length === 1 ? asOutput(words[0], command, line) : null) ??
    (command.filter === "" && words.every(isQueryLike)
      ? `A query stands behind --filter: ${line} --filter ${shellWord(words.join(" "))}.`
      : null);
  if (mend !== null) {
    throw new UsageError(`Cannot ${verb} ${words.join(" ")}: there is no such file. ${mend}`);
  }
}

/** Refuses a capture in the place of the query, where the query stands in that of a capture. */
function refuseSwapped({ query, files }: SearchCommand, isNamed: (file: string) => boolean): void {
  const meant = files.findLast((file) => !isNamed(file));
  if (meant === undefined || !isNamed(query)) return;
  throw new UsageError(
    `Cannot search ${meant}: there is no such file. The query comes first, and captures behind it: ` +
      `write tcpmon search ${shellWord(meant)} ${shellWord(query)}.`,
  );
}

/** What to write where a format, or the name of a file to write to, stands among captures; null where none does. */
function asOutput(word: string, { format, output }: ExportCommand, line: string): string | null {
  if (format !== null || output !== null) return null;
  const formats = Object.entries(EXPORT_FORMATS);
  const [name, facts] = formats.find(([name]) => name === word.toLowerCase()) ?? [];
  if (facts !== undefined) {
    return `A format is an option: ${line} --output NAME.${facts.extension}, ` +
      `or --format ${name} for the standard output.`;
  }
  const isWritten = formats.some(([, { extension }]) => word.toLowerCase().endsWith(`.${extension}`));
  return isWritten ? `What to write to stands behind --output: ${line} --output ${shellWord(word)}.` : null;
}

/** A field with its value, an expression, or a bare word; not what has a path or an ending alone. */
function isQueryLike(word: string): boolean {
  return (/[\s:"()]/.test(word) && !/^[a-z]:[\\/]/i.test(word)) || !/[./\\]/.test(word);
}
