// Where the members of a JSON text stand, by the paths that errors name: "listeners[1].slow". Pure. The text must be
// JSON, as JSON.parse has found it; only its strings and brackets are looked at.

import { at } from "./json_members.ts";

/** A place in a text; both count from 1, columns in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Strings, brackets and the signs between; numbers and words are what is left out. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

/** No error names what is nested deeper: paths of what is would be as long as it is deep. */
const DEEPEST = 20;

/** An object or a list that is open, and the path of what comes next in it. */
interface Open {
  readonly path: string;
  readonly isList: boolean;
  index: number;
  /** The member whose value comes next; null where a name does. */
  name: string | null;
}

/**
 * Where the members of `text` begin (their names) and those of lists, as far as DEEPEST. Of a member that is there twice,
 * the last.
 */
export function jsonPlaces(text: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const open: Open[] = [];
  /** How many brackets are open within the deepest whose members are told. */
  let deeper = 0;
  let [line, lineStart, lineEnd] = [1, 0, endOfLine(text, 0)];
  const placeOf = (offset: number): Place => {
    for (; lineEnd < offset; lineEnd = endOfLine(text, lineStart)) {
      line++;
      lineStart = lineEnd + 1;
    }
    return { line, column: offset - lineStart + 1 };
  };
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const inside = open.at(-1);
    if (deeper > 0 || (open.length === DEEPEST && (token === "{" || token === "["))) {
      if (token === "{" || token === "[") deeper++;
      else if (token === "}" || token === "]") deeper--;
      continue;
    }
    if (token === "}" || token === "]") open.pop();
    else if (token === ",") {
      if (inside?.isList) inside.index++;
      else if (inside) inside.name = null;
    } else if (token !== ":") {
      if (inside && !inside.isList && inside.name === null) {
        inside.name = JSON.parse(token) as string;
        places.set(pathIn(inside), placeOf(index));
        continue;
      }
      const path = inside ? pathIn(inside) : "";
      if (inside?.isList !== false) places.set(path, placeOf(index));
      if (token === "{" || token === "[") open.push({ path, isList: token === "[", index: 0, name: null });
    }
  }
  return places;
}

/** Where the line ends that has the place `from`; behind the text for the last. */
function endOfLine(text: string, from: number): number {
  const found = text.indexOf("\n", from);
  return found < 0 ? Infinity : found;
}

/** The place of `path`; where nothing is there, of what it would be in. */
export function placeIn(places: ReadonlyMap<string, Place>, path: string): Place | null {
  for (let known = path;; known = known.replace(/(?:\.?(?:[\w$-]+|"(?:[^"\\]|\\.)*")|\[\d+\])$/, "")) {
    const place = places.get(known);
    if (place) return place;
    if (known === "") return null;
  }
}

function pathIn({ path, isList, index, name }: Open): string {
  return isList ? `${path}[${index}]` : at(path, name ?? "");
}
