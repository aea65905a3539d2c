// Lines for people, on a terminal that may be gone.

/** Prints a line for people. Where nobody can read it any more, nothing else may suffer for that. */
export function tell(text: string, print: (text: string) => void = console.error): void {
  try {
    print(text);
  } catch {
    // The terminal is closed, the pipe has no reader, the disk is full.
  }
}
