// Opens captures for a command that reads them without a page: in a temporary folder, read-only, gone afterwards.

import { WorkerCatalog } from "../catalog/catalog.ts";
import { tellIndexRoom } from "../catalog/index_room.ts";
import type { Ends } from "../catalog/questions.ts";
import type { SourceState } from "../catalog/types.ts";
import { PIPED, PIPED_NAME, PipedInput } from "../journal/piped_input.ts";

/** Captures that are open. */
export interface OpenCaptures {
  readonly catalog: WorkerCatalog;
  /** What is to be known of them, in words; each once. */
  notes(): readonly string[];
  close(): Promise<void>;
}

/** How captures are opened. */
export interface ReadingOptions {
  /** Name and version of the program. */
  readonly program: string;
  /** Whether changes tell of all Exchanges that have just become done or failed. */
  readonly completed?: boolean;
  /** Whether what comes later is wanted too, rather than what is there now. */
  readonly follows: boolean;
  /** What PIPED among the files stands for, and when no more of it is wanted. */
  readonly input: () => ReadableStream<Uint8Array>;
  readonly ended: Promise<unknown>;
  /** Takes sentences for the user. */
  readonly tell: (text: string) => void;
}

/**
 * Opens captures and waits until what is in them now can be asked for; of what comes through a pipe, all of it, unless
 * it is followed. Throws Error, in words for the user, where one cannot be opened.
 */
export async function openCaptures(
  files: readonly string[],
  { program, completed, follows, input, ended, tell }: ReadingOptions,
): Promise<OpenCaptures> {
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-" });
  const remove = () => Deno.remove(folder, { recursive: true });
  let catalog: WorkerCatalog | null = null;
  let piped: PipedInput | null = null;
  const names = files.map((file) => file === PIPED ? PIPED_NAME : file);
  try {
    if (files.includes(PIPED)) piped = await PipedInput.begin(input(), folder, ended);
    const note = follows ? null : await piped?.over ?? null;
    const ends = (file: string): Ends => follows ? file === PIPED ? "told" : "quiet" : "now";
    const paths = files.map((file) => file === PIPED ? piped!.path : file);
    catalog = await WorkerCatalog.open({
      opens: paths[0],
      ends: ends(files[0]),
      folder,
      program,
      completed,
    });
    tellIndexRoom(catalog, tell);
    for (const [at, file] of paths.entries()) {
      if (at > 0) await catalog.addSource({ number: at, file, ends: ends(files[at]) });
    }
    const number = files.indexOf(PIPED);
    if (piped && follows) piped.over.then((note) => catalog?.over(number, note)).catch(() => {});
    else if (note !== null) await catalog.over(number, note);
    await Promise.race([catalog.level(), ended]);
  } catch (error) {
    await piped?.stop();
    await catalog?.close();
    await remove();
    if (!(error instanceof Error) || piped === null) throw error;
    throw new Error(error.message.replaceAll(piped.path, PIPED_NAME), { cause: error });
  }
  const opened = catalog;
  const told = new Set<string>();
  return {
    catalog: opened,
    notes: () => {
      const news = notesOf(names, opened.sources).filter((note) => !told.has(note));
      for (const note of news) told.add(note);
      return news;
    },
    close: async () => {
      await piped?.stop();
      await opened.close();
      await remove();
    },
  };
}

function notesOf(files: readonly string[], sources: readonly SourceState[]): string[] {
  return sources.flatMap(({ number, error, notes }) =>
    [...(error === null ? [] : [error]), ...notes].map((note) => `${files[number]}: ${note}`)
  );
}
