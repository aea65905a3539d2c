// Differences of two documents as short texts.

import { compareTrees } from "../../../../src/decode/diff/structure/compare.ts";
import { jsonTree } from "../../../../src/decode/diff/structure/json_tree.ts";
import { isNoTree, Nodes } from "../../../../src/decode/diff/structure/tree.ts";
import type { StructureDiff } from "../../../../src/decode/diff/structure/types.ts";
import { xmlTree } from "../../../../src/decode/diff/structure/xml_tree.ts";
import { run } from "../run.ts";

/** The difference; throws where one of the documents has no tree. */
export function differenceOf(language: "json" | "xml", before: string, after: string): StructureDiff {
  const nodes = new Nodes();
  const make = language === "json" ? jsonTree : xmlTree;
  const [one, other] = [before, after].map((text) => {
    const tree = run(make(text, nodes));
    if (isNoTree(tree)) throw new SyntaxError(`${tree.reason} at ${tree.offset} of ${text}`);
    return { tree, text };
  });
  return run(compareTrees(language, one, other));
}

/** "changed $.a: 1 → 2", "moved $[0] to $[3]", and what means nothing in brackets. */
export function shown(language: "json" | "xml", before: string, after: string): string[] {
  const { changes, notes } = differenceOf(language, before, after);
  return [
    ...changes.map(({ kind, path, pathAfter, before, after }) => {
      const where = `${kind} ${path}${pathAfter === undefined ? "" : ` to ${pathAfter}`}`;
      if (kind === "moved") return where;
      return `${where}: ${[before, after].filter((text) => text !== undefined).join(" → ")}`;
    }),
    ...notes.map((note) => `[${note}]`),
  ];
}

/** Why it has no tree. */
export function faultOf(language: "json" | "xml", text: string): string | null {
  const tree = run((language === "json" ? jsonTree : xmlTree)(text, new Nodes()));
  return isNoTree(tree) ? `${tree.reason} at ${tree.offset}` : null;
}
