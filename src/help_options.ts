// The command line of `tcpmon help`: which help is meant. Pure; what there is no help on is refused with a UsageError.

import { COMMANDS_ELSEWHERE } from "./elsewhere.ts";
import { nearest } from "./nearest.ts";
import { FIRST_WORDS } from "./options.ts";
import { UsageError } from "./usage_error.ts";

/**
 * The arguments for which `tcpmon help …` stands, given those after "help". In the general help are all options, and what
 * other programs have a command for and this one does without one.
 */
export function helpArguments([topic = "help"]: readonly string[]): readonly string[] {
  if (topic === "help" || topic.startsWith("-")) return ["--help"];
  if (FIRST_WORDS.includes(topic)) return [topic, "--help"];
  const elsewhere = COMMANDS_ELSEWHERE.get(topic.toLowerCase());
  if (elsewhere === "" || topic === "version") return ["--help"];
  // Nearly every short word is near "ca".
  const meant = elsewhere ?? nearest(topic, FIRST_WORDS.filter((word) => word !== "ca"));
  const mend = meant === null
    ? `Write tcpmon help for all options, or behind it one of ${FIRST_WORDS.join(", ")}.`
    : `Write tcpmon help ${meant}.`;
  throw new UsageError(`Cannot give help on ${JSON.stringify(topic)}: there is no such command. ${mend}`);
}
