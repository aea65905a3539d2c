// File descriptors that are still free, found by taking them: nothing else that this program may read tells how many
// the system lets it have, or how many it has; and how a lack of them is told. Knows nothing of what they are for.

/** A file that is there as long as the program runs, and costs nothing to open. */
const ANY = Deno.build.os === "windows" ? Deno.execPath() : "/dev/null";

/** Whether the program, or the system, has no file descriptor left. */
export function isLack(error: unknown): boolean {
  const code = (error as { readonly code?: string } | null)?.code;
  return code === "EMFILE" || code === "ENFILE";
}

/** Descriptors that are held. */
export class SpareFiles {
  /** Whether there were fewer than asked for. */
  readonly isShort: boolean = false;
  readonly #files: Deno.FsFile[] = [];

  /** Takes so many, or as many as there are: whatever else fails is no lack. */
  constructor(most: number) {
    try {
      while (this.#files.length < most) this.#files.push(Deno.openSync(ANY));
    } catch (error) {
      this.isShort = isLack(error);
    }
  }

  get count(): number {
    return this.#files.length;
  }

  /** Gives them back. */
  close(): void {
    for (const file of this.#files.splice(0)) file.close();
  }
}
