// A word of a command that is shown for somebody to paste into a shell. Knows nothing of what the command is.

/** A word as a POSIX shell reads it (XCU 2.2), quoted where it must be. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
