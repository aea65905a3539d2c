// How it is said what differs by what it means. Pure.

import type { StructureDiff } from "../../types.ts";
import { count } from "../pane/words.ts";

/** "2 changed, 1 moved", "means the same; 3 written in another way", "the same" */
export function structureWords({ counts, notes }: StructureDiff): string {
  const { written, ...others } = counts;
  const found = Object.entries(others).filter(([, n]) => n > 0).map(([kind, n]) => `${count(n)} ${kind}`);
  const said = [
    found.length === 0 ? "both mean the same" : found.join(", "),
    ...(written > 0 ? [`${count(written)} written in another way`] : []),
    ...notes,
  ];
  return said.join("; ");
}
