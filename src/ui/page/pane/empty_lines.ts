// Empty lines for the editor's document, millions of them in no more memory than a few: the document is a tree
// (@codemirror/state, Text), and all of its branches of one size are the same one. Put together by `Text.append` they
// would be made one by one, for a body of 5 GB in hex in some seconds and a GB of memory.
// Knows no views and no bodies.

import { Text } from "@codemirror/state";

/** A leaf holds at most so many lines (Tree.Branch there). */
const LEAF = 32;
/**
 * A branch has so many parts. Each is more than a 32nd of the whole and less than a 16th, and stays as it is when lines
 * are changed elsewhere: what is less is put together with its neighbours, what is more taken apart.
 */
const PARTS = 24;

/** The class of branches, which has no name outside: it is made of branches or leaves, and its length. */
const Branch = Text.of(new Array<string>(2 * LEAF).fill("")).constructor as new (
  children: readonly Text[],
  length: number,
) => Text;

/** `count` empty lines, from 1. */
export function emptyLines(count: number): Text {
  if (count <= LEAF * PARTS) return plain(count);
  // What is at its ends is taken apart where it is joined with other lines: leaves.
  const end = plain(LEAF);
  return branchOf([end, ...partsOf(count - 2 * LEAF, new Map()), end]);
}

/** `count` lines in parts; those of one size are the same one. */
function partsOf(count: number, made: Map<number, Text>): readonly Text[] {
  const parts = Math.min(PARTS, Math.ceil(count / LEAF));
  const size = Math.floor(count / parts);
  const larger = count - size * parts;
  return Array.from({ length: parts }, (_, index) => {
    const lines = index < larger ? size + 1 : size;
    const same = made.get(lines) ?? (lines <= LEAF ? plain(lines) : branchOf(partsOf(lines, made)));
    made.set(lines, same);
    return same;
  });
}

/** As the editor makes them: a leaf where there are no more than it holds. */
function plain(count: number): Text {
  return Text.of(new Array<string>(count).fill(""));
}

/** Lines one after another: between two there is a line end, which counts. */
function branchOf(parts: readonly Text[]): Text {
  return new Branch(parts, parts.reduce((length, part) => length + part.length + 1, -1));
}
