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
