// The command line of `tcpmon help`: which help is meant. Pure; what there is no help on is refused with a UsageError.

import { nearest } from "./nearest.ts";
import { FIRST_WORDS } from "./options.ts";
import { UsageError } from "./usage_error.ts";

/** The arguments for which `tcpmon help …` stands, given those after "help". Options are all in the general help. */
export function helpArguments([topic = "help"]: readonly string[]): readonly string[] {
  if (topic === "help" || topic.startsWith("-")) return ["--help"];
  if (FIRST_WORDS.includes(topic)) return [topic, "--help"];
  // Nearly every short word is near "ca".
  const meant = nearest(topic, FIRST_WORDS.filter((word) => word !== "ca"));
  const mend = meant === null
    ? `Write tcpmon help for all options, or behind it one of ${FIRST_WORDS.join(", ")}.`
    : `Write tcpmon help ${meant}.`;
  throw new UsageError(`Cannot give help on ${JSON.stringify(topic)}: there is no such command. ${mend}`);
}
