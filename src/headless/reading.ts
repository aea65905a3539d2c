// Opens captures for a command that reads them without a page: in a temporary folder, read-only, gone afterwards.

import { WorkerCatalog } from "../catalog/catalog.ts";
import type { SourceState } from "../catalog/types.ts";

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
}

/**
 * Opens captures and waits until what is in them now can be asked for. Throws Error, in words for the user, where one
 * cannot be opened.
 */
export async function openCaptures(files: readonly string[], options: ReadingOptions): Promise<OpenCaptures> {
  const folder = await Deno.makeTempDir({ prefix: "tcpmon-" });
  const remove = () => Deno.remove(folder, { recursive: true });
  let catalog: WorkerCatalog | null = null;
  try {
    const [first, ...others] = files;
    catalog = await WorkerCatalog.open({ opens: first, folder, ...options });
    for (const [at, file] of others.entries()) await catalog.addSource({ number: at + 1, file });
    await catalog.level();
  } catch (error) {
    await catalog?.close();
    await remove();
    throw error;
  }
  const opened = catalog;
  const told = new Set<string>();
  return {
    catalog: opened,
    notes: () => {
      const news = notesOf(files, opened.sources).filter((note) => !told.has(note));
      for (const note of news) told.add(note);
      return news;
    },
    close: async () => {
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
