// How far an expression goes from a place of a text.

/** The end of what the sticky expression finds at `at`; -1 where it finds nothing there. */
export function matchEnd(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex : -1;
}
