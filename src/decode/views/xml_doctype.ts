// Finds the end of a document type declaration (XML 1.0, 2.8), past its internal subset: quotes, comments and
// processing instructions in it may hold any "]" and ">". What it declares is of no interest here.

/** Where in the declaration the next character stands. */
export type DoctypePhase = "outer" | "subset" | "declaration" | "comment" | "instruction" | "done" | Quoted;
type Quoted = `${"outer" | "declaration"} ${'"' | "'"}`;

/** How far it was read: the next index to read at, and the phase there. It has ended when the phase is "done". */
export interface DoctypeProgress {
  readonly at: number;
  readonly phase: DoctypePhase;
}

// What leads from a phase to another; everything else stays in it. The first that fits counts.
const STEPS: Record<Exclude<DoctypePhase, "done">, readonly (readonly [string, DoctypePhase])[]> = {
  outer: [["[", "subset"], [">", "done"], ['"', 'outer "'], ["'", "outer '"]],
  'outer "': [['"', "outer"]],
  "outer '": [["'", "outer"]],
  subset: [["]", "outer"], ["<!--", "comment"], ["<?", "instruction"], ["<", "declaration"]],
  declaration: [[">", "subset"], ['"', 'declaration "'], ["'", "declaration '"]],
  'declaration "': [['"', "declaration"]],
  "declaration '": [["'", "declaration"]],
  comment: [["-->", "subset"]],
  instruction: [["?>", "subset"]],
};

/** Reads on from `at`, until the declaration ends or the next characters of `text` are needed to go on. */
export function readDoctype(text: string, at: number, phase: DoctypePhase): DoctypeProgress {
  while (at < text.length && phase !== "done") {
    const character = text[at];
    const step = STEPS[phase].find(([mark]) => mark[0] === character && text.startsWith(mark, at));
    const cut = STEPS[phase].some(([mark]) =>
      mark.length > text.length - at && mark.startsWith(text.slice(at))
    );
    if (cut) break;
    at += step ? step[0].length : 1;
    if (step) phase = step[1];
  }
  return { at, phase };
}
