// A command line that cannot be followed. Pure.

/** The message is one line: what is wrong and how to mend it. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `read` makes of `text`; its SyntaxError becomes a UsageError. */
export function reading<T>(read: (text: string) => T, text: string): T {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(error.message);
    throw error;
  }
}

/** Refuses the standard input where it is named twice among `files`: what comes through a pipe comes once. */
export function refuseTwice(verb: string, files: readonly string[]): void {
  if (files.filter((file) => file === "-").length < 2) return;
  throw new UsageError(`Cannot ${verb} - twice: the standard input can be read once. Leave one of them out.`);
}
