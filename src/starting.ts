// What both kinds of program begin and end with: one that relays, and one that only opens captures.

/** Runs every step, also when one before has failed; what failed is told. */
export async function inOrder(
  notice: (text: string) => void,
  steps: readonly Undo[],
): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      notice(`While ending: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** A step that takes back what was begun. */
export type Undo = () => void | Promise<void>;

/** Runs `start`; where that fails, what it has left to undo is undone, the latest first, and its error thrown. */
export async function startedOrUndone<Started>(
  notice: (text: string) => void,
  start: (undo: Undo[]) => Promise<Started>,
): Promise<Started> {
  const undo: Undo[] = [];
  try {
    return await start(undo);
  } catch (error) {
    await inOrder(notice, undo.reverse());
    throw error;
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
