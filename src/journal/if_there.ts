// Looking at a file that may not be there, or not any more.

/** What `look` gives; null where what it looks at is not there. */
export function ifThere<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
