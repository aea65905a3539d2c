// What the filter looks for, as a pane marks it: what to ask the program for in the body, and the hits in the head, which
// is here already. Pure.

import type { Mark, Sought } from "../../../decode/query/mod.ts";
import type { Hit, MessageDetail } from "../../types.ts";
import type { Search } from "./api.ts";
import { isWhole } from "./body_facts.ts";
import type { Shown } from "./format.ts";
import { findInTexts, type HeadText, headTexts } from "./head_texts.ts";
import type { HeadMark } from "./marked.tsx";

/** So many things are marked at most: each is a question to the program. */
const MOST = 5;
/** The program looks for no longer ones. */
const MOST_SOUGHT = 1_000;

/** What to look for in the text under the head. */
export function searchesIn(marks: readonly Mark[], shown: Shown): Search[] {
  if (shown === "image") return [];
  const searches = marks.filter(({ part }) =>
    part === "bytes" ? shown === "hex" || shown === "raw" : part !== "head" || isWhole(shown)
  ).map(({ sought }) => searchOf(sought))
    // A row of hex digits is found in the hex view alone, an expression everywhere else.
    .filter(({ hex, regex }) => shown === "hex" ? !regex : !hex);
  return distinct(searches);
}

/** In which other view what is not found in the one that is shown could be, and what to look for in it. */
export function elsewhere(
  marks: readonly Mark[],
  shown: Shown,
): { readonly as: "hex" | "text" | "raw"; readonly searches: readonly Search[] }[] {
  const ways = [
    { as: "text", of: marks.filter(({ part }) => part === "anywhere" || part === "body") },
    { as: "hex", of: marks.filter(({ part, sought }) => part === "bytes" && sought.is !== "regex") },
    { as: "raw", of: marks.filter(({ part, sought }) => part === "bytes" && sought.is === "regex") },
  ] as const;
  return ways.filter(({ as }) => as !== shown && !(as === "text" && shown === "image"))
    .map(({ as, of }) => ({ as, searches: searchesIn(of, as) }))
    .filter(({ searches }) => searches.length > 0);
}

/** The hits in the head, in the order of the page; of those that overlap the first. */
export function headMarks(message: MessageDetail, marks: readonly Mark[]): HeadMark[] {
  const texts = headTexts(message);
  const found = marks.slice(0, MOST).flatMap((mark) => {
    if (mark.part === "body" || mark.part === "bytes" || mark.sought.is === "bytes") return [];
    return findInTexts(texts.filter((text) => isMeant(text, mark, message)), searchOf(mark.sought));
  });
  const order = new Map(texts.map(({ key }, at) => [key, at]));
  found.sort((a, b) => order.get(a.key)! - order.get(b.key)! || a.from - b.from || b.to - a.to);
  const kept: HeadMark[] = [];
  for (const hit of found) {
    const last = kept.at(-1);
    if (last === undefined || last.key !== hit.key || hit.from >= last.to) {
      kept.push({ ...hit, isOfFilter: true });
    }
  }
  return kept;
}

/** The hits of several searches in the order of the document. */
export function inOrder(lists: readonly (readonly Hit[])[]): Hit[] {
  return lists.flat().sort((a, b) => a.line - b.line || a.from - b.from);
}

/** Whether a mark is for this text of the head. */
function isMeant({ key }: HeadText, { part, header, sought }: Mark, message: MessageDetail): boolean {
  if (part === "anywhere") return true;
  if (header === null) return key === "start";
  const [, kind, n, of] = /^(header|trailer)-(\d+)-(name|value)$/.exec(key) ?? [];
  if (kind === undefined) return false;
  const name = message[kind === "header" ? "headers" : "trailers"][Number(n)].name.toLowerCase();
  const isNamed = header.endsWith("*") ? name.startsWith(header.slice(0, -1)) : name === header;
  const isOfName = sought.is === "text" && sought.text.toLowerCase() === header.replace(/\*$/, "");
  return isNamed && of === (isOfName ? "name" : "value");
}

function searchOf(sought: Sought): Search {
  switch (sought.is) {
    case "text":
      return { text: sought.text, caseSensitive: false, regex: false, hex: false };
    case "regex":
      return { text: sought.source, caseSensitive: !sought.flags.includes("i"), regex: true, hex: false };
    case "bytes": {
      const pairs = Array.from(sought.bytes, (byte) => byte.toString(16).padStart(2, "0"));
      return { text: pairs.join(" "), caseSensitive: true, regex: false, hex: true };
    }
  }
}

function distinct(searches: readonly Search[]): Search[] {
  const known = new Map(searches.map((search) => [JSON.stringify(search), search]));
  return [...known.values()].filter(({ text }) => text !== "" && text.length <= MOST_SOUGHT).slice(0, MOST);
}
