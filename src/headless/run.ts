// Runs `tcpmon tail FILE`, `tcpmon search` and `tcpmon export`: opens the captures, does what is asked for, and says in
// words what is wrong with them. It reads no flags and never exits; main.ts does.

import { meantAsField, readQuery } from "../decode/query/mod.ts";
import { isThere } from "../journal/file.ts";
import { PIPED } from "../journal/piped_input.ts";
import { refuseMisplaced } from "./misplaced.ts";
import type { FileCommand, TailCommand } from "./options.ts";
import { checkExport, exportExchanges } from "./export.ts";
import { Output, type Sink } from "./output.ts";
import { type OpenCaptures, openCaptures } from "./reading.ts";
import { search } from "./search.ts";
import { Tail } from "./tail.ts";
import { colours, plain } from "./words.ts";

/** Where a command runs. */
export interface Surroundings {
  /** Name and version of the program. */
  readonly program: string;
  readonly stdout: Sink;
  /** The standard input. */
  readonly input: () => ReadableStream<Uint8Array>;
  /** Whether a person looks at the standard output, and whether in colours. */
  readonly isTerminal: boolean;
  readonly hasColours: boolean;
  /** Takes sentences for the user. */
  readonly tell: (text: string) => void;
  /** Resolves when the user wants the command to end, to the status that shells give a program which that has ended. */
  readonly ended: Promise<number>;
}

/** Exit statuses, as grep(1) has them. */
const FOUND = 0;
const NOTHING_FOUND = 1;

type Runs = Exclude<FileCommand, { readonly verb: "help" }>;

/** Thrown where the user has ended a command before it was done. */
export class StoppedError extends Error {
  override readonly name = "StoppedError";

  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/**
 * Runs a command; resolves to its exit status. Throws Error, in words for the user; UsageError for the command line,
 * RangeError for what is no filter, and StoppedError where what was written is not complete.
 */
export async function runFileCommand(command: Runs, surroundings: Surroundings): Promise<number> {
  const { program, stdout, isTerminal, tell, ended } = surroundings;
  const output = new Output(stdout);
  refuseMisplaced(command, isNamed);
  const format = command.verb === "export" ? checkExport(command, isTerminal) : null;
  const follows = command.verb === "tail";
  const query = command.verb === "search" ? command.query : command.filter;
  readQuery(query);
  const { input } = surroundings;
  let stopped: number | null = null;
  const ends = ended.then((status) => stopped = status);
  let captures: OpenCaptures;
  try {
    captures = await openCaptures(command.files, {
      program,
      completed: follows,
      follows,
      input,
      ended,
      tell,
    });
  } catch (error) {
    // Where the user has ended it before all had come, what is there says nothing of what would have been.
    if (stopped === null) {
      const hint = meantAsField(query);
      if (hint !== null) tell(hint);
      throw error;
    }
    return follows ? FOUND : stopped;
  }
  try {
    for (const note of captures.notes()) tell(note);
    if (command.verb === "tail") return await tailed(command, captures, output, surroundings);
    const { catalog } = captures;
    const paint = surroundings.hasColours ? colours : plain;
    if (command.verb === "search") {
      if (stopped !== null) return stopped;
      const count = search(catalog, command, output, paint, tell);
      return await Promise.race([count.then((count) => count > 0 ? FOUND : NOTHING_FOUND), ends]);
    }
    const stop = new AbortController();
    ends.then((status) => stop.abort(new StoppedError(status, "Stopped: the export is not complete.")));
    stop.signal.throwIfAborted();
    const count = await exportExchanges(catalog, command, format!, program, output, stop.signal);
    if (command.output !== null) {
      tell(`${count} ${count === 1 ? "exchange" : "exchanges"} written to ${command.output}`);
    }
    const hint = meantAsField(command.filter, count > 0);
    if (hint !== null) tell(hint);
    return FOUND;
  } finally {
    await captures.close();
  }
}

/** Whether that is a capture's name. What cannot be a name at all is none. */
function isNamed(file: string): boolean {
  try {
    return file === PIPED || isThere(file);
  } catch {
    return false;
  }
}

/** Prints what is there and what comes, until the user or whoever reads it has enough. */
async function tailed(
  { filter, heads, bodies, last }: TailCommand,
  { catalog, notes }: OpenCaptures,
  output: Output,
  { hasColours, tell, ended }: Surroundings,
): Promise<number> {
  const over = Promise.withResolvers<void>();
  ended.then(() => over.resolve());
  const tail = new Tail(catalog, {
    ...{ filter, heads, bodies },
    paint: hasColours ? colours : plain,
    print: async (lines) => {
      await output.lines(lines);
      if (output.gone) over.resolve();
    },
    hint: tell,
    failed: (error) => over.reject(error),
  });
  const unsubscribe = catalog.onChange(({ completed }) => {
    for (const note of notes()) tell(note);
    tail.completed(completed);
  });
  try {
    tail.begin(last);
    await over.promise;
    return FOUND;
  } finally {
    unsubscribe();
    tail.end();
  }
}
