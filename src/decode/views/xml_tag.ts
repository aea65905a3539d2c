// What may stand in a start tag after its name (XML 1.0, 3.1), as a table: one step a character. Values in quotes are
// read by xml.ts. There is a way through the table for malformed tags too, marked as a fault.

const PHASES = [
  "AFTER", // a name or a value has just ended: white space or the end of the tag must come
  "SPACE", // where an attribute may begin
  "NAME", // in the name of an attribute
  "NAMED", // after the name
  "VALUE", // after "="
  "BARE", // in a value without quotes
  "SLASH", // after the "/" that must end the tag
  "DOUBLE", // in a value in double quotes, in single quotes
  "SINGLE",
  "END", // the tag has ended: with ">", with "/>", or cut off by the "<" of the next one
  "EMPTY",
  "CUT",
] as const;

/** Where in a start tag the next character stands: an index of PHASES. */
export type TagPhase = number;

/** The phases that xml.ts treats on its own. */
export const AFTER: TagPhase = phase("AFTER");
export const SPACE: TagPhase = phase("SPACE");
export const NAME: TagPhase = phase("NAME");
export const DOUBLE: TagPhase = phase("DOUBLE");
export const SINGLE: TagPhase = phase("SINGLE");
export const END: TagPhase = phase("END");
export const EMPTY: TagPhase = phase("EMPTY");
export const CUT: TagPhase = phase("CUT");

/** Added to a phase that is reached by a fault. */
export const FAULT = 16;

// A row per phase, a column per class of characters; "!" marks a fault.
const TABLE = `
  phase | white   other   =        "         '         /        >       <
  AFTER | SPACE   NAME!   VALUE!   DOUBLE!   SINGLE!   SLASH    END     CUT
  SPACE | SPACE   NAME    VALUE!   DOUBLE!   SINGLE!   SLASH    END     CUT
  NAME  | NAMED   NAME    VALUE    DOUBLE!   SINGLE!   SLASH!   END!    CUT
  NAMED | NAMED   NAME!   VALUE    DOUBLE!   SINGLE!   SLASH!   END!    CUT
  VALUE | VALUE   BARE!   BARE!    DOUBLE    SINGLE    BARE!    END!    CUT
  BARE  | SPACE   BARE    BARE     BARE      BARE      BARE     END     CUT
  SLASH | SPACE!  NAME!   VALUE!   DOUBLE!   SINGLE!   SLASH!   EMPTY   CUT`;

const STEPS = TABLE.trim().split("\n").slice(1).map((row) =>
  row.split("|")[1].trim().split(/\s+/).map((cell) =>
    cell.endsWith("!") ? phase(cell.slice(0, -1)) | FAULT : phase(cell)
  )
);

/** What a fault means, by the phase that it is met in. */
const WORDS: Partial<Record<(typeof PHASES)[number], string>> = {
  AFTER: "white space is missing before an attribute",
  SPACE: "an attribute has no name",
  NAME: "an attribute has no value",
  NAMED: "an attribute has no value",
  VALUE: "an attribute's value is not in quotes",
  SLASH: '"/" does not end the tag',
};

// Columns of the table by character code; all others are "other".
const CLASSES = new Uint8Array(128).fill(1);
for (const code of [0x20, 0x09, 0x0a, 0x0d]) CLASSES[code] = 0;
for (const [index, character] of [..."=\"'/><"].entries()) CLASSES[character.charCodeAt(0)] = index + 2;

/** The phase after a character, which must not be in quotes; FAULT is added where that is not well-formed. */
export function step(from: TagPhase, code: number): TagPhase {
  return STEPS[from][code < 128 ? CLASSES[code] : 1];
}

/** What is wrong when a fault is met in this phase, in words. */
export function faultIn(from: TagPhase): string {
  return WORDS[PHASES[from]] ?? "the tag is malformed";
}

function phase(name: string): TagPhase {
  return (PHASES as readonly string[]).indexOf(name);
}
