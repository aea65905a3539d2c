// What both kinds of program begin and end with: one that relays, and one that only opens captures.

import { diskReason } from "./journal/disk_reason.ts";

/** Runs every step, also when one before has failed; what failed is told. */
export async function inOrder(
  notice: (text: string) => void,
  steps: readonly (() => void | Promise<void>)[],
): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      notice(`While ending: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** Makes the temporary folder, which only this user may read. Throws Error, in words for the user. */
export async function makeFolder(): Promise<string> {
  try {
    return await Deno.makeTempDir({ prefix: "tcpmon-" });
  } catch (error) {
    const variable = Deno.build.os === "windows" ? "TEMP" : "TMPDIR";
    throw new Error(
      `Cannot make a temporary folder: ${diskReason(error)}. Name a folder for it in ${variable}.`,
      { cause: error },
    );
  }
}

/** Removes a folder that somebody else may have removed already. */
export async function removeFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Tells whoever listens that something changed, and the user what must be said. */
export class News {
  readonly #listening = new Set<(change: { readonly notice?: string }) => void>();

  constructor(private readonly notice: (text: string) => void) {}

  tell(notice?: string): void {
    if (notice !== undefined) this.notice(notice);
    for (const listen of this.#listening) listen({ notice });
  }

  subscribe(listen: (change: { readonly notice?: string }) => void): () => void {
    this.#listening.add(listen);
    return () => void this.#listening.delete(listen);
  }
}
