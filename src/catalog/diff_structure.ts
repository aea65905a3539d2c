// What differs between two bodies by what they mean, where both are JSON or both are XML, and small enough.

import { compareTrees, MOST_CHANGES } from "../decode/diff/structure/compare.ts";
import { jsonTree } from "../decode/diff/structure/json_tree.ts";
import { isNoTree, type Node, Nodes, type NoTree } from "../decode/diff/structure/tree.ts";
import type { StructureDiff } from "../decode/diff/structure/types.ts";
import { xmlTree } from "../decode/diff/structure/xml_tree.ts";
import { beginReading, placeAt } from "../decode/views/place.ts";
import type { ViewKind } from "../decode/views/types.ts";
import type { DiffWork } from "./diff_hex.ts";
import type { MessageViews } from "./message_views.ts";

/** Larger bodies are not compared so: a tree takes many times the memory of its text. In bytes. */
const MOST_BYTES = 8 * 1024 * 1024;

/** See above; null where it cannot be told, for a reason that is noted. `kinds`: what the bodies are. */
export async function diffStructure(
  before: MessageViews,
  after: MessageViews,
  kinds: readonly [ViewKind, ViewKind],
  work: DiffWork,
): Promise<StructureDiff | null> {
  const refuse = (reason: string) => {
    work.note(`they cannot be compared by structure: ${reason}`);
    return null;
  };
  const [language, other] = kinds;
  if (language !== other || (language !== "json" && language !== "xml")) {
    return refuse("only JSON with JSON, and XML with XML, has one in common");
  }
  const texts = [await before.bodyText(MOST_BYTES), await after.bodyText(MOST_BYTES)];
  const [one, two] = texts;
  if (one === null || two === null) return refuse("a body is larger than 8 MB");
  const nodes = new Nodes();
  const make = language === "json" ? jsonTree : xmlTree;
  const trees: Node[] = [];
  for (const [text, which] of [[one, "before"], [two, "after"]] as const) {
    const tree = await work.run<Node | NoTree>(make(text, nodes));
    if (!isNoTree(tree)) {
      trees.push(tree);
      continue;
    }
    const { line, column } = placeAt(beginReading(), text, tree.offset);
    return refuse(
      `the body ${which} is not well-formed at line ${line}, column ${column} of what came: ${tree.reason}`,
    );
  }
  const found = await work.run(
    compareTrees(language, { tree: trees[0], text: one }, { tree: trees[1], text: two }),
  );
  const total = Object.values(found.counts).reduce((sum, count) => sum + count, 0);
  if (total > MOST_CHANGES) {
    work.note(`the first ${MOST_CHANGES.toLocaleString("en")} differences of the structure are listed`);
  }
  return found;
}
