// What is said where an expression takes too long on what it is tried on. Pure.

const TOO_LONG = "the expression takes too long on";
const SIMPLER = "Make it simpler: without one repetition within another.";

/** Of Exchanges that were passed over for it, by their ids; at least one. */
export function notSearched(tooLong: readonly string[]): string {
  return tooLong.length === 1
    ? `${tooLong[0]} is not searched: ${TOO_LONG} what is in it. ${SIMPLER}`
    : `${tooLong.join(", ")} are not searched: ${TOO_LONG} what is in them. ${SIMPLER}`;
}

/** Where so many were passed over that nothing more is searched. */
export function endedAt(id: string): string {
  return `Searching ended at ${id}: ${TOO_LONG} what is there. ${SIMPLER}`;
}
