// `tcpmon export`: writes Exchanges of captures as other programs read them, to a file or the standard output.

import { EXPORT_FORMATS } from "../catalog/export/formats.ts";
import type { Catalog, ExportFormat } from "../catalog/types.ts";
import { ruleFault } from "../decode/redact/mod.ts";
import { diskReason } from "../journal/disk_reason.ts";
import { nearest } from "../nearest.ts";
import { UsageError } from "../usage_error.ts";
import type { ExportCommand } from "./options.ts";
import type { Output } from "./output.ts";

/** Formats that are no text: a terminal is no place for them. */
const BINARY: readonly ExportFormat[] = ["pcapng", "raw"];

/** The format that is asked for, by its name or by how the file's name ends. Throws UsageError. */
export function formatOf(
  { format, output, filter }: Pick<ExportCommand, "format" | "output" | "filter">,
): ExportFormat {
  const names = Object.keys(EXPORT_FORMATS) as ExportFormat[];
  if (format !== null) {
    const known = names.find((name) => name === format.toLowerCase());
    if (known !== undefined) return known;
    const meant = nearest(format, names, (length) => Math.floor(length / 3));
    const mend = meant === null ? `Known are ${names.join(", ")}.` : `Write --format ${meant}.`;
    throw new UsageError(`Cannot export as ${format}: there is no such format. ${mend}`);
  }
  const ending = output === null ? null : /\.([a-z0-9]+)$/i.exec(output)?.[1].toLowerCase();
  const known = names.find((name) => EXPORT_FORMATS[name].extension === ending);
  if (known !== undefined) return known;
  const meant = names.find((name) => name === filter.toLowerCase());
  if (meant !== undefined) {
    throw new UsageError(
      `Cannot export: the format is missing, and --filter (-f) is what to look for. Write --format ${meant}.`,
    );
  }
  throw new UsageError(
    `Cannot export: ${
      output === null ? "the format is missing" : `${output} does not say which format it is`
    }. ` +
      `Write --format and one of these: ${names.join(", ")}.`,
  );
}

/** Refuses what cannot be meant before any capture is opened. Throws UsageError. */
export function checkExport(command: ExportCommand, isTerminal: boolean): ExportFormat {
  const format = formatOf(command);
  for (const rule of command.redact) {
    const fault = ruleFault(rule);
    if (fault !== null) throw new UsageError(fault);
  }
  if (command.output === null && isTerminal && BINARY.includes(format)) {
    throw new UsageError(`Cannot print ${format} on a terminal: it is no text. Write --output FILE.`);
  }
  return format;
}

/**
 * Exports until `signal` aborts; resolves to how many Exchanges. Throws Error, in words for the user; an unfinished file
 * is removed.
 */
export async function exportExchanges(
  catalog: Pick<Catalog, "export">,
  command: ExportCommand,
  format: ExportFormat,
  application: string,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const { filter, redact, bodies, wholeConnections } = command;
  const begin = () =>
    catalog.export({
      format,
      application,
      bodies,
      wholeConnections,
      ...(filter.trim() === "" ? {} : { q: filter }),
      ...(redact.length === 0 ? {} : { redact }),
    }, signal);
  if (command.output !== null) return await toFile(begin, command.output, command, signal);
  const { count, stream } = await begin();
  for await (const bytes of stream) {
    await output.bytes(bytes);
    signal.throwIfAborted();
    // Leaving the loop ends the work.
    if (output.gone) break;
  }
  return count;
}

async function toFile(
  begin: () => ReturnType<Catalog["export"]>,
  path: string,
  { files, force }: Pick<ExportCommand, "files" | "force">,
  signal: AbortSignal,
): Promise<number> {
  refuseCapture(path, files);
  // What cannot be exported replaces no file.
  const { count, stream } = await begin();
  let file: Deno.FsFile;
  try {
    file = await create(path, force);
  } catch (error) {
    await stream.cancel();
    throw error;
  }
  try {
    await stream.pipeTo(file.writable, { signal });
    return count;
  } catch (error) {
    await Deno.remove(path).catch(() => {});
    if (!isOfDisk(error)) throw error;
    throw new Error(`Cannot write ${path}: ${diskReason(error)}. Give another file with --output.`, {
      cause: error,
    });
  }
}

/** Nothing is written over a capture that is read, nor over an older segment of one. */
function refuseCapture(path: string, files: readonly string[]): void {
  const written = identityOf(path);
  if (written === null) return;
  // As older segments are named: see segment_files.ts.
  const newest = written.replace(/\.\d{6,}(?=(?:\.[^./\\]*)?$)/, "");
  if (!files.map(identityOf).some((file) => file === written || file === newest)) return;
  throw new Error(`Cannot write ${path}: it is what is exported from. Give another file with --output.`);
}

/** The same for all names of a file; null where there is none. */
function identityOf(path: string): string | null {
  try {
    return Deno.realPathSync(path);
  } catch {
    return null;
  }
}

async function create(path: string, force: boolean): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path, {
      write: true,
      mode: 0o600,
      ...(force ? { create: true, truncate: true } : { createNew: true }),
    });
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) {
      throw new Error(`Cannot write ${path}: it is there already. Give another file, or --force.`, {
        cause: error,
      });
    }
    throw new Error(`Cannot write ${path}: ${diskReason(error)}. Give another file with --output.`, {
      cause: error,
    });
  }
}

function isOfDisk(error: unknown): boolean {
  return error instanceof Error && (/os error/.test(error.message) || error.name in Deno.errors);
}
